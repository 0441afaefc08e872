"""One's inbox: what one was told, what of it may still be shown, and how one wants to be told."""

import re
from collections.abc import Callable
from datetime import time, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from huiyin.complaints.actions import keeping, noting
from huiyin.complaints.models import Complaint, Mention
from huiyin.desk.telling import look
from huiyin.desk.watchers import Memory, Watch
from huiyin.notices.actions.telling import tell
from huiyin.notices.models import Notice, Preference
from tests import cast
from tests.cast import actor, member

Sits = Callable[[str], Client]
INBOX = "/desk/inbox/"


def told(username: str, complaint: Complaint, key: str = "a", *, urgent: bool = False, minutes: int = 0) -> Notice:
    tell(
        members=[member(username)], kind="urged", values={"who": "韩梅梅", "count": 2}, number=complaint.number,
        link=reverse("desk:complaint", args=[complaint.number]) + "#clocks", key=key, urgent=urgent,
        at=timezone.now() - timedelta(minutes=minutes),
    )  # fmt: skip
    return Notice.objects.get(member=member(username), key=key)


def shown(client: Client, query: str = "") -> str:
    return client.get(INBOX + query).content.decode()


def test_a_notice_leads_to_its_complaint_at_the_place_and_is_read_by_that(sits: Sits) -> None:
    complaint, client = cast.filed(), sits("agent")
    notice = told("agent", complaint)
    page = shown(client)
    assert f"{complaint.number} 被催办" in page
    assert "韩梅梅 催办，第 2 次" in page
    assert "data-unseen" in page
    answer = client.get(f"{INBOX}{notice.pk}")
    assert answer.headers["Location"] == f"/desk/complaints/{complaint.number}#clocks"
    assert "data-unseen" not in shown(client)


def test_what_one_may_not_know_of_any_more_is_shown_without_its_number_and_leads_nowhere(sits: Sits) -> None:
    complaint, client = cast.filed(), sits("agent2")
    notice = told("agent2", complaint)
    keeping.set_confidential(complaint, confidential=True, actor=actor("supervisor2"), at=timezone.now())
    page = shown(client)
    assert complaint.number not in page
    assert "这件投诉您现在看不到了" in page
    assert client.get(f"{INBOX}{notice.pk}").headers["Location"] == INBOX


def test_nobody_reads_or_ticks_off_the_notices_of_another(sits: Sits) -> None:
    notice = told("agent", cast.filed())
    other = sits("agent2")
    assert other.get(f"{INBOX}{notice.pk}").status_code == 404
    other.post(f"{INBOX}seen", {"notice": notice.pk})
    other.post(f"{INBOX}seen", {"all": "1"})
    assert Notice.objects.get().seen_at is None


def test_one_is_ticked_off_or_all_with_the_mentions_and_one_stays_where_one_was(sits: Sits) -> None:
    complaint, client = cast.filed(), sits("agent")
    first, _second = told("agent", complaint, "a"), told("agent", complaint, "b")
    noting.note(complaint, text="@agent 请看。", actor=actor("reviewer"), at=timezone.now())
    assert "提到了您" in shown(client)
    answer = client.post(f"{INBOX}seen", {"notice": first.pk, "back": f"{INBOX}?show=unseen"})
    assert answer.headers["Location"] == f"{INBOX}?show=unseen"
    assert Notice.objects.unseen().count() == 1
    answer = client.post(f"{INBOX}seen", {"all": "1", "back": "https://evil.example/desk/inbox/"})
    assert answer.headers["Location"] == INBOX
    assert (Notice.objects.unseen().count(), Mention.objects.filter(seen_at=None).count()) == (0, 0)


def test_the_list_is_sieved_paged_and_says_when_it_is_empty(sits: Sits) -> None:
    complaint, client = cast.filed(), sits("agent")
    assert "还没有通知" in shown(client)
    for n in range(35):
        told("agent", complaint, f"k{n}", minutes=30 * n)
    told("agent", complaint, "rot", urgent=True)
    assert shown(client).count("data-unseen") == 30
    assert 'rel="next"' in shown(client)
    assert shown(client, "?show=urgent").count("data-unseen") == 1
    Notice.objects.update(seen_at=timezone.now())
    assert "都看过了" in shown(client, "?show=unseen")
    assert client.get(f"{INBOX}?cursor=x&show=%00").status_code == 200


