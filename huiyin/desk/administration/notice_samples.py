"""What a notice might say, in either language, for the preview of its words."""

from datetime import datetime, timedelta
from typing import Any

from huiyin.notices.kinds import Kind

SAMPLES = {
    "clock": {"zh": "方案时限", "en": "proposal"}, "share": 80, "left": {"zh": "1小时36分", "en": "1 h 36 min"},
    "late": {"zh": "25分", "en": "25 min"}, "order": "GD20261122-00001", "unit": {"zh": "质量管理部", "en": "Quality"},
    "who": {"zh": "韩梅梅", "en": "Han Meimei"}, "count": 2, "letter": "DB20261122-001",
    "rung": {"zh": "部门负责人", "en": "head of department"}, "reason": {"zh": "超时未处理", "en": "overdue"},
    "owner": {"zh": "李雷", "en": "Li Lei"}, "event": {"zh": "第一次会议", "en": "first meeting"},
    "report": {"zh": "两小时报告", "en": "two-hourly report"}, "worst": "TS20261122-00001",
    "agents": 5, "on_duty": 3, "minutes": 16, "stars": 2, "year": 2026, "month": "2026-11", "open": 1, "to_keep": 2,
    "list": "TS20261122-00001 TS20261122-00007",
    "decision": {"zh": "同意", "en": "granted"}, "agency": "12315", "until": "2026-12-31",
    "outcome": {"zh": "维持原分", "en": "score stands"},
    "channel": {"zh": "华东值班群", "en": "East duty group"}, "error": "93000",
    "rule": "RT-090", "kind": {"zh": "产品安全事件", "en": "Safety incident"},
    "duty": {"zh": "下架同批产品", "en": "take the batch off the shelves"},
    "category": {"zh": "产品质量", "en": "Product quality"}, "state": {"zh": "即将到期", "en": "due soon"},
    "title": {"zh": "告知", "en": "Note"}, "text": {"zh": "今晚系统升级。", "en": "An upgrade is due tonight."},
}  # fmt: skip


def sample(kind: Kind, at: datetime) -> dict[str, Any]:
    """Something for each placeholder of the kind."""
    values = {name: SAMPLES.get(name, name) for name in kind.values if not name.endswith("_at")}
    moments = {name: at + timedelta(hours=2) for name in kind.values if name.endswith("_at")}
    return {**values, **moments, "number": "TS20261122-00001", "at": at}
