"""A month's closed complaints are drawn for review: once, by the worker or by hand, with a seed that is kept."""

import re
import secrets
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any

from django.db import transaction

from huiyin.coaching import certain
from huiyin.coaching.asked import Asked
from huiyin.coaching.errors import MayNot, MonthNotOver
from huiyin.coaching.models import Draw, Sampled, SamplingRule, ScoreItem
from huiyin.coaching.queries import today
from huiyin.coaching.queries import zone as company_zone
from huiyin.coaching.sampling import Closed, Sample, draw
from huiyin.complaints.models import Complaint
from huiyin.complaints.states import State
from huiyin.lib.defaults import bring
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.org.rules import Right

RULE = "monthly"
_LIMIT = re.compile(r"(csat|compensation)\D+(\d+)")
_THRESHOLD = re.compile(r">=\s*(\d+(?:\.\d+)?)")
_PERCENT = re.compile(r"(\d+)\s*%")


def month_before(at: datetime) -> date:
    """The first day of the month before, on the company's clock."""
    return (today(at).replace(day=1) - timedelta(days=1)).replace(day=1)


@transaction.atomic
def draw_month(month: date, *, actor: Actor, at: datetime, seed: str = "") -> tuple[Draw, bool]:
    """The month's draw, and whether it is new: drawing again, also by two at once, changes nothing.

    Raises MonthNotOver. The strata with their keys stay with the draw, so that `again` can do it anew.
    """
    if not actor.may(Right.DRAW_SAMPLE):
        raise MayNot
    month = month.replace(day=1)
    if month > month_before(at):
        raise MonthNotOver(month)
    rule = SamplingRule.objects.select_for_update().get(code=RULE)  # of two who draw, one waits here
    if there := Draw.objects.filter(month=month).first():
        return there, False
    rows = closed_in(month, rule)
    seed = seed or secrets.token_hex(8)
    sample = draw(
        rows.values(),
        seed=seed,
        percent=rule.percent,
        least_per_agent=rule.least_per_agent,
        twice_percent=rule.twice_percent,
    )
    made = Draw.objects.create(
        month=month,
        seed=seed,
        percent=rule.percent,
        least_per_agent=rule.least_per_agent,
        twice_percent=rule.twice_percent,
        population=len(rows),
        size=len(sample.drawn),
        strata=[
            {
                "unit": unit,
                "severity": severity,
                "channel": channel,
                "closed": each.closed,
                "drawn": each.drawn,
                "agents": [rows[pk].agent for pk in each.closed],
                "certain": [pk for pk in each.closed if rows[pk].is_certain],
            }
            for each in sample.strata
            for unit, severity, channel in [each.key]
        ],
        card=Asked.of(ScoreItem.objects.all(), rule).kept(),
        drawn_at=at,
        drawn_by=actor.member,
    )
    Sampled.objects.bulk_create(_cases(made, rows, sample), batch_size=1000)
    return made, True


def again(made: Draw) -> Sample:
    """The whole sample anew, out of what was kept: the lot, what came on top of it, and what two score.

    Of draws made before agents were kept with them only the lot can be done again.
    """
    rows = [
        Closed(pk, each["unit"], each["severity"], each["channel"], agent, pk in each.get("certain", ()))
        for each in made.strata
        for pk, agent in zip_longest(each["closed"], each.get("agents", ()))
    ]
    return draw(
        rows,
        seed=made.seed,
        percent=made.percent,
        least_per_agent=made.least_per_agent,
        twice_percent=made.twice_percent,
    )


def closed_in(month: date, rule: SamplingRule) -> dict[int, Closed]:
    """Two queries, and one for each app that names what is certain. The team is that of who was responsible."""
    zone = company_zone()
    first = datetime.combine(month, time.min, zone)
    after = datetime.combine((month + timedelta(days=32)).replace(day=1), time.min, zone)
    seen = Complaint.objects.filter(
        state=State.CLOSED, closed_at__gte=first, closed_at__lt=after, put_away_at=None
    ).order_by()
    named = certain.among(seen, rule)
    rows = seen.values_list(
        "pk", "assignee__unit", "owner_unit", "severity", "channel", "assignee", "reopened_count"
    )  # fmt: skip
    return {
        pk: Closed(
            pk,
            team or owner,
            severity,
            channel,
            agent,
            pk in named or severity in rule.severities or (rule.takes_reopened and reopened > 0),
        )
        for pk, team, owner, severity, channel, agent, reopened in rows
    }


def _cases(made: Draw, rows: Mapping[int, Closed], sample: Sample) -> list[Sampled]:
    reasons = dict.fromkeys(sample.topped_up, Sampled.Reason.AGENT)
    reasons |= dict.fromkeys(sample.certain, Sampled.Reason.CERTAIN)
    reasons |= dict.fromkeys(sample.drawn, Sampled.Reason.RANDOM)
    return [
        Sampled(
            draw=made,
            complaint_id=pk,
            reason=reasons[pk],
            agent_id=rows[pk].agent,
            unit_id=rows[pk].unit,
            is_twice=pk in sample.twice,
        )
        for pk in sorted(reasons)
    ]


def load(document: Mapping[str, Any]) -> int:
    """The scorecard and the rule of the draw, out of qa_scorecard.yaml; what an administrator changed stays.

    A card is one thing, as its weights add up: once one item was changed on screen, none is brought or renewed.
    """
    items = [*document["items"], *({**each, "is_fatal": True} for each in document["fatal"])]
    wanted = {
        each["id"]: {
            "position": position,
            "name_zh": each["zh"],
            "name_en": each.get("en", ""),
            "weight": each.get("weight", 0),
            "is_fatal": each.get("is_fatal", False),
        }
        for position, each in enumerate(items, start=1)
    }
    ours = Change.objects.filter(area=Change.Area.REVIEWS).exclude(subject=RULE).exists()
    return (0 if ours else bring(ScoreItem, "code", wanted)) + bring(SamplingRule, "code", {RULE: _rule(document)})


def _rule(document: Mapping[str, Any]) -> dict[str, Any]:
    """`always: [L1, reopened, csat<=2, compensation>5000]`; shares and thresholds within sentences."""
    said = document["sampling"]
    share, threshold = _PERCENT.search(said["human"]), _THRESHOLD.search(said["agreement"])
    always = [str(each) for each in said["always"]]
    figures = {found[1]: int(found[2]) for each in always if (found := _LIMIT.match(each))}
    return {
        "percent": int(share[1]) if share else 20,
        "least_per_agent": said["min_per_agent"],
        "severities": [int(each[1:]) for each in always if re.fullmatch(r"L\d", each)],
        "takes_reopened": "reopened" in always,
        "low_stars": figures.get("csat", 0),
        "award_above": figures.get("compensation", 2_000_000_000),
        "twice_percent": round(said["double_scored_share"] * 100),
        "agreement": round(float(threshold[1]) * 100) if threshold else 60,
        "settle_over": said.get("settle_over", 10),
        "appeal_days": document["appeal"]["within_wd"],
    }
