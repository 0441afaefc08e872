"""Endpoints: letters to the customer, notes among ourselves, files."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Router
from ninja.files import UploadedFile

from huiyin.api import finding, incoming, outgoing, showing
from huiyin.api.once import once
from huiyin.api.problems import Problem
from huiyin.api.tokens import actor_of, member_of, must
from huiyin.complaints.actions import attaching, noting, replying
from huiyin.complaints.models import Attachment
from huiyin.lib import store
from huiyin.org.rules import Right

router = Router(tags=["correspondence"])
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
DOWNLOAD = {"responses": {200: {"description": "The file, as a download", "content": BYTES}}}


@router.post("/complaints/{number}/letters", response={201: outgoing.LetterOut}, summary="Answer the customer (反馈)")
@once
def send(request: HttpRequest, number: str, body: incoming.LetterIn) -> HttpResponse:
    """An e-mail is queued, anything else is recorded as done. A final one brings the complaint to `resolved`."""
    complaint = finding.complaint(request, number, "customer")
    at = timezone.now()
    letter = replying.send(
        complaint,
        channel=body.channel,
        body=body.body,
        subject=body.subject,
        is_final=body.final,
        reached=body.reached,
        ask=body.asks,
        cause=body.cause,
        breach_reason=body.breach_reason,
        promise_until=body.promise_until,
        actor=actor_of(request),
        at=at,
    )
    return showing.answer(showing.Shown(member_of(request), at).letter(letter), 201)


@router.post("/complaints/{number}/notes", response={201: outgoing.NoteOut}, summary="Keep an internal note (备注)")
@once
def note(request: HttpRequest, number: str, body: incoming.NoteIn) -> HttpResponse:
    """Those mentioned are told, if they may see the complaint."""
    complaint = finding.complaint(request, number)
    must(request, Right.NOTE)
    at = timezone.now()
    told = [finding.member(request, name, "mentions") for name in dict.fromkeys(body.mentions)]
    kept = noting.note(complaint, text=body.text, mentions=told, actor=actor_of(request), at=at)
    return showing.answer(showing.Shown(member_of(request), at).note(kept), 201)


@router.post("/complaints/{number}/supplements", response={201: outgoing.NoteOut}, summary="The customer added (补充)")
@once
def supplement(request: HttpRequest, number: str, body: incoming.NoteIn) -> HttpResponse:
    complaint = finding.complaint(request, number)
    must(request, Right.SUPPLEMENT)
    at = timezone.now()
    kept = noting.supplement(complaint, text=body.text, actor=actor_of(request), at=at)
    return showing.answer(showing.Shown(member_of(request), at).note(kept), 201)


@router.post(
    "/complaints/{number}/attachments", response={201: outgoing.AttachmentOut}, summary="Attach a file (上传附件)"
)
@once
def attach(request: HttpRequest, number: str, file: File[UploadedFile]) -> HttpResponse:
    """multipart/form-data with one `file` of at most 25 MB. Its kind is told from its bytes."""
    complaint = finding.complaint(request, number)
    must(request, Right.ATTACH)
    at = timezone.now()
    kept = attaching.attach(complaint, name=file.name or "", chunks=file.chunks(), actor=actor_of(request), at=at)
    return showing.answer(showing.Shown(member_of(request), at).attachment(kept), 201)


@router.get("/complaints/{number}/attachments/{id}", summary="Download a file", openapi_extra=DOWNLOAD)
def download(request: HttpRequest, number: str, id: int) -> HttpResponseBase:  # noqa: A002  # the name in the path
    rows = Attachment.objects.visible_to(member_of(request)).filter(complaint__number=number.replace("\x00", ""))
    kept = rows.filter(pk=id).first() if 0 < id < 2**63 else None
    if kept is None or member_of(request).reach.content != "full":
        raise Problem(404, _("没有这个附件，或不在您能看到的范围内。"))
    try:
        content = store.get(kept.sha256)
    except FileNotFoundError as gone:
        raise Problem(404, _("没有这个附件，或不在您能看到的范围内。")) from gone
    return FileResponse(
        content,
        as_attachment=True,
        filename=kept.name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff"},
    )
