"""The life of an offer as data: which state may follow which."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OfferState(TextChoices):
    PROPOSED = "proposed", _("待审批")
    APPROVED = "approved", _("已获批，待客户选择")
    REFUSED = "refused", _("未获批")
    CHOSEN = "chosen", _("客户已选定，待兑现")
    DECLINED = "declined", _("客户不接受")
    FULFILLED = "fulfilled", _("已兑现")


MAY_BECOME: dict[str, frozenset[OfferState]] = {
    OfferState.PROPOSED: frozenset({OfferState.APPROVED, OfferState.REFUSED}),
    OfferState.APPROVED: frozenset({OfferState.CHOSEN, OfferState.DECLINED}),
    OfferState.CHOSEN: frozenset({OfferState.FULFILLED}),
    OfferState.REFUSED: frozenset(),
    OfferState.DECLINED: frozenset(),
    OfferState.FULFILLED: frozenset(),
}

# What counts against the limits: what was promised, taken or given. A proposal that nobody approved promises nothing.
COUNTED = frozenset({OfferState.APPROVED, OfferState.CHOSEN, OfferState.FULFILLED})
AWARDED = frozenset({OfferState.CHOSEN, OfferState.FULFILLED})
