"""What the report page asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.desk.forms.fields import Day, Line


class BaselineForm(forms.Form):
    first = Day(label=_("基线期从"), widget=forms.DateInput(attrs={"type": "date"}))
    last = Day(label=_("到（含）"), widget=forms.DateInput(attrs={"type": "date"}))
    note = Line(label=_("说明"), longest=200, required=False)
