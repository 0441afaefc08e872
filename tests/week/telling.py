"""The week written down for people to read, in Chinese: day by day, and some of its stories line by line."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from huiyin.complaints.models import Clock, Event
from huiyin.notices.models import Notice
from tests.week import words
from tests.week.checking import Check, Found
from tests.week.company import AWAY, SHANGHAI
from tests.week.driving import Story, Week
from tests.week.people import People

WEEKDAYS = "一二三四五六日"
STORIES = 10
ROLES = {
    "frontline": "一线客服", "store_agent": "门店投诉专员", "reviewer": "复核派单员", "handler": "部门处理人",
    "dept_lead": "部门负责人", "parent_lead": "上级部门负责人",
    "supervisor": "投诉主管", "auditor_cc": "审核员", "cc_manager": "客服中心负责人",
    "director": "总监", "executive": "高管", "legal": "法务",
}  # fmt: skip


def written(week: Week, check: Check, found: Found, *, command: str) -> str:
    people = check.people
    parts = [
        "# 模拟的一周：国庆假期与调休\n",
        _summary(week, found, command),
        _company(people),
        _days(week, people),
        _stories(week, check),
    ]
    return "\n".join(parts)


def _summary(week: Week, found: Found, command: str) -> str:
    verdict = "与规则逐条一致，没有一处不符。" if not found.wrong else f"有 {len(found.wrong)} 处不符，见文末。"
    return f"""由 `{command}` 写成。2026-10-05（周一）至 10-11（周日），国庆假期到 10-07，10-10（周六）补班。
时间是参数，不等待：从一个有事的分钟走到下一个，共 {week.moments} 个时刻。
{len(week.stories)} 件投诉随机到达（各级别、各时段，每五分钟一批受理）。
每一个结果都由另一份只按 `sla.yaml` 文字写成的算法复核（tests/week，不用产品的时限引擎）：{verdict}

