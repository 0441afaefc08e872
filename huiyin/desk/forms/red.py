"""Forms of the red channel."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.desk.forms.choices import PersonField
from huiyin.desk.forms.fields import Line, Words
from huiyin.lib.phrasing import noted
from huiyin.org.models import Member, MemberQuerySet
from huiyin.quality.models import Duty, IncidentClass
from huiyin.redchannel.queries import Seat

NO_NAMES = _("不要写客户的姓名和电话；记录后不能修改。")


class ForceForm(forms.Form):
    """A seat for each department of the plan that has anybody, and the lead among all of them."""

    kind = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, kind: IncidentClass, seats: Sequence[Seat], chosen: Iterable[int] = ()
    ) -> None:
        super().__init__(data, auto_id="force_%s", label_suffix="", initial={"kind": kind.code})
        self.plan = kind
        self.people = {member.pk: member for seat in seats for member in seat.people}
        known = set(chosen)
        for seat in seats:
            if seat.people:
                self._add(f"seat_{seat.unit.pk}", self._label(seat), seat.people, known)
        self._add("lead", gettext("组长"), list(self.people.values()), known)

    def _label(self, seat: Seat) -> str:
        return noted(seat.unit.name, gettext("牵头")) if seat.is_lead else seat.unit.name

    def _add(self, name: str, label: str, people: Collection[Member], chosen: set[int]) -> None:
        first = next((member.pk for member in people if member.pk in chosen), next(iter(people)).pk if people else None)
        choices = [(str(member.pk), noted(member.name, member.unit.name)) for member in people]
        self.fields[name] = forms.TypedChoiceField(label=label, choices=choices, coerce=int, initial=first)

    @property
    def lead(self) -> Member:
        return self.people[self.cleaned_data["lead"]]

    @property
    def members(self) -> list[Member]:
        return [self.people[value] for name, value in self.cleaned_data.items() if name.startswith("seat_")]


class CallForm(forms.Form):
    topic = Line(label=_("议题"))
    place = Line(label=_("在哪里（会议号或地点）"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="call_%s", label_suffix="")


class InviteForm(forms.Form):
    """One more, as often as one likes."""

    member = PersonField(label=_("邀请谁"))

    def __init__(self, data: Any = None, *, people: MemberQuerySet) -> None:
        super().__init__(data, auto_id="invite_%s", label_suffix="")
        self.person.offer(people)

    @property
    def person(self) -> PersonField:
        field = self.fields["member"]
        assert isinstance(field, PersonField)
        return field


class DecisionForm(forms.Form):
    text = Words(label=_("决定"), help_text=NO_NAMES, rows=3)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="decision_%s", label_suffix="")


class MinutesForm(forms.Form):
    minutes = Words(label=_("会议纪要"), help_text=_("参加人、结论、分工和下次会议。"), rows=4)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="minutes_%s", label_suffix="")


class DutyDoneForm(forms.Form):
    """One line of the plan's checklist: by what one can tell that it is done."""

    duty = forms.IntegerField(widget=forms.HiddenInput)
    evidence = Line(label=_("完成凭据"), longest=500)

    def __init__(self, duty: Duty, data: Any = None) -> None:
        super().__init__(data, auto_id=f"duty{duty.pk}_%s", label_suffix="", initial={"duty": duty.pk})
        self.row = duty
