"""Jobs: each loads and calls one action."""

from django.utils import timezone, translation
from procrastinate.contrib.django import app

from huiyin.channels.models import Channel
from huiyin.complaints.actions import receipting
from huiyin.customers import queries as customers


@app.task(name="portal.send_code", retry=3)
def send_code(address_digest: str, by: str, ticket: str, language: str) -> None:
    """To whoever has left that address; to nobody where nobody has."""
    look = customers.by_email if by == Channel.EMAIL else customers.by_phone
    if customer := look(address_digest):
        with translation.override(language):
            receipting.send_code(customer, ticket=ticket, by=Channel(by), at=timezone.now())
