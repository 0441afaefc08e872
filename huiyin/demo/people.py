"""Fictional customers: names out of lists, telephones of one made-up range, mailboxes that no mail reaches."""

from dataclasses import dataclass
from random import Random

from huiyin.demo.scripts import Script, catalogue

ABROAD = ("Anna Weber", "James Okafor", "Maria Rossi", "Pierre Laurent", "Daniel Novak", "Sofia Lindqvist")
TRADITIONAL = (("陳", "家豪", "先生"), ("林", "美玲", "女士"), ("張", "志明", "先生"), ("黃", "淑芬", "女士"))


@dataclass(frozen=True)
class Person:
    name: str
    surname: str
    address_as: str
    phone: str
    email: str
    region: str
    branch: str
    spot: str
    company: str

    @property
    def full_name(self) -> str:
        """As the register has it: a company with whoever writes for it."""
        return f"{self.company} {self.name}" if self.company else self.name


def invent(number: int, script: Script, rng: Random) -> Person:
    """The number-th customer: a telephone and a mailbox of their own, a place in one of the branches."""
    lists = catalogue()
    place = rng.choice(lists["places"])
    company = rng.choice(lists["companies"]) if script.voice == "business" else ""
    if script.lang == "en":
        name = rng.choice(ABROAD)
        surname, address_as = name.split()[1], name
    elif script.lang == "zht":
        surname, given, title = rng.choice(TRADITIONAL)
        name, address_as = surname + given, surname + title
    else:
        woman = rng.random() < 0.5
        surname = rng.choice(lists["surnames"])
        name = surname + rng.choice(lists["given_female" if woman else "given_male"])
        address_as = surname + ("女士" if woman else "先生")
    return Person(
        name=name,
        surname=surname,
        address_as=address_as,
        phone=f"1990000{number:04d}",
        email=f"customer{number:04d}@example.com",
        region=place["region"],
        branch=place["branch"],
        spot=place["region"] + rng.choice(place["spots"]),
        company=company,
    )
