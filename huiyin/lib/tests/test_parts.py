from django.template import Context, Template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, override


def person(name: object) -> str:
    return Template('{% load parts %}{% part "parts/person.html" name=name %}').render(Context({"name": name}))


def test_a_part_renders_as_an_include_does() -> None:
    included = Template('{% include "parts/person.html" with name=name only %}').render(Context({"name": "李雷"}))
    assert person("李雷") == included.strip()


def test_words_marked_safe_never_pass_their_mark_to_equal_words() -> None:
    marked = person(SafeString("<b>李雷</b>"))
    assert "<b>" not in marked
    assert person("<b>李雷</b>") == marked


def test_lazy_words_follow_the_language() -> None:
    words = gettext_lazy("登录")
    with override("zh-hans"):
        assert "登录" in person(words)
    with override("en"):
        assert "Sign in" in person(words)
