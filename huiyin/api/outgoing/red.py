"""What answers about the red channel hold."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from huiyin.api.outgoing import ClockOut, PersonOut


class RedBrief(BaseModel):
    number: str
    severity: int
    reason: str = Field(description="level, line (the emergency line) or rule")
    rule: str = Field(description="Of severity.yaml, where one said so, e.g. SEV-01.")
    called_at: datetime
    rounds: int = Field(description="How often the emergency group was paged.")
    next_at: datetime | None = Field(description="Paged again then; null once somebody has confirmed.")
    confirmed_at: datetime | None
    confirmed_by: PersonOut | None
    ended_at: datetime | None = Field(description="A person graded it lower: it proved not to be one.")
    plan: str = Field(description="Code of the incident class whose plan is followed, e.g. INC-SAFE.")
    lead: PersonOut | None
    formed_at: datetime | None


class RedList(BaseModel):
    items: list[RedBrief]
    next: str | None


class Seat(BaseModel):
    zh: str
    en: str
    has_come: bool


class ParticipantOut(BaseModel):
    member: PersonOut
    called_at: datetime | None = Field(description="Null for who came without being called.")
    joined_at: datetime | None
    seconds: int | None = Field(description="From being called to joining.")


class DecisionOut(BaseModel):
    position: int
    text: str
    author: PersonOut
    decided_at: datetime


class RoomOut(BaseModel):
    position: int
    topic: str
    place: str
    called_at: datetime
    called_by: PersonOut | None
    quorum: list[Seat]
    quorum_at: datetime | None
    ended_at: datetime | None
    minutes: str
    participants: list[ParticipantOut]
    decisions: list[DecisionOut]


class OutageReport(BaseModel):
    text: str
    author: PersonOut | None
    written_at: datetime
    due_at: datetime | None
    missed_at: datetime | None = Field(description="It did not come: only the gap is on record.")


class RedCaseOut(RedBrief):
    paged: list[PersonOut]
    task_force: list[PersonOut]
    incident: str = Field(description="Number of the incident that the plan opened.")
    clocks: list[ClockOut] = Field(description="CK-TASKFORCE, CK-WARROOM, CK-OUTRPT.")
    reports: list[OutageReport]
    rooms: list[RoomOut] = Field(description="The newest first; at most one is open.")
    allowed: list[str] = Field(description="What this token's member may do now: confirm, name, form, call, join, ...")


class DailyOut(BaseModel):
    day: date
    due_at: datetime
    made_at: datetime
    late: bool
    skipped: int = Field(description="Days before it that nobody reported on.")
    complaints: list[str] = Field(description="Numbers of those that this token's member may see.")
    hidden: int


class DailyList(BaseModel):
    items: list[DailyOut]
