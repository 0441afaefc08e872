"""Jobs: each calls one action."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.insight.actions import fitting, monthly


@app.periodic(cron="35 3 * * *")
@app.task(name="insight.fit", queueing_lock="insight.fit")
def fit(timestamp: int) -> None:
    fitting.fit(at=timezone.now())


@app.periodic(cron="10 1 1-7 * *")  # UTC: in the morning in China
@app.task(name="insight.monthly", queueing_lock="insight.monthly")
def tell_of_the_month(timestamp: int) -> None:
    """For a week, so that a worker that stood still on the first makes up for it."""
    monthly.tell(at=timezone.now())
