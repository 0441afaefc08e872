"""The demo company, and a browserless browser for each of its members."""

from collections.abc import Callable

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    from tests import cast  # models: not before Django is set up

    cast.company()


@pytest.fixture
def sits() -> Callable[[str], Client]:
    """`sits("agent")`: that member at the desk."""

    def signed_in(username: str) -> Client:
        from tests import cast  # models: not before Django is set up

        client = Client()
        client.force_login(cast.member(username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
