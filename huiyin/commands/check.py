"""Is everything in order: settings, database, migrations, worker, streams, calendar, disk, clock, mail. A line each.

Example: huiyin check
"""

import argparse
import shutil
from collections.abc import Callable
from datetime import timedelta

from huiyin.commands import Failed
from huiyin.commands.running import database, now

LEAST_FREE = 1024**3
SILENT = timedelta(minutes=2)
SKEW = timedelta(seconds=5)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    good = True
    with database(prepared=False):
        from django.db import DatabaseError

        for name, look in LOOKS.items():
            try:
                print(f"✓ {name}: {look()}")
            except (Failed, DatabaseError) as fault:
                good = False
                print(f"✗ {name}: {str(fault).splitlines()[0]}")
    return 0 if good else 1


def _settings() -> str:
    from django.conf import settings

    return f"HUIYIN_HOME={settings.HUIYIN_HOME}"


def _database() -> str:
    from django.db import Error, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("select split_part(version(), ' ', 2), pg_size_pretty(pg_database_size(current_database()))")
            version, size = cursor.fetchone()
    except Error as refused:
        raise Failed(str(refused).splitlines()[0]) from refused
    return f"PostgreSQL {version}, {size}"


def _migrations() -> str:
    from huiyin.health import pending_migrations

    pending = pending_migrations()
    if pending:
        raise Failed(f"尚未执行 (pending): {', '.join(pending[:5])}；请运行 huiyin migrate")
    return "已是最新 (up to date)"


def _worker() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select count(*), max(last_heartbeat) from procrastinate_workers")
        count, last = cursor.fetchone()
    if not last or now() - last > SILENT:
        raise Failed("没有后台任务进程在运行，任务会排队等候 (no worker is running: jobs wait)")
    return f"{count} 个进程 (running)，最近心跳 (last heartbeat) {int((now() - last).total_seconds())} s"


def _live() -> str:
    from huiyin.lib.live import Unreachable, reached

    try:
        return f"{reached()}/live/"
    except Unreachable as fault:
        raise Failed(
            f"{fault.address}/live/ 没有实时进程应答，页面改为每分钟查一次"
            f" (no event streams there, pages ask once a minute): {fault.reason}；见 docs/settings.md"
        ) from fault


def _calendar() -> str:
    from huiyin.complaints.models import Clock
    from huiyin.sla.queries import coverage, coverage_warnings

    today = now().date()
    warnings = coverage_warnings(today)
    if coverage(today).until is None:
        raise Failed(" ".join(warnings))
    provisional = Clock.objects.running().provisional().count()
    waiting = [f"{provisional} 项时限暂定，更新节假日数据后请重算 (provisional, to be reckoned)"] * bool(provisional)
    return " ".join(["今天在放假安排之内 (today is covered)", *warnings, *waiting])


def _duty() -> str:
    from huiyin.duty.models import Desk
    from huiyin.duty.queries import gaps

    desks = list(Desk.objects.active())
    missing = gaps(desks, now())
    told = [
        f"{desk.name_zh} 今后 14 天有 {len(missing[desk.pk])} 段无人值班 (hours nobody keeps)，最近一段始于"
        f" (first from) {missing[desk.pk][0].start:%Y-%m-%d %H:%M} UTC"
        for desk in desks
        if desk.pk in missing
    ]
    return "；".join([f"{len(desks)} 个值班台 (desks)", *told])


def _disk() -> str:
    from django.conf import settings

    free = shutil.disk_usage(settings.HUIYIN_HOME).free
    shown = f"{free / 1024**3:.1f} GB 可用 (free)"
    if free < LEAST_FREE:
        raise Failed(shown)
    return shown


def _clock() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - now())
    shown = f"与数据库相差 (apart from the database) {apart.total_seconds():.2f} s"
    if apart > SKEW:
        raise Failed(shown)
    return shown


def _mail() -> str:
    from django.conf import settings
    from django.core.mail import get_connection

    from huiyin.channels import mail_server
    from huiyin.lib.sealed import Unreadable

    try:
        server = mail_server.current()
    except Unreadable as refused:
        raise Failed(f"邮件密码无法解密 (the mail password cannot be opened): {refused}") from refused
    if not server.host:
        return f"未设发信服务器，邮件存为文件 (no mail server: messages are kept in {settings.EMAIL_FILE_PATH})"
    try:
        connection = get_connection(server=server, timeout=5)
        connection.open()
        connection.close()
    except (OSError, ValueError) as refused:
        raise Failed(f"{server.host}:{server.port}: {refused}") from refused
    return f"{server.host}:{server.port}"


LOOKS: dict[str, Callable[[], str]] = {
    "设置 settings": _settings,
    "数据库 database": _database,
    "数据表 migrations": _migrations,
    "后台任务 worker": _worker,
    "实时更新 live": _live,
    "日历 calendar": _calendar,
    "值班 duty": _duty,
    "磁盘 disk": _disk,
    "时钟 clock": _clock,
    "邮件 mail": _mail,
}
