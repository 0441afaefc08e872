"""Cases of authorities, and their profiles."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from huiyin.api.outgoing.times import ClockWithWhy


class RegulatoryOut(BaseModel):
    """Supported, not certified."""

    id: int
    profile: str
    number: str
    category: str
    authority: str
    received_at: datetime
    deadline: datetime | None = Field(description="As the authority gave it.")
    answered_at: datetime | None
    outcome: str
    clocks: list[ClockWithWhy]
    hints: list[str] = Field(description="What the profile's eligibility rule would say; nothing is refused by it.")


class RegulatoryList(BaseModel):
    items: list[RegulatoryOut]


class ProfileOut(BaseModel):
    code: str
    name: str
    standing: str = Field(description="Always `supported, not certified`.")
    reach: str = Field(description="off, referred or every")
    in_force: str
    checked_on: str
    status: str
    clocks: list[dict[str, Any]]


class ProfileList(BaseModel):
    items: list[ProfileOut]
