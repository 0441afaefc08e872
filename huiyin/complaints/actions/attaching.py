"""Files with a complaint: looked at before they are kept, kept by digest, never changed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Attachment, Complaint, Event
from huiyin.lib import store
from huiyin.org.actors import Actor

LARGEST = 20 * 1024 * 1024
MOST = 50


@transaction.atomic
def attach(complaint: Complaint, *, name: str, chunks: Iterable[bytes], actor: Actor, at: datetime) -> Attachment:
    """Keep the file with the complaint. Its type is told from its bytes; what could run in a browser is refused."""
    if complaint.attachments.count() >= MOST:
        raise GuardFailed("attachment", _("一件投诉最多 %d 个附件。") % MOST)
    blob = _put(name, chunks)
    kept = Attachment.objects.create(
        complaint=complaint,
        name=name.replace("\x00", "")[-200:] or "file",
        media_type=blob.media_type,
        size=blob.size,
        sha256=blob.sha256,
        added_by=actor.member,
        added_at=at,
        is_from_customer=actor.kind == "customer",
    )
    hold(complaint)
    events.record(
        complaint, Event.Kind.ATTACHED, actor=actor, at=at, attachment=kept.pk, sha256=blob.sha256, size=blob.size
    )
    return kept


@transaction.atomic
def attach_all(
    complaint: Complaint, *, files: Iterable[tuple[str, Iterable[bytes]]], actor: Actor, at: datetime
) -> list[Attachment]:
    """Keep all of them, each a name and its content, or none."""
    return [attach(complaint, name=name, chunks=chunks, actor=actor, at=at) for name, chunks in files]


def enclose(
    complaint: Complaint,
    *,
    files: Iterable[tuple[str, Iterable[bytes]]] = (),
    kept: Iterable[int] = (),
    actor: Actor,
    at: datetime,
) -> list[int]:
    """What goes with words: files that are attached to the complaint with them, and those of its attachments that are
    named by id. Their ids, each once. Raises GuardFailed where one of these is there no more: nothing goes without it.
    """
    wanted = set(kept)
    mine = standing(complaint, wanted)
    if len(mine) < len(wanted):
        sentence = _("选中的附件有的已随备注撤回，或不属于这件投诉：请取消选择或重新上传，再提交。")
        raise GuardFailed("attachment", sentence)
    new = attach_all(complaint, files=files, actor=actor, at=at)
    return [*mine, *(each.pk for each in new)]


def standing(complaint: Complaint, ids: Iterable[int]) -> list[int]:
    """Those of its attachments that are there still."""
    there = Attachment.objects.filter(complaint=complaint, pk__in=list(ids)).standing()
    return sorted(there.values_list("pk", flat=True))


def _put(name: str, chunks: Iterable[bytes]) -> store.Blob:
    try:
        return store.put(chunks, name=name, limit=LARGEST)
    except store.Empty as empty:
        raise GuardFailed("attachment", _("文件“%s”是空的。") % name) from empty
    except store.KindRefused as refused:
        sentence = _("不接受这种文件：%s。请上传图片、PDF、办公文档、文本、音频或视频。") % name
        raise GuardFailed("attachment", sentence) from refused
    except store.TooLarge as too_large:
        raise GuardFailed("attachment", _("文件超过 %d MB。") % (LARGEST // 1024 // 1024)) from too_large
