"""What went beyond the inboxes: nothing at night or on days off but what is of level 1, and that at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from huiyin.notices.models import Delivery
from tests.week import words
from tests.week.company import END, SHANGHAI
from tests.week.driving import Story

if TYPE_CHECKING:
    from tests.week.checking import Found

AT_ONCE = timedelta(minutes=10)  # a flood of urgent ones comes five minutes apart
SOON = timedelta(hours=3)  # of waking time; so many an hour to one person, what is more comes as a digest
State = Delivery.State


def check(stories: dict[str, Story], found: Found) -> None:
    for each in Delivery.objects.select_related("notice", "member"):
        story = stories[each.notice.number]
        told = each.notice.at
        what = f"#{story.plan.number} {each.notice.number}: {each.notice.kind} of {_shown(told)}"
        is_pressing = level(story, told) == 1
        if each.urgent and not is_pressing:
            found.wrong.append(f"{what} is urgent, at level {level(story, told)}")
        if each.state == State.SENT and each.sent_at is not None:
            found.sent += 1
            found.sent_at_rest += words.is_rest(each.sent_at)
            if words.is_rest(each.sent_at) and not is_pressing:
                found.wrong.append(f"{what} went on {_shown(each.sent_at)}, when everybody rests")
            if is_pressing and each.sent_at - told > AT_ONCE:
                found.wrong.append(f"{what} is of level 1 and went on {_shown(each.sent_at)} only")
            if words.awake(told, each.sent_at) > SOON:
                found.wrong.append(f"{what} went on {_shown(each.sent_at)} only")
        elif each.state == State.FAILED or (each.state != State.DROPPED and words.awake(told, END) > SOON):
            found.wrong.append(f"{what} has not gone: {each.state} {each.error}")


def level(story: Story, at: datetime) -> int:
    graded = [fact.given.level for fact in story.facts if fact.what in {"filed", "reviewed"} and fact.at <= at]
    return int(graded[-1])


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}"
