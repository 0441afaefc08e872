"""Files with a note, a letter, a call: kept with the words, sent with a mail, seen by whom they are for."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from huiyin.channels.actions import sending
from huiyin.channels.models import Message
from huiyin.channels.tests.conftest import Post
from huiyin.channels.tests.conftest import post as post
from huiyin.complaints.actions import attaching, noting, replying, scheduling, waiting
from huiyin.complaints.auditing import verify
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Attachment, Complaint, Event, Letter, Note
from huiyin.duty.models import Absence
from huiyin.org.models import Member
from tests import cast
from tests.cast import actor

Sits = Callable[[str], Client]
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
BODY = "您好，我是客服李雷。经核查是主板故障，很抱歉给您添了麻烦，已安排换新，三天内送到。感谢您的理解。"
WORDS = {"purpose": "final", "channel": "email", "reached": "yes", "cause": "product", "body": BODY}


def picture(name: str = "插头烧焦.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG, content_type="image/png")


def of_a_mailing_customer() -> Complaint:
    now = timezone.now() - timedelta(hours=1)
    filed = cast.filed(email="zhang@example.com", at=now)
    [order] = cast.dispatched(cast.reviewed(filed, at=now), at=now)
    cast.passed(cast.completed(order, at=now), at=now)
    return Complaint.objects.get(pk=order.complaint_id)


def page_of(answer: Any) -> str:
    return str(answer.content.decode())


def send(client: Client, complaint: Complaint, noun: str = "letters", **given: Any) -> str:
    answer = client.post(f"/desk/complaints/{complaint.number}/{noun}", given, follow=True)
    assert answer.status_code == 200
    return page_of(answer)


def test_a_note_keeps_its_files_which_the_customer_never_sees(sits: Sits, client: Client) -> None:
    complaint = of_a_mailing_customer()

    page = send(sits("agent"), complaint, "notes", text="厂家发来的检测照片。", files=[picture(), picture("背面.png")])

    [note] = Note.objects.filter(kind=Note.Kind.NOTE)
    assert [Attachment.objects.get(pk=pk).name for pk in note.enclosed] == ["插头烧焦.png", "背面.png"]
    entry = page[page.index(f'id="note-{note.pk}"') :]
    assert "插头烧焦.png" in entry[: entry.index("</li>\n")] or "插头烧焦.png" in entry[:4000]
    assert "插头烧焦.png" not in page_of(client.get(f"/portal/t/{complaint.tracking_code}"))
    assert client.get(f"/portal/t/{complaint.tracking_code}/files/{note.enclosed[0]}").status_code == 404


def test_what_is_refused_is_said_at_the_files_and_the_words_stay(sits: Sits) -> None:
    complaint = of_a_mailing_customer()
    evil = SimpleUploadedFile("看这里.html", b"<html><script>alert(1)</script>")

    answer = sits("agent").post(
        f"/desk/complaints/{complaint.number}/notes", {"text": "这段话要留着。", "files": [picture(), evil]}
    )

    assert answer.status_code == 422
    assert "不接受这种文件：看这里.html" in page_of(answer)
    assert "这段话要留着。" in page_of(answer)
    assert "附件请重新选择" in page_of(answer)
    assert not Note.objects.filter(kind=Note.Kind.NOTE).exists()
    assert not Attachment.objects.exists()


@pytest.mark.req("A30")
def test_files_wait_with_the_mail_come_back_with_it_and_go_out_with_it(sits: Sits, post: Post, client: Client) -> None:
    complaint, desk = of_a_mailing_customer(), sits("agent")
    old = attaching.attach(complaint, name="保修卡.png", chunks=[PNG], actor=actor("agent"), at=timezone.now())

    send(desk, complaint, **WORDS, files=[picture("检测报告（终）.png")], enclosed=[str(old.pk)])
    letter = complaint.letters.get(status=Letter.Status.WAITING)
    assert len(letter.enclosed) == 2
    assert str(client.get(f"/portal/t/{complaint.tracking_code}").content.decode()).count("检测报告") == 0

    scheduling.take_back(letter, actor=actor("agent"))
    form = page_of(desk.get(f"/desk/complaints/{complaint.number}/letters"))
    assert len(re.findall(r'name="enclosed"[^>]*checked', form)) == 2
    send(desk, complaint, **WORDS, enclosed=[str(letter.enclosed[-1])])
    letter = complaint.letters.get(status=Letter.Status.WAITING)
    assert len(letter.enclosed) == 1
    assert scheduling.release(letter, at=timezone.now() + timedelta(minutes=1))

    message = Message.objects.outbound().filter(external_id__startswith=complaint.number).latest("pk")
    sending.deliver(message, at=timezone.now())
    [mail] = [each for each in post.taken if each.is_multipart()]
    [file] = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("检测报告（终）.png", PNG)
    assert BODY[:20] in str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]

    portal = page_of(client.get(f"/portal/t/{complaint.tracking_code}"))
    assert "检测报告（终）.png" in portal
    assert "保修卡.png" not in portal
    mine = client.get(f"/portal/t/{complaint.tracking_code}/files/{letter.enclosed[0]}")
    assert (mine.status_code, b"".join(mine.streaming_content)) == (200, PNG)  # type: ignore[attr-defined]
    assert client.get(f"/portal/t/{complaint.tracking_code}/files/{old.pk}").status_code == 404


def test_what_came_with_a_call_stays_among_ourselves(client: Client) -> None:
    complaint = of_a_mailing_customer()
    letter = replying.send(
        complaint, channel=Letter.Channel.PHONE, body="已电话说明。", is_final=False, files=[("通话.png", [PNG])],
        actor=actor("agent"), at=timezone.now(),
    )  # fmt: skip

    assert len(letter.enclosed) == 1
    assert "通话.png" not in page_of(client.get(f"/portal/t/{complaint.tracking_code}"))


def test_more_than_a_mail_server_takes_is_refused_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = of_a_mailing_customer()
    monkeypatch.setattr(replying, "MOST_MAILED", 100)

    with pytest.raises(GuardFailed) as refused:
        scheduling.schedule(
            complaint, channel=Letter.Channel.EMAIL, body=BODY, is_final=False, actor=actor("agent"),
            files=[("一.png", [PNG]), ("二.png", [PNG])], at=timezone.now(), send_at=timezone.now(),
        )  # fmt: skip
    assert refused.value.field == "files"
    assert not complaint.letters.exists()
    assert not Message.objects.exclude(files=[]).exists()


def test_the_preview_shows_what_goes_along_with_a_mail_only(sits: Sits) -> None:
    complaint, desk = of_a_mailing_customer(), sits("agent")
    old = attaching.attach(complaint, name="保修卡.png", chunks=[PNG], actor=actor("agent"), at=timezone.now())
    asked = {"body": BODY, "file_names": ["新拍的.png"], "enclosed": [str(old.pk), "x", "9" * 30]}

    shown = [
        page_of(desk.post(f"/desk/complaints/{complaint.number}/letter-preview", {**asked, "channel": channel}))
        for channel in ("email", "phone")
    ]

    assert ["保修卡.png" in each and "新拍的.png" in each for each in shown] == [True, False]


def test_a_file_of_another_complaint_does_not_go_along() -> None:
    complaint = of_a_mailing_customer()
    other = attaching.attach(cast.filed(), name="别人的.png", chunks=[PNG], actor=actor("agent"), at=timezone.now())

    with pytest.raises(GuardFailed, match="不属于这件投诉"):
        replying.draft(
            complaint, channel=Letter.Channel.EMAIL, body=BODY, kept=[other.pk], actor=actor("agent"), at=timezone.now()
        )


def test_a_mail_never_goes_without_the_file_that_it_speaks_of() -> None:
    """The note that the file came with was withdrawn while the mail waited."""
    complaint, at = of_a_mailing_customer(), timezone.now()
    note = noting.note(complaint, text="报告", files=[("报告.png", [PNG])], actor=actor("supervisor"), at=at)
    letter = scheduling.schedule(
        complaint, channel=Letter.Channel.EMAIL, body=BODY, kept=note.enclosed, is_final=True, cause="product",
        actor=actor("agent"), at=at, send_at=at + timedelta(hours=1),
    )  # fmt: skip
    noting.withdraw(note, actor=actor("supervisor"), at=at)

    assert not scheduling.release(letter, at=at + timedelta(hours=1))

    letter.refresh_from_db()
    assert (letter.status, letter.enclosed) == (Letter.Status.DRAFT, [])
    assert "附件有的已随备注撤回" in letter.returned_because
    assert not Message.objects.filter(external_id__startswith=f"{complaint.number}/").exists()


def test_a_note_whose_file_is_why_the_clock_stands_cannot_be_withdrawn() -> None:
    [order] = cast.dispatched(cast.reviewed(cast.filed(at=timezone.now())))
    complaint, at = order.complaint, timezone.now()
    complaint.refresh_from_db()
    note = noting.note(complaint, text="来信", files=[("来信.png", [PNG])], actor=actor("agent"), at=at)
    proof = f"attachment:{note.enclosed[0]}"
    waiting.pause(
        complaint, reason="客户要求延后", code="CUST_DEFER", evidence=proof, until=at + timedelta(days=2),
        actor=actor("agent"), at=at,
    )  # fmt: skip

    with pytest.raises(GuardFailed, match="暂停计时的依据"):
        noting.withdraw(note, actor=actor("agent"), at=at)

    note.refresh_from_db()
    assert note.withdrawn_at is None


def test_a_note_is_taken_back_from_its_toast_for_ten_minutes_by_who_wrote_it(sits: Sits) -> None:
    complaint, desk = of_a_mailing_customer(), sits("agent")
    page = send(desk, complaint, "notes", text="写错了投诉。@reviewer", files=[picture()])
    [note] = Note.objects.filter(kind=Note.Kind.NOTE)
    place = f"/desk/complaints/{complaint.number}/notes/{note.pk}/return"
    assert f'action="{place}"' in page

    assert sits("supervisor").post(place).status_code == 404
    answer = desk.post(place, follow=True)
    assert "备注已撤回" in page_of(answer)
    assert "内部备注（已撤回）" in page_of(answer)
    assert page_of(answer).count("内部备注（已撤回）") == 1
    assert "撤回备注" in page_of(answer)  # and that is an entry of its own, with who and when
    assert "写错了投诉" not in page_of(answer)
    assert "插头烧焦.png" not in page_of(answer)
    assert sits("agent").get(f"/desk/complaints/{complaint.number}/attachments/{note.enclosed[0]}").status_code == 404
    assert not note.mentions.exists()
    assert "这条备注已经撤回" in page_of(desk.post(place, follow=True))
    note.refresh_from_db()
    assert (note.text, list(verify())) == ("写错了投诉。@reviewer", [])

    late = noting.note(complaint, text="一小时前写的", actor=actor("agent"), at=timezone.now() - timedelta(hours=1))
    again = desk.post(f"/desk/complaints/{complaint.number}/notes/{late.pk}/return", follow=True)
    assert "备注写好 10 分钟后不能再撤回" in page_of(again)
    assert "一小时前写的" in page_of(again)


def test_an_assignment_is_taken_back_from_its_toast(sits: Sits) -> None:
    complaint, desk = of_a_mailing_customer(), sits("supervisor")
    before = complaint.assignee

    page = send(desk, complaint, "assignment", to=str(cast.member("agent2").pk))
    [place] = set(re.findall(r'action="(/desk/complaints/[^"]+/assignments/\d+/return)"', page))
    assert complaint.assignee != Complaint.objects.get().assignee
    answer = desk.post(place, follow=True)

    assert "负责人恢复为原来的" in page_of(answer)
    assert Complaint.objects.get().assignee == before


def test_a_note_on_many_is_taken_back_from_all_of_them(sits: Sits) -> None:
    first, second = of_a_mailing_customer(), cast.filed()
    desk = sits("supervisor")
    numbers = [first.number, second.number]

    page = page_of(desk.post("/desk/complaints/notes", {"number": numbers, "text": "批量写错的一句。"}))
    pairs = re.findall(r'name="undo" value="([^"]+)"', page)
    assert "/desk/complaints/notes/undoing" in page
    done = page_of(desk.post("/desk/complaints/notes/undoing", {"undo": [*pairs, "TS1:9", "x", "TS2:y"]}))

    assert done.count("备注已撤回") == 2
    assert "没有找到，或您无权查看" in done
    assert not Note.objects.filter(kind=Note.Kind.NOTE, withdrawn_at=None).exists()


def test_whom_an_at_did_not_reach_is_said(sits: Sits) -> None:
    complaint = of_a_mailing_customer()

    page = send(
        sits("agent"), complaint, "notes", text="@outsider 请看，@reviewer 也请看，@nobody_here，写到 a@example.com"
    )

    assert "没有工号是这样的同事：@nobody_here" in page
    assert "所以没有收到：王芳。" in page
    assert "备注已保存。" in send(sits("agent"), complaint, "notes", text="@reviewer 请看")


def test_who_was_called_by_name_is_away_or_has_left_is_said_with_how_to_reach_them(sits: Sits) -> None:
    complaint, desk, now = of_a_mailing_customer(), sits("agent"), timezone.now()
    boss, second, left = (cast.member(name) for name in ("supervisor", "agent2", "auditor"))
    Member.objects.filter(pk=second.pk).update(name=boss.name)
    Member.objects.filter(pk=left.pk).update(is_active=False)
    Absence.objects.create(
        member=cast.member("reviewer"), deputy=boss, made_at=now,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=2),
    )  # fmt: skip

    page = send(desk, complaint, "notes", text=f"@{boss.name}请看，@auditor 也看，@reviewer 复核")

    both = f"@{boss.name}（@agent2 {second.unit.name}、@supervisor {boss.unit.name}）"
    assert f"要写工号才送得到：{both}。" in page
    assert "账号已停用，没有送到：@auditor。" in page
    assert f"现在不在岗，回来才会看到：{cast.member('reviewer').name}（代理人 {boss.name}）。" in page
    assert "没有工号是这样的同事" not in page


def test_who_works_through_a_shelf_takes_a_mail_back_on_the_next_ones_page(sits: Sits, settings: Settings) -> None:
    complaint, onward = of_a_mailing_customer(), of_a_mailing_customer()
    settings.HUIYIN_UNDO_SECONDS = 40
    address = f"/desk/complaints/{complaint.number}/letters"

    answer = sits("agent").post(address, {**WORDS, "through": "reply"}, follow=True)

    letter = complaint.letters.get(status=Letter.Status.WAITING)
    page = page_of(answer)
    toast = page[page.index('id="toasts"') :]
    assert answer.redirect_chain[-1][0] == f"/desk/complaints/{onward.number}?through=reply"
    assert f'action="/desk/complaints/{complaint.number}/letters/{letter.pk}/return"' in toast
    assert 'data-toast-undo="40"' in toast


def test_a_mail_is_taken_back_from_its_toast_wherever_the_agent_goes_on(sits: Sits, settings: Settings) -> None:
    complaint, desk = of_a_mailing_customer(), sits("agent")
    settings.HUIYIN_UNDO_SECONDS = 40

    page = send(desk, complaint, **WORDS)

    letter = complaint.letters.get(status=Letter.Status.WAITING)
    place = f"/desk/complaints/{complaint.number}/letters/{letter.pk}/return"
    toast = page[page.index('id="toasts"') :]
    assert 'data-toast-undo="40"' in toast
    assert f'action="{place}"' in toast
    assert "没有发给客户" in page_of(desk.post(place, follow=True))
    tomorrow = f"{timezone.localtime(timezone.now() + timedelta(days=1)):%Y-%m-%dT%H:%M}"
    assert 'data-toast-undo="0"' in send(desk, complaint, **WORDS, send_at=tomorrow)


def test_the_record_says_which_files_went_with_which_words() -> None:
    complaint, at = of_a_mailing_customer(), timezone.now()
    note = noting.note(complaint, text="见图", files=[("一.png", [PNG])], actor=actor("agent"), at=at)
    noting.note(complaint, text="没有图", actor=actor("agent"), at=at)
    letter = replying.send(
        complaint, channel=Letter.Channel.EMAIL, body=BODY, is_final=False, files=[("二.png", [PNG])],
        actor=actor("agent"), at=at,
    )  # fmt: skip

    said = complaint.events.filter(kind__in=[Event.Kind.NOTED, Event.Kind.INFORMED]).order_by("seq")
    assert [each.particulars.get("files") for each in said] == [note.enclosed, None, letter.enclosed]


def test_the_customer_takes_home_which_files_came_with_our_answer(client: Client) -> None:
    complaint = of_a_mailing_customer()
    replying.send(
        complaint, channel=Letter.Channel.EMAIL, body=BODY, is_final=False, files=[("检测报告.png", [PNG])],
        actor=actor("agent"), at=timezone.now(),
    )  # fmt: skip

    given = client.get(f"/portal/t/{complaint.tracking_code}/data.json").json()
    page = page_of(client.get(f"/portal/t/{complaint.tracking_code}/data.html"))

    [answer] = given["answers"]
    assert [(each["name"], each["bytes"]) for each in answer["files"]] == [("检测报告.png", len(PNG))]
    assert given["files"] == []
    assert "检测报告.png" in page
