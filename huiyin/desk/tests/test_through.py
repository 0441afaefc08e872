"""Working through a shelf: from the first to the last without coming back to the list."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

from django.test import Client
from django.utils import timezone

from huiyin.complaints.actions import drafting, noting
from huiyin.complaints.models import Complaint, Draft, Mention
from tests import cast
from tests.cast import actor, member

Sits = Callable[[str], Client]


def test_from_the_first_one_goes_on_to_the_next_and_then_to_the_next_shelf(sits: Sits) -> None:
    first = cast.filed(phone="13900000001", at=cast.later(minutes=-30))
    second = cast.filed(phone="13900000002")
    client = sits("reviewer")
    assert f"/desk/complaints/{first.number}?through=review" in client.get("/desk/").content.decode()

    done = {"category": "PQ-03", "severity": "3", "complexity": "S", "issues": "不通电", "through": "review"}
    onward = f"/desk/complaints/{first.number}?through=dispatch"
    for complaint, then in ((first, f"/desk/complaints/{second.number}?through=review"), (second, onward)):
        client.post(f"/desk/complaints/{complaint.number}/taking-up", {"through": "review"})
        response = client.post(f"/desk/complaints/{complaint.number}/review", done)
        assert response["Location"] == then
    assert "待复核都办完了，接着是待派单。" in client.get(onward).content.decode()


def test_home_where_nothing_waits_on_any_shelf(sits: Sits) -> None:
    complaint = cast.filed()
    client = sits("reviewer")
    client.post(f"/desk/complaints/{complaint.number}/taking-up", {"through": "review"})

    sent_back = {"reason": "缺订单号", "through": "review"}
    response = client.post(f"/desk/complaints/{complaint.number}/return", sent_back)

    assert response["Location"] == "/desk/"


def test_one_that_still_waits_stays_open(sits: Sits) -> None:
    complaint = cast.filed()

    response = sits("reviewer").post(f"/desk/complaints/{complaint.number}/taking-up", {"through": "review"})

    assert response["Location"] == f"/desk/complaints/{complaint.number}?through=review"


def test_a_shelf_that_is_not_theirs_leads_nowhere(sits: Sits) -> None:
    complaint = cast.filed()

    page = sits("agent").get(f"/desk/complaints/{complaint.number}?through=review").content.decode()

    assert 'class="through"' not in page


def bar(client: Client, address: str) -> str:
    """What the page says of where one stands."""
    page = client.get(address.partition("#")[0]).content.decode()
    return page.partition('<nav class="through"')[2].partition("</nav>")[0]


def typed(complaint: Complaint, username: str, *, at: datetime) -> None:
    """A note that was begun and not sent."""
    values = {"text": ["写了一半"]}
    drafting.keep(member=member(username), form=Draft.Form.NOTE, complaint=complaint, values=values, seen_seq=1, at=at)


def keyed(shown: str, key: str) -> str:
    """Where that key leads."""
    found = re.search(rf'href="([^"]+)" data-key="{key}"', shown)
    return unescape(found[1]) if found else ""


def test_every_group_is_gone_through_in_the_order_of_the_page_by_one_key(sits: Sits) -> None:
    at = timezone.now()
    waits, named, begun = (cast.filed(phone=f"1390000001{n}", at=at) for n in range(3))
    client = sits("reviewer")
    for complaint in (named, waits):
        noting.note(complaint, text="@reviewer 请看一下。", actor=actor("agent"), at=at)
    typed(begun, "reviewer", at=at)

    home = client.get("/desk/").content.decode()
    begin = re.search(r'class="btn btn-primary" href="([^"]+)" data-key="s"', home)
    assert begin
    seen, address = list[str](), unescape(begin[1])
    while address and address not in seen:
        seen.append(address)
        address = keyed(bar(client, address), "n")

    groups = list(dict.fromkeys(re.findall(r"through=([a-z]+)", " ".join(seen))))
    assert groups == ["mentions", "soon", "drafts", "review"]
    titles = ["提到我的", "四小时内到期", "没有发出的草稿", ">待复核</h2>"]
    assert sorted(titles, key=home.index) == titles
    assert [each for each in seen if "mentions" in each] == [
        f"/desk/complaints/{each.number}?through=mentions#note-{each.notes.get().pk}" for each in (waits, named)
    ]
    assert {each.number for each in (waits, named, begun)} == set(re.findall(r"TS[\d-]+", " ".join(seen)))


def test_who_has_nothing_but_a_draft_begins_with_it(sits: Sits) -> None:
    complaint = cast.filed()
    typed(complaint, "agent", at=timezone.now())
    home = sits("agent").get("/desk/").content.decode()
    assert f'href="/desk/complaints/{complaint.number}?through=drafts#composer" data-key="s"' in home


def test_a_mention_that_was_seen_leads_to_the_next_one(sits: Sits) -> None:
    first, second = cast.filed(phone="13900000021"), cast.filed(phone="13900000022")
    for complaint in (first, second):
        noting.note(complaint, text="@agent 请看一下。", actor=actor("reviewer"), at=timezone.now())
    client = sits("agent")
    shown = bar(client, f"/desk/complaints/{second.number}?through=mentions")
    assert 'data-key="y"' in shown
    marks = re.findall(r'name="mention" value="(\d+)"', shown)
    assert len(marks) == 1

    answer = client.post("/desk/mentions/seen", {"mention": marks, "through": "mentions"})
    assert answer["Location"].startswith(f"/desk/complaints/{first.number}?through=mentions#note-")
    assert list(Mention.objects.filter(seen_at=None).values_list("note__complaint__number", flat=True)) == [
        first.number
    ]

    last = bar(client, f"/desk/complaints/{first.number}?through=mentions")
    answer = client.post(
        "/desk/mentions/seen",
        {"mention": re.findall(r'name="mention" value="(\d+)"', last), "through": "mentions"},
    )
    assert "through=mentions" not in answer["Location"]


def test_a_group_of_ones_own_shows_nothing_of_anothers(sits: Sits) -> None:
    complaint = cast.filed()
    noting.note(complaint, text="@agent 请看一下。", actor=actor("reviewer"), at=timezone.now())
    shown = bar(sits("agent2"), f"/desk/complaints/{complaint.number}?through=mentions")
    assert 'name="mention"' not in shown
    assert "figures" not in shown
