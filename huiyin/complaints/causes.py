"""Which causes a complaint may be given (A23): its category's own where it has any, else the common list."""

from huiyin.complaints.models import Complaint
from huiyin.triage.models import Category
from huiyin.triage.queries import causes


def category_of(complaint: Complaint) -> Category:
    return complaint.confirmed_category or complaint.category


def offered(category: Category) -> list[tuple[str, str]]:
    """What is kept, and what it is called. A category's own causes are kept in their words."""
    if category.causes:
        return [(words, words) for words in category.causes]
    return [(each.code, each.name) for each in causes() if each.is_active]


def name_of(cause: str) -> str:
    """What a kept cause is called; its own words where it is no code."""
    return next((each.name for each in causes() if each.code == cause), cause)


def explanations() -> list[str]:
    """The codes that count as a misunderstanding: nothing went wrong but what the customer knew."""
    return [each.code for each in causes() if each.is_explanation]
