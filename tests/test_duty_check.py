"""`huiyin check` says which desk has hours that nobody keeps."""

import pytest

from huiyin.commands import check
from huiyin.duty.actions import desks
from huiyin.org.actors import SYSTEM
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.req("C035")]


def test_the_check_names_the_desk_and_the_first_hour_nobody_keeps() -> None:
    cast.company()
    assert check._duty() == "0 个值班台 (desks)"
    desks.set_up(
        code="apac", name_zh="亚太值班", unit=cast.unit("CC"), time_zone="Asia/Shanghai", actor=SYSTEM, at=cast.MONDAY
    )
    assert "亚太值班 今后 14 天有 1 段无人值班" in check._duty()
