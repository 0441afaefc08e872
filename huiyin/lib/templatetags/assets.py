"""`{% vite "main" %}`, `{% vite_early "theme" %}` and `{% icon "bell" %}`."""

import logging
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from huiyin.lib import bundle

register = template.Library()
log = logging.getLogger(__name__)


@register.simple_tag
def vite(entry: str) -> SafeString:
    """The entry's style sheets and its module script (deferred by nature)."""
    built = bundle.current()
    styles = format_html_join(
        "", '<link rel="stylesheet" href="{}">', ((static(path),) for path in built.styles.get(entry, ()))
    )
    if entry not in built.scripts:
        return styles
    return format_html('{}<script type="module" src="{}"></script>', styles, static(built.scripts[entry]))


@register.simple_tag
def vite_early(entry: str) -> SafeString:
    """A small classic script that runs before the page is drawn."""
    built = bundle.current()
    if entry not in built.scripts:
        return SafeString("")
    return format_html('<script src="{}"></script>', static(built.scripts[entry]))


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite; `size` is "", "sm" or "lg". Hidden from screen readers unless it has a `label`."""
    return _svg(bundle.current(), name, size, label)


@lru_cache(maxsize=1024)
def _svg(built: bundle.Bundle, name: str, size: str, label: str) -> SafeString:
    if built.icons and name not in built.icons:
        log.warning("icon %r is in no template and not in frontend/icons.txt", name)
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        f" icon-{size}" if size else "",
        format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"'),
        static(built.sprite) if built.sprite else "",
        name,
    )
