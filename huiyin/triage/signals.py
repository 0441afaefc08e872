"""What the cues find in a text: injuries, amounts, numbers of people. Words near a cue decide whether it is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from huiyin.triage.cues import LEFT, ONLY_A_RISK, RIGHT, Cue
from huiyin.triage.matching import Hit
from huiyin.triage.reading import Reading


class Found(NamedTuple):
    signal: str
    value: float
    start: int
    end: int


LABELS: Final[Mapping[str, str]] = {
    "injury_reported": "人身伤害",
    "hospitalised": "就医住院",
    "fire": "起火",
    "electric_shock": "漏电触电",
    "explosion": "爆炸爆裂",
    "personal_data_leak": "个人信息泄露",
    "data_breach_affected": "数据泄露人数",
    "claimed_loss_cny": "主张金额（元）",
    "outage_affected_users": "故障影响用户数",
    "recall_suspected": "涉及召回",
    "market_moving": "影响股价",
    "listed_company_disclosure": "上市公司信息披露",
    "media_or_viral": "已被报道或传播",
    "media_threat": "扬言曝光",
    "media_threat_credible": "曝光威胁有凭据",
    "brand_mentions_ratio": "品牌提及倍数",
    "group_complainants": "群体投诉人数",
    "regulator_referred": "监管渠道",
    "regulator_threat": "扬言向监管投诉",
    "lawsuit_or_lawyer_letter": "诉讼或律师函",
    "lawsuit_threat": "扬言起诉",
    "line_stop_at_customer": "客户停线",
    "vip": "VIP客户",
    "service_interrupted": "服务中断",
    "same_batch_defects": "同批缺陷数",
    "batch_order_unfulfilled": "批量订单未履约",
    "reopened_count": "重开次数",
}
REGULATOR_CHANNELS: Final = frozenset({"hotline_12315", "hotline_12345", "consumer_association"})


def find(reading: Reading, hits: Iterable[Hit]) -> dict[str, Found]:
    """The strongest find of each signal; of equal ones the first."""
    found: dict[str, Found] = {}
    for start, end, entry in hits:
        for cue in entry.cues:
            value = _value(cue, reading, start, end)
            if value and (cue.signal not in found or value > found[cue.signal].value):
                found[cue.signal] = Found(cue.signal, value, start, end)
    if "media_threat" in found and "media_evidence" in found:
        found["media_threat_credible"] = found["media_threat"]._replace(signal="media_threat_credible")
    elif "media_or_viral" in found:
        found["media_threat_credible"] = found["media_or_viral"]._replace(signal="media_threat_credible")
    found.pop("media_evidence", None)
    return found


def _value(cue: Cue, reading: Reading, start: int, end: int) -> float:
    before = reading.folded[max(0, start - LEFT) : start]
    after = reading.folded[end : end + RIGHT]
    if not cue.stands_between(before, after):
        return 0.0
    if not cue.may_be_denied and reading.is_denied(start):
        return 0.0
    if not cue.may_be_supposed and (reading.is_supposed(start) or ONLY_A_RISK.match(after)):
        return 0.0
    return cue.value(before, reading.folded[start:end], after)


def facts(
    found: Mapping[str, Found], *, channel: str, tier: str, known: Mapping[str, object] | None
) -> dict[str, float]:
    """Signal -> value, the larger of what the text says and what is known from elsewhere."""
    values = {signal: each.value for signal, each in found.items()}
    if channel in REGULATOR_CHANNELS:
        values["regulator_referred"] = 1.0
    if tier == "VIP":
        values["vip"] = 1.0
    for signal, value in (known or {}).items():
        number = _number(value)
        if number > values.get(signal, 0.0):
            values[signal] = number
    return values


def _number(value: object) -> float:
    """True is 1; what is no number is no find."""
    try:
        return float(value)  # type: ignore[arg-type]  # what a caller's mapping holds is tried, not trusted
    except (TypeError, ValueError):
        return 0.0
