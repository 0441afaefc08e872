"""A customer's personal data goes for good, by telephone number or e-mail address; complaints stay for the figures.

Example: huiyin erase 13900001111 --reason 客户本人要求
"""

import argparse
import sys

from huiyin.commands import Failed
from huiyin.commands.running import database, now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("contact", metavar="CONTACT", help="电话或邮箱 (telephone number or e-mail address)")
    parser.add_argument("--reason", required=True, help="原因，留在变更记录里 (why; kept on record)")
    parser.add_argument("--yes", action="store_true", help="不再询问 (do not ask)")


def run(options: argparse.Namespace) -> int:
    with database():
        from huiyin.complaints.actions import erasing
        from huiyin.customers.queries import by_contact
        from huiyin.org.actors import SYSTEM

        customer = by_contact(options.contact)
        if customer is None:
            raise Failed("没有这个客户 (no such customer)")
        about = f"{customer.name_masked} {customer.phone_masked or customer.email_masked}"
        if not options.yes:
            _must_be_sure(f"{about}，{customer.complaints.count()} 件投诉 (complaints)")
        erasing.erase(customer, actor=SYSTEM, at=now(), reason=options.reason.strip())
    print(f"已抹除 (erased): {about}")
    return 0


def _must_be_sure(about: str) -> None:
    if not sys.stdin.isatty():
        raise Failed("请加 --yes 确认 (confirm with --yes)")
    if input(f"抹除后不能恢复 (this cannot be undone): {about}。y/N ").strip().lower() != "y":
        raise Failed("未抹除 (nothing erased)")
