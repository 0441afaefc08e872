"""What a file is by its first bytes, whatever its name and its sender say."""

from __future__ import annotations

import re

HEAD_BYTES = 8192
UNKNOWN = "application/octet-stream"
HTML = "text/html"
SVG = "image/svg+xml"
XML = "application/xml"
SCRIPT = "text/x-script"

_OOXML = "application/vnd.openxmlformats-officedocument."
OFFICE: dict[bytes, str] = {
    b"word/": _OOXML + "wordprocessingml.document",
    b"xl/": _OOXML + "spreadsheetml.sheet",
    b"ppt/": _OOXML + "presentationml.presentation",
}
OPEN_DOCUMENT: dict[bytes, str] = {
    b"mimetypeapplication/vnd.oasis.opendocument.text": "application/vnd.oasis.opendocument.text",
    b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet": "application/vnd.oasis.opendocument.spreadsheet",
}
OLD_OFFICE: dict[str, str] = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "wps": "application/vnd.ms-works",
}

_PREFIXES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"ID3\x02", "audio/mpeg"),
    (b"ID3\x03", "audio/mpeg"),
    (b"ID3\x04", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS: tuple[tuple[bytes, str], ...] = (
    (b"heic", "image/heic"),
    (b"heix", "image/heic"),
    (b"mif1", "image/heic"),
    (b"avif", "image/avif"),
    (b"M4A ", "audio/mp4"),
    (b"qt  ", "video/quicktime"),
    (b"3gp", "video/3gpp"),
)
_PROGRAMS = (b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"#!", b"\x00asm")
_MARKUP = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|iframe|object|embed|meta|link|style|title|frameset|form|a\s+href|img\s)",
    re.IGNORECASE,
)
# names that a browser or a desktop would run, whatever is inside
_ACTIVE_NAMES = re.compile(
    r"\.(?:html?|xhtml|shtml|mht|mhtml|svgz?|xml|xsl|js|mjs|vbs|hta|php|jsp|asp|aspx|exe|dll|com|bat|cmd|ps1|sh|"
    r"jar|msi|scr|lnk|url|docm|xlsm|pptm|swf|py|apk)\s*\.?$",
    re.IGNORECASE,
)

ALLOWED: frozenset[str] = frozenset(
    {
        *(kind for _start, kind in _PREFIXES),
        *_RIFF.values(),
        "image/bmp",
        *(kind for _brand, kind in _BRANDS),
        *OFFICE.values(),
        *OPEN_DOCUMENT.values(),
        *OLD_OFFICE.values(),
        "video/mp4",
        "text/plain",
        "text/csv",
    }
)


def sniff(head: bytes, name: str) -> str:
    """The media type by content, from the first HEAD_BYTES; the name decides only between kinds that look alike
    and can make a file worse, never better. What is not in ALLOWED must not be kept."""
    head = head[:HEAD_BYTES]
    if _ACTIVE_NAMES.search(name):
        return HTML if "htm" in name.lower() else SVG if ".svg" in name.lower() else SCRIPT
    is_windows_program = head.startswith(b"MZ") and b"\x00" in head
    if is_windows_program or (head.startswith(_PROGRAMS) and not head.startswith(b"#!AMR")):
        return SCRIPT
    for start, kind in _PREFIXES:
        if head.startswith(start):
            return kind
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "image/bmp"
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return next((kind for brand, kind in _BRANDS if head[8:12].startswith(brand)), "video/mp4")
    if head.startswith(b"PK\x03\x04"):
        return _zip(head)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLD_OFFICE.get(name.rpartition(".")[2].lower(), UNKNOWN)
    return _text(head, name)


def _zip(head: bytes) -> str:
    for start, kind in OPEN_DOCUMENT.items():
        if head[30:].startswith(start):
            return kind
    if (b"[Content_Types].xml" not in head and b"_rels/" not in head) or b"vbaProject.bin" in head:
        return UNKNOWN
    return next((kind for folder, kind in OFFICE.items() if folder in head), UNKNOWN)


def _decoded(head: bytes) -> str | None:
    """The head as text; a character cut in two at its end is forgiven."""
    for encoding in ("utf-16", "utf-8-sig", "gb18030"):
        if (encoding == "utf-16") != head.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        for cut in range(4):
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def _text(head: bytes, name: str) -> str:
    text = _decoded(head)
    if text is None or any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text):
        return UNKNOWN
    start = text.lstrip().lower()
    plain = text.encode()
    if "<svg" in text.lower():
        return SVG
    if _MARKUP.search(plain):
        return HTML
    if start.startswith("<?xml"):
        return XML
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"
