"""One private PostgreSQL for a whole test run, in a temporary folder; or the server that DATABASE_URL names."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from pytest_django import DjangoDbBlocker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
_HOME = "HUIYIN_TEST_HOME"  # set by the run that started the server, so that its xdist workers share it


def pytest_configure(config: pytest.Config) -> None:
    if _HOME not in os.environ:
        _make_home(config)
    import django  # settings read the home made above

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # half a second less each
    django.setup()


def _make_home(config: pytest.Config) -> None:
    home = Path(tempfile.mkdtemp(prefix="huiyin-test-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for name in [name for name in os.environ if name.startswith("HUIYIN_")]:
        del os.environ[name]
    os.environ |= {_HOME: str(home), "HUIYIN_HOME": str(home), "HUIYIN_LOG_LEVEL": "warning"}
    if "DATABASE_URL" not in os.environ:
        from huiyin.lib.pg import Server

        server = Server(home, durable=False)
        server.start()
        config.add_cleanup(server.stop)
        os.environ["DATABASE_URL"] = server.url


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests with real transactions empty the tables afterwards; only here may the record be emptied."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE complaints_event DISABLE TRIGGER event_not_emptied")


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    """A page asked for in English leaves its language behind in the thread that asked."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _no_look_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page asks for the company's colours, which a count of queries would notice; tests of them forget() this."""
    from huiyin.org import looks

    monkeypatch.setattr(looks, "_kept", looks._Kept())
    looks._kept.read_at = float("inf")


@pytest.fixture(autouse=True)
def _no_questions_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor what elements are called here, until an action changes that."""
    from huiyin.triage import queries

    monkeypatch.setattr(queries._kept, "questions", (float("inf"), {}))
