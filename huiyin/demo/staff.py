"""Who works at the demo company beside the cast that signs in: people in the other departments, and at night."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from huiyin.org.actors import Actor
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Role

# username, name, unit, role: none of them can sign in
COLLEAGUES = (
    ("reviewer.night", "叶晚舟", "CC", Role.REVIEWER), ("desk.case", "毛宁", "CC", Role.HANDLER),
    ("desk.case2", "段文静", "CC", Role.HANDLER), ("east.agent", "丁宁", "BR-EAST-CC", Role.FRONTLINE),
    ("north.agent", "雷鸣", "BR-NORTH-CC", Role.FRONTLINE), ("store.east", "孟瑶", "OUT-001", Role.STORE_AGENT),
    ("store.north", "崔丽", "FRN-001", Role.STORE_AGENT), ("store.south", "黎海燕", "OUT-002", Role.STORE_AGENT),
    ("qm.case", "邱岚", "QM", Role.HANDLER), ("log.case", "江涛", "LOG", Role.HANDLER),
    ("afs.case", "何勇", "AFS", Role.HANDLER), ("afs.case2", "范伟", "AFS", Role.HANDLER),
    ("scm.case", "苏敏", "SCM", Role.HANDLER), ("fin.case", "潘洁", "FIN", Role.HANDLER),
    ("mkt.case", "顾晨", "MKT", Role.HANDLER), ("prc.case", "汤丽", "PRC", Role.HANDLER),
    ("prc.case2", "赖晓东", "PRC", Role.HANDLER), ("noc.case", "戴军", "NOC", Role.HANDLER),
    ("bil.case", "金娜", "BIL", Role.HANDLER), ("vas.case", "梁宇", "VAS", Role.HANDLER),
    ("qs.case", "石磊", "QS", Role.HANDLER), ("rd.case", "邵飞", "RD", Role.HANDLER),
    ("ops.case", "谭波", "OPS", Role.HANDLER), ("dpo.case", "万里", "DPO", Role.HANDLER),
    ("leg.case", "白洁", "LEG", Role.HANDLER), ("it.case", "贺斌", "IT", Role.HANDLER),
    ("sto.case", "康健", "STO", Role.HANDLER), ("pod.case", "尹力", "POD", Role.HANDLER),
    ("sup.case", "常青", "SUP", Role.HANDLER), ("mfg.case", "武强", "MFG", Role.HANDLER),
)  # fmt: skip
HANDLERS: dict[str, tuple[str, ...]] = {
    "QM": ("handler", "qm.case"), "LOG": ("handler2", "log.case"), "AFS": ("afs.case", "afs.case2"),
    "CC": ("desk.case", "desk.case2"), "PRC": ("prc.case", "prc.case2"), "CTY-E01": ("branch",),
}  # fmt: skip
TEAMS = {
    "QM": "QM-CASE", "QS": "QS-SAFE", "RD": "RD-SUP", "LOG": "LOG-CASE", "AFS": "AFS-REP", "SCM": "SCM-RET",
    "CC": "CC-DESK", "FIN": "FIN-CHK", "PRC": "PRC-CHK", "MKT": "MKT-ACT", "OPS": "OPS-DUTY", "IT": "IT-OPS",
    "NOC": "NOC-WO", "BIL": "BIL-CHK", "VAS": "VAS-CHK", "LEG": "LEG-CASE", "DPO": "DPO-CASE", "POD": "POD-PRJ",
    "STO": "STO-MGR", "SUP": "SUP-MGT", "MFG": "MFG-ENG",
}  # fmt: skip


class Staff:
    """The members and units of the demo company, read once."""

    def __init__(self) -> None:
        self.members = {member.username: member for member in Member.objects.select_related("unit")}
        self.units = {unit.code: unit for unit in Unit.objects.all()}

    def actor(self, username: str) -> Actor:
        return Actor.of(self.members[username])

    def handlers(self, department: str) -> tuple[str, ...]:
        """Who handles there; the first is the cast's, where the cast has one."""
        return HANDLERS.get(department) or (f"{department.lower()}.case",)

    def actor_numbered(self, number: int) -> Actor:
        return next(Actor.of(member) for member in self.members.values() if member.pk == number)

    def department_of(self, number: int) -> str:
        """Which department the unit of this primary key is, or is a team of."""
        unit = next(unit for unit in self.units.values() if unit.pk == number)
        return next((code for code, team in TEAMS.items() if team == unit.code), unit.code)

    def team(self, department: str) -> Unit:
        return self.units[TEAMS.get(department, department)]


def hire(*, at: datetime) -> int:
    """The colleagues who are not there yet; returns how many are new."""
    there = set(Member.objects.values_list("username", flat=True))
    units = {unit.code: unit for unit in Unit.objects.all()}
    fresh = [person for person in COLLEAGUES if person[0] not in there]
    nobody = make_password(None)
    for username, name, unit, role in fresh:
        Member.objects.create(
            username=username, name=name, unit=units[unit], roles=[str(role)], password=nobody, date_joined=at,
            is_demo=True,
        )  # fmt: skip
    return len(fresh)
