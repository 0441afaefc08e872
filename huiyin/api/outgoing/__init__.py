"""What callers get, by noun. Plain models: they are filled by showing.py and written by pydantic."""

from huiyin.api.outgoing.complaints import (
    AccountableOut,
    Brief,
    ComplaintList,
    Created,
    Explained,
    IssueOut,
    Reason,
    Standing,
    ValidityOut,
    Whole,
)
from huiyin.api.outgoing.letters import AttachmentOut, LetterOut, NoteOut
from huiyin.api.outgoing.people import ContactOut, CustomerOut, PersonOut, UnitOut, WorthOut
from huiyin.api.outgoing.record import Chain, EventOut
from huiyin.api.outgoing.regulatory import ProfileList, ProfileOut, RegulatoryList, RegulatoryOut
from huiyin.api.outgoing.times import (
    BrokenOut,
    ClockOut,
    ClockWithWhy,
    Explanation,
    ExtensionOut,
    PauseOut,
    SupervisionList,
    SupervisionOut,
    Urged,
)
from huiyin.api.outgoing.waiting import WaitingList, WaitingOut
from huiyin.api.outgoing.work_orders import AnswerOut, AuditOut, Move, WorkOrderList, WorkOrderOut

__all__ = [
    "AccountableOut",
    "AnswerOut",
    "AttachmentOut",
    "AuditOut",
    "Brief",
    "BrokenOut",
    "Chain",
    "ClockOut",
    "ClockWithWhy",
    "ComplaintList",
    "ContactOut",
    "Created",
    "CustomerOut",
    "EventOut",
    "Explained",
    "Explanation",
    "ExtensionOut",
    "IssueOut",
    "LetterOut",
    "Move",
    "NoteOut",
    "PauseOut",
    "PersonOut",
    "ProfileList",
    "ProfileOut",
    "Reason",
    "RegulatoryList",
    "RegulatoryOut",
    "Standing",
    "SupervisionList",
    "SupervisionOut",
    "UnitOut",
    "Urged",
    "ValidityOut",
    "WaitingList",
    "WaitingOut",
    "Whole",
    "WorkOrderList",
    "WorkOrderOut",
    "WorthOut",
]
