"""What the front desk does in one go: take it in, keep its files, and perhaps settle it on the spot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huiyin.complaints.actions import attaching, replying
from huiyin.intake.actions.taking_in import Taken, take_in
from huiyin.intake.arrival import Arrival
from huiyin.org.actors import Actor


@dataclass(frozen=True)
class OnSpot:
    """How it was settled, and whether the customer agreed."""

    explanation: str
    customer_agreed: bool
    cause: str = ""
    breach_reason: str = ""  # why it is late, where it was taken in so long after it came


@transaction.atomic
def register(
    arrival: Arrival,
    *,
    actor: Actor,
    at: datetime,
    files: Sequence[tuple[str, Iterable[bytes]]] = (),
    on_spot: OnSpot | None = None,
) -> Taken:
    """All of it or nothing. A second sending of the same form gives the complaint there is, and does nothing more.

    Raises NotTaken, and the refusals of attaching and of resolving on the spot.
    """
    taken = take_in(arrival, actor=actor, at=at)
    if not taken.is_new:
        return taken
    attaching.attach_all(taken.complaint, files=files, actor=actor, at=at)
    if on_spot is not None:
        replying.resolve_on_spot(
            taken.complaint,
            explanation=on_spot.explanation,
            customer_agreed=on_spot.customer_agreed,
            cause=on_spot.cause,
            breach_reason=on_spot.breach_reason,
            actor=actor,
            at=at,
        )
    return taken
