from django import template
from django.http import HttpRequest

from huiyin.lib.live import live_address

register = template.Library()


@register.simple_tag(takes_context=True)
def stream(context: template.Context, path: str) -> str:
    """The address of an event stream; empty where there is none."""
    request = context.get("request")
    before = live_address(request) if isinstance(request, HttpRequest) else ""
    return f"{before}{path}" if before else ""
