"""Jobs: each calls one function."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.api import once


@app.periodic(cron="20 * * * *")
@app.task(name="api.forget_answers", queueing_lock="api.forget_answers", pass_context=False)
def forget_answers(timestamp: int) -> None:
    once.prune(at=timezone.now())
