"""One story while it is lived: what it has become so far, and who has a hand in it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from huiyin.complaints.models import Complaint, Letter
from huiyin.demo.fates import Fate, Kinds
from huiyin.demo.scripts import phrases
from huiyin.demo.staff import Staff
from huiyin.demo.variation import ZONE, Story
from huiyin.dispatch.models import WorkOrder
from huiyin.org.actors import Actor
from huiyin.triage.models import Category

CENTRES = {"BR-EAST-CC": "east.agent", "BR-NORTH-CC": "north.agent", "BR-SOUTH-CC": "outsider"}
FACE_TO_FACE = frozenset({"counter", "outlet", "franchise"})
ONLINE = frozenset({"portal", "app", "wechat"})


@dataclass(frozen=True)
class Company:
    """What every life shares: the people, the tree of categories, and the day that it is today."""

    staff: Staff
    categories: dict[str, Category]
    kinds: Kinds
    today: datetime


@dataclass
class Life:
    story: Story
    fate: Fate
    company: Company
    rng: Random
    duplicate_of: "Life | None" = None
    orders: list[WorkOrder] = field(default_factory=list)
    answered: int = 0
    _complaint: Complaint | None = None

    @property
    def complaint(self) -> Complaint:
        if self._complaint is None:
            raise LookupError(f"story {self.story.number} has not been filed")
        return self._complaint

    @complaint.setter
    def complaint(self, complaint: Complaint) -> None:
        self._complaint = complaint

    @property
    def category(self) -> Category:
        return self.company.categories[self.story.script.code]

    @property
    def severity(self) -> int:
        """What the reviewer finds right: the script's level, else the leaf's."""
        return self.story.script.level or self.category.severity or 3

    @property
    def department(self) -> str:
        return self.company.kinds.department(self.story)

    @property
    def second_department(self) -> str:
        """Where it goes when the first gives it back: what its words name, else the first that supports."""
        named = {"临江县": "CTY-E01", "供应商": "SUP", "供应链": "SCM"}
        words = self.story.script.decline
        wanted = [code for word, code in named.items() if word in words]
        units = self.company.staff.units
        others = [code for code in (*wanted, *self.category.support_codes, "CC", "LOG") if code in units]
        return next(code for code in others if code != self.department and self._is_staffed(code))

    def _is_staffed(self, department: str) -> bool:
        return self.company.staff.handlers(department)[0] in self.company.staff.members

    def actor(self, username: str) -> Actor:
        return self.company.staff.actor(username)

    @property
    def clerk(self) -> Actor:
        """Who speaks with the customer: the branch's own agent for what its centre owns, else 李雷 or a colleague."""
        name = self.branch_clerk
        if name is None:
            mostly_ours = 0.85 if self.fate.stands else 0.6
            name = "agent" if Random(self.story.number).random() < mostly_ours else "agent2"
        return self.actor(name)

    @property
    def branch_clerk(self) -> str | None:
        if self._complaint is None:
            return None
        owner = self.complaint.owner_unit_id
        return next((name for code, name in CENTRES.items() if self.company.staff.units[code].pk == owner), None)

    def reviewer(self, at: datetime) -> Actor:
        hour = at.astimezone(ZONE).hour
        return self.actor("reviewer" if 8 <= hour < 21 else "reviewer.night")

    @property
    def email(self) -> str:
        """Only those of the last days leave one, so that the outbox of a fresh demo is not full of old letters."""
        lately = self.company.today - self.story.received_at < timedelta(days=3)
        return self.story.person.email if self.story.channel == "email" and lately else ""

    @property
    def letter_channel(self) -> Letter.Channel:
        if self.story.channel in FACE_TO_FACE:
            return Letter.Channel.COUNTER
        if self.story.channel == "letter":
            return Letter.Channel.POST
        if self.email:
            return Letter.Channel.EMAIL
        return Letter.Channel.PORTAL if self.story.channel in ONLINE else Letter.Channel.PHONE

    def phrase(self, kind: str, at: datetime) -> str:
        """One of the common phrases, or the script's own; in English for those who write in it."""
        said = phrases().get(f"{kind}_en") if self.story.script.lang == "en" else None
        if said is None:
            said = phrases()[kind]
            said = said if isinstance(said, str) else self.story.phrase(kind)
        return self.say(str(said), at)

    def say(self, template: str, at: datetime) -> str:
        point = self.story.points[0]
        return self.story.say(template.replace("{title}", self.story.title).replace("{point}", point), at)
