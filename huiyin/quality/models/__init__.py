from huiyin.quality.models.configuration import AssessmentRule, Discipline, IncidentClass, RecurrenceRule
from huiyin.quality.models.incidents import Duty, Incident, IncidentComplaint, Notice, Report
from huiyin.quality.models.investigations import Investigation, Step, TeamMember
from huiyin.quality.models.recurrence import Assessment, RootCauseDuty, Sighting

__all__ = [
    "Assessment",
    "AssessmentRule",
    "Discipline",
    "Duty",
    "Incident",
    "IncidentClass",
    "IncidentComplaint",
    "Investigation",
    "Notice",
    "RecurrenceRule",
    "Report",
    "RootCauseDuty",
    "Sighting",
    "Step",
    "TeamMember",
]
