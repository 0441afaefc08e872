from django import template
from django.http import HttpRequest

from huiyin.lib.live import live_address

register = template.Library()


@register.simple_tag(takes_context=True)
def stream(context: template.Context, path: str) -> str:
    """The address of an event stream; empty where there is no request to tell it from."""
    request = context.get("request")
    return f"{live_address(request)}{path}" if isinstance(request, HttpRequest) else ""
