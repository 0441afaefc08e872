from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from pytest_django import Settings

from huiyin.channels.tests.conftest import post as post
from huiyin.lib.tests.committed import committed as committed
from huiyin.notices.tests.vendors import ADDRESSES, RULES, Vendor, serving


@pytest.fixture
def vendor(settings: Settings) -> Iterator[Callable[[str], Vendor]]:
    """`vendor("wecom")`: that maker's server on this machine, which the operator allows."""
    settings.HUIYIN_INTERNAL_HOSTS = ["127.0.0.1"]
    with ExitStack() as stack:
        yield lambda way: stack.enter_context(serving(RULES[way], ADDRESSES[way]))
