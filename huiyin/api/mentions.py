"""Endpoint: what a monitoring service (舆情监测) counts, hour by hour."""

from datetime import UTC, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, Field

from huiyin.api import showing
from huiyin.api.once import once
from huiyin.api.reading import Body, Moment
from huiyin.api.tokens import member_of, must
from huiyin.complaints.models import Complaint
from huiyin.org.rules import Right
from huiyin.redchannel.actions import listening

router = Router(tags=["red channel"])
MOST = 2_147_483_647


class CountIn(Body):
    topic: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*\S[^\x00]*$")]
    hour: Moment = Field(description="Any moment within the hour that was counted.")
    count: Annotated[int, Field(ge=0, le=MOST)] = Field(description="Mentions in that hour; the latest word counts.")
    reach: Annotated[int, Field(ge=0, le=MOST)] = Field(0, description="Of the widest single post.")


class MentionsIn(Body):
    items: Annotated[list[CountIn], Field(max_length=500)]


class MentionsOut(BaseModel):
    taken: int
    opened: list[str] = Field(description="Numbers of the crises opened, those that this token's member may see.")


@router.post("/mentions", response={200: MentionsOut}, summary="Mentions of topics by the hour (舆情监测)")
@once
def mentions(request: HttpRequest, body: MentionsIn) -> HttpResponse:
    """Three times the mean hour of the last seven days, or one post that reaches 100,000, opens the red channel, once
    for each topic while that case is open (AL-10)."""
    must(request, Right.FILE_COMPLAINT)
    at: datetime = timezone.now()
    counts = [
        listening.Count(each.topic.strip(), each.hour.astimezone(UTC), each.count, each.reach) for each in body.items
    ]
    opened = [each.pk for each in listening.hear(counts, at=at)]
    seen = Complaint.objects.visible_to(member_of(request)).filter(pk__in=opened).order_by("pk")
    numbers = list(seen.values_list("number", flat=True))
    return showing.answer(MentionsOut(taken=len(counts), opened=numbers))
