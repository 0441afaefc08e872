"""The editor's pages: found, changed, refused with a sentence, never deleted."""

import pytest
from django.test import Client

from huiyin.knowledge.models import Phrase, Playbook, Script
from huiyin.org.models import Member
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    cast.company()
    member = Member.objects.create(username="editor", name="知识库编辑", unit=cast.unit("CC"), roles=["kb_editor"])
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("model", ["script", "frame", "phrase", "method", "playbook", "librarycase"])
def test_every_list_opens_for_an_editor_and_nothing_can_be_deleted(editor: Client, model: str) -> None:
    row = {"script": Script, "phrase": Phrase, "playbook": Playbook}.get(model)

    assert editor.get(f"/admin/knowledge/{model}/").status_code == 200
    if row is not None:
        first = row._default_manager.first()
        assert first is not None
        assert editor.get(f"/admin/knowledge/{model}/{first.pk}/change/").status_code == 200
        assert editor.post(f"/admin/knowledge/{model}/{first.pk}/delete/", {"post": "yes"}).status_code == 403
    assert editor.get("/admin/triage/category/").status_code == 403


@pytest.mark.req("C056")
def test_an_editor_overrides_the_variant_of_one_channel(editor: Client) -> None:
    script = Script.objects.get(code="RS-10")
    given = {"name_zh": script.name_zh, "stage": script.stage, "categories": "LG-01\nLG-08", "text": script.text}

    editor.post(
        f"/admin/knowledge/script/{script.pk}/change/",
        {**given, "sms_text": "包裹{next_time}送到。", "position": 10, "is_active": "on"},
    )

    script.refresh_from_db()
    assert (script.code, script.sms_text, script.categories) == ("RS-10", "包裹{next_time}送到。", ["LG-01", "LG-08"])


def test_a_slot_that_nobody_fills_and_an_expression_that_is_none_are_refused(editor: Client) -> None:
    script, phrase = Script.objects.get(code="RS-10"), Phrase.objects.get(code="FP-12")

    answer = editor.post(
        f"/admin/knowledge/script/{script.pk}/change/",
        {"name_zh": "x", "stage": "offer", "text": "{nobody}", "position": 1},
    )
    assert "没有这个填空：nobody" in answer.content.decode()
    answer = editor.post(
        f"/admin/knowledge/phrase/{phrase.pk}/change/",
        {"when": "forbidden", "level": "block", "pattern": "(对不起", "why": "x", "position": 1},
    )
    assert "正则表达式有误" in answer.content.decode()
    assert Phrase.objects.get(code="FP-12").pattern == phrase.pattern
