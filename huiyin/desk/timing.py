"""What a member does about time on the complaint page: stop it, let it go on, ask for more, answer for what is late."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.complaints import lateness
from huiyin.complaints.actions import explaining, extending, promising, urging, waiting
from huiyin.complaints.models import Complaint, Extension
from huiyin.desk.deed import Deed, Given
from huiyin.desk.forms import timing as forms
from huiyin.desk.forms.moves import PlainForm
from huiyin.lib.phrasing import listed, noted, told
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, may
from huiyin.supervision.actions import supervising
from huiyin.supervision.models import Supervision

NAMED = 3  # late promises that are named under the button; the form lists them all


def naming_the_late(deeds: Iterable[Deed], chips: Sequence[Mapping[str, Any]]) -> list[Deed]:
    """超时说明 says on its button which promise is late, and under it since when and whether the case waits for the
    reason; what it waits for comes first. The chips of desk.promises; one query where something is late and
    unexplained."""
    silent = [chip for chip in chips if chip["breached"] and chip["explanation"] is None]
    late = sorted(silent, key=lambda chip: (chip["code"] not in lateness.HOLDING, chip["due_at"]))
    return [_naming(deed, late) if late and deed.verb == "explain_breach" else deed for deed in deeds]


def _naming(deed: Deed, late: Sequence[Mapping[str, Any]]) -> Deed:
    names = list(dict.fromkeys(str(chip["label"]) for chip in late))
    said = names[0] if len(names) == 1 else gettext("%(clock)s等 %(n)d 项") % {"clock": names[0], "n": len(late)}
    lines = [
        noted(
            f"{chip['label']} {chip['subject']}".strip(),
            gettext("应在 %s 前") % f"{localtime(chip['due_at']):%m-%d %H:%M}",
        )
        for chip in late[:NAMED]
    ]
    words = listed(lines) + (gettext("等 %d 项") % len(late) if len(late) > NAMED else "")
    if lateness.hold_up(chip["code"] for chip in late):
        hint = gettext("%s已超时；写明原因备案后才能继续。") % words
    else:
        hint = gettext("%s已超时；写明原因备案，不影响继续办理。") % words
    return replace(deed, submit=told(deed.submit, said), hint=hint)


def owes_answer(complaint: Complaint, member: Member) -> bool:
    """A letter of supervision waits, and the member may answer it."""
    return (
        may(member, Right.ANSWER_SUPERVISION)
        and Supervision.objects.visible_to(member).owed_by(member).filter(complaint=complaint).exists()
    )


def _pause(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    words = {name: given[name] for name in ("code", "reason", "until", "review", "evidence")}
    waiting.pause(complaint, **words, actor=actor, at=at)


def _resume(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    waiting.resume(complaint, codes=[given["which"]] if given.get("which") else [], actor=actor, at=at)


def _ask(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    extending.ask(given["clock"], days=given["days"], reason=given["reason"], actor=actor, at=at)


def _decide(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> Any:
    asked: Extension = given["extension"]
    if given["verdict"] == forms.REFUSE:
        extending.refuse(asked, reason=given["reason"], actor=actor, at=at)
        return gettext("不同意延期，仍按原时限。")
    extending.grant(asked, actor=actor, at=at)
    return gettext("已同意延期，新的截止时间是 %s。") % f"{localtime(asked.clock.due_at):%Y-%m-%d %H:%M}"


def _explain(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    explaining.explain(complaint, reason=given["reason"], actor=actor, at=at)


def _promise(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    promising.promise(complaint, until=given["until"], actor=actor, at=at)


def _urge(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    urging.urge(complaint, actor=actor, at=at)


def _supervise(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> Any:
    letter = supervising.supervise(
        complaint, words=given["words"], answer_by=given["answer_by"], order=given["order"], actor=actor, at=at
    )
    return gettext("督办单 %s 已发出。") % letter.number


def _answer(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    supervising.answer(given["letter"], words=given["words"], actor=actor, at=at)


RESUME = Deed("resumption", "resume", forms.ResumeForm, _resume, _("已恢复，时限接着走。"), _("恢复计时"),
              _("暂停过的时间不算，截止时间顺延。"), "refresh")  # fmt: skip
DEEDS: tuple[Deed, ...] = (
    Deed("supervision-answers", "answer_supervision", forms.AnswerForm, _answer, _("督办已答复。"), _("答复督办"),
         _("上级在等您的说明。"), "message-circle"),
    Deed("extension-verdicts", "decide_extension", forms.VerdictForm, _decide, "", _("审批延期"),
         _("有人申请延长时限。"), "clock-check"),
    Deed("breach-reasons", "explain_breach", forms.ExplainForm, _explain, _("超时原因已备案。"), _("超时说明"),
         _("写明为什么超时，记录备案。"), "alert-triangle"),
    Deed("pause", "pause", forms.PauseForm, _pause, _("已暂停计时。"), _("暂停计时"),
         _("只因规定的几种原因；到限自动恢复。"), "player-pause", is_quiet=True),
    Deed("extensions", "ask_extension", forms.ExtensionForm, _ask, _("已申请延期，等待审批。"), _("申请延期"),
         _("到期之前申请，由主管审批，只能一次。"), "clock-plus", is_quiet=True),
    Deed("promises", "promise", forms.PromiseForm, _promise, _("已记下对客户的时间承诺。"), _("承诺时间"),
         _("告诉了客户什么时候回复，就从现在开始计时。"), "calendar", is_quiet=True),
    Deed("urging", "urge", PlainForm, _urge, _("已催办，等着办的人会收到通知。"), _("催办"),
         _("提醒现在该办的人；30 分钟内只催一次。"), "bell", minds_changes=False, is_quiet=True),
    Deed("supervisions", "supervise", forms.SuperviseForm, _supervise, "", _("督办"),
         _("要求说明进展，限期答复。"), "urgent", is_quiet=True),
)  # fmt: skip
