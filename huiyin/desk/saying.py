"""What one event of the record says beside its name: whom and what it concerns, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.channels.models import Channel
from huiyin.complaints.models import Attachment, Event, Letter, Note, Validity
from huiyin.complaints.models.complaint import Outcome, Severity
from huiyin.desk import saying_time, worth
from huiyin.desk.promises import clock_label
from huiyin.desk.reading import Reader
from huiyin.desk.wordings import moment
from huiyin.lib import spans
from huiyin.lib.phrasing import clauses, listed, noted, told
from huiyin.org.models import Member, Unit
from huiyin.surveys.models import Reason
from huiyin.triage.models import Category
from huiyin.triage.queries import brands

Kind = Event.Kind


@dataclass(frozen=True)
class Words:
    """What the events point at, by id; read once for the whole timeline."""

    notes: Mapping[int, Note]
    letters: Mapping[int, Letter]
    attachments: Mapping[int, Attachment]
    validities: Mapping[int, Validity]
    members: Mapping[int, Member]
    units: Mapping[str, Unit]
    clocks: Mapping[str, str]
    methods: Mapping[str, str]
    answers: Mapping[int, str]
    reckonings: Mapping[int, str]
    decisions: Mapping[tuple[int, int], str]
    number: str


def body(event: Event, words: Words, reader: Reader) -> str:
    """What it is about, and the reason that was given for it where the reader may read it."""
    given = event.particulars
    of_time = saying_time.about(event.kind, given, words.clocks, words.members)
    about = of_time if of_time is not None else _about(event, words, reader)
    parts = [line for line in (about, _reason(given, words, reader)) if line]
    return "\n".join(parts)


def _reason(given: Mapping[str, Any], words: Words, reader: Reader) -> str:
    if reader.correspondence == "-":
        return ""
    note = words.notes.get(given.get("reason", 0))
    return reader.words(note.text if note is not None else words.answers.get(given.get("answer", 0), ""))


def _about(event: Event, words: Words, reader: Reader) -> str:
    given = event.particulars
    match event.kind:
        case Kind.FILED:
            return _("渠道：%(channel)s；机器建议：%(category)s，%(severity)s") % {
                "channel": _channel(given.get("channel")),
                "category": given.get("category", ""),
                "severity": _severity(given.get("severity")),
            }
        case Kind.DISPATCHED:
            return _dispatched(given, words)
        case Kind.NUDGED if "order" not in given:
            return _("第 %s 次") % str(given.get("count", 1))
        case Kind.SIGNED | Kind.DECLINED | Kind.HANDLED | Kind.NUDGED:
            return _("工单 %(order)s，%(unit)s") % {"order": given.get("order", ""), "unit": _unit(given, words)}
        case Kind.STARTED | Kind.CANCELLED:
            return _("工单 %s") % str(given.get("order", ""))
        case Kind.INCIDENT_OPENED | Kind.INCIDENT_ENDED:
            return str(given.get("incident", ""))
        case Kind.INVESTIGATED:
            step = given.get("step", "")
            signed = _("，%s 放行") % step if step != "opened" else ""
            return str(given.get("investigation", "")) + signed
        case Kind.ASSESSED:
            rule = str(given.get("rule", ""))
            return _("责任单位：%(unit)s（规则 %(rule)s）") % {"unit": _unit(given, words), "rule": rule}
        case Kind.PASSED:
            left = given.get("left")
            rest = _("，还有 %d 张未审核通过") % left if left else ""
            return _("工单 %s") % str(given.get("order", "")) + rest
        case Kind.SENT_BACK:
            return _("工单 %(order)s，第 %(round)s 轮") % {
                "order": given.get("order", ""),
                "round": given.get("round", ""),
            }
        case Kind.ASSIGNED:
            person = words.members.get(given.get("to") or 0)
            named = person.name if person else _("无人")
            return _("撤销指定，恢复为：%s") % named if given.get("undoes") else named
        case Kind.RECUSED | Kind.TASK_FORCE | Kind.WAR_ROOM_CALLED:
            people = listed(words.members[pk].name for pk in given.get("members", ()) if pk in words.members)
            return _("邀请 %s") % people if given.get("invited") else people
        case Kind.JUDGED | Kind.VALIDITY_CONFIRMED:
            return str(Validity.Value(given["value"]).label) if given.get("value") in Validity.Value else ""
        case Kind.CLOSED | Kind.ACCEPTED:
            return str(Outcome(given["outcome"]).label) if given.get("outcome") in Outcome else ""
        case Kind.TIERED:
            return worth.changed(given)
        case Kind.VALUED:
            return worth.valued(given)
        case Kind.REGRADED:
            return _regraded(given, words)
        case Kind.ARCHIVED:
            return str(given.get("case", ""))
        case Kind.MERGED:
            return _("并入 %s") % str(given.get("into", ""))
        case Kind.ABSORBED | Kind.RELEASED:
            return str(given.get("other", ""))
        case Kind.NOT_REACHED if "attempt" in given:
            return _("第 %s 次") % str(given["attempt"])
        case Kind.DECIDED:
            decided = words.decisions.get((given.get("room", 0), given.get("decision", 0)), "")
            return reader.words(decided) if reader.correspondence != "-" else ""
        case Kind.NOTED:
            return _("即时安抚的书面备案") if given.get("offer") else ""
        case Kind.RECKONED:
            return _reckoned(given, words)
        case Kind.PROMISED:
            agreed = _("最迟 %s 答复") % moment(given.get("due"))
            return noted(agreed, _("原为 %s") % moment(given["before"])) if given.get("before") else agreed
        case Kind.ESCALATED:
            return _escalated(given, words)
        case Kind.ATTACHED:
            kept = words.attachments.get(given.get("attachment", 0))
            return kept.name if kept else ""
        case Kind.INTERIM:
            return _("后续跟踪日期：%s") % str(given.get("until", ""))
        case Kind.GUIDED:
            return _guided(given, words)
        case Kind.RATED:
            return _rated(given)
        case Kind.SURVEYED:
            return _surveyed(given)
        case Kind.BRAND_SET:
            known = {each.code: each.name for each in brands()}
            old, new = (known.get(code, code) or _("未填") for code in (given.get("was", ""), given.get("brand", "")))
            return f"{old} → {new}"
        case Kind.PAGED | Kind.PAGE_CONFIRMED | Kind.WAR_ROOM_JOINED | Kind.REPORTED:
            return _red(event.kind, given, words)
        case Kind.REGULATED | Kind.REFERRAL_AMENDED | Kind.AUTHORITY_ANSWERED:
            return f"{given.get('profile', '')} {given.get('number', '')}".strip()
        case Kind.CONFIDENTIALITY:
            return _("设为保密") if given.get("confidential") else _("取消保密")
    return ""


def _red(kind: str, given: Mapping[str, Any], words: Words) -> str:
    after = spans.took(timedelta(seconds=int(given.get("seconds", 0))))
    match kind:
        case Kind.PAGED:
            people = listed(words.members[pk].name for pk in given.get("members", ()) if pk in words.members)
            return told(_("第 %d 轮") % int(given.get("round", 0)), people or _("没有人可以呼叫"))
        case Kind.PAGE_CONFIRMED:
            return _("用时 %s") % after
        case Kind.WAR_ROOM_JOINED:
            return _("到齐，用时 %s") % after if given.get("quorum") else ""
    return str(given.get("incident") or _("每日报送管理层"))


def _guided(given: Mapping[str, Any], words: Words) -> str:
    """A playbook is not named: the record outlives the mark (A01)."""
    code = str(given.get("method", ""))
    name = words.methods.get(code) or _("特殊投诉处理方法")
    act = {
        "begun": _("开始按“%(name)s”处理"),
        "step": _("“%(name)s”第 %(step)s 步完成"),
        "confirmed": _("“%(name)s”的行为证据经第二人确认"),
        "ended": _("不再按“%(name)s”处理"),
    }.get(str(given.get("act")), "%(name)s")
    return act % {"name": name, "step": given.get("step", "")}


def _dispatched(given: Mapping[str, Any], words: Words) -> str:
    person = words.members.get(given.get("assignee") or 0)
    to = noted(_unit(given, words), person.name) if person else _unit(given, words)
    return _("工单 %(order)s → %(unit)s") % {"order": given.get("order", ""), "unit": to}


def _escalated(given: Mapping[str, Any], words: Words) -> str:
    """Up the ladder, to whom; or that nobody is left to sign for an order."""
    if "clock" not in given:
        return _("工单 %s") % str(given.get("order", ""))
    clock = clock_label(str(given["clock"]), words.clocks)
    if "of" not in given:  # of an earlier release: one rung
        return clock
    said = _("%(clock)s超时，第 %(rung)s 级，共 %(of)s 级") % {"clock": clock, "rung": given["rung"], "of": given["of"]}
    people = listed(words.members[pk].name for pk in given.get("members", ()) if pk in words.members)
    return told(said, people) if people else said


def _regraded(given: Mapping[str, Any], words: Words) -> str:
    before, after = given.get("before", {}), given.get("after", {})
    said = []
    if before.get("severity") != after.get("severity"):
        said.append(f"{_severity(before.get('severity'))} → {_severity(after.get('severity'))}")
    if before.get("complexity") != after.get("complexity"):
        old, new = (
            str(Category.Complexity(each["complexity"]).label) if each.get("complexity") in Category.Complexity else ""
            for each in (before, after)
        )
        said.append(f"{old} → {new}")
    why = {
        "reopened": _("再次重开"),
        "supplement": _("客户补充了情况"),
        "routing": _("派单规则"),
        "departments": _("多个部门办理"),
    }.get(str(given.get("because", "")), "")
    said += [why] if why else []
    said += [str(each.get("text", "")) for each in given.get("rules", ())]
    moved = [saying_time.breached(each, words.clocks) for each in given.get("moved", ())]
    lines = [clauses(said)]
    lines += [_("新的时限：%s") % listed(moved)] if moved else []
    return "\n".join([*lines, *saying_time.dropped(given, words.clocks)])


def _reckoned(given: Mapping[str, Any], words: Words) -> str:
    before, due = (
        timezone.localtime(datetime.fromisoformat(given[key])).strftime("%Y-%m-%d %H:%M") for key in ("before", "due")
    )
    said = _("%(clock)s：%(before)s → %(due)s") % {
        "clock": clock_label(str(given.get("clock", "")), words.clocks), "before": before, "due": due,
    }  # fmt: skip
    reason = words.reckonings.get(given.get("change") or 0, "")
    return noted(said, reason) if reason else said


def _rated(given: Mapping[str, Any]) -> str:
    stars = int(given.get("stars", 0))
    told = "★" * stars + "☆" * (5 - stars)
    if "ces" in given:
        told += _(" · 容易程度 %s/7") % given["ces"]
    if "nps" in given:
        told += _(" · 推荐意愿 %s/10") % given["nps"]
    return _("%s 客户不满意，请尽快回访") % told if given.get("is_low") else told


def _surveyed(given: Mapping[str, Any]) -> str:
    if given.get("via") == "care":
        return noted(_("关怀回访"), *(Reason(each).label for each in given.get("reasons", ())))
    ways = {
        "email": _("邮件"),
        "reminder": _("邮件，提醒一次"),
        "phone": _("电话"),
        "asked_often": _("近期已问过两次，不再打扰"),
    }
    return ways.get(str(given.get("via", "")), "")


def _unit(given: Mapping[str, Any], words: Words) -> str:
    code = str(given.get("unit") or given.get("owner") or "")
    return words.units[code].name if code in words.units else code


def _channel(code: Any) -> str:
    return str(Channel(code).label) if code in Channel else str(code or "")


def _severity(level: Any) -> str:
    return str(Severity(level).label) if level in Severity else ""
