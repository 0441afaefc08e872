"""Every change of the organisation is on record, and the record only grows."""

import pytest
from django.db import DatabaseError, transaction

from huiyin.org import errors, guards
from huiyin.org.actions import arranging, dressing, importing, members, recording, setting_up
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Appearance, Change, Member, SetupStep, Unit
from huiyin.org.queries import effects_of_move, setup_left
from huiyin.org.tests.factories import NOW, company, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def units() -> dict[str, Unit]:
    return company()


@pytest.fixture
def admin(units: dict[str, Unit]) -> Actor:
    return Actor.of(member(units["HQ"], "admin", name="孙志远", username="admin"))


def recorded() -> list[tuple[str, str, object, object, str]]:
    """Newest first, without what the company was made of."""
    rows = Change.objects.exclude(made_by=None).select_related("made_by")
    return [(row.subject, row.verb, row.before, row.after, row.made_by.username) for row in rows if row.made_by]


def test_a_renaming_says_who_changed_what_from_what_to_what(units: dict[str, Unit], admin: Actor) -> None:
    arranging.rename_unit(units["QM"], name_zh="品质部", actor=admin, at=NOW)

    assert recorded() == [("QM", "amended", {"name_zh": "质量管理部"}, {"name_zh": "品质部"}, "admin")]


def test_what_changes_nothing_is_not_recorded(units: dict[str, Unit], admin: Actor) -> None:
    arranging.rename_unit(units["QM"], name_zh="质量管理部", actor=admin, at=NOW)

    assert recorded() == []


def test_an_address_stays_out_of_the_record_which_cannot_be_erased(units: dict[str, Unit], admin: Actor) -> None:
    li = members.add(username="lilei", name="李雷", unit=units["CC"], roles=["frontline"], actor=admin, at=NOW)
    members.describe(li, name="李雷", email="lilei@example.com", language="zh-hans", actor=admin, at=NOW)

    assert "example.com" not in str(recorded())
    assert [row[1] for row in recorded()] == ["amended", "added"]


