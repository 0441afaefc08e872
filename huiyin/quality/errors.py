"""What an action of this app may refuse with, beside the complaint's own refusals."""

from django.utils.translation import gettext as _

from huiyin.complaints.errors import Refused
from huiyin.org.models import Member


class AlreadyEnded(Refused):
    """409: the incident or investigation is over; nothing is added to it."""

    code = "already_ended"

    def __init__(self, number: str) -> None:
        super().__init__(_("%s 已结束，不能再更改。") % number)


class OutOfOrder(Refused):
    """409: a discipline is signed off after the one before it, and once."""

    code = "out_of_order"

    def __init__(self, code: str, waits_for: str) -> None:
        super().__init__(_("%(code)s 须在 %(before)s 放行之后放行。") % {"code": code, "before": waits_for})


class ChangedMeanwhile(Refused):
    """409: somebody else saved it since this editor looked; nothing was overwritten."""

    code = "changed"

    def __init__(self, what: str, by: Member | None) -> None:
        said = {"what": what, "who": by.name if by else _("别人")}
        super().__init__(_("您打开之后，%(who)s 保存了%(what)s。您填写的内容都在下面，请核对后再保存。") % said)
