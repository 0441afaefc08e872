"""Where members stand: best result, how many attempts, until when it is valid; and the year's 1+1+1."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, Sum

from huiyin.coaching.agreement import Agreement, agreement
from huiyin.coaching.ledger import Counters
from huiyin.coaching.models import Attempt, Card, Entry, YearlyTarget
from huiyin.org.models import Company, Member, MemberQuerySet
from huiyin.org.rules import Right


@dataclass(frozen=True)
class Standing:
    best: int
    attempts: int
    valid_until: datetime | None

    def is_valid(self, at: datetime) -> bool:
        return self.valid_until is not None and at < self.valid_until


def standings(viewer: Member, members: Collection[int]) -> dict[tuple[int, int], Standing]:
    """By member and course, of those whose attempts the viewer may see; one query."""
    found = (
        Attempt.objects.visible_to(viewer)
        .filter(member__in=list(members))
        .order_by()
        .values("member", "course")
        .annotate(best=Max("score"), attempts=Count("pk"), until=Max("valid_until"))
    )
    return {(row["member"], row["course"]): Standing(row["best"], row["attempts"], row["until"]) for row in found}


def learners(viewer: Member) -> MemberQuerySet:
    """Whose results the viewer may look at: active members in their reach."""
    if not viewer.may(Right.SEE_TRAINING):
        return Member.objects.none()
    members = Member.objects.visible_to(viewer).active()
    return members if viewer.reach.everything else members.filter(unit__in=sorted(viewer.reach.unit_ids))


def counters(members: Collection[int], year: int) -> dict[int, Counters]:
    """By member what the year has so far, of those who have something; whose it may be looked at, the caller knows.

    A course that was passed on screen counts with its hours, once a year. Two queries.
    """
    chosen = list(members)
    entered = (
        Entry.objects.standing()
        .filter(member__in=chosen, year=year)
        .order_by()
        .values("member")
        .annotate(
            sum=Sum("hours"),
            projects=Count("pk", filter=Q(kind=Entry.Kind.PROJECT)),
            newcomers=Count("newcomer", distinct=True),
        )
        .values_list("member", "sum", "projects", "newcomers")
    )
    found = {
        pk: Counters(hours or Decimal(0), projects, newcomers) for pk, hours, projects, newcomers in entered.iterator()
    }
    passed = Attempt.objects.filter(
        member__in=chosen, is_passed=True, made_at__gte=begins(year), made_at__lt=begins(year + 1)
    )
    for pk, _course, hours in passed.order_by().values_list("member", "course", "course__hours").distinct():
        before = found.get(pk, Counters())
        found[pk] = replace(before, hours=before.hours + hours, courses=before.courses + hours)
    return found


def target() -> Counters:
    row = YearlyTarget.objects.get()
    return Counters(Decimal(row.hours), row.projects, row.newcomers)


def zone() -> ZoneInfo:
    """The company's clock, by which months and years end."""
    return ZoneInfo(Company.objects.values_list("time_zone", flat=True).first() or "Asia/Shanghai")


def today(at: datetime) -> date:
    return at.astimezone(zone()).date()


def begins(year: int) -> datetime:
    return datetime.combine(date(year, 1, 1), time.min, zone())


def agreement_until(month: date) -> Agreement:
    """How far two who scored the same cases agreed, of the year's draws that end with that month. Figures only."""
    first = date(month.year - 1, month.month, 1)
    cards = Card.objects.filter(turn__lte=2, case__draw__month__gt=first, case__draw__month__lte=month)
    marks: dict[int, dict[int, dict[str, str]]] = {}
    for each in cards.only("case_id", "turn", "card").iterator():
        marks.setdefault(each.case_id, {})[each.turn] = each.marks
    return agreement([(both[1], both[2]) for _case, both in sorted(marks.items()) if len(both) == 2])
