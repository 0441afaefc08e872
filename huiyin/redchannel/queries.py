"""Reading: the arrangements that hold, why a complaint is red, and the pre-set plan with those who could be in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from huiyin.complaints.models import Complaint
from huiyin.dispatch.queries import proposal
from huiyin.org.models import Member, MemberQuerySet, Unit
from huiyin.org.rules import Right, Role
from huiyin.quality.models import IncidentClass
from huiyin.redchannel.models import Decision, ForceMember, Participant, RedCase, RedPolicy, WarRoom

CODE = "red"
OUTBREAK = "AL-10"
CLOCKS = ("CK-TASKFORCE", "CK-WARROOM", "CK-OUTRPT")


def arrangements() -> RedPolicy:
    """Where none were loaded, still somebody is paged."""
    kept = RedPolicy.objects.filter(code=CODE).first()
    return kept or RedPolicy(code=CODE, levels=[1], channels=["red_channel"], group_else=[str(Role.EXECUTIVE)])


def is_manager(member: Member) -> bool:
    """The daily reports are made for them."""
    return member.has_role(*arrangements().daily_roles)


def decisions_of(complaint: Complaint, member: Member) -> dict[tuple[int, int], str]:
    """What was decided, by (room, decision), as far as the member sees the red case. One query."""
    rooms = WarRoom.objects.visible_to(member).filter(case__complaint=complaint)
    found = Decision.objects.filter(room__in=rooms).values_list("room__position", "position", "text")
    return {(room, position): text for room, position, text in found}


def may_be_red(complaint: Complaint) -> bool:
    """Worth a closer look: cheap, and never false for one that is red by any arrangement of levels 1 and 2."""
    return complaint.severity <= 2 or complaint.channel == "red_channel"


def is_grave(complaint: Complaint) -> bool:
    return complaint.severity == 1 or complaint.channel == "red_channel"


def why_red(complaint: Complaint, policy: RedPolicy) -> tuple[str, str] | None:
    """(reason, rule), or None where it is an ordinary case. What the machine's rules said counts until a person has
    graded it."""
    said = [str(each.get("rule", "")) for each in complaint.grading.get("reasons", ())]
    rules = [rule for rule in said if rule.startswith("SEV-")]
    first = rules[0] if rules else ""  # the first that holds set the level
    if complaint.channel in policy.channels:
        return RedCase.Reason.LINE, first
    if complaint.severity in policy.levels:
        return RedCase.Reason.LEVEL, first
    if complaint.topics.exists():
        return RedCase.Reason.MENTIONS, OUTBREAK
    if complaint.effective_at is None and (hit := next((rule for rule in rules if rule in policy.rules), "")):
        return RedCase.Reason.RULE, hit
    return None


def proposed_plan(case: RedCase, policy: RedPolicy) -> str:
    """The code of the incident class: what the rule stands for, else what the routing table says of the category."""
    if kind := policy.plan_by_rule.get(case.rule):
        return str(kind)
    return proposal(case.complaint).incident or policy.plan_otherwise


@dataclass(frozen=True)
class Seat:
    """A unit that the plan calls in, and who of it could come."""

    unit: Unit
    is_lead: bool
    people: tuple[Member, ...]


def seats(kind: IncidentClass, policy: RedPolicy) -> list[Seat]:
    """The unit that leads first, then those that join. Two statements."""
    codes = [kind.lead_code, *kind.joint_codes]
    units = {unit.code: unit for unit in Unit.objects.active().filter(code__in=codes)}
    able = list(Member.objects.active().with_right(Right.WORK_ON_INCIDENT).select_related("unit").order_by("name"))
    found = []
    for code in dict.fromkeys(codes):
        if code in units:
            people = of_units(able, [code])
            if not people and code == policy.group_code:
                people = [member for member in able if member.has_role(*policy.group_else)]
            found.append(Seat(units[code], code == kind.lead_code, tuple(people)))
    return found


def of_units(members: Iterable[Member], codes: Iterable[str]) -> list[Member]:
    """Those who belong to one of the units or to what is below it."""
    wanted = set(codes)
    return [member for member in members if wanted & set(member.unit.path.strip("/").split("/"))]


def could_come(complaint: Complaint) -> MemberQuerySet:
    """Who could be called into a war room: nobody who must keep away."""
    able = Member.objects.active().with_right(Right.WORK_ON_INCIDENT).exclude(pk__in=complaint.recused)
    return able.with_right(Right.SEE_CONFIDENTIAL) if complaint.is_confidential else able


def units_of(complaint: Complaint) -> set[int]:
    """The units of those who were called in: the task force and the war rooms. They have a part in the complaint."""
    force = ForceMember.objects.filter(case__complaint=complaint).values_list("member__unit_id")
    rooms = Participant.objects.filter(room__case__complaint=complaint).values_list("member__unit_id")
    return {pk for (pk,) in force.union(rooms)}
