"""What commands share: Django set up, and the database answering while they run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from huiyin.commands import Failed
from huiyin.lib import pg

if TYPE_CHECKING:
    from huiyin.org.models import Member


def now() -> datetime:
    return datetime.now(UTC)


def set_up() -> None:
    """Afterwards the settings are read and the apps loaded. Raises WrongSetting."""
    import django  # slow to load, and not needed by every command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
    django.setup()


@contextmanager
def database(*, prepared: bool = True) -> Iterator[None]:
    """The database answers for the length of the command; unless told otherwise its tables must be there already."""
    set_up()
    from django.conf import settings
    from django.db import connection

    with pg.answering(settings.HUIYIN_HOME) if settings.HUIYIN_EMBEDDED else nullcontext():
        try:
            if prepared and "org_member" not in connection.introspection.table_names():
                raise Failed("数据库还没有准备好，请先运行 huiyin migrate (no tables yet: run huiyin migrate)")
            yield
        finally:
            connection.close()


def must_answer() -> None:
    """For a process that lives beside others: raises Failed where the embedded server is not up."""
    from django.conf import settings

    if settings.HUIYIN_EMBEDDED and not pg.Server(settings.HUIYIN_HOME).is_answering():
        raise Failed("数据库没有运行：请用 huiyin up 或设置 DATABASE_URL (no database: huiyin up, or set DATABASE_URL)")


def member_named(username: str) -> "Member":
    """Raises Failed where there is no such member, or they have left."""
    from huiyin.org.models import Member

    member = Member.objects.active().select_related("unit").filter(username=username).first()
    if member is None:
        raise Failed(f"没有在职成员 {username} (no such active member)")
    return member
