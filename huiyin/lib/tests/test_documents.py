"""YAML from a form: whatever is typed is plain values or one sentence, never a crash."""

import pytest

from huiyin.lib.documents import Unreadable, read


def test_plain_values_come_through() -> None:
    assert read("a: 1\nb: [x, 2.5, true, null]\nc: {d: 好}") == {"a": 1, "b": ["x", 2.5, True, None], "c": {"d": "好"}}
    assert read("") is None


@pytest.mark.parametrize(
    "text",
    [
        "a: [1", "a: 2026-11-22", "a: 2026-13-45", "a: .nan", "a: .inf", "a: " + "9" * 5000, "a: 0x" + "f" * 4000,
        'a: "x\\0y"', 'a: "\\ud800"', '"x\\0": 1', "1: a", "[" * 3000, "a: " + "[" * 40 + "]" * 40,
        "a: &x [1]\nb: *x", "a: !!python/object:os.system x", "a: !!int x", "a: !!binary aGk=", "a: !!set {x}",
        "!!timestamp x",
    ],
)  # fmt: skip
def test_what_no_table_could_keep_is_refused_in_words(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(text)
    assert str(refusal.value)
