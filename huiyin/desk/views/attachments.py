"""Files: as a download whatever they are; pictures also inline, in the one form that a browser only draws."""

from urllib.parse import quote

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from huiyin.complaints.models import Attachment
from huiyin.desk.pages import Request, at_desk
from huiyin.lib import store


@at_desk
@require_safe
def download(request: Request, number: str, pk: int) -> FileResponse:
    return _sent(_visible(request, number, pk), inline=False)


@at_desk
@require_safe
def preview(request: Request, number: str, pk: int) -> FileResponse:
    """Only for pictures that a browser draws and does not run."""
    kept = _visible(request, number, pk)
    if not kept.is_image:
        raise Http404
    return _sent(kept, inline=True)


def _visible(request: Request, number: str, pk: int) -> Attachment:
    seen = Attachment.objects.visible_to(request.user)
    kept = seen.filter(pk=pk, complaint__number=number).first()
    if kept is None or request.user.reach.content != "full":
        raise Http404
    return kept


def _sent(kept: Attachment, *, inline: bool) -> FileResponse:
    try:
        content = store.get(kept.sha256)
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(content, content_type=kept.media_type)
    response["Content-Length"] = str(kept.size)
    response["Content-Disposition"] = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(kept.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
