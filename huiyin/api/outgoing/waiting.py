"""Who waits on the line."""

from datetime import datetime

from pydantic import BaseModel, Field

from huiyin.api.outgoing.people import UnitOut


class WaitingOut(BaseModel):
    id: int
    reference: str
    way: str
    unit: UnitOut
    entered_at: datetime
    ended_at: datetime | None
    lost: bool
    seconds: int = Field(description="Waited so far, or in all.")


class WaitingList(BaseModel):
    items: list[WaitingOut]
    agents_needed: int = Field(
        description="By Erlang C, so that less than 1 % wait longer than the policy's 15 minutes."
    )
    agents_on_duty: int
