"""Jobs: each calls one action, and may come twice without harm."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.coaching.actions import drawing, planning
from huiyin.coaching.models import SamplingRule, YearlyTarget
from huiyin.org.actors import SYSTEM


@app.periodic(cron="10 18 * * *")  # UTC: at night in China
@app.task(name="coaching.draw_month", queueing_lock="coaching.draw_month")
def draw_month(timestamp: int) -> None:
    """Every night, so that a worker that stood still on the first makes up for it."""
    at = timezone.now()
    if SamplingRule.objects.exists():  # not before the defaults are loaded
        drawing.draw_month(drawing.month_before(at), actor=SYSTEM, at=at)


@app.periodic(cron="40 2 * 1 *")
@app.task(name="coaching.open_plans", queueing_lock="coaching.open_plans")
def open_plans(timestamp: int) -> None:
    if YearlyTarget.objects.exists():
        planning.open_plans(at=timezone.now())
