"""答复材料包: everything that an authority is answered with, in one file whose manifest says what is in it.

A cover sheet that any browser opens and prints, the letters, the files, and the whole handling record with its hashes,
so that whoever gets it can check that nothing was changed. The customer's contacts are not in it: the authority has
them.
"""

import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from huiyin.channels.models import Channel
from huiyin.complaints import events
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.models import Attachment, Event, Letter, RegulatoryCase
from huiyin.lib import store
from huiyin.lib.canonical import sha256_hex
from huiyin.org.actors import Actor
from huiyin.sla.explaining import explain
from huiyin.sla.queries import profile

IN_MEMORY = 2**20
UNSAFE = re.compile(r"[^\w.\-\u4e00-\u9fff]+")
STYLE = (
    "body{font:14px/1.7 sans-serif;max-width:52em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;"
    "width:100%}td,th{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top}"
    "pre{white-space:pre-wrap;font:inherit;margin:0}"
)


@dataclass(frozen=True)
class _Part:
    name: str
    content: bytes


@transaction.atomic
def pack(case: RegulatoryCase, *, actor: Actor, at: datetime) -> IO[bytes]:
    """The package of this case as a zip file, open for reading. Its taking is on the record, with its digest."""
    complaint = case.complaint
    hold(complaint)
    with override("zh-hans"), timezone.override("Asia/Shanghai"):
        parts = list(_parts(case, at))
    manifest = {
        "complaint": complaint.number, "profile": case.profile, "number": case.number, "made_at": _stamp(at),
        "made_by": actor.member.username if actor.member else actor.kind,
        "standing": "支持，未认证 (supported, not certified)",
        "files": [{"name": each.name, "size": len(each.content), "sha256": sha256_hex(each.content)} for each in parts],
    }  # fmt: skip
    listed = _json(manifest)
    packed = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the answer closes it
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in (*parts, _Part("manifest.json", listed)):
            archive.writestr(part.name, part.content)
    packed.seek(0)
    events.record(
        complaint, Event.Kind.EXPORTED, actor=actor, at=at, what="reply_package", case=case.pk,
        manifest=sha256_hex(listed),
    )  # fmt: skip
    return packed


def _parts(case: RegulatoryCase, at: datetime) -> Iterator[_Part]:
    complaint = case.complaint
    chain = list(complaint.events.select_related("actor").order_by("seq"))
    letters = list(complaint.letters.exclude(status__in=Letter.UNSAID).select_related("author"))
    files = list(Attachment.objects.filter(complaint=complaint).beside_notes())
    names = [f"附件/{place:02d}-{UNSAFE.sub('_', each.name)[-80:]}" for place, each in enumerate(files, 1)]
    yield _Part("封面.html", _cover(case, letters, chain, names, at).encode())
    for place, letter in enumerate(letters, 1):
        yield _Part(f"往来/{place:02d}-{letter.purpose}.txt", _letter(letter).encode())
    yield _Part("处理记录.json", _json({"complaint": complaint.number, "events": [_event(each) for each in chain]}))
    for name, kept in zip(names, files, strict=True):
        try:
            with store.get(kept.sha256) as content:
                yield _Part(name, content.read())
        except FileNotFoundError:
            yield _Part(f"{name}.缺失.txt", f"{kept.name} {kept.sha256}\n".encode())


def _cover(
    case: RegulatoryCase, letters: Sequence[Letter], chain: Sequence[Event], names: Sequence[str], at: datetime
) -> str:
    complaint, known = case.complaint, profile(case.profile)
    clocks = [clock for clock in complaint.clocks.order_by("due_at") if clock.subject.startswith(case.key)]
    facts = [
        (_("投诉编号"), complaint.number),
        (_("监管要求"), f"{known.zh if known else ''}（{case.profile}，{_('支持，未认证')}）"),
        (_("外部编号"), case.number),
        (_("受理机构"), case.authority),
        (_("转办时间"), _stamp(case.received_at)),
        (_("给定期限"), _stamp(case.deadline_at)),
        (_("受理渠道"), str(Channel(complaint.channel).label)),
        (_("受理时间"), _stamp(complaint.received_at)),
        (_("投诉人"), complaint.complainant_name),
        (_("受理类型"), (complaint.confirmed_category or complaint.category).name_zh),
        (_("现在的状态"), complaint.get_state_display()),
        (_("协商"), " ".join((_stamp(case.negotiated_at), case.get_negotiated_by_display())).strip()),
        (_("处理结果"), case.get_outcome_display()),
        (_("给受理机构的答复"), case.answer.text if case.answer else ""),
        (_("答复时间"), _stamp(case.answered_at)),
    ]
    sections = [
        (_("投诉内容（客户原话）"), f"<pre>{escape(complaint.text)}</pre>"),
        (_("时限"), _table([(explain(each.why, "zh"), _stamp(each.stopped_at)) for each in clocks])),
        (
            _("与客户的往来"),
            "".join(
                f"<h3>{escape(_stamp(e.sent_at or e.created_at))}</h3><pre>{escape(_letter(e))}</pre>" for e in letters
            ),
        ),
        (_("附件"), "<ul>" + "".join(f"<li>{escape(name)}</li>" for name in names) + "</ul>"),
        (
            _("处理记录"),
            _table([(_stamp(e.at), str(_label(e)), e.actor.name if e.actor else e.actor_kind) for e in chain]),
        ),
    ]
    title = f"{_('答复材料')} {complaint.number}"
    body = "".join(f"<h2>{escape(heading)}</h2>{inner}" for heading, inner in sections)
    return (
        f'<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style><h1>{escape(title)}</h1>{_table([row for row in facts if row[1]])}{body}"
        f"<p>{escape(_('生成于 %s；各文件的校验值见 manifest.json。') % _stamp(at))}</p></html>"
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    return (
        "<table>"
        + "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        + "</table>"
    )


def _letter(letter: Letter) -> str:
    return "\n".join(
        part
        for part in (f"{letter.get_channel_display()} · {letter.get_purpose_display()}", letter.subject, letter.body)
        if part
    )


def _event(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq, "at": events.timestamp(event.at), "kind": event.kind, "label": str(_label(event)),
        "actor": event.actor.name if event.actor else event.actor_kind, "particulars": event.particulars,
        "previous_hash": event.previous_hash, "hash": event.hash,
    }  # fmt: skip


def _label(event: Event) -> str:
    return str(Event.Kind(event.kind).label) if event.kind in Event.Kind else event.kind


def _stamp(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
