"""What an action of this app may refuse with, beside the complaint's own refusals."""

from django.utils.translation import gettext as _

from huiyin.complaints.errors import Refused


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