def test_a_longer_inbox_costs_no_more_queries(
    sits: Sits, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sits("agent")
    complaints = [cast.filed() for _ in range(3)]
    for each in complaints[:1]:
        told("agent", each)
    shown(client)
    with django_assert_max_num_queries(14):
        shown(client)
    for each in complaints[1:]:
        told("agent", each)
    with django_assert_max_num_queries(14):
        shown(client)


def test_an_open_page_is_told_of_a_notice_and_of_the_count_and_nobody_of_what_is_hidden() -> None:
    complaint = cast.filed()
    agent, outsider = Watch(member("agent").pk, is_list=True, age=0), Watch(member("outsider").pk, is_list=True, age=0)
    memory = Memory()
    look([agent, outsider], memory)
    notice = told("agent", complaint)
    told("outsider", complaint)
    found = look([agent, outsider], memory)
    assert [(whom.member_id, what) for whom, (event, what) in found if event == "notice"] == [
        (agent.member_id, {"key": notice.pk, "text": f"{complaint.number} 被催办", "number": complaint.number,
                           "link": f"{INBOX}{notice.pk}"})
    ]  # fmt: skip
    assert {whom.member_id: what["count"] for whom, (event, what) in found if event == "inbox"} == {
        agent.member_id: 1, outsider.member_id: 1
    }  # fmt: skip
    assert look([agent, outsider], memory) == []


def test_a_page_without_a_stream_is_told_how_much_waits_and_nothing_else(sits: Sits) -> None:
    complaint = cast.filed()
    noting.note(complaint, text="@agent 请看一下。", actor=actor("reviewer"), at=timezone.now())

    answers = {
        name: sits(name).get(reverse("desk:inbox"), headers={"X-Live": "inbox"}).json()
        for name in ("agent", "reviewer")
    }

    assert answers == {"agent": {"count": 1}, "reviewer": {"count": 0}}


def test_preferences_are_kept_and_what_is_wrong_is_said_and_loses_nothing(sits: Sits) -> None:
    client, page = sits("agent"), "/desk/account/notices"
    assert client.get(page).status_code == 200
    given = {
        "quiet_from": "22:30", "quiet_until": "07:00", "digest_at": "09：00，17:30", "hourly_limit": "5",
        "phone": "139 0000 1111", "kind_urged": [], "kind_red_channel": ["email"], "kind_clock_warned": ["email"],
    }  # fmt: skip
    assert client.post(page, given).status_code == 302
    kept = Preference.objects.get(member=member("agent"))
    assert (kept.quiet_from, kept.quiet_until, kept.rests_on_days_off, kept.digest_at, kept.hourly_limit) == (
        time(22, 30), time(7), False, [time(9), time(17, 30)], 5
    )  # fmt: skip
    assert kept.phone == "13900001111"
    assert (kept.chosen("urged"), kept.chosen("clock_warned")) == (frozenset(), None)
    for wrong in ({"quiet_from": "25:00"}, {"digest_at": "morgens"}, {"hourly_limit": "999"}, {"phone": "12"}):
        answer = client.post(page, {**given, **wrong})
        assert answer.status_code == 422
        assert next(iter(wrong.values())) in answer.content.decode()
    assert Preference.objects.get().hourly_limit == 5


def burst(username: str, count: int, *, minutes: int = 0) -> Complaint:
    """What a sweep leaves in one inbox."""
    complaint = cast.filed()
    at = timezone.now().replace(minute=30, second=0, microsecond=0) - timedelta(hours=2, minutes=minutes)
    Notice.objects.bulk_create(
        Notice(member=member(username), kind="clock_warned", values={"clock": "CK-ORDER", "percent": 80},
               number=complaint.number, link=f"/desk/complaints/{complaint.number}", key=f"burst{minutes}-{n}",
               at=at + timedelta(seconds=n))
        for n in range(count)
    )  # fmt: skip
    return complaint


def test_a_burst_is_one_row_that_opens_to_the_single_ones_and_is_read_together(
    sits: Sits, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sits("agent")
    told("agent", cast.filed())
    burst("agent", 200)
    shown(client)
    with django_assert_max_num_queries(15):
        page = shown(client)
    assert page.count('class="inbox-entry"') == 2
    assert 'data-bunch="200"' in page
    assert "200 条未读" in page
    assert 'rel="next"' not in page
    [key] = re.findall(r'name="bunch" value="([^"]+)"', page)
    [until] = re.findall(r'name="until" value="([^"]+)"', page)
    with django_assert_max_num_queries(15):
        opened = shown(client, f"?bunch={key}")
    assert (opened.count('class="inbox-entry"'), opened.count("data-bunch")) == (30, 0)
    assert f'name="bunch" value="{key}"' in opened
    assert 'name="all"' not in opened
    following = re.findall(r'href="([^"]*cursor=[^"]*)"', opened)[0].replace("&amp;", "&")
    assert f"bunch={key}" in following
    assert shown(client, following).count('class="inbox-entry"') == 30
    newest = Notice.objects.get(key="burst0-199")
    late = Notice.objects.create(
        member=newest.member, kind=newest.kind, number=newest.number, key="late", at=newest.at + timedelta(seconds=1)
    )
    sits("agent2").post(f"{INBOX}seen", {"bunch": key, "until": until})
    assert Notice.objects.unseen().count() == 202
    client.post(f"{INBOX}seen", {"bunch": key, "until": until, "back": f"{INBOX}?show=unseen"})
    assert set(Notice.objects.unseen().values_list("key", flat=True)) == {"a", late.key}
    assert 'data-bunch="201"' in shown(client)
    assert "data-bunch" not in shown(client, "?show=unseen")
    assert client.get(f"{INBOX}?bunch=clock_warned.x.1").status_code == 200


def test_each_hour_kind_and_urgency_has_a_row_of_its_own_and_few_stand_for_themselves(sits: Sits) -> None:
    client = sits("agent")
    for hour in range(34):
        burst("agent", 4, minutes=60 * hour)
    assert shown(client).count('data-bunch="4"') == 30
    following = re.findall(r'href="([^"]*cursor=[^"]*)"', shown(client))[0]
    assert shown(client, following).count('data-bunch="4"') == 4
    Notice.objects.filter(key="burst0-0").update(urgent=True)
    page = shown(client)
    assert page.count("data-bunch") == 26
    assert page.count('class="inbox-entry"') == 30


def test_a_burst_is_one_toast_with_its_count_and_hides_nothing_from_others() -> None:
    watches = [Watch(member(name).pk, is_list=True, age=0) for name in ("agent", "agent2")]
    memory = Memory()
    look(watches, memory)
    complaint = cast.filed()
    tell_many("agent", complaint, 200)
    told("agent", complaint, "rot", urgent=True)
    other = told("agent2", complaint, "b")
    found = look(watches, memory)
    said = [(whom.member_id, what["text"], what["link"]) for whom, (event, what) in found if event == "notice"]
    urgent = Notice.objects.get(key="rot")
    assert said == [
        (member("agent").pk, f"{complaint.number} 被催办", f"{INBOX}{urgent.pk}"),
        (member("agent").pk, "200 条新提醒", f"{INBOX}?show=unseen"),
        (member("agent2").pk, f"{complaint.number} 被催办", f"{INBOX}{other.pk}"),
    ]
    assert {whom.member_id: what["count"] for whom, (event, what) in found if event == "inbox"} == {
        member("agent").pk: 100, member("agent2").pk: 1
    }  # fmt: skip
    assert [what for _whom, (event, what) in look(watches, memory) if event == "notice"] == []


def tell_many(username: str, complaint: Complaint, count: int) -> None:
    for n in range(count):
        tell(
            members=[member(username)], kind="urged", values={"who": "韩梅梅", "count": 2}, number=complaint.number,
            link=f"/desk/complaints/{complaint.number}", key=f"many{n}", urgent=False,
            at=timezone.now(),
        )  # fmt: skip
