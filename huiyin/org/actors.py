"""Who did something: a member by name, the customer, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from huiyin.org import rules
from huiyin.org.models import Member

Kind = Literal["member", "customer", "system"]


@dataclass(frozen=True)
class Actor:
    kind: Kind
    member: Member | None = None

    def __post_init__(self) -> None:
        if (self.kind == "member") != (self.member is not None):
            raise ValueError("an actor of kind member, and no other, has a member")

    @classmethod
    def of(cls, member: Member) -> Actor:
        return cls("member", member)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset({self.kind}) if self.member is None else frozenset(self.member.roles)

    @property
    def label(self) -> str:
        """How a record names the actor: the agent id (工号), or what it is."""
        return self.kind if self.member is None else self.member.username

    def may(self, right: rules.Right) -> bool:
        """The system may do everything that it is told to; the customer nothing that a right guards."""
        return self.kind == "system" if self.member is None else rules.may(self.member, right)


SYSTEM = Actor("system")
CUSTOMER = Actor("customer")
