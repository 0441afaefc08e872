"""What the timeline says of time: a lawyer reads from it which promise was moved, until when, and by whose hand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from huiyin.complaints.actions import sweeping
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.desk import saying_time
from huiyin.org.models import Member
from tests import cast

Sits = Callable[[str], Client]
Kind = Event.Kind
NAMES = {"CK-RESOLVE": "解决（整体）", "CK-SIGN": "签收"}
DUE = "2026-11-23T04:00:00+00:00"
YANG, QIN = Member(pk=1, name="杨帆"), Member(pk=2, name="秦勇")


def said(kind: str, **given: Any) -> str | None:
    return saying_time.about(kind, given, NAMES, {1: YANG, 2: QIN})


@pytest.mark.parametrize(
    ("kind", "given", "chinese", "english"),
    [
        (Kind.WARNED, {"clock": "CK-RESOLVE", "share": 80, "due": DUE},
         "解决，已用 80%，截止 2026-11-23 12:00", "80% of its time used, due 2026-11-23 12:00"),
        (Kind.PAUSED, {"pause": "WAIT_CUST", "clocks": ["CK-RESOLVE"], "until": DUE},
         "停止计时：解决；最晚 2026-11-23 12:00 恢复", "runs on 2026-11-23 12:00 at the latest"),
        (Kind.PAUSED, {"pause": "WAIT_LAB", "clocks": [], "review": DUE},
         "没有停下的时限；2026-11-23 12:00 再看是否还要等", "No clock was held"),
        (Kind.RESUMED, {"pauses": ["WAIT_LAB"]}, "暂停结束：等待检测鉴定", "No longer held"),
        (Kind.PAUSE_REMINDED, {"pause": "WAIT_LAB", "count": 2}, "等待检测鉴定（第 2 次）", "2"),
        (Kind.EXTENSION_ASKED, {"clock": "CK-RESOLVE", "days": 3},
         "解决，申请延长 3 个工作日", "3 working day(s) more asked for"),
        (Kind.EXTENSION_ASKED, {"clock": "CK-RESOLVE", "due": DUE},
         "解决，申请延至 2026-11-23 12:00", "asked to be due"),
        (Kind.EXTENDED, {"clock": "CK-RESOLVE", "days": 3, "due": DUE},
         "解决，延至 2026-11-23 12:00（3 个工作日）", "due 2026-11-23 12:00 now"),
        (Kind.EXTENSION_REFUSED, {"clock": "CK-RESOLVE"}, "解决，仍按原定时限", "as it was promised"),
        (Kind.BREACH_EXPLAINED, {"clocks": ["CK-RESOLVE", "CK-SIGN GD1"]}, "解决、签收 GD1", "GD1"),
        (Kind.SUPERVISED, {"letter": "DB1-1", "order": "GD1", "due": DUE},
         "DB1-1；工单 GD1；请于 2026-11-23 12:00 前答复", "to be answered by 2026-11-23 12:00"),
        (Kind.TAKEN_BACK, {"order": "GD1", "unit": "D1", "member": 1}, "工单 GD1；从杨帆收回", "taken back from 杨帆"),
        (Kind.OFFERED_ON, {"order": "GD1", "unit": "D1", "member": 2, "due": DUE},
         "工单 GD1 → 秦勇；请于 2026-11-23 12:00 前签收", "to be signed for by 2026-11-23 12:00"),
        (Kind.REGULATORY_DECIDED, {"profile": "12315", "rung": "ext", "granted": True, "before": {"due": DUE},
          "due": DUE},
         "12315 ext；同意；2026-11-23 12:00 → 2026-11-23 12:00", "12315 ext"),
    ],
)  # fmt: skip
def test_each_says_what_when_and_whose(kind: str, given: dict[str, Any], chinese: str, english: str) -> None:
    assert said(kind, **given) == chinese
    with translation.override("en"):
        assert english in str(said(kind, **given))


def test_what_is_not_about_time_is_left_to_others() -> None:
    assert said(Kind.FILED) is None


def test_several_warnings_in_a_row_are_one_entry_that_names_each(sits: Sits) -> None:
    complaint = cast.reviewed(cast.filed(at=timezone.now() - timedelta(hours=2)), at=timezone.now())
    now = timezone.now()
    found = Clock.objects.running().filter(complaint=complaint, code__in=["CK-RESOLVE", "CK-SR"])
    found.update(started_at=now - timedelta(hours=9), due_at=now + timedelta(hours=1), attention_at=now)
    sweeping.sweep(at=now + timedelta(seconds=1))
    warned = Event.objects.filter(complaint=complaint, kind=Kind.WARNED)
    assert warned.count() > 1

    page = str(sits("supervisor").get(f"/desk/complaints/{complaint.number}").content.decode())

    assert f"时限预警 ×{warned.count()}" in page
    assert "已用 80%" in page or "已用 90%" in page
    assert Complaint.objects.get(pk=complaint.pk).breached_at is None
