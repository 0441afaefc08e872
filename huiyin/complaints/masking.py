"""What of a complaint's words tells whose they are, taken out before they are kept elsewhere.

Telephones, mail addresses, identity numbers and the like by their shape (lib.clean); names, addresses and numbers as
this complaint knows them. A name that nobody has registered is not recognised: a person reads the text as well.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models import Complaint
from huiyin.lib.clean import deidentify, without_names
from huiyin.org.models import Member

CUSTOMER, COLLEAGUE, NUMBER, ADDRESS = "[客户]", "[员工]", "[单号]", "[地址]"
_NUMBERS = re.compile(r"(?:TS|GD)[0-9]{8}-[0-9]{3,}(?:-[0-9]+)?")
KINDS: dict[str, Any] = {
    CUSTOMER: _("客户姓名"), COLLEAGUE: _("员工姓名"), NUMBER: _("单号"), ADDRESS: _("地址"), "[邮箱]": _("邮箱"),
    "[证件号]": _("证件号"), "[电话]": _("电话"), "[卡号]": _("卡号"), "[账号]": _("账号"), "[车牌]": _("车牌"),
}  # fmt: skip
_LABEL = re.compile(f"({'|'.join(map(re.escape, KINDS))})")
_SHORTEST = 4  # characters of an address or a number that is looked for


@dataclass(frozen=True)
class Mask:
    """For the words about one complaint."""

    customers: tuple[str, ...]
    colleagues: tuple[str, ...]
    numbers: tuple[str, ...]
    addresses: tuple[str, ...]

    def __call__(self, text: str) -> str:
        """With what is personal replaced by what it was. What is there already stays."""
        return "".join(part if _LABEL.fullmatch(part) else self._masked(part) for part in _LABEL.split(text))

    def _masked(self, text: str) -> str:
        for known, label in ((self.numbers, NUMBER), (self.addresses, ADDRESS)):
            for each in known:
                text = text.replace(each, label)
        text = deidentify(_NUMBERS.sub(NUMBER, text))
        parts = _LABEL.split(text)
        return "".join(part if _LABEL.fullmatch(part) else self._nameless(part) for part in parts)

    def _nameless(self, text: str) -> str:
        parts = _LABEL.split(without_names(text, self.customers, CUSTOMER))
        return "".join(
            part if _LABEL.fullmatch(part) else without_names(part, self.colleagues, COLLEAGUE) for part in parts
        )


def mask_of(complaint: Complaint) -> Mask:
    customer = complaint.customer
    people = {
        pk
        for pk in (complaint.filed_by_id, complaint.reviewer_id, complaint.assignee_id, complaint.named_employee_id)
        if pk
    }
    actors = complaint.events.exclude(actor=None).values_list("actor", flat=True)
    numbers = (complaint.number, complaint.order_no, customer.external_id)
    return Mask(
        customers=tuple(sorted({*customers_of(complaint)} - {"客户"})),
        colleagues=tuple(Member.objects.filter(pk__in={*people, *actors}).values_list("name", flat=True)),
        numbers=tuple(sorted({each for each in numbers if len(each) >= _SHORTEST}, key=len, reverse=True)),
        addresses=(customer.address,) if len(customer.address) >= _SHORTEST else (),
    )


def customers_of(complaint: Complaint) -> tuple[str, ...]:
    """What the customer is called."""
    return tuple({complaint.complainant_name, complaint.customer.name} - {""})


def without_person(text: str, names: Iterable[str]) -> str:
    """For readers who may not know whose the words are; `names`: what the customer is called."""
    return without_names(deidentify(text), names, gettext("（客户）"))


def hidden_in(text: str) -> Counter[str]:
    """How often each kind of thing was taken out, by what stands for it."""
    return Counter(_LABEL.findall(text))


def pieces(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it stands for something that was taken out."""
    return [(part, bool(_LABEL.fullmatch(part))) for part in _LABEL.split(text) if part]