def test_the_record_cannot_be_changed_or_deleted(units: dict[str, Unit], admin: Actor) -> None:
    arranging.rename_unit(units["QM"], name_zh="品质部", actor=admin, at=NOW)
    for spoil in (Change.objects.all().delete, lambda: Change.objects.update(label="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil()
    assert len(recorded()) == 1


def test_who_sets_the_policy_reads_its_changes_and_no_others(units: dict[str, Unit], admin: Actor) -> None:
    arranging.rename_unit(units["QM"], name_zh="品质部", actor=admin, at=NOW)
    outlet, agent = member(units["HQ"], "stats_outlet"), member(units["CC"], "frontline")

    recording.record(
        Change.Area.TIERS, "tiers", label="客户分级", verb=Change.Verb.AMENDED, before={"x": 1}, after={"x": 2},
        actor=admin, at=NOW,
    )  # fmt: skip

    assert admin.member is not None
    assert [
        Change.objects.visible_to(each).exclude(made_by=None).count() for each in (admin.member, outlet, agent)
    ] == [2, 1, 0]


def test_a_unit_with_open_work_is_not_retired(
    units: dict[str, Unit], admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "_asked", [lambda unit: ["TS20261122-00001", "TS20261122-00002"]])

    with pytest.raises(errors.StillHasWork) as refusal:
        arranging.deactivate_unit(units["QM-CASE"], actor=admin, at=NOW)

    assert refusal.value.numbers == ("TS20261122-00001", "TS20261122-00002")
    assert (Unit.objects.get(code="QM-CASE").is_active, recorded()) == (True, [])


def test_a_revision_is_made_whole_or_not_at_all(units: dict[str, Unit], admin: Actor) -> None:
    assert admin.member is not None
    given = {"name": "孙", "email": "", "language": "en", "unit": units["CC"], "line_manager": None, "roles": []}

    with pytest.raises(errors.LastAdministrator):
        members.revise(admin.member, **given, actor=admin, at=NOW)  # type: ignore[arg-type]  # by name

    kept = Member.objects.get(username="admin")
    assert (kept.name, kept.unit.code, kept.roles, recorded()) == ("孙志远", "HQ", ["admin"], [])


def test_a_move_says_whose_sight_changes(units: dict[str, Unit]) -> None:
    east = member(units["BR-EAST-CC"], "supervisor", name="韩梅梅")
    south = member(units["BR-SOUTH-CC"], "supervisor", name="王芳")
    member(units["HQ"], "executive", name="赵建国")
    member(units["CTY-E01"], "handler", name="许佳")

    found = effects_of_move(units["CTY-E01"], units["BR-SOUTH"])

    assert (found.units, found.members, found.losing, found.gaining) == (1, 1, [east], [south])


def test_a_renamed_demo_member_is_ones_own(units: dict[str, Unit], admin: Actor) -> None:
    li = member(units["CC"], "frontline")
    Member.objects.filter(pk=li.pk).update(is_demo=True)
    li.refresh_from_db()

    members.describe(li, name="李雷", email="", language="en", actor=admin, at=NOW)
    assert li.is_demo
    members.describe(li, name="陈立", email="", language="en", actor=admin, at=NOW)
    assert not Member.objects.get(pk=li.pk).is_demo


def test_the_guide_counts_what_is_left(units: dict[str, Unit], admin: Actor) -> None:
    assert setup_left() == 7
    setting_up.finish("mail", actor=admin, at=NOW)
    setting_up.finish("backup", actor=admin, at=NOW, is_skipped=True)
    assert setup_left() == 5
    setting_up.take_up_again("backup", actor=admin, at=NOW)
    setting_up.take_up_again("mail", actor=admin, at=NOW)  # done, not left out: stays
    assert setup_left() == 6
    with pytest.raises(errors.UnknownStep):
        setting_up.finish("nothing", actor=admin, at=NOW)


CSV = "编码,名称,英文名称,类型,上级编码\nMY-CC,客服中心,,客户服务中心,MY-HQ\nMY-HQ,总公司,Head office,总部,\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_of_units_is_taken_in_whatever_order_its_rows_stand(
    units: dict[str, Unit], admin: Actor, encoding: str
) -> None:
    assert importing.import_units(CSV.encode(encoding), actor=admin, at=NOW) == 2
    assert Unit.objects.get(code="MY-CC").path == "/MY-HQ/MY-CC/"


def test_titles_may_be_english(units: dict[str, Unit], admin: Actor) -> None:
    table = b"Code,name,kind,parent\nMY-HQ,Head office,headquarters,\n"
    assert importing.import_units(table, actor=admin, at=NOW) == 1
    assert Unit.objects.get(code="MY-HQ").kind == "headquarters"


def test_one_bad_row_keeps_the_whole_table_out(units: dict[str, Unit], admin: Actor) -> None:
    bad = CSV + "小写,坏编码,,部门,MY-HQ\nMY-X,无上级,,部门,NOPE\nMY-Y,怪类型,,星球,MY-HQ\n"

    with pytest.raises(errors.RowsUnsound) as refusal:
        importing.import_units(bad.encode(), actor=admin, at=NOW)

    assert [fault[:6] for fault in refusal.value.faults] == ["第 4 行：", "第 6 行：", "第 5 行："]
    assert not Unit.objects.filter(code__startswith="MY").exists()


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\x01", CSV.splitlines()[0].encode()])
def test_what_is_no_table_of_units_is_refused(units: dict[str, Unit], admin: Actor, content: bytes) -> None:
    with pytest.raises(errors.RowsUnsound):
        importing.import_units(content, actor=admin, at=NOW)


PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#2554b8"/></svg>'


@pytest.mark.parametrize(("content", "kind"), [(PNG, "image/png"), (SVG, "image/svg+xml")])
def test_a_picture_becomes_the_logo(units: dict[str, Unit], admin: Actor, content: bytes, kind: str) -> None:
    dressing.set_logo(content=content, name=f"logo.{kind[6:9]}", actor=admin, at=NOW)

    assert Appearance.objects.get().logo_type == kind


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00 a program",
        PNG + b"\x00" * 300_000,
        SVG.replace(b"<path", b"<script>alert(1)</script><path"),
        SVG.replace(b"<path", b'<path onclick="alert(1)"'),
        SVG.replace(b"<path", b'<a href="javascript:alert(1)"/><path'),
        SVG.replace(b"<path", b'<use href="https://example.com/x.svg#a"/><path'),
        SVG.replace(b"<path", b'<path style="fill:url(https://example.com)"'),
        SVG.replace(b"#2554b8", b"url(https://example.com/a)"),
        SVG.replace(b"<path", b"<foreignObject/><path"),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG,
        SVG[:-3],
    ],
)
def test_anything_else_does_not(units: dict[str, Unit], admin: Actor, content: bytes) -> None:
    with pytest.raises(errors.NotALogo):
        dressing.set_logo(content=content, name="logo.png", actor=admin, at=NOW)
    assert (Appearance.objects.count(), recorded()) == (0, [])


def test_a_colour_that_cannot_be_read_is_refused_and_the_nearest_named(units: dict[str, Unit], admin: Actor) -> None:
    with pytest.raises(errors.TooPale) as refusal:
        dressing.choose_accent(accent="#ffd400", actor=admin, at=NOW)
    dressing.choose_accent(accent=refusal.value.nearest, actor=admin, at=NOW)
    with pytest.raises(errors.NotAColour):
        dressing.choose_accent(accent="red;}body{display:none", actor=admin, at=NOW)
    assert Appearance.objects.get().accent == refusal.value.nearest


def test_nobody_else_changes_any_of_it(units: dict[str, Unit]) -> None:
    manager = Actor.of(member(units["CC"], "cc_manager", name="郑慧"))
    for act in (
        lambda: dressing.choose_accent(accent="#2554b8", actor=manager, at=NOW),
        lambda: dressing.set_logo(content=PNG, name="a", actor=manager, at=NOW),
        lambda: importing.import_units(CSV.encode(), actor=manager, at=NOW),
        lambda: setting_up.finish("mail", actor=manager, at=NOW),
    ):
        with pytest.raises(errors.MayNotConfigure):
            act()
    assert (Appearance.objects.count(), SetupStep.objects.count(), recorded()) == (0, 0, [])
    assert SYSTEM.member is None
