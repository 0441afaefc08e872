"""我的工作: each thing that stands in a section of it is known again when the page is compared with itself."""

import re
from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from huiyin.complaints.actions import drafting, noting
from huiyin.complaints.models import Draft, Mention
from tests import cast
from tests.cast import actor, member

Sits = Callable[[str], Client]


def test_mentions_drafts_and_the_counts_of_groups_have_a_name_of_their_own(sits: Sits) -> None:
    at = timezone.now()
    complaint = cast.filed()
    noting.note(complaint, text="@reviewer 请看一下。", actor=actor("agent"), at=at)
    values = {"text": ["写了一半"]}
    drafting.keep(
        member=member("reviewer"), form=Draft.Form.NOTE, complaint=complaint, values=values, seen_seq=1, at=at
    )

    page = sits("reviewer").get("/desk/", headers={"X-Live": "compare"}).content.decode()

    items = re.findall(r'id="([\w-]+)" data-live-item', page)
    assert items == [f"mention-{Mention.objects.get().pk}", f"draft-typed-{Draft.objects.get().pk}"]
    assert 'id="group-review-count" data-live-part>1<' in page
    assert 'id="work-others" data-live-part' in page
    assert 'id="work" data-live-view data-live-watch' in page
