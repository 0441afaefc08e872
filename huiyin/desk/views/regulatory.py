"""答复材料包: what an authority is answered with, as one file; who took it is on the record."""

from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.complaints import packaging
from huiyin.complaints.models import RegulatoryCase
from huiyin.desk.pages import Request, at_desk, needs, the_complaint
from huiyin.org.actors import Actor
from huiyin.org.rules import Right


@at_desk
@needs(Right.EXPORT_CASES)
@require_POST
def package(request: Request, number: str, pk: int) -> FileResponse:
    complaint = the_complaint(request, number)
    seen = RegulatoryCase.objects.visible_to(request.user)
    case = seen.filter(complaint=complaint, pk=pk).select_related("answer", "answered_by").first()
    if case is None or request.user.reach.content != "full":
        raise Http404(_("没有这件监管案件。"))
    case.complaint = complaint
    packed = packaging.pack(case, actor=Actor.of(request.user), at=timezone.now())
    name = f"{complaint.number}-{case.profile}.zip"
    response = FileResponse(packed, as_attachment=True, filename=name, content_type="application/zip")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
