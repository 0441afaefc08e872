"""`{% listing "desk/rows.html" rows=rows now=now %}`: a template of `<app>/jinja2/` with these values.

For what repeats hundreds of times on a page: the fifty rows of a queue cost a fifth of what they cost as includes
(docs/decisions/0010-jinja2-for-long-lists.md).
"""

from django import template
from django.template import engines
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def listing(name: str, **given: object) -> SafeString:
    return SafeString(engines["lists"].get_template(name).render(given))