| 查过的 | 次数 |
|---|---:|
| 预警（50%、80%、150%） | {found.warned} |
| 超时，各一次 | {found.broken} |
| 逐级上报 | {found.escalated} |
| 因时限收到通知的人次 | {found.told} |
| 工单收回并转派 | {found.taken_back} |
| 无人可派，交主管 | {found.unsigned} |
| 暂停提醒 | {found.reminded} |
| 发到邮箱的通知 | {found.sent} |
| 其中夜间（21:00 至 8:00）和休息日发出的，只有一级 | {found.sent_at_rest} |
"""


def _company(people: People) -> str:
    lines = ["## 谁不在\n", "| 成员 | 代理人 | 从 | 到 |", "|---|---|---|---|"]
    for away in AWAY:
        deputy = people.named[away.deputy].name if away.deputy else "没有"
        lines.append(f"| {people.named[away.who].name} | {deputy} | {_clock(away.since)} | {_clock(away.until)} |")
    return "\n".join(lines) + "\n"


def _days(week: Week, people: People) -> str:
    events: Mapping[str, list[Any]] = defaultdict(list)
    for kind, at, said in Event.objects.order_by("pk").values_list("kind", "at", "particulars"):
        events[_day(at)].append((kind, said))
    arrived = Counter(_day(story.plan.received_at) for story in week.stories.values())
    notices: Mapping[str, Counter[str]] = defaultdict(Counter)
    for at, pk in Notice.objects.values_list("at", "member"):
        notices[_day(at)][people.by_pk[pk].name] += 1
    lines = ["## 每一天\n", "| 日 | 到达 | 预警 | 超时 | 收回 | 上报 | 通知最多的人 |", "|---|--:|--:|--:|--:|--:|---|"]
    for day in sorted(arrived | dict.fromkeys(events, 0)):
        count = Counter(kind for kind, _said in events[day])
        most = "、".join(f"{name} {number}" for name, number in notices[day].most_common(4))
        figures = " | ".join(str(count[kind]) for kind in ("warned", "breached", "taken_back", "escalated"))
        lines.append(f"| {day} | {arrived[day]} | {figures} | {most} |")
    return "\n".join(lines) + "\n"


def _stories(week: Week, check: Check) -> str:
    lines = [f"## 最有启发的 {STORIES} 件\n"]
    for story in _chosen(week, check):
        plan = story.plan
        graded = [fact.given for fact in story.facts if fact.what in {"filed", "reviewed"}][-1]
        cx = "复杂" if graded.cx == "C" else "简单"
        lines += [f"### {story.complaint.number}：{graded.level} 级，{cx}，承办 {plan.unit}\n", f"> {plan.text}\n"]
        lines += [f"- {line}" for line in _lines(story, check)]
        lines.append("")
    return "\n".join(lines)


def _chosen(week: Week, check: Check) -> list[Story]:
    """Those in which most different things happened, and no two alike."""
    kinds = {
        pk: frozenset((e.kind, e.particulars.get("clock"), e.particulars.get("share")) for e in events)
        for pk, events in check.events.items()
    }
    seen: set[Any] = set()
    found: list[Story] = []
    for _each in range(min(STORIES, len(kinds))):
        best = max(
            (pk for pk in kinds if week.stories[pk] not in found),
            key=lambda pk: (len(kinds[pk] - seen) - len(check.events[pk]) / 20, -pk),
        )
        seen |= kinds[best]
        found.append(week.stories[best])
    return sorted(found, key=lambda story: story.plan.received_at)


def _lines(story: Story, check: Check) -> Iterable[str]:
    told: Mapping[tuple[datetime, str], list[str]] = defaultdict(list)
    clocks = {f"clock:{each.pk}": each.code for each in Clock.objects.filter(complaint=story.complaint)}
    for notice in Notice.objects.filter(number=story.complaint.number).select_related("member").order_by("pk"):
        what = clocks.get(notice.key.rpartition(":")[0], notice.kind)
        told[notice.at, what].append(notice.member.name)
    yield f"{_clock(story.plan.received_at)} 客户来电"
    for event in check.events[story.complaint.pk]:
        if line := _line(event, told, check.people):
            yield f"{_clock(event.at)} {line}"


def _line(event: Event, told: Mapping[tuple[datetime, str], list[str]], people: People) -> str:
    said = event.particulars
    who = people.by_pk[event.actor_id].name if event.actor_id else "系统"
    match event.kind:
        case "warned" | "breached":
            name = words.CLOCKS[said["clock"].removesuffix(".final")]["zh"].partition("（")[0]
            due = _clock(datetime.fromisoformat(said["due"]))
            done = "超时" if event.kind == "breached" else f"用去 {said['share']}%"
            heard = "、".join(dict.fromkeys(told[event.at, said["clock"]])) or "无人"
            return f"**{name}{done}**（应于 {due} 前）→ 通知 {heard}"
        case "escalated" if "clock" in said:
            name = words.CLOCKS[said["clock"].removesuffix(".final")]["zh"].partition("（")[0]
            to = "、".join(people.by_pk[pk].name for pk in said["members"])
            roles = "、".join(ROLES.get(role, role) for role in said["roles"])
            return f"{name}逐级上报第 {said['rung']} 级（{roles}）→ {to}"
        case "escalated":
            return f"没有可以签收的人，交投诉主管 → 通知 {'、'.join(told[event.at, 'order_nobody_left'])}"
        case "taken_back":
            before = people.by_pk[said["member"]].name if "member" in said else "全单位"
            return f"无人签收，工单自{before}收回"
        case "offered_on":
            return f"改派 {people.by_pk[said['member']].name}，{_clock(datetime.fromisoformat(said['due']))} 前签收"
        case "filed":
            return "受理登记"
        case "dispatched":
            named = people.by_pk[said["assignee"]].name if said.get("assignee") else "未指定个人"
            return f"{who}派单给 {said['unit']}（{named}）"
        case "paused":
            until = f"，最长到 {_clock(datetime.fromisoformat(said['until']))}" if said.get("until") else ""
            return f"{who}暂停：{words.PAUSES[said['pause']]['zh']}{until}"
        case "extended":
            return f"{who}同意延期 {said['days']} 个工作日，改为 {_clock(datetime.fromisoformat(said['due']))}"
    label = Event.Kind(event.kind).label
    return f"{label}（{who}）"


def _day(moment: datetime) -> str:
    local = moment.astimezone(SHANGHAI)
    sort = "班" if words.is_working(local.date()) else "休"
    return f"{local:%m-%d} 周{WEEKDAYS[local.weekday()]} {sort}"


def _clock(moment: datetime) -> str:
    local = moment.astimezone(SHANGHAI)
    return f"{local:%m-%d}（{WEEKDAYS[local.weekday()]}）{local:%H:%M}"
