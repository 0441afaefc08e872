"""The one command. Each subcommand is a module of huiyin.commands, loaded when it is called."""

import argparse
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured

from huiyin import __version__, environment
from huiyin.commands import Failed
from huiyin.lib.pg import PostgresError

COMMANDS = {
    "up": "在本机启动全部进程 (everything on this machine)",
    "web": "只启动网页与接口进程 (pages and API only)",
    "live": "只启动实时推送进程 (event streams only)",
    "worker": "只启动后台任务进程 (background jobs only)",
    "migrate": "建立或更新数据表 (bring the tables up to date)",
    "defaults": "载入默认配置，不覆盖管理员的修改 (load the default configuration)",
    "member": "成员 (members)",
    "token": "接口令牌 (API tokens)",
    "import": "从 CSV、XLSX、JSONL 导入投诉 (complaints from a file)",
    "export": "导出投诉 (complaints to a file)",
    "erase": "抹除一位客户的个人信息 (a customer's personal data goes)",
    "audit": "核验事件链 (verify the event chain)",
    "forecast": "重新预测处理时长并检验 (forecast durations anew, and prove it)",
    "backup": "备份全部数据 (the whole state into one file)",
    "restore": "从备份恢复 (the whole state from one file)",
    "check": "体检：设置、数据库、进程、实时更新、日历、磁盘、时钟 (is everything in order)",
}
MODULES = {"import": "importing", "export": "exporting"}
HIDDEN = {"prepare"}  # called by others of these
MANAGE = "django"  # huiyin django ...: Django's own commands, for developers


def parser(wanted: str | None) -> argparse.ArgumentParser:
    """Knows every command's name, and the arguments of the one that is wanted."""
    whole = argparse.ArgumentParser(prog="huiyin", description="回音 Huiyin 客户投诉处理系统")
    whole.add_argument("--version", action="version", version=f"huiyin {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help_line in (COMMANDS | {name: "" for name in HIDDEN if name == wanted}).items():
        one = commands.add_parser(name, help=help_line, formatter_class=argparse.RawDescriptionHelpFormatter)
        if name == wanted:
            module = import_module(f"huiyin.commands.{MODULES.get(name, name)}")
            one.description = module.__doc__
            module.add_arguments(one)
            one.set_defaults(run=module.run)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 done, 1 failed with one line on standard error, 2 wrong use."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [MANAGE]:
        return _manage(given[1:])
    options = parser(next((word for word in given if not word.startswith("-")), None)).parse_args(given)
    try:
        return int(options.run(options))
    except (Failed, PostgresError, ImproperlyConfigured) as failure:
        return _fail(str(failure))
    except KeyboardInterrupt:
        return _fail("已中断 (interrupted)")
    except BrokenPipeError:
        return 1
    except Exception as surprise:  # an operator is shown a line; the developers' page of it is kept
        return _fail(_explain(surprise))


def _fail(line: str) -> int:
    print(f"huiyin: {' '.join(line.split())}", file=sys.stderr)
    return 1


def _explain(surprise: Exception) -> str:
    from django.db import DatabaseError, OperationalError

    if isinstance(surprise, OperationalError):
        return f"数据库无法连接 (database): {surprise}"
    kept = environment.home() / "last-error.txt"
    kept.write_text(traceback.format_exc())
    kind = "数据库拒绝了操作 (database)" if isinstance(surprise, DatabaseError) else "内部错误 (internal error)"
    return f"{kind}: {type(surprise).__name__}: {surprise} (详见 details in {kept})"


def _manage(arguments: list[str]) -> int:
    from huiyin.commands.running import database

    with database(prepared=False):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["huiyin django", *arguments])
    return 0
