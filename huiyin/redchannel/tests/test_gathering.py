"""A war room has a group of the company's WeCom, made once, with everybody who is called; what goes wrong is said."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from huiyin.notices.carriers.errors import Unreachable
from huiyin.notices.tests.vendors import Post, Reply, Vendor, as_json, serving
from huiyin.redchannel import tasks
from huiyin.redchannel.actions import gathering, rooms
from huiyin.redchannel.models import RedCase, WarRoom
from huiyin.redchannel.tests.test_force_and_room import case as case
from huiyin.redchannel.tests.test_force_and_room import named
from tests.cast import actor, later, member

pytestmark = pytest.mark.django_db
GROUPS: dict[str, set[str]] = {}
UNKNOWN: set[str] = set()  # to WeCom


def wecom(vendor: Vendor, post: Post) -> Reply:
    """As documented: gettoken, appchat/create, update, send."""
    if post.path.endswith("/gettoken"):
        if post.query != {"corpid": "ww1", "corpsecret": "s3cret"}:
            return as_json(errcode=40001, errmsg="invalid credential")
        return as_json(errcode=0, errmsg="ok", access_token="T", expires_in=7200)
    if post.query.get("access_token") != "T":
        return as_json(errcode=40014, errmsg="invalid access_token")
    given, vendor.posts[-1].path = post.json, post.path
    if post.path.endswith("/create"):
        if given["chatid"] in GROUPS:
            return as_json(errcode=86215, errmsg="chatid existed")
        if UNKNOWN & set(given["userlist"]):
            return as_json(errcode=40031, errmsg="invalid userid list: pr1")
        GROUPS[given["chatid"]] = set(given["userlist"])
        return as_json(errcode=0, errmsg="ok", chatid=given["chatid"])
    if given["chatid"] not in GROUPS:
        return as_json(errcode=86001, errmsg="invalid chatid")
    if post.path.endswith("/update"):
        GROUPS[given["chatid"]] |= set(given["add_user_list"])
    else:
        vendor.taken.append(post)
    return as_json(errcode=0, errmsg="ok")


@pytest.fixture
def company(settings: Settings) -> Iterator[Vendor]:
    GROUPS.clear()
    UNKNOWN.clear()
    settings.HUIYIN_INTERNAL_HOSTS = ["127.0.0.1"]
    settings.HUIYIN_WECOM_CORP_ID, settings.HUIYIN_WECOM_CORP_SECRET = "ww1", "s3cret"
    with serving(wecom, "") as vendor:
        settings.HUIYIN_WECOM_URL = vendor.url
        yield vendor


def called(case: RedCase) -> WarRoom:
    return rooms.call(case, topic="是否停售", place="会议 123", actor=actor("supervisor"), at=later(minutes=12))


def names(room: WarRoom) -> set[str]:
    return set(room.participants.values_list("member__username", flat=True))


@pytest.mark.req("C039")
def test_the_call_makes_one_group_of_all_who_are_called_and_says_where_to_come(case: RedCase, company: Vendor) -> None:
    named(case, "legal", "pr1", lead="qs1")
    room = called(case)
    assert gathering.gather(case.complaint_id, at=later(minutes=12, seconds=20)) == room
    assert list(GROUPS.values()) == [names(room)]
    [said] = company.taken
    words = said.json["text"]["content"]
    assert case.complaint.number in words
    assert "会议 123" in words
    assert "是否停售" not in words  # nothing of the complaint goes outside

    assert gathering.gather(case.complaint_id, at=later(minutes=13)) is None  # a job may run twice
    rooms.invite(room, members=[member("it1")], actor=actor("supervisor"), at=later(minutes=14))
    gathering.gather(case.complaint_id, at=later(minutes=14))
    assert list(GROUPS.values()) == [names(room)]
    assert "it1" in names(room)
    assert WarRoom.objects.get().group_at == later(minutes=12, seconds=20)


@pytest.mark.req("C039")
def test_a_group_that_stood_already_is_filled_and_not_made_twice(case: RedCase, company: Vendor) -> None:
    named(case, "legal", "pr1", lead="qs1")
    room = called(case)
    gathering.gather(case.complaint_id, at=later(minutes=12))
    room.participants.update(in_group_at=None)  # the worker was killed before it could write it down
    tasks.gather(case.complaint_id)
    assert list(GROUPS.values()) == [names(room)]
    assert room.participants.filter(in_group_at=None).count() == 0


@pytest.mark.req("C039")
def test_what_wecom_refuses_stands_on_the_page_and_the_call_goes_out_all_the_same(
    case: RedCase, company: Vendor, settings: Settings
) -> None:
    named(case, "legal", "pr1", lead="qs1")
    UNKNOWN.add("pr1")
    room = called(case)
    assert gathering.gather(case.complaint_id, at=later(minutes=12)) is None
    room.refresh_from_db()
    assert (room.group_at, room.group_fault) == (None, "40031 invalid userid list: pr1")
    company.answers.append((503, {}, b""))
    with pytest.raises(Unreachable):  # to be tried again
        gathering.gather(case.complaint_id, at=later(minutes=13))
    settings.HUIYIN_WECOM_CORP_SECRET = "wrong"
    assert gathering.gather(case.complaint_id, at=later(minutes=14)) is None
    assert WarRoom.objects.get().group_fault == "40001 invalid credential"


def test_without_a_wecom_nothing_is_asked(case: RedCase) -> None:
    called(case)
    assert gathering.gather(case.complaint_id, at=later(minutes=12)) is None
    assert WarRoom.objects.get().group_fault == ""
