"""Scripts, words to avoid and letters in the settings: tried before they hold, kept on record, as shipped again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from huiyin.channels.models import Message
from huiyin.channels.tasks import deliver_message
from huiyin.complaints.actions import receipting
from huiyin.knowledge import queries
from huiyin.knowledge.actions import editing
from huiyin.knowledge.errors import MayNotEdit
from huiyin.knowledge.models import Frame, LetterText, Phrase, Script
from huiyin.org.models import Change, Member
from tests import cast
from tests.cast import actor

Sits = Callable[[str], Client]
S = "/desk/settings/"
PLACES = (
    "scripts",
    "scripts/new",
    "scripts/RS-10",
    "scripts/frames/sms",
    "phrases",
    "phrases/FP-12",
    "letters/receipt",
)


def words(answer: Any) -> str:
    return str(answer.content.decode())


def fields(client: Client, place: str, **given: object) -> dict[str, object]:
    """The form as the page has it, with something changed."""
    form = client.get(S + place).context["form"]
    kept = {name: form[name].value() for name in form.fields}
    shown = {name: "on" if value is True else value for name, value in kept.items() if value not in (None, False)}
    return {**shown, **given}


@pytest.fixture
def editor(sits: Sits) -> Client:
    Member.objects.create(username="editor", name="知识库编辑", unit=cast.unit("CC"), roles=["kb_editor"])
    return sits("editor")


def test_an_editor_keeps_the_words_and_nothing_else_of_the_settings(editor: Client, sits: Sits) -> None:
    assert {place: editor.get(S + place).status_code for place in PLACES} == dict.fromkeys(PLACES, 200)
    assert [editor.get(S + place).status_code for place in ("", "units", "routing", "promises", "history")] == [403] * 5
    assert {place: sits("agent").get(S + place).status_code for place in PLACES} == dict.fromkeys(PLACES, 403)
    assert f'href="{S}scripts"' in words(editor.get("/desk/knowledge/"))
    before = list(Script.objects.values_list("text", flat=True))
    for place in PLACES:
        assert sits("agent").post(S + place, {"text": "x", "code": "RS-900", "name_zh": "x"}).status_code == 403
    with pytest.raises(MayNotEdit):
        editing.amend(Script.objects.get(code="RS-10"), values={"text": "x"}, actor=actor("agent"), at=timezone.now())
    assert list(Script.objects.values_list("text", flat=True)) == before


@pytest.mark.req("C056")
def test_a_script_is_tried_on_a_sample_in_every_channel_before_it_is_saved(editor: Client) -> None:
    text = "{customer}您好，您的{product}{deadline}前答复，这是公司规定。"
    given = fields(editor, "scripts/RS-10", text=text, sms_text="{case_no}已换货。")

    tried = words(editor.post(f"{S}scripts/RS-10", {**given, "try": "yes"}))
    assert ("张女士您好，您的星桥电饭煲11月25日18:00前答复" in tried, "TS20261122-00042已换货。" in tried) == (
        True,
        True,
    )
    assert "不宜对客户说" in tried
    assert not Change.objects.exists()
    assert Script.objects.get(code="RS-10").text != text

    assert editor.post(f"{S}scripts/RS-10", given).status_code == 302
    change = Change.objects.get()
    assert (change.area, change.subject, change.after) == (
        "wording", "RS-10", {"text": text, "sms_text": "{case_no}已换货。"},
    )  # fmt: skip
    assert text in words(editor.get(f"{S}scripts/RS-10"))


def test_a_new_script_is_brought_by_two_colons_and_one_switched_off_is_not(editor: Client, sits: Sits) -> None:
    given = fields(editor, "scripts/new", code="RS-901", name_zh="灯塔话术", stage="handle", text="灯塔{agent}")
    assert editor.post(f"{S}scripts/new", {**given, "text": "{nobody}"}).status_code == 422
    assert editor.post(f"{S}scripts/new", {**given, "code": "rs 1"}).status_code == 422
    assert editor.post(f"{S}scripts/new", given).status_code == 302
    assert editor.post(f"{S}scripts/new", given).status_code == 422
    place = f"/desk/complaints/{cast.filed().number}/at-hand?kind=script&q=灯塔"
    assert "灯塔李雷" in words(sits("agent").get(place))

    off = fields(editor, "scripts/RS-901")
    off.pop("is_active")
    editor.post(f"{S}scripts/RS-901", off)

    assert "灯塔李雷" not in words(sits("agent").get(place))
    assert list(Change.objects.order_by("id").values_list("verb", flat=True)) == ["added", "retired"]


def test_how_a_channel_begins_and_ends_is_changed_for_all_scripts(editor: Client) -> None:
    editor.post(f"{S}scripts/frames/sms", {"opening": "【灯塔】", "closing": "退订回T"})
    assert queries.frames()["sms"].opening == "【灯塔】"
    assert Change.objects.get().subject == "sms"
    assert Frame.objects.get(channel="sms").closing == "退订回T"


def test_a_word_to_avoid_is_tried_on_a_text_before_it_holds(editor: Client, sits: Sits) -> None:
    new = fields(
        editor, "phrases/new", code="FP-901", level="block", when="forbidden", words="灯塔\n海星", why="内部叫法",
        rewrite="项目", trial="我们的灯塔计划",
    )  # fmt: skip
    tried = words(editor.post(f"{S}phrases/new", {**new, "try": "yes"}))
    assert ("“灯塔”不宜对客户说：内部叫法（FP-901）" in tried, Phrase.objects.filter(code="FP-901").exists()) == (
        True,
        False,
    )
    assert editor.post(f"{S}phrases/new", {**new, "pattern": "(对不起"}).status_code == 422

    editor.post(f"{S}phrases/new", new)

    on_the_list = words(editor.post(f"{S}phrases", {"text": "海星真好"}))
    assert "“海星”不宜对客户说" in on_the_list
    letter = {"channel": "phone", "body": "海星真好"}
    assert "海星" in words(sits("agent").post(f"/desk/complaints/{cast.filed().number}/wording", letter))
    assert "FP-901" in words(editor.get(f"{S}phrases", {"q": "海星"}))


def test_an_expression_without_end_or_a_rewrite_of_what_it_lacks_is_refused_and_nothing_is_kept(editor: Client) -> None:
    new = fields(
        editor, "phrases/new", code="FP-901", level="block", when="forbidden", why="内部叫法", pattern="(a+)+$"
    )  # fmt: skip
    slow = editor.post(f"{S}phrases/new", new)
    lacking = editor.post(f"{S}phrases/new", {**new, "pattern": "不能(?P<what>退)", "rewrite": r"可以\g<who>"})

    open_end = editor.post(f"{S}phrases/new", {**new, "pattern": "不能(退)", "rewrite": "可以\\g<1》"})

    assert (slow.status_code, lacking.status_code, open_end.status_code) == (422, 422, 422)
    assert "反斜杠只用来取分组" in words(open_end)
    assert "这条正则表达式太慢" in words(slow)
    assert "正则表达式里没有这个分组：who" in words(lacking)
    assert not Phrase.objects.filter(code="FP-901").exists()


def test_an_expression_without_end_that_is_there_already_lets_the_letter_be_looked_at(
    editor: Client, sits: Sits
) -> None:
    Phrase.objects.create(code="FP-901", level="block", why="内部叫法", pattern="(a+)+$")
    letter = {"channel": "phone", "body": "海星" + "a" * 3_000 + "！"}

    seen = words(sits("agent").post(f"/desk/complaints/{cast.filed().number}/wording", letter))

    assert "没有检查“内部叫法”（FP-901）" in seen


def receipt() -> tuple[str, str]:
    complaint = cast.filed(email="zhang@example.com")
    receipting.acknowledge(complaint, at=timezone.now())
    message = Message.objects.get(external_id=f"{complaint.number}.receipt")
    deliver_message(message.pk)
    sent: Any = mail.outbox[-1]
    return sent.subject.replace(complaint.number, "N"), sent.body.replace(complaint.number, "N")


def test_a_letter_goes_out_in_the_companys_own_words_and_as_shipped_again(editor: Client) -> None:
    shipped = receipt()
    given = fields(editor, "letters/receipt", subject_zh="灯塔已收到 {number}", body_zh="请看 {link}")

    tried = words(editor.post(f"{S}letters/receipt", {**given, "try": "yes"}))
    assert ("灯塔已收到 TS20261122-00042" in tried, LetterText.objects.exists()) == (True, False)
    assert editor.post(f"{S}letters/receipt", given).status_code == 302
    row = LetterText.objects.get()
    assert (row.subject_zh, row.subject_en, row.body_en) == ("灯塔已收到 {number}", "", "")
    own = receipt()
    assert (own[0], own[1].startswith("请看 http")) == ("灯塔已收到 N", True)
    with translation.override("en"):
        assert queries.letter("receipt", number="N", link="L").subject == "Your complaint was taken in: N"

    editor.post(f"{S}letters/receipt/restoration")

    assert not LetterText.objects.exists()
    assert receipt()[0] == shipped[0]
    assert "482913" in queries.letter("code_sms", code="482913").body
    assert list(Change.objects.order_by("id").values_list("area", "verb")) == [
        ("letters", "amended"), ("letters", "restored"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "given", "said"),
    [
        ("receipt", {"body_zh": "您好"}, "正文里缺少 {link}"),
        ("receipt", {"body_zh": "{link} {name}"}, "没有这样的填空：{name}"),
        ("code_sms", {"body_en": "hello"}, "正文里缺少 {code}"),
        ("answer", {"subject_zh": "{code}"}, "没有这样的填空：{code}"),
        ("code_sms", {"body_zh": "{code}" + "长" * 400}, "最多 300 字"),
    ],
)
def test_a_letter_without_what_it_is_for_is_refused(
    editor: Client, code: str, given: dict[str, str], said: str
) -> None:
    answer = editor.post(f"{S}letters/{code}", fields(editor, f"letters/{code}", **given))
    assert (answer.status_code, said in words(answer), LetterText.objects.exists()) == (422, True, False)
    assert editor.get(f"{S}letters/nothing").status_code == 404


@pytest.mark.parametrize("place", ["scripts", "phrases", "letters"])
def test_a_longer_list_costs_no_more(editor: Client, place: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            assert editor.get(S + place).status_code == 200
        return len(made)

    cost()
    first = cost()
    for number in range(3):
        Script.objects.create(code=f"ZZ-{number}", name_zh="x", stage="handle", text="y")
        Phrase.objects.create(code=f"ZZ-{number}", level="note", words=["x"], why="y")
    assert cost() == first


def test_what_is_changed_in_djangos_own_administration_is_on_record_or_read_only(sits: Sits) -> None:
    from huiyin.dispatch.models import RoutingRule
    from huiyin.triage.models import ElementSet, SeverityRule, Synonym

    client = sits("admin")
    for place, row in (("dispatch/routingrule", RoutingRule), ("triage/elementset", ElementSet)):
        first: Any = row.objects.first()
        assert client.get(f"/admin/{place}/{first.pk}/change/").status_code == 200
        assert client.post(f"/admin/{place}/{first.pk}/change/", {"position": 5}).status_code == 403
        assert client.get(f"/admin/{place}/add/").status_code == 403
    assert not Change.objects.exists()
    rule, synonym = SeverityRule.objects.get(code="SEV-12"), Synonym.objects.all()[0]
    client.post(
        f"/admin/triage/severityrule/{rule.pk}/change/",
        {"position": rule.position, "level": 1, "name_zh": rule.name_zh, "condition": "{}", "is_active": "on"},
    )
    client.post(
        f"/admin/triage/synonym/{synonym.pk}/change/",
        {"canonical": synonym.canonical, "variants": "灯塔", "tag": synonym.tag},
    )
    kept = {change.label: change for change in Change.objects.filter(area="grading")}
    assert kept[str(synonym)].after == {"variants": ["灯塔"]}
    assert kept[str(synonym)].made_by == cast.member("admin")
