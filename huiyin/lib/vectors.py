"""Whether an SVG is a drawing and nothing else: no script, no style of its own, nothing from elsewhere."""

from __future__ import annotations

import re
from xml.etree import ElementTree

DRAWS = frozenset(
    {
        *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs"),
        *("linearGradient", "radialGradient", "stop", "clipPath", "mask", "title", "desc", "use", "symbol"),
    }
)
DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|javascript:|data:|https?:|//", re.IGNORECASE)
NAMESPACE = "{http://www.w3.org/2000/svg}"


def is_only_a_drawing(content: bytes) -> bool:
    """A list of what may be in it, not of what may not: an element or attribute nobody knows is refused."""
    if DOCTYPE.search(content):
        return False
    try:
        root = ElementTree.fromstring(content)  # entities are refused above, which is all that could blow it up
    except (ElementTree.ParseError, ValueError, LookupError):
        return False
    return root.tag == f"{NAMESPACE}svg" and all(_draws(element) for element in root.iter())


def _draws(element: ElementTree.Element) -> bool:
    if not isinstance(element.tag, str) or element.tag.removeprefix(NAMESPACE) not in DRAWS:
        return False
    return all(_is_plain(name.rpartition("}")[2].lower(), value) for name, value in element.attrib.items())


def _is_plain(name: str, value: str) -> bool:
    if name.startswith("on") or name in {"style", "src"}:
        return False
    return value.startswith("#") if name == "href" else not OUTSIDE.search(value)
