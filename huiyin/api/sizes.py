"""How large a request may be, told from its header, before any of it is read."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from huiyin.api.problems import Problem
from huiyin.complaints.actions.attaching import LARGEST

JSON = 1024 * 1024
MULTIPART = LARGEST + 64 * 1024


def refuse_too_large(request: HttpRequest) -> None:
    limit = MULTIPART if request.content_type == "multipart/form-data" else JSON
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError as malformed:
        raise Problem(400) from malformed
    if length > limit:
        raise Problem(413, _("最多 %d MB。") % (limit // 1024 // 1024))
