"""The next time the customer hears from us: read from the letter and proposed, ticked or set by its writer (B45)."""

from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.actions.promising import PROMISE
from huiyin.complaints.models import Clock
from huiyin.desk.forms.fields import Moment
from huiyin.desk.forms.moves import LetterForm
from huiyin.sla.queries import current
from huiyin.sla.spoken import promised_in

_PICKER = "%Y-%m-%dT%H:%M"


class Proposal(NamedTuple):
    """What the text promises: shown beside it, and set only where its writer says so."""

    value: str
    said: str
    words: str
    is_ticked: bool


def proposal(text: str, *, ticked: Any, at: datetime) -> Proposal | None:
    found = promised_in(text, at=at, calendar=current().calendar)
    if found is None:
        return None
    value = f"{timezone.localtime(found.until):{_PICKER}}"
    return Proposal(value, by(found.until), found.words, ticked == value)


def by(until: datetime) -> str:
    local = timezone.localtime(until)
    return gettext("将承诺 %(day)s %(clock)s 前答复") % {
        "day": formats.date_format(local, "MONTH_DAY_FORMAT"), "clock": f"{local:%H:%M}",
    }  # fmt: skip


class PromisingLetterForm(LetterForm):
    """The letter, the call or the visit, and by when the customer hears from us again."""

    promise_until = Moment(
        label=_("下次什么时候答复客户"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_PICKER),
        help_text=_("问题解决之前，每次联系都和客户约好下次答复的时间；没有约定也可以发，记录里会写明。"),
    )  # fmt: skip
    take_promise = Moment(required=False, widget=forms.HiddenInput)

    @property
    def effects(self) -> list[str]:
        running = Clock.objects.visible_to(self.member).running()
        promised = running.filter(complaint=self.complaint, code=PROMISE).first()
        if promised is None:
            return []
        due = f"{timezone.localtime(promised.due_at):%Y-%m-%d %H:%M}"
        return [gettext("已承诺客户 %s 前答复：告知进展或最终答复才算兑现，只请客户补充不算。") % due]

    @property
    def proposal(self) -> Proposal | None:
        """Of the text as it stands in the form."""
        text = self["body"].value() or ""
        return proposal(str(text), ticked=self.is_bound and self.data.get("take_promise"), at=timezone.now())

    def _first_values(self, asked: Any) -> dict[str, Any]:
        draft = self._draft(asked)
        if draft is None or draft.promise_until is None:
            return super()._first_values(asked)
        return {**super()._first_values(asked), "promise_until": timezone.localtime(draft.promise_until)}

    def clean(self) -> dict[str, Any]:
        """What was set by hand goes before what was ticked; nobody reached was promised anything."""
        given = super().clean()
        if given.get("reached") is False and given.get("channel") in ("phone", "counter"):
            given["take_promise"] = None
        given["promise_until"] = given.get("promise_until") or given.get("take_promise")
        return given
