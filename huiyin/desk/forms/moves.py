"""One small form for each thing that may be done with a complaint."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.compensation.models import Offer
from huiyin.compensation.states import OfferState
from huiyin.compensation.wording import as_letter
from huiyin.complaints.actions import replying
from huiyin.complaints.lateness import sentence, unexplained
from huiyin.complaints.models import Attachment, Complaint, Letter, Validity
from huiyin.complaints.models.complaint import Outcome, Severity
from huiyin.complaints.rules import may_do
from huiyin.desk.forms.choices import PersonField, category_choices, category_named, cause_choices
from huiyin.desk.forms.fields import Day, Files, Line, Moment, Words, choose_from
from huiyin.org.models import Member
from huiyin.org.rules import Right
from huiyin.triage.models import Category
from huiyin.triage.queries import brands

REASON = _("理由")


class MoveForm(forms.Form):
    """`seen` is the last link of the record that the page showed: what came since is told before anything is done."""

    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    template = "desk/forms/plain.html"

    def __init__(
        self, data: Any = None, files: Any = None, *, complaint: Complaint, member: Member, **more: Any
    ) -> None:
        super().__init__(data, files, auto_id="move_%s", label_suffix="", **more)
        self.complaint, self.member = complaint, member
        self.prepare()

    def prepare(self) -> None:
        """Choices and first values that depend on the complaint."""

    @property
    def effects(self) -> list[str]:
        """What will happen, in sentences, before it is done."""
        return []

    @property
    def has_lost_files(self) -> bool:
        """A browser does not keep what was chosen when the page comes back."""
        return bool(self.errors) and bool(self.files and self.files.getlist("files"))

    def clean_seen(self) -> int | None:
        value: int | None = self.cleaned_data["seen"]
        return value


class PlainForm(MoveForm):
    """Nothing to fill in."""


class ReasonForm(MoveForm):
    reason = Words(label=REASON)


class ReturnForm(MoveForm):
    reason = Words(label=_("缺什么、请补充什么"))


class WithdrawForm(MoveForm):
    reason = Words(label=_("客户撤回的表示（时间、方式、原话）"))


class ExternalForm(MoveForm):
    reason = Words(label=_("外部机构、案号和日期"))


class ExternalReturnForm(MoveForm):
    reason = Words(label=_("外部处理的结果"))


class OpinionForm(MoveForm):
    text = Words(label=_("法务意见"))


class ResubmitForm(MoveForm):
    supplement = Words(label=_("补充内容"), help_text=_("客户原话保持不变，补充内容另行记录。"))


class NoteForm(MoveForm):
    text = Words(label=_("内部备注"), rows=2, help_text=_("用 @工号 提到同事，会出现在对方的“我的工作”里。"))
    files = Files(label=_("附件"), required=False)  # type: ignore[assignment]  # a declared field is taken off the class
    template = "desk/forms/note.html"


class AttachForm(MoveForm):
    files = Files(label=_("附件"))  # type: ignore[assignment]  # a declared field is taken off the class
    template = "desk/forms/attach.html"


class BrandForm(MoveForm):
    brand = forms.ChoiceField(
        label=_("品牌"), required=False, help_text=_("受理时选错了，在这里更正；原来的留在记录里。")
    )

    def prepare(self) -> None:
        choices = [("", _("未填")), *((each.code, each.name) for each in brands() if each.is_active)]
        choose_from(self, "brand", choices)
        self.initial = {"brand": self.complaint.brand, **self.initial}


class CauseForm(MoveForm):
    """With the cause of the complaint (A23)."""

    cause = forms.ChoiceField(label=_("投诉原因"))

    def prepare(self) -> None:
        choices = cause_choices(self.complaint)
        choose_from(self, "cause", choices)
        if self.complaint.cause in dict(choices):
            self.initial = {"cause": self.complaint.cause, **self.initial}


def ask_why(form: MoveForm, about: Q | None = None) -> None:
    """With a place for the reason, where a promise that holds the case up is late and nobody has filed it (C027)."""
    if late := unexplained(form.complaint, timezone.now(), about):
        form.fields["breach_reason"] = Words(
            label=_("超时原因"), rows=2, help_text=sentence(late) + gettext("备案后不能更改；客户看不到。")
        )
        form.fields["breach_reason"].error_messages["required"] = gettext("请写明为什么超时。")


class OnSpotForm(CauseForm):
    explanation = Words(label=_("当场如何解释或解决"))
    customer_agreed = forms.BooleanField(label=_("客户同意，当场了结"))

    def prepare(self) -> None:
        super().prepare()
        ask_why(self)


class ReviewForm(MoveForm):
    category = forms.ChoiceField(label=_("受理类型"))
    severity = forms.TypedChoiceField(
        label=_("投诉等级"), choices=Severity.choices, coerce=int, widget=forms.RadioSelect
    )
    complexity = forms.ChoiceField(
        label=_("复杂度"), choices=Category.Complexity.choices, widget=forms.RadioSelect, required=False
    )
    issues = Words(
        label=_("问题点（每行一个）"), rows=4,
        help_text=_("客户提到的每个问题单列一行，部门须逐一答复。"),
    )  # fmt: skip
    note = Words(label=_("复核意见"), rows=2, required=False, help_text=_("调低等级须写明理由。"))
    template = "desk/forms/review.html"

    def prepare(self) -> None:
        complaint = self.complaint
        choose_from(self, "category", category_choices(complaint.category))
        asked = [issue.text for issue in complaint.issues.all()] or [complaint.title or _first_sentence(complaint.text)]
        self.initial = {
            "category": (complaint.confirmed_category or complaint.category).code,
            "severity": complaint.severity,
            "complexity": complaint.complexity,
            "issues": "\n".join(asked),
            **self.initial,
        }

    def clean_category(self) -> Category:
        return category_named(self.cleaned_data["category"])

    def clean_issues(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["issues"].splitlines() if line.strip()]
        if len(lines) > 50:
            raise forms.ValidationError(gettext("最多 50 个问题点。"))
        if any(len(line) > 1000 for line in lines):
            raise forms.ValidationError(gettext("每个问题点最多 1000 个字。"))
        return lines


def _first_sentence(text: str) -> str:
    line = " ".join(text.split())
    return line[:120]


class MergeForm(MoveForm):
    into = Line(label=_("并入哪一件（投诉编号）"), longest=24)

    def clean_into(self) -> Complaint:
        number = self.cleaned_data["into"].upper()
        found = Complaint.objects.visible_to(self.member).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(gettext("没有找到投诉 %s，或您无权查看。") % number)
        return found


class AssignForm(MoveForm):
    to = PersonField(label=_("负责人"))

    def prepare(self) -> None:
        person = self.fields["to"]
        assert isinstance(person, PersonField)
        person.offer(Member.objects.visible_to(self.member).active().with_right(Right.REPLY))
        self.initial = {"to": self.complaint.assignee_id, **self.initial}


class RecuseForm(MoveForm):
    employee = PersonField(label=_("被投诉的员工"), help_text=_("该员工及其直接上级将不再看到这件投诉。"))

    def prepare(self) -> None:
        person = self.fields["employee"]
        assert isinstance(person, PersonField)
        person.offer(Member.objects.visible_to(self.member).active())


class ConfidentialForm(MoveForm):
    confidential = forms.TypedChoiceField(
        label=_("保密"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("保密：只有负责人和有权查看保密投诉的角色可见")), ("no", _("不保密"))],
    )  # fmt: skip

    def prepare(self) -> None:
        self.initial = {"confidential": "yes" if self.complaint.is_confidential else "no", **self.initial}


class JudgeForm(CauseForm):
    cause = forms.ChoiceField(label=_("投诉原因"), required=False)
    value = forms.ChoiceField(label=_("成立判断"), choices=Validity.Value.choices)
    reason = Words(label=_("理由：诉因是否属实，要求是否合理"))
    evidence = Words(label=_("证据"))

    def clean_value(self) -> Validity.Value:
        return Validity.Value(self.cleaned_data["value"])


class InterimForm(MoveForm):
    plan = Words(label=_("阶段性处理方案"))
    follow_up_on = Day(label=_("后续跟踪日期"))


class LetterForm(CauseForm):
    """Progress, a question, or the final answer; kept as a draft by the button of that name."""

    purpose = forms.ChoiceField(label=_("用途"), widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("方式"), widget=forms.RadioSelect)
    subject = Line(label=_("主题"), required=False, help_text=_("只用于邮件和信函，可不填。"))
    body = Words(label=_("正文"), rows=8, help_text=_("打电话或当面答复的，写下对客户说了什么。"))
    reached = forms.TypedChoiceField(
        label=_("联系情况"), coerce=lambda value: value == "yes", widget=forms.RadioSelect, initial="yes",
        choices=[("yes", _("已联系上")), ("no", _("未联系上"))],
    )  # fmt: skip
    cause = forms.ChoiceField(label=_("投诉原因"), required=False, help_text=_("最终答复时必选。"))
    send_at = Moment(
        label=_("定时发出"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("只用于邮件；不填即发出，发出前有几秒可以撤回。"),
    )  # fmt: skip
    keep_draft = forms.BooleanField(required=False, widget=forms.HiddenInput)
    files = Files(label=_("附件"), required=False)  # type: ignore[assignment]  # a declared field is taken off the class
    enclosed = forms.MultipleChoiceField(
        label=_("附上投诉里已有的文件"), required=False, widget=forms.CheckboxSelectMultiple
    )
    template = "desk/forms/letter.html"

    def prepare(self) -> None:
        super().prepare()
        is_final = may_do("reply", self.complaint, self.member)
        purposes = [(Letter.Purpose.FINAL, gettext("最终答复"))] if is_final else []
        purposes += [(Letter.Purpose.PROGRESS, gettext("进展告知")), (Letter.Purpose.QUESTION, gettext("请客户补充"))]
        choose_from(self, "purpose", purposes)
        choose_from(self, "channel", self._channels())
        choose_from(self, "enclosed", [(str(each.pk), each.name) for each in self._files()])
        asked = dict(self.initial)
        if "channel" in asked and not self._has_channel(asked["channel"]):
            asked["channel"] = Letter.Channel.POST  # to be written to, and without a mail address
        if is_final:
            ask_why(self)
            if "breach_reason" in self.fields:
                self.fields["breach_reason"].required = False  # progress goes out without it; see clean()
        if asked.get("reached") == "no":
            asked = {**self._nobody_answered(asked.get("channel")), **asked}
        self.initial = {"purpose": purposes[0][0], **self._first_values(asked.get("channel")), **asked}

    def _files(self) -> QuerySet[Attachment]:
        return Attachment.objects.visible_to(self.member).filter(complaint=self.complaint)

    def _nobody_answered(self, channel: Any) -> dict[str, Any]:
        """No answer was given, so none can be the last; the words are there already, unless others were begun."""
        words = {} if self._draft(channel) else {"body": gettext("打了电话，没有人接。")}
        return {"purpose": Letter.Purpose.PROGRESS, **words}

    def _has_channel(self, channel: Any) -> bool:
        return channel in {value for value, _label in self._channels()}

    def _channels(self) -> list[tuple[str, Any]]:
        has_email = bool(self.complaint.customer.email_digest)
        kinds = [kind for kind in Letter.Channel if kind != Letter.Channel.PORTAL]
        return [(kind.value, kind.label) for kind in kinds if has_email or kind != Letter.Channel.EMAIL]

    def _first_values(self, asked: Any) -> dict[str, Any]:
        draft = self._draft(asked)
        if draft is not None:
            said = {"channel": draft.channel, "subject": draft.subject, "body": draft.body}
            return said | {"enclosed": [str(pk) for pk in draft.enclosed]}
        channel = Letter.Channel.COUNTER if self.complaint.channel == "counter" else Letter.Channel.PHONE
        if self.complaint.channel in {"email", "portal"} and self.complaint.customer.email_digest:
            channel = Letter.Channel.EMAIL
        return {"channel": channel, "body": self._options_offered()}

    def _draft(self, channel: Any) -> Letter | None:
        """Of a letter or of a call, as asked; else whatever there is."""
        if channel:
            return replying.begun(self.complaint, self.member, channel)
        return self.complaint.letters.filter(author=self.member, status=Letter.Status.DRAFT).first()

    def _options_offered(self) -> str:
        """What the customer may choose from, in words for the letter (D30, RS-09)."""
        offers = Offer.objects.visible_to(self.member).filter(complaint=self.complaint, state=OfferState.APPROVED)
        offer = offers.prefetch_related("options").first()
        return as_letter(list(offer.options.all())) if offer is not None else ""

    def clean_channel(self) -> Letter.Channel:
        return Letter.Channel(self.cleaned_data["channel"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        is_final = given.get("purpose") == Letter.Purpose.FINAL and not given.get("keep_draft")
        if is_final and not given.get("cause") and "cause" not in self.errors:
            self.add_error("cause", gettext("最终答复须选择投诉原因。"))
        is_silent = "breach_reason" in self.fields and "breach_reason" not in self.errors
        if is_final and given.get("reached") and is_silent and not given.get("breach_reason"):
            self.add_error("breach_reason", gettext("请写明为什么超时。"))
        return given


class CloseForm(MoveForm):
    outcome = forms.ChoiceField(
        label=_("客户的意见"), widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in Outcome if each != Outcome.NOT_ACCEPTED],
    )  # fmt: skip
    note = Words(label=_("说明"), rows=2, required=False)

    def prepare(self) -> None:
        ask_why(self)

    def clean_outcome(self) -> Outcome:
        return Outcome(self.cleaned_data["outcome"])


class ReopenForm(MoveForm):
    reason = Words(label=_("客户不认可的原因"))
    stars = forms.TypedChoiceField(
        label=_("客户评价"), required=False, coerce=int, empty_value=None,
        choices=[("", _("未评价")), ("1", _("1 星")), ("2", _("2 星"))],
    )  # fmt: skip


class RevealForm(MoveForm):
    reason = Words(label=_("为什么要看联系方式"), rows=2, help_text=_("每次查看都会留下记录。"))
