"""The demo company is cleared away: only its own rows, never a real one, and no event is lost."""

import pytest
from django.utils import timezone

from huiyin.complaints.actions import keeping
from huiyin.complaints.actions.putting_away import NotOfTheDemo, put_away
from huiyin.complaints.models import ChainHead, Complaint, Event
from huiyin.complaints.states import ENDED
from huiyin.dispatch import burdens
from huiyin.dispatch.actions import clearing
from huiyin.dispatch.models import WorkOrder
from huiyin.org.actions import members
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.errors import MayNotConfigure
from huiyin.org.models import Change, Member, SetupStep
from tests import cast
from tests.cast import actor

pytestmark = pytest.mark.django_db
TYPED = "移除演示数据"


@pytest.fixture
def own() -> Actor:
    """A real administrator."""
    cast.company()
    return Actor.of(
        members.add(
            username="chen", name="陈立", unit=cast.unit("HQ"), roles=["admin"], actor=SYSTEM, at=timezone.now()
        )
    )


def of_the_demo(complaint: Complaint) -> Complaint:
    Complaint.objects.filter(pk=complaint.pk).update(is_demo=True)
    complaint.refresh_from_db()
    return complaint


def begun() -> tuple[int, int, int]:
    changes = Change.objects.filter(area=Change.Area.SETUP).count()
    return SetupStep.objects.exclude(started_at=None).count(), changes, Member.objects.active().count()


def test_what_is_the_demos_is_hidden_and_ended_and_every_event_stands(own: Actor) -> None:
    demo = of_the_demo(cast.dispatched()[0].complaint)
    real = cast.filed(phone="13900002222")
    events = Event.objects.filter(complaint=demo).count()
    supervisor = cast.member("supervisor")  # as they were before they left

    clearing.begin(typed=TYPED, actor=own, at=timezone.now())
    assert clearing.clear_some(at=timezone.now()) == 1
    assert clearing.clear_some(at=timezone.now()) == 0
    clearing.finish(at=timezone.now())

    demo.refresh_from_db()
    assert demo.state in ENDED
    assert demo.put_away_at is not None
    assert [each.pk for each in Complaint.objects.visible_to(supervisor)] == [real.pk]
    kinds = list(Event.objects.filter(complaint=demo).order_by("seq").values_list("kind", flat=True))
    assert (len(kinds) > events, kinds[-1] in ("put_away", "cancelled"), "withdrawn" in kinds) == (True, True, True)
    assert ChainHead.objects.get(complaint=demo).seq == len(kinds)
    assert not WorkOrder.objects.active().filter(complaint=demo).exists()
    assert list(Member.objects.active().values_list("username", flat=True)) == ["chen"]
    assert SetupStep.objects.get(code="demo").done_at is not None
    real.refresh_from_db()
    assert (real.put_away_at, real.is_open) == (None, True)


def test_a_real_complaint_is_never_put_away(own: Actor) -> None:
    real = cast.filed()
    before = Event.objects.count()

    with pytest.raises(NotOfTheDemo):
        put_away(real, reason="x", actor=SYSTEM, at=timezone.now())

    real.refresh_from_db()
    assert (real.put_away_at, Event.objects.count()) == (None, before)


def test_it_is_refused_while_a_demo_member_holds_a_real_complaint(own: Actor) -> None:
    real = cast.filed()
    keeping.assign(real, to=cast.member("agent"), actor=actor("reviewer"), at=timezone.now())
    before = begun()

    with pytest.raises(clearing.RealWorkTouched) as refusal:
        clearing.begin(typed=TYPED, actor=own, at=timezone.now())

    assert (refusal.value.numbers, begun()) == ((real.number,), before)


def test_it_is_refused_to_a_demo_account_and_without_the_words_and_to_others(own: Actor) -> None:
    before = begun()
    for typed, who, refusal in (
        (TYPED, actor("admin"), clearing.StillDemo),
        ("好", own, clearing.WrongWords),
        (TYPED, actor("manager"), MayNotConfigure),
    ):
        with pytest.raises(refusal):
            clearing.begin(typed=typed, actor=who, at=timezone.now())
    assert begun() == before


def test_it_is_begun_once(own: Actor) -> None:
    clearing.begin(typed=TYPED, actor=own, at=timezone.now())
    before = begun()
    with pytest.raises(clearing.AlreadyBegun):
        clearing.begin(typed=TYPED, actor=own, at=timezone.now())
    assert begun() == before


def test_what_hangs_on_a_unit_is_counted_and_named_without_a_word_of_it(own: Actor) -> None:
    complaint = cast.filed()
    owner = complaint.owner_unit

    assert burdens.of_unit(owner) == [complaint.number]
    assert burdens.by_unit() == {owner.pk: 1}
    assert burdens.within(cast.unit("HQ")) == 1
    assert burdens.of_category(complaint.category_id) == burdens.by_category()[complaint.category_id] == 1
    of_the_demo(complaint)
    put_away(complaint, reason="演示", actor=SYSTEM, at=timezone.now())
    assert (burdens.of_unit(owner), burdens.by_unit()) == ([], {})


def test_who_was_given_real_work_meanwhile_stays_with_it_and_it_can_be_done_again(own: Actor) -> None:
    of_the_demo(cast.dispatched()[0].complaint)
    real = cast.filed(phone="13900002222")
    clearing.begin(typed=TYPED, actor=own, at=timezone.now())
    keeping.assign(real, to=cast.member("agent"), actor=actor("reviewer"), at=timezone.now())
    while clearing.clear_some(at=timezone.now()):
        pass

    clearing.finish(at=timezone.now())

    assert sorted(Member.objects.active().values_list("username", flat=True)) == ["agent", "chen"]
    assert SetupStep.objects.get(code="demo").done_at is None
    with pytest.raises(clearing.RealWorkTouched):
        clearing.begin(typed=TYPED, actor=own, at=timezone.now())
