"""Whom the others turn to in each department of the demo company (接口人)."""

from datetime import datetime

from huiyin.demo.staff import TEAMS, Staff
from huiyin.org.actions import dividing
from huiyin.org.actors import SYSTEM


def make(staff: Staff, *, at: datetime) -> None:
    """The lead where the cast has one, then who handles there; some departments have named nobody yet."""
    leads = {member.unit.code: member for member in staff.members.values() if member.has_role("dept_lead")}
    for department in list(TEAMS)[:-4]:
        handlers = [staff.members[name] for name in staff.handlers(department) if name in staff.members]
        people = [*([leads[department]] if department in leads else []), *handlers]
        dividing.name_interfaces(staff.units[department], members=people[:2], actor=SYSTEM, at=at)
