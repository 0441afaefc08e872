"""How a member wants to be told."""

import re
from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.channels import sms
from huiyin.desk.forms.fields import Line
from huiyin.notices.kinds import kinds
from huiyin.notices.models import Preference
from huiyin.notices.models.settings import Way
from huiyin.org.models import Member

CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
MOST_DIGESTS = 6


class Clock(forms.TimeField):
    widget: Any = forms.TimeInput(format="%H:%M", attrs={"type": "time"})

    def __init__(self, **given: Any) -> None:
        super().__init__(error_messages={"invalid": gettext_lazy("请填写时间，例如 21:00。")}, **given)


class PreferenceForm(forms.Form):
    """One tick for each kind and way; the inbox always has everything."""

    quiet_from = Clock(label=gettext_lazy("免打扰从"))
    quiet_until = Clock(
        label=gettext_lazy("免打扰到"), help_text=gettext_lazy("两个时间相同，就是不设免打扰。按您单位的时区。")
    )
    rests_on_days_off = forms.BooleanField(label=gettext_lazy("休息日和节假日也不打扰"), required=False)
    digest_at = Line(
        label=gettext_lazy("汇总时间"), longest=60, required=False,
        help_text=gettext_lazy("留空就随时发；填“09:00 17:00”就只在这些时间汇总成一封。紧急通知不等。"),
    )  # fmt: skip
    hourly_limit = forms.IntegerField(label=gettext_lazy("每小时最多几条"), required=False, min_value=1)
    phone = Line(
        label=gettext_lazy("手机号"), longest=32, required=False,
        help_text=gettext_lazy("只用于短信通知，加密保存，别人看不到。"),
    )  # fmt: skip

    def __init__(self, *args: Any, member: Member, **given: Any) -> None:
        kept = Preference.objects.filter(member=member).first() or Preference(member=member)
        initial = {
            "quiet_from": kept.quiet_from, "quiet_until": kept.quiet_until, "rests_on_days_off": kept.rests_on_days_off,
            "digest_at": " ".join(f"{each:%H:%M}" for each in kept.digest_at), "hourly_limit": kept.hourly_limit,
            "phone": kept.phone,
        }  # fmt: skip
        super().__init__(*args, **{**given, "initial": initial})
        most = settings.HUIYIN_NOTICES_AN_HOUR
        limit = self.fields["hourly_limit"]
        assert isinstance(limit, forms.IntegerField)
        limit.max_value = most
        limit.validators.append(lambda value: self._within(value, most))
        limit.help_text = _("不填就是 %d 条；再多的合成一封汇总。") % most
        ways = [Way.EMAIL, Way.SMS] if sms.is_configured() else [Way.EMAIL]
        for code, kind in kinds().items():
            chosen = kept.chosen(code)
            self.fields[f"kind_{code}"] = forms.MultipleChoiceField(
                label=kind.label, choices=[(way.value, way.label) for way in ways], required=False,
                widget=forms.CheckboxSelectMultiple, initial=sorted(kind.ways if chosen is None else chosen),
            )  # fmt: skip

    @staticmethod
    def _within(value: int, most: int) -> None:
        if value > most:
            raise forms.ValidationError(_("最多 %d 条。") % most)

    def clean_digest_at(self) -> list[time]:
        words = str(self.cleaned_data["digest_at"]).replace("，", " ").replace(",", " ").replace("、", " ").split()
        found = [CLOCK.fullmatch(word) for word in words]
        if len(words) > MOST_DIGESTS or any(each is None for each in found):
            raise forms.ValidationError(_("请填写最多 6 个时间，用空格分开，例如“09:00 17:00”。"))
        return [time(int(each[1]), int(each[2])) for each in found if each]

    @property
    def general(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("kind_")]

    @property
    def by_kind(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("kind_")]

    def chosen(self) -> dict[str, Any]:
        """For `reading.prefer`. What is as shipped is not written down, so that a later default still reaches."""
        given = dict(self.cleaned_data)
        picked = {name.removeprefix("kind_"): given.pop(name) for name in list(given) if name.startswith("kind_")}
        ways = {code: picked[code] for code, kind in kinds().items() if set(picked[code]) != set(kind.ways)}
        return {**given, "ways": ways}
