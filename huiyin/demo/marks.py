"""What the demo company's customers gave it: under half of those who accepted say anything, most of them are content.

Fewer than four stars were given long ago: such a mark of today would bring the complaint back once the workers run.
"""

from datetime import datetime, timedelta
from random import Random

from django.db.models import Max

from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import Outcome
from huiyin.complaints.states import State
from huiyin.org.actors import CUSTOMER
from huiyin.surveys.actions import answering
from huiyin.surveys.models import Answer

SEED = 20261122
SAYS = 0.45
LONG_AGO = timedelta(days=31)
GIVEN = (5, 5, 5, 5, 4, 4, 4, 3, 2)
WHY = {3: ["unclear"], 2: ["wait", "repeat"]}


def make(*, at: datetime) -> int:
    """How many were given."""
    rng = Random(SEED)
    closed = Complaint.objects.filter(state=State.CLOSED, outcome__in=[Outcome.SATISFIED, Outcome.ACCEPTABLE])
    made = 0
    for complaint in closed.annotate(last=Max("events__at")).order_by("received_at", "id"):
        says, stars, wait = rng.random() < SAYS, rng.choice(GIVEN), timedelta(hours=rng.uniform(1, 60))
        has_more, ces, nps = rng.random() < 0.7, min(7, max(1, stars + rng.choice((0, 1, 2)))), rng.choice((0, 1, 2))
        if not says or complaint.closed_at is None:
            continue
        moment = max(complaint.closed_at, vars(complaint)["last"]) + wait
        if moment >= at:
            continue
        stars = stars if complaint.closed_at < at - LONG_AGO else max(stars, 4)
        given = answering.More(ces, min(10, 2 * stars - 1 + nps), WHY.get(stars, ())) if has_more else answering.More()
        answering.answer(complaint, stars=stars, words="", via=Answer.Via.PORTAL, actor=CUSTOMER, at=moment, more=given)
        made += 1
    return made
