import re

import pytest
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

HEADINGS = {
    "400": "没有看懂这次请求",
    "403": "您没有权限看这一页或做这件事",
    "403_csrf": "这一页打开太久了，没有提交",
    "404": "没有找到这一页",
    "500": "系统出错了",
    "503": "暂时连不上数据库",
}


@pytest.mark.parametrize("page", HEADINGS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_failure_page_needs_no_database_and_shows_a_way_back(page: str, language: str) -> None:
    with override(language):
        heading, html = gettext(HEADINGS[page]), render_to_string(f"{page}.html")
    assert f"<h1>{heading}</h1>" in html
    assert 'href="/"' in html
    assert 'data-page="error"' in html


@pytest.mark.parametrize("page", HEADINGS)
def test_an_english_failure_page_has_no_chinese_words(page: str) -> None:
    with override("en"):
        html = render_to_string(f"{page}.html")
    assert re.findall(r"[\u4e00-\u9fff]+", html.replace(">中文<", "><")) == []
