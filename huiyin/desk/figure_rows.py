"""The rows behind a figure: answers, complaints, work orders, returned goods, each leading to its complaint."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models import Clock, Complaint
from huiyin.desk.reading import Reader
from huiyin.desk.rows import title_of
from huiyin.dispatch.models import WorkOrder
from huiyin.insight import departments, repeats, satisfaction
from huiyin.insight.attainment import Period
from huiyin.org.models import Member
from huiyin.surveys.models import Answer

MOST = 100
Rows = Callable[[Member, Period, datetime, int | None, str], QuerySet[Any]]
Line = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """`moment`: by what the rows are counted, and sorted; `complaint`: where the complaint hangs on a row."""

    label: Any
    page: str
    rows: Rows
    told: Callable[[Any], tuple[str, Any, str]]  # what is said of it beside its title: note, chip, tone
    moment: str
    moment_label: Any
    outcomes: Mapping[str, Any]
    complaint: str = "complaint"

    def ordered(self, found: QuerySet[Any]) -> QuerySet[Any]:
        joined = [f"{self.complaint}__{name}" if self.complaint else name for name in ("owner_unit", "customer")]
        return found.select_related(*joined).order_by(f"-{self.moment}", "-pk")

    def line(self, row: Any, reader: Reader) -> Line:
        complaint: Complaint = getattr(row, self.complaint) if self.complaint else row
        note, chip, tone = self.told(row)
        return {
            "complaint": complaint,
            "title": title_of(complaint, reader),
            "note": note,
            "chip": chip,
            "tone": tone,
            "at": getattr(row, self.moment),
        }


def _of_answer(row: Answer) -> tuple[str, Any, str]:
    told = [f"CES {row.ces}/7"] if row.ces is not None else []
    told += [f"NPS {row.nps}/10"] if row.nps is not None else []
    told += row.reason_labels
    return " · ".join(told), "★" * row.stars, "green" if row.stars > 3 else "amber" if row.stars == 3 else "red"


def _of_repeat(row: Complaint) -> tuple[str, Any, str]:
    came_back, is_ripe = vars(row)["came_back"], vars(row)["is_ripe"]
    if came_back:
        return "", _("30 天内又来") if is_ripe else _("已经又来"), "red"
    return "", _("没有再来") if is_ripe else _("30 天未满"), "green" if is_ripe else "grey"


def _of_received(row: Complaint) -> tuple[str, Any, str]:
    return "", row.get_state_display(), "green" if row.state == "closed" else "grey"


def _of_open(row: Complaint) -> tuple[str, Any, str]:
    is_over = vars(row)["is_over"]
    return row.get_state_display(), _("超时") if is_over else _("未超时"), "red" if is_over else "grey"


def _of_order(row: WorkOrder) -> tuple[str, Any, str]:
    is_fixed, is_ripe = vars(row)["is_fixed"], vars(row)["is_ripe"]
    if not is_ripe:
        return row.number, _("30 天未满"), "grey"
    return row.number, _("首次解决") if is_fixed else _("退回过或重开"), "green" if is_fixed else "red"


def _of_return(row: Clock) -> tuple[str, Any, str]:
    outcome = vars(row)["outcome"]
    named = {"met": _("三天内处理完"), "late": _("超过三天"), "running": _("处理中"), "paused": _("暂停中")}
    return "", named[outcome], {"met": "green", "late": "red"}.get(outcome, "grey")


FIGURES: dict[str, Figure] = {
    "satisfaction": Figure(
        _("客户满意度"), "desk:satisfaction",
        lambda member, period, at, unit, outcome: satisfaction.answers_of(member, period, unit=unit, outcome=outcome),
        _of_answer, "resolved_at", _("答复"),
        {
            "good": _("满意（4、5 星）"), "fair": _("一般（3 星）"), "low": _("不满意（1、2 星）"),
            "promoter": _("推荐者（9、10 分）"), "passive": _("中立者（7、8 分）"),
            "detractor": _("贬损者（0 到 6 分）"),
            "easy": _("容易（5 到 7 分）"), "hard": _("不容易（1 到 4 分）"),
        },
    ),
    "repeats": Figure(
        _("重复投诉率"), "desk:repeats",
        lambda member, period, at, unit, outcome: repeats.resolved_of(
            member, period, at=at, unit=unit, outcome=outcome
        ),
        _of_repeat, "replied_at", _("答复"),
        {"repeated": _("30 天内又来"), "quiet": _("没有再来"), "watching": _("30 天未满")}, "",
    ),
    "received": Figure(
        _("闭环率"), "desk:departments",
        lambda member, period, at, unit, outcome: departments.received_of(member, period, unit=unit, outcome=outcome),
        _of_received, "received_at", _("受理"), {"closed": _("已办结"), "unclosed": _("未办结")}, "",
    ),
    "open": Figure(
        _("超时占比"), "desk:departments",
        lambda member, _period, at, unit, outcome: departments.open_of(member, at=at, unit=unit, outcome=outcome),
        _of_open, "due_at", _("截止"), {"overdue": _("超时"), "intime": _("未超时")}, "",
    ),
    "assessed": Figure(
        _("时限考核记录"), "desk:departments",
        lambda member, period, at, unit, outcome: departments.assessed_of(member, period, unit=unit, outcome=outcome),
        _of_received, "received_at", _("受理"), {}, "",
    ),
    "orders": Figure(
        _("首次解决率"), "desk:departments",
        lambda member, period, at, unit, outcome: departments.orders_of(
            member, period, at=at, unit=unit, outcome=outcome
        ),
        _of_order, "audited_at", _("审核"),
        {"fixed": _("首次解决"), "unfixed": _("退回过或重开"), "watching": _("30 天未满"),
         "counted": _("计入比率的")},
    ),
    "returns": Figure(
        _("退换货处理时效"), "desk:departments",
        lambda member, period, at, unit, outcome: departments.returns_of(
            member, period, at=at, unit=unit, outcome=outcome
        ),
        _of_return, "started_at", _("收到退货"),
        {"met": _("三天内处理完"), "late": _("超过三天"), "counted": _("计入比率的")},
    ),
}  # fmt: skip
