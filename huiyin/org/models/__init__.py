"""Who works here and where; what members keep; how the installation is set."""

from huiyin.org.models.desks import SavedView, SavedViewQuerySet, Suggestion, SuggestionQuerySet
from huiyin.org.models.duties import Interface, Part, Party, Step
from huiyin.org.models.people import (
    CODE,
    LANGUAGES,
    Company,
    Member,
    MemberQuerySet,
    Token,
    TokenQuerySet,
    Unit,
    UnitQuerySet,
    in_language,
)
from huiyin.org.models.settings import Appearance, Change, ChangeQuerySet, SetupStep

__all__ = [
    "CODE",
    "LANGUAGES",
    "Appearance",
    "Change",
    "ChangeQuerySet",
    "Company",
    "Interface",
    "Member",
    "MemberQuerySet",
    "Part",
    "Party",
    "SavedView",
    "SavedViewQuerySet",
    "SetupStep",
    "Step",
    "Suggestion",
    "SuggestionQuerySet",
    "Token",
    "TokenQuerySet",
    "Unit",
    "UnitQuerySet",
    "in_language",
]
