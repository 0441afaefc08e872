"""The estimate of the customer's emotion, 1 to 5, and what cannot wait."""

from __future__ import annotations

import pytest

from huiyin.triage.book import Book
from huiyin.triage.grading import grade


@pytest.mark.req("C138")
@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("订单显示已发货。", 1),
        ("这个耳机音质让人失望。", 2),
        ("我已经催了好几次，到底什么时候能到？", 3),
        ("太过分了，叫你们经理出来！", 4),
        ("再不处理我就曝光你们。", 5),
        ("他妈的你们就是一群王八蛋。", 5),
        ("This is outrageous, I want to speak to your manager.", 4),
        ("王师傅服务热情，非常满意，特别感谢！！！", 1),
        ("快递又晚到了，失望！！！", 3),
        ("东西收到了😡", 4),
    ],
)
def test_the_strongest_cue_sets_the_emotion(text: str, emotion: int, book: Book) -> None:
    assert grade(text, book=book).emotion == emotion


@pytest.mark.parametrize("text", ["厂家不是骗子，就是发货晚了。", "没有着急，慢慢来。"])
def test_what_is_denied_is_not_felt(text: str, book: Book) -> None:
    assert grade(text, book=book).emotion < 3


@pytest.mark.parametrize(
    ("text", "is_urgent"),
    [
        ("热水器还在漏水，正在往楼下渗，十万火急。", True),
        ("你们再拖我就从你们楼上跳楼。", True),
        ("插座着火了。", True),
        ("请尽快处理。", False),
        ("快递晚到了两天。", False),
    ],
)
def test_what_cannot_wait_is_urgent(text: str, is_urgent: bool, book: Book) -> None:
    assert grade(text, book=book).urgent is is_urgent
