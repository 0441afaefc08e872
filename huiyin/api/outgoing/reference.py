"""What callers get of the company itself: causes, categories, units, members, and who is asking."""

from pydantic import BaseModel, Field

from huiyin.api.outgoing import PersonOut, UnitOut


class CauseOut(BaseModel):
    code: str
    name: str
    explanation: bool = Field(description="A misunderstanding: nothing went wrong but what the customer knew.")


class CauseList(BaseModel):
    items: list[CauseOut]


class CategoryOut(BaseModel):
    code: str
    name: str
    parent: str | None
    severity: int | None
    complexity: str
    owner: str
    requires: list[str]


class CategoryList(BaseModel):
    items: list[CategoryOut]


class UnitRow(UnitOut):
    kind: str
    parent: str | None
    active: bool


class UnitList(BaseModel):
    items: list[UnitRow]


class MemberRow(PersonOut):
    unit: str
    roles: list[str]


class MemberList(BaseModel):
    items: list[MemberRow]
    next: str | None


class Me(PersonOut):
    unit: UnitOut
    roles: list[str]
    rights: list[str]
    scopes: list[str]
    content: str = Field(description="How much of a complaint is shown: full, deidentified or none.")
