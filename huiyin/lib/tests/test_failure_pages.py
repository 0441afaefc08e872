import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

HEADINGS = {
    "400": ("没有看懂这次请求", "This request could not be understood"),
    "403": ("您没有权限看这一页或做这件事", "You may not see this page or do this"),
    "403_csrf": ("这一页打开太久了，没有提交", "This page was open too long; nothing was sent"),
    "404": ("没有找到这一页", "Page not found"),
    "500": ("系统出错了", "Something failed on our side"),
}


@pytest.mark.parametrize("page", HEADINGS)
def test_a_failure_page_needs_no_database_and_shows_a_way_back(page: str) -> None:
    for language, heading in zip(("zh-hans", "en"), HEADINGS[page], strict=True):
        with override(language):
            html = render_to_string(f"{page}.html")
        assert f"<h1>{heading}</h1>" in html
        assert 'href="/"' in html
        assert 'data-page="error"' in html
