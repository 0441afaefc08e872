"""Who: units, colleagues, customers."""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, Field


class UnitOut(BaseModel):
    code: str
    name: str


class PersonOut(BaseModel):
    username: str
    name: str


class CustomerOut(BaseModel):
    """As much as the member's roles show: in full, masked, or empty."""

    name: str
    phone: str
    email: str
    tier: str


class ContactOut(BaseModel):
    name: str
    phone: str
    email: str


class WorthOut(BaseModel):
    """What is known of the customer's worth, and the tier that it gives."""

    tier: str = Field(examples=["VIP"])
    tier_reason: str = Field(description="The rule that gave it, with its figures; or who said so, until when and why.")
    contribution: Decimal | None = Field(description="CNY in the last 12 months; a string. Null: not known.")
    since: date | None = Field(description="A customer since that day.")
    years: int | None = Field(description="Whole years since then.")
    by_contract: bool = Field(description="A contract makes them VIP.")
