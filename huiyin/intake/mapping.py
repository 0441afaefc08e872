"""From the columns of somebody's table to an Arrival: known names are recognised, others are mapped by the operator."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from huiyin.channels.models import REFERRED, Channel
from huiyin.complaints.actions.regulating import Referral
from huiyin.intake.arrival import Arrival, NotTaken

KNOWN: dict[str, tuple[str, ...]] = {
    "text": ("text", "投诉内容", "留言详情", "内容", "问题描述", "description", "body", "review", "utterance"),
    "title": ("title", "标题", "主题", "留言主题", "subject"),
    "name": ("name", "投诉人", "客户姓名", "姓名", "客户", "留言用户", "customer", "customer_name"),
    "phone": ("phone", "电话", "联系电话", "手机", "手机号", "客户电话"),
    "email": ("email", "邮箱", "电子邮箱", "邮件"),
    "tier": ("tier", "客户级别"),
    "order_no": ("order_no", "订单号", "订单编号"),
    "sku": ("sku", "商品编码", "型号"),
    "batch": ("batch", "批次"),
    "received_at": ("received_at", "受理时间", "投诉时间", "留言时间", "登记时间", "Date received"),
    "occurred_at": ("occurred_at", "发生时间"),
    "occurred_place": ("occurred_place", "发生地点"),
    "region": ("region", "地区", "省市", "State"),
    "expectation": ("expectation", "客户期望", "诉求"),
    "emotion": ("emotion", "情绪等级"),
    "category": ("category_code", "受理类型", "类型编码"),
    "external_id": ("external_id", "投诉编号", "留言编号", "编号", "id", "Complaint ID"),
    "reply": ("reply", "答复意见", "答复内容", "回复"),
    "replied_at": ("replied_at", "答复时间", "回复时间", "结案时间"),
    "regulator": ("regulator", "监管要求", "监管来源"),
    "regulator_no": ("regulator_no", "转办编号", "外部编号", "监管编号"),
    "regulator_received_at": ("regulator_received_at", "转办时间", "交办时间"),
    "regulator_deadline": ("regulator_deadline", "答复期限", "办理时限", "交办期限"),
    "regulator_category": ("regulator_category", "监管情形"),
    "regulator_name": ("regulator_name", "受理机构", "转办单位"),
}
REFERRAL = {
    "regulator": "profile", "regulator_no": "number", "regulator_received_at": "received_at",
    "regulator_deadline": "deadline", "regulator_category": "category", "regulator_name": "authority",
}  # fmt: skip
# tables without a text of their own: what is said of the matter, joined
JOINED = ("Product", "Sub-product", "Issue", "Sub-issue")
FIELDS = frozenset(KNOWN)
_TIMES = frozenset({"received_at", "occurred_at", "replied_at", "regulator_received_at", "regulator_deadline"})
_SLASHED = re.compile(r"(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")


class BadMapping(ValueError):
    """The --map options do not fit the file."""


@dataclass(frozen=True)
class Mapper:
    """`columns` names for each field the columns whose cells, joined, are its value."""

    columns: Mapping[str, tuple[str, ...]]
    zone: ZoneInfo
    channel: str = Channel.IMPORT

    def arrival(self, cells: Mapping[str, Any]) -> Arrival:
        """The row as an arrival. Raises NotTaken for a time, tier or emotion that cannot be read."""
        values: dict[str, Any] = {field: self._joined(cells, names) for field, names in self.columns.items()}
        errors: dict[str, str] = {}
        for field in _TIMES & values.keys():
            values[field] = self._moment(values[field], field, errors)
        values["emotion"] = _whole(values.get("emotion", ""), errors)
        if errors:
            raise NotTaken(errors)
        values = {field: value for field, value in values.items() if value not in ("", None)}
        own = str(values.get("external_id", ""))
        values["external_id"] = self._identity(values, cells)
        said = {name: values.pop(field) for field, name in REFERRAL.items() if field in values}
        if said or (self.channel in REFERRED and own and "replied_at" not in values):
            values["referral"] = Referral(**{"profile": "", "number": own, **said})
        return Arrival(**{"text": "", "channel": self.channel, **values})

    @staticmethod
    def _joined(cells: Mapping[str, Any], names: Iterable[str]) -> Any:
        found = [cells[name] for name in names if cells.get(name) not in (None, "")]
        if len(found) == 1 and isinstance(found[0], datetime | date):
            return found[0]
        return "；".join(str(cell).strip() for cell in found)

    @staticmethod
    def _identity(values: Mapping[str, Any], cells: Mapping[str, Any]) -> str:
        """The same row has the same identity in any file: its own number and a digest of what it says."""
        said = "\x1f".join(f"{name}={cell}" for name, cell in sorted(cells.items()) if cell not in (None, ""))
        digest = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:20]
        own = str(values.get("external_id", ""))[:80]
        return f"{own}:{digest}" if own else digest

    def _moment(self, value: Any, field: str, errors: dict[str, str]) -> datetime | None:
        if value in ("", None):
            return None
        try:
            return moment(value, self.zone)
        except ValueError:
            errors[field] = _("“%s”不是能看懂的时间，例如 2026-11-22 09:30。") % str(value)[:40]
            return None


def moment(value: Any, zone: ZoneInfo) -> datetime:
    """A datetime with a zone, from what spreadsheets write. Raises ValueError."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime.combine(value, time(), zone)
    text = str(value).strip()
    if match := _SLASHED.fullmatch(text):
        first, second, third, hour, minute, second_of = (int(part) if part else 0 for part in match.groups())
        year, month, day = (first, second, third) if first > 31 else (third, first, second)
        return datetime(year, month, day, hour, minute, second_of, tzinfo=zone)
    parsed = parse_datetime(text) or parse_datetime(f"{text} 00:00")
    if parsed is None:
        raise ValueError(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)


def _whole(value: Any, errors: dict[str, str]) -> int | None:
    if value in ("", None):
        return None
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        errors["emotion"] = _("情绪等级为 1 到 5。")
        return None


def mapper(header: Iterable[str], given: Mapping[str, str], *, zone: ZoneInfo, channel: str = Channel.IMPORT) -> Mapper:
    """What the operator maps stands; other fields take the column that has one of their known names.

    `given` maps a field to a column, or to several joined by "+". Raises BadMapping.
    """
    names = list(header)
    columns: dict[str, tuple[str, ...]] = {}
    for field, wanted in given.items():
        if field not in FIELDS:
            raise BadMapping(
                _("没有字段 %(field)s。可用：%(known)s。") % {"field": field, "known": "、".join(sorted(FIELDS))}
            )
        columns[field] = tuple(part for part in wanted.split("+"))
        if missing := [name for name in columns[field] if name not in names]:
            raise BadMapping(
                _("文件里没有这一列：%(name)s。现有：%(names)s。") % {"name": missing[0], "names": "、".join(names)}
            )
    taken = {name for group in columns.values() for name in group}
    for field, aliases in KNOWN.items():
        match = next((name for name in names if name in aliases and name not in taken), None)
        if field not in columns and match is not None:
            columns[field] = (match,)
    if "text" not in columns:
        columns["text"] = tuple(name for name in JOINED if name in names)
    if not columns["text"]:
        raise BadMapping(_("认不出哪一列是投诉内容，请用 --map text=列名 指明。现有：%s。") % "、".join(names))
    return Mapper(columns, zone, channel)
