"""`{{ message.extra_tags|tagged:"undo" }}`: what stands behind `undo:` among its tags, which a space divides."""

from django import template

register = template.Library()


@register.filter
def tagged(tags: str, name: str) -> str:
    found = (tag.partition(":") for tag in (tags or "").split())
    return next((value for key, _colon, value in found if key == name), "")
