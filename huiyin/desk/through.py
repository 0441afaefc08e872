"""逐件处理: a shelf worked through from the first to the last, without coming back to the list (`?through=review`)."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from huiyin.complaints.models import Complaint
from huiyin.desk import queries
from huiyin.desk.pages import Request
from huiyin.desk.shelves import BY_NAME, DUE, Shelf, shelves_for
from huiyin.org.models import Member

FAR = 200  # how far ahead one looks; who has more in front of them is told so


@dataclass(frozen=True)
class Through:
    """Where one stands: `place` counts from 1; 0 where this one has left the shelf."""

    shelf: Shelf
    place: int
    count: int
    previous: str
    next: str

    @property
    def name(self) -> str:
        return self.shelf.name

    @property
    def has_more(self) -> bool:
        return self.count >= FAR


def shelf_of(request: Request) -> Shelf | None:
    """The shelf that the page was opened from, if this member has it."""
    found = BY_NAME.get(request.POST.get("through", "") or request.GET.get("through", ""))
    return found if found is not None and found.is_for(request.user) else None


def standing(shelf: Shelf, complaint: Complaint, member: Member, *, at: datetime) -> Through:
    numbers = _numbers(shelf, member, at)
    place = numbers.index(complaint.number) + 1 if complaint.number in numbers else 0
    previous = numbers[place - 2] if place > 1 else ""
    following = numbers[place] if place < len(numbers) else ""
    return Through(shelf, place, len(numbers), address(previous, shelf), address(following, shelf))


def first(shelf: Shelf, member: Member, *, at: datetime) -> str:
    """Where the shelf begins; empty where nothing lies on it."""
    return address(next(iter(_numbers(shelf, member, at)), ""), shelf)


def onward(done: Shelf, member: Member, *, at: datetime) -> tuple[Shelf, str] | None:
    """The next shelf that waits for the member, and where it begins; None where nothing waits any more."""
    tasks = [each for each in shelves_for(member) if each.is_task_of(member)]
    place = tasks.index(done) + 1 if done in tasks else 0
    others = (each for each in [*tasks[place:], *tasks[:place]] if each is not done)
    return next(((each, begins) for each in others if (begins := first(each, member, at=at))), None)


def address(number: str, shelf: Shelf) -> str:
    return f"{reverse('desk:complaint', args=[number])}?through={shelf.name}" if number else ""


def _numbers(shelf: Shelf, member: Member, at: datetime) -> list[str]:
    field = "complaint__number" if shelf.of_orders else "number"
    rows = shelf.rows(member, at)
    first = queries.ahead(rows, shelf, member).values_list(field, flat=True)[: queries.AHEAD]
    found = rows.order_by(*shelf.order).values_list(field, flat=True)[:FAR]
    return list(dict.fromkeys([*(first if shelf.order == DUE else ()), *found]))
