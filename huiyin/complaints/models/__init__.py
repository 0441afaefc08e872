from huiyin.complaints.models.clocks import Clock, Extension, Pause, Reckoning
from huiyin.complaints.models.complaint import Complaint, ComplaintQuerySet, DayBase, Searchable
from huiyin.complaints.models.correspondence import Attachment, Letter, Mention, Note
from huiyin.complaints.models.draft import Draft
from huiyin.complaints.models.guidance import Guidance
from huiyin.complaints.models.parts import Issue, Merger, Validity
from huiyin.complaints.models.presence import Presence
from huiyin.complaints.models.record import ChainHead, Event
from huiyin.complaints.models.regulatory import RegulatoryCase

__all__ = [
    "Attachment",
    "ChainHead",
    "Clock",
    "Complaint",
    "ComplaintQuerySet",
    "DayBase",
    "Draft",
    "Event",
    "Extension",
    "Guidance",
    "Issue",
    "Letter",
    "Mention",
    "Merger",
    "Note",
    "Pause",
    "Presence",
    "Reckoning",
    "RegulatoryCase",
    "Searchable",
    "Validity",
]
