"""The company's own logo and colour."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.lib.canonical import sha256_hex
from huiyin.lib.sniff import HEAD_BYTES, SVG, sniff
from huiyin.lib.vectors import is_only_a_drawing
from huiyin.org import colours, errors, looks
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Appearance, Change

LARGEST = 256 * 1024
PNG = "image/png"


@transaction.atomic
def choose_accent(*, accent: str, actor: Actor, at: datetime) -> None:
    """Links, buttons and the focus ring are in this colour, in both themes; an empty one brings back the house's own.

    Raises NotAColour, TooPale.
    """
    must_configure(actor)
    written = accent.strip().lower()
    if written and not colours.HEX.fullmatch(written):
        raise errors.NotAColour(written)
    if written and not colours.is_readable(written):
        raise errors.TooPale(written, colours.nearest(written))
    look = _look(at)
    before = {"accent": look.accent}
    look.accent, look.set_at = written, at
    look.save(update_fields=["accent", "set_at"])
    _record(before, {"accent": written}, actor, at)


@transaction.atomic
def set_logo(*, content: bytes, name: str, actor: Actor, at: datetime) -> None:
    """The logo stands where ours did: a PNG, or an SVG that is a drawing and nothing else. Raises NotALogo."""
    must_configure(actor)
    if len(content) > LARGEST:
        raise errors.NotALogo(_("标志最大 %d KB，请压缩后再上传。") % (LARGEST // 1024))
    kind = sniff(content[:HEAD_BYTES], name)
    if kind not in (PNG, SVG):
        raise errors.NotALogo(_("只接受 PNG 或 SVG 图片，按文件内容判断，与文件名无关。"))
    if kind == SVG and not is_only_a_drawing(content):
        raise errors.NotALogo(_("这个 SVG 含有脚本、样式或外部引用，不能使用。请导出为纯图形的 SVG，或改用 PNG。"))
    look = _look(at)
    before = {"logo": look.logo_digest[:12]}
    look.logo, look.logo_type, look.logo_digest, look.set_at = content, kind, sha256_hex(content), at
    look.save(update_fields=["logo", "logo_type", "logo_digest", "set_at"])
    _record(before, {"logo": look.logo_digest[:12]}, actor, at)


@transaction.atomic
def remove_logo(*, actor: Actor, at: datetime) -> None:
    must_configure(actor)
    look = _look(at)
    before = {"logo": look.logo_digest[:12]}
    look.logo, look.logo_type, look.logo_digest, look.set_at = b"", "", "", at
    look.save(update_fields=["logo", "logo_type", "logo_digest", "set_at"])
    _record(before, {"logo": ""}, actor, at)


def _look(at: datetime) -> Appearance:
    Appearance.objects.get_or_create(id=1, defaults={"set_at": at})
    return Appearance.objects.select_for_update().get(id=1)


def _record(before: dict[str, str], after: dict[str, str], actor: Actor, at: datetime) -> None:
    record(
        Change.Area.COMPANY, "appearance", label=_("外观"), verb=Change.Verb.AMENDED, before=before, after=after,
        actor=actor, at=at,
    )  # fmt: skip
    looks.forget_on_commit()
