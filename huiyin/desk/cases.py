"""Typical cases for the page: with the reason why each is shown."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from huiyin.complaints.models import Complaint
from huiyin.desk.reading import Reader
from huiyin.knowledge import queries
from huiyin.knowledge.likeness import Hit
from huiyin.knowledge.models import LibraryCase
from huiyin.lib import keyset
from huiyin.lib.phrasing import listed
from huiyin.org.models import Member
from huiyin.triage.models import Category

SIZE = 20
FOUND = 50
ORDER = ("position", "code")
TOLD = 4  # words of a reason


def shelf(asked: Mapping[str, str], q: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows of the shelf, and what else its page needs: all cases page by page, or those that answer the question,
    the fittest first."""
    if q:
        found = queries.search_cases(q)[:FOUND]
        names = _names(case for case, _hit in found)
        return [_row(case, names, hit) for case, hit in found], {}
    try:
        page = keyset.page(queries.cases(), order=ORDER, size=SIZE, cursor=asked.get("cursor"))
    except keyset.BadCursor:
        page = keyset.page(queries.cases(), order=ORDER, size=SIZE)
    names = _names(page.rows)
    links = {
        name: f"{reverse('desk:knowledge')}?{urlencode({'shelf': 'cases', 'cursor': cursor})}" if cursor else ""
        for name, cursor in (("previous_url", page.previous), ("next_url", page.next))
    }
    return [_row(case, names) for case in page.rows], links


def similar(complaint: Complaint, reader: Reader) -> list[dict[str, Any]]:
    """The cases that resemble it, with what they have in common: compared is what the reader may read of it, because
    the reasons quote its words."""
    known = (complaint.category, complaint.confirmed_category)
    codes = {category.code: category.name for category in known if category is not None}
    found = queries.cases_like(reader.of(complaint).words(f"{complaint.title}\n{complaint.text}"), codes)
    return [_row(case, codes, hit) for case, hit in found]


def drafts(member: Member, q: str) -> list[dict[str, Any]]:
    """What waits to be read and published, the newest first; where it came from for who may see that."""
    found = list(queries.drafts().filter(**({"code": q.upper()} if q else {}))[:FOUND])
    names = _names(found)
    sources = Complaint.objects.visible_to(member).filter(number__in=[case.source for case in found if case.source])
    seen = set(sources.values_list("number", flat=True))
    return [{**_row(case, names), "source": case.source if case.source in seen else ""} for case in found]


def _names(cases: Iterable[LibraryCase]) -> dict[str, str]:
    codes = {code for case in cases for code in case.categories}
    return {each.code: each.name for each in Category.objects.filter(code__in=codes)}


def _row(case: LibraryCase, names: Mapping[str, str], hit: Hit | None = None) -> dict[str, Any]:
    return {
        "row": case,
        "categories": [(code, names.get(code, "")) for code in case.categories],
        "reasons": reasons(hit, names) if hit else [],
        "url": f"{reverse('desk:knowledge')}?{urlencode({'shelf': 'cases', 'q': case.code})}",
    }


def reasons(hit: Hit, names: Mapping[str, str]) -> list[str]:
    """Why this case is shown, in sentences."""
    said = []
    if hit.categories:
        said.append(_("同属：%s") % listed(names.get(code) or code for code in hit.categories))
    if hit.words:
        said.append(_("都有：%s") % listed(f"“{word}”" for word in hit.words[:TOLD]))
    said += [
        _("“%(asked)s”与案例里的“%(found)s”同义") % {"asked": asked, "found": found}
        for asked, found in hit.synonyms[:TOLD]
    ]
    if hit.alike:
        said.append(_("文字相近 %d%%") % hit.alike)
    return said
