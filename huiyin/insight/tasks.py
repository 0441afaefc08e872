"""Jobs: each calls one action."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.insight.actions import fitting


@app.periodic(cron="35 3 * * *")
@app.task(name="insight.fit", queueing_lock="insight.fit")
def fit(timestamp: int) -> None:
    fitting.fit(at=timezone.now())
