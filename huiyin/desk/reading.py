"""How much of a complaint a member's roles show them: words, names, contacts, correspondence."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from huiyin.customers.models import Customer
from huiyin.lib.clean import deidentify
from huiyin.org import rules
from huiyin.org.models import Member

READS = frozenset({"R", "RW"})


@dataclass(frozen=True)
class Reader:
    member: Member

    @cached_property
    def is_full(self) -> bool:
        return self.member.reach.content == "full"

    @cached_property
    def words(self) -> Callable[[str], str]:
        """As the customer wrote it, or with what tells who they are taken out."""
        return str if self.is_full else deidentify

    def name(self, name: str) -> str:
        return name if self.is_full else _("（已隐去）") if name else ""

    @cached_property
    def contact(self) -> str:
        """R in full, M masked, anything else not at all."""
        access = rules.field(self.member, "contact_pii") if self.is_full else "-"
        return "R" if access in READS else access

    @cached_property
    def correspondence(self) -> str:
        """Notes and letters: in full (R), deidentified, or not at all (-)."""
        access = rules.field(self.member, "comm_log")
        return (
            "R" if access in READS and self.is_full else "deidentified" if access in {*READS, "deidentified"} else "-"
        )

    def contacts(self, customer: Customer) -> dict[str, str]:
        """Telephone, mail and address as this reader may see them; empty where not at all."""
        if self.contact == "R":
            return {"phone": customer.phone, "email": customer.email, "address": customer.address}
        if self.contact == "M":
            hidden = _("（已隐去）") if customer.address else ""
            return {"phone": customer.phone_masked, "email": customer.email_masked, "address": hidden}
        return {}
