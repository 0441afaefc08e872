"""Jobs: each calls one action."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.customers.actions import proving, tiering


@app.periodic(cron="20 * * * *")
@app.task(name="customers.forget_codes", queueing_lock="customers.forget_codes")
def forget_codes(timestamp: int) -> None:
    proving.forget(before=timezone.now() - timedelta(days=1))


@app.periodic(cron="30 18 * * *")  # UTC: at night in China
@app.task(name="customers.reckon_tiers", queueing_lock="customers.reckon_tiers")
def reckon_tiers(timestamp: int) -> None:
    tiering.reckon_all(today=timezone.localdate(), at=timezone.now())
