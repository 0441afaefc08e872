"""`{% control form.phone %}`: a widget in the house style. Django itself adds aria-describedby and aria-invalid."""

from typing import Any

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    DateInput,
    DateTimeInput,
    FileInput,
    HiddenInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.utils.safestring import SafeString

register = template.Library()

_CLASSES: tuple[tuple[type[Any] | tuple[type[Any], ...], str], ...] = (
    ((RadioSelect, CheckboxSelectMultiple), "form-check-input m-0"),
    (CheckboxInput, "form-check-input m-0"),
    (Select, "form-select"),
    (FileInput, "form-control"),
    (HiddenInput, ""),
)


def _class_of(widget: object) -> str:
    return next((name for kind, name in _CLASSES if isinstance(widget, kind)), "form-control")


@register.simple_tag
def control(field: BoundField, **attrs: str | bool) -> SafeString:
    """The widget. Keyword arguments become attributes, `_` for `-`: `{% control form.text data_key="t" rows=6 %}`."""
    widget = field.field.widget
    given = {name.replace("_", "-"): value for name, value in attrs.items()}
    classes = " ".join(filter(None, [_class_of(widget), widget.attrs.get("class", ""), str(given.pop("class", ""))]))
    if isinstance(widget, (DateTimeInput, DateInput)) and widget.input_type == "text":
        is_moment = isinstance(widget, DateTimeInput)
        widget.input_type = "datetime-local" if is_moment else "date"
        widget.format = "%Y-%m-%dT%H:%M" if is_moment else "%Y-%m-%d"
    return field.as_widget(attrs={**given, **({"class": classes} if classes else {})})


@register.filter
def shape(field: BoundField) -> str:
    """How the field partial lays it out: hidden, tick (one box), choices (beside each other), text (wide) or line."""
    widget = field.field.widget
    if isinstance(widget, HiddenInput):
        return "hidden"
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "tick"
    return "text" if isinstance(widget, Textarea) else "line"
