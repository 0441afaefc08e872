"""逐件处理: 我的工作 worked through by one key, group by group in the order it is shown, without returning to it.

A group is a shelf (`?through=review`), or what is told above the shelves: incidents, mentions, reviews of one's own
work, what is late, what comes due, drafts (`?through=mentions`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiyin.desk import mine, quality, queries
from huiyin.desk.nearing import Nearing
from huiyin.desk.pages import Request, results_url
from huiyin.desk.shelves import BY_NAME, DUE, Shelf, shelves_for
from huiyin.org.models import Member

FAR = 200  # how far ahead one looks; who has more in front of them is told so


class Step(NamedTuple):
    """One thing to look at. `key`: the complaint's number, or what else the page is of; `marks`: mentions there."""

    key: str
    url: str
    marks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Group:
    name: str
    label: Any
    steps: Callable[[Member, datetime], list[Step]]


@dataclass(frozen=True)
class Through:
    """Where one stands: `place` counts from 1; 0 where this one has left the group. `then`: where there is no next one,
    the group that follows on the page, and where it begins."""

    group: Group
    place: int
    count: int
    previous: str
    next: str
    marks: tuple[int, ...] = ()
    then: tuple[Group, str] | None = None

    @property
    def name(self) -> str:
        return self.group.name

    @property
    def has_more(self) -> bool:
        return self.count >= FAR


def group_named(name: str, member: Member) -> Group | None:
    """That group, if this member has it."""
    if name in BY_NAME:
        return _of_shelf(BY_NAME[name]) if BY_NAME[name].is_for(member) else None
    return next((each for each in ABOVE if each.name == name), None)


def group_of(request: Request) -> Group | None:
    """The group that the page was opened from."""
    return group_named(request.POST.get("through", "") or request.GET.get("through", ""), request.user)


def standing(group: Group, key: str, member: Member, *, at: datetime) -> Through:
    steps = group.steps(member, at)
    place = next((n for n, step in enumerate(steps, 1) if step.key == key), 0)
    previous = address(steps[place - 2], group) if place > 1 else ""
    following = address(steps[place], group) if place < len(steps) else ""
    then = None if following else _later(group, member, at)
    return Through(group, place, len(steps), previous, following, steps[place - 1].marks if place else (), then)


def standing_at(request: Request, key: str, *, at: datetime) -> Through | None:
    group = group_of(request)
    return standing(group, key, request.user, at=at) if group else None


def groups(member: Member) -> list[Group]:
    """As the page shows them."""
    return [*ABOVE, *(_of_shelf(each) for each in shelves_for(member) if each.is_task_of(member))]


def first(group: Group, member: Member, *, at: datetime) -> str:
    """Where the group begins; empty where nothing is in it."""
    return next((address(step, group) for step in group.steps(member, at)), "")


def first_of_shelf(shelf: Shelf, member: Member, *, at: datetime) -> str:
    return first(_of_shelf(shelf), member, at=at)


def begin(name: str, steps: Sequence[Step]) -> str:
    """Where a group begins whose steps are known already."""
    found = next((each for each in ABOVE if each.name == name), None)
    return address(steps[0], found) if found and steps else ""


def onward(done: Group, member: Member, *, at: datetime) -> tuple[Group, str] | None:
    """The next group that waits for the member, and where it begins; after the last one the shelves before; None where
    nothing waits any more."""
    if found := _later(done, member, at):
        return found
    shelves = [each for each in groups(member) if each.name in BY_NAME and each.name != done.name]
    return next(((each, begins) for each in shelves if (begins := first(each, member, at=at))), None)


def _later(done: Group, member: Member, at: datetime) -> tuple[Group, str] | None:
    """The next of the groups that stand below this one on the page."""
    all_ = groups(member)
    place = next((n for n, each in enumerate(all_, 1) if each.name == done.name), len(all_))
    return next(((each, begins) for each in all_[place:] if (begins := first(each, member, at=at))), None)


def address(step: Step, group: Group) -> str:
    path, hash_, anchor = step.url.partition("#")
    return f"{path}?through={group.name}{hash_}{anchor}"


def complaint_address(number: str, group: Group) -> str:
    return f"{reverse('desk:complaint', args=[number])}?through={group.name}"


def _of_shelf(shelf: Shelf) -> Group:
    return Group(shelf.name, shelf.label, lambda member, at: [_complaint(each) for each in _numbers(shelf, member, at)])


def _complaint(number: str) -> Step:
    return Step(number, reverse("desk:complaint", args=[number]))


def _numbers(shelf: Shelf, member: Member, at: datetime) -> list[str]:
    field = "complaint__number" if shelf.of_orders else "number"
    rows = shelf.rows(member, at)
    first = queries.ahead(rows, shelf, member).values_list(field, flat=True)[: queries.AHEAD]
    found = rows.order_by(*shelf.order).values_list(field, flat=True)[:FAR]
    return list(dict.fromkeys([*(first if shelf.order == DUE else ()), *found]))


def of_incidents(notices: Sequence[Any]) -> list[Step]:
    numbers = dict.fromkeys(each.incident.number for each in notices)
    return [Step(f"incident-{each}", reverse("desk:incident", args=[each])) for each in numbers]


def of_mentions(found: Sequence[dict[str, Any]]) -> list[Step]:
    """One for each complaint, at the newest of its notes."""
    marks: dict[str, list[int]] = {}
    for each in found:
        marks.setdefault(each["number"], []).append(each["pk"])
    steps = _once((each["number"], each["url"]) for each in found)
    return [step._replace(marks=tuple(marks[step.key])) for step in steps]


def of_results(found: Sequence[Any]) -> list[Step]:
    return [Step(f"review-{each.pk}", reverse("desk:review", args=[each.pk])) for each in found]


def of_rows(rows: Sequence[dict[str, Any]]) -> list[Step]:
    """Of lines of a list, whether of complaints or of their work orders."""
    return _once((row["url"].partition("#")[0].rsplit("/", 1)[1], row["url"]) for row in rows)


def of_drafts(found: Sequence[dict[str, Any]]) -> list[Step]:
    return _once((each.get("step") or each["number"] or "intake", each["url"]) for each in found)


def _once(places: Iterable[tuple[str, str]]) -> list[Step]:
    """In their order, each key with its first address."""
    found: dict[str, str] = {}
    for key, url in places:
        found.setdefault(key, url)
    return [Step(key, url) for key, url in found.items()]


ABOVE = (
    Group("incidents", _("需要您知道"), lambda member, at: of_incidents(quality.notices(member))),
    Group("mentions", _("提到我的"), lambda member, at: of_mentions(mine.mentions(member))),
    Group("results", _("最近的质检结果"),
          lambda member, at: of_results(mine.results(member, at)) if results_url(member) else []),
    Group("late", _("我负责的，已超时"), lambda member, at: of_rows(Nearing(member, at).late)),
    Group("soon", _("四小时内到期"), lambda member, at: of_rows(Nearing(member, at).soon)),
    Group("drafts", _("没有发出的草稿"), lambda member, at: of_drafts(mine.drafts(member))),
)  # fmt: skip
