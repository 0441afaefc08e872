"""Imports inside: pytest reads this file before Django is set up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from huiyin.org.models import Member

# a busy machine is no fault of the calendar
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
def admin(db: None) -> Member:
    from huiyin.org.models import Member, Unit

    unit = Unit.objects.create(code="HQ", name_zh="总部", kind=Unit.Kind.HEADQUARTERS, path="/HQ/")
    return Member.objects.create(username="admin", name="赵敏", unit=unit, roles=["admin"])


@pytest.fixture
def li_lei(admin: Member) -> Member:
    from huiyin.org.models import Member

    return Member.objects.create(username="agent", name="李雷", unit=admin.unit, roles=["frontline"])


@pytest.fixture
def loaded(db: None) -> None:
    from huiyin.sla.actions import loading
    from huiyin.sla.tests.documents import shipped

    loading.load({"sla": shipped()}, NOW)
