"""How much of a complaint a member's roles show them: words, names, contacts, correspondence."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _

from huiyin.complaints.masking import customers_of, without_person
from huiyin.complaints.models import Complaint
from huiyin.customers.models import Customer
from huiyin.org import rules
from huiyin.org.models import Member

READS = frozenset({"R", "RW"})


@dataclass(frozen=True)
class Reader:
    """`names` are taken out of every text, where the member may not know whose it is."""

    member: Member
    names: tuple[str, ...] = ()

    def of(self, complaint: Complaint) -> "Reader":
        """The same reader over this complaint; one who reads in full stays as they are."""
        if self.is_full:
            return self
        return replace(self, names=customers_of(complaint))

    @cached_property
    def is_full(self) -> bool:
        return self.member.reach.content == "full"

    def words(self, text: str) -> str:
        """As it was written, or with what tells who the customer is taken out."""
        return text if self.is_full else without_person(text, self.names)

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
        if access not in {*READS, "deidentified"}:
            return "-"
        return "R" if self.is_full and access in READS else "deidentified"

    def contacts(self, customer: Customer) -> dict[str, str]:
        """Telephone, mail and address as this reader may see them; empty where not at all."""
        if self.contact == "R":
            return {"phone": customer.phone, "email": customer.email, "address": customer.address}
        if self.contact == "M":
            hidden = _("（已隐去）") if customer.address else ""
            return {"phone": customer.phone_masked, "email": customer.email_masked, "address": hidden}
        return {}
