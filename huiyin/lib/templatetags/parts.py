"""`{% part "desk/parts/state.html" state=row.state label=row.label %}`: a small partial that lists repeat often.

Renders like an include with `only`, and remembers: the same arguments in the same language give the same HTML. For
partials that depend on their arguments alone; not for one that shows the time, a CSRF token or the signed-in member.
"""

from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def part(partial: str, **given: object) -> SafeString:
    return _rendered(partial, get_language(), tuple((key, _plain(value)) for key, value in given.items()))


def _plain(value: object) -> bool | int | str:
    """Words without their language and without the mark of safety, which equality does not see."""
    if isinstance(value, (bool, int)):
        return value
    return str(value) + "" if value else ""


@lru_cache(maxsize=4096)
def _rendered(partial: str, _language: str | None, given: tuple[tuple[str, bool | int | str], ...]) -> SafeString:
    return SafeString(get_template(partial).render(dict(given)).strip())
