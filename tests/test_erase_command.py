"""`huiyin erase` wants a reason, and to be sure."""

import pytest

from huiyin.cli import parser


def test_the_command_asks_for_a_reason_and_to_be_sure() -> None:
    given = parser("erase").parse_args(["erase", "13900001111", "--reason", "客户要求"])
    assert (given.contact, given.reason, given.yes) == ("13900001111", "客户要求", False)
    with pytest.raises(SystemExit):
        parser("erase").parse_args(["erase", "13900001111"])
