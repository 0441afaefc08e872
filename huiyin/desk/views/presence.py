"""Who is looking at a complaint: told by its page every 20 seconds, and once when it is left."""

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.http import require_POST

from huiyin.complaints.actions import attending
from huiyin.complaints.models import Complaint, Presence
from huiyin.desk.pages import Request, at_desk

GONE = "gone"


@at_desk
@require_POST
def presence(request: Request) -> HttpResponse:
    """number, tab (the page's own key), is (viewing, idle, editing or gone): 204; 404 as if there were none."""
    tab, status = request.POST.get("tab", ""), request.POST.get("is", "")
    if not 1 <= len(tab) <= 36 or "\x00" in tab or status not in {*Presence.Status.values, GONE}:
        return HttpResponseBadRequest()
    if status == GONE:
        attending.leave(member=request.user, tab=tab)
        return HttpResponse(status=204)
    number = request.POST.get("number", "").replace("\x00", "")
    complaint = Complaint.objects.visible_to(request.user).filter(number=number).only("pk").first()
    if complaint is None:
        raise Http404
    attending.attend(complaint, member=request.user, tab=tab, status=Presence.Status(status), at=timezone.now())
    return HttpResponse(status=204)
