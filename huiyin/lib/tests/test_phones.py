import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from huiyin.lib import phones


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("86-13800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("021-12345678转801", "02112345678"),
        ("(010) 6512 3456", "01065123456"),
        ("+86 21 1234 5678", "02112345678"),
        ("+49 30 901820", "+4930901820"),
        ("0049 30 901820", "+4930901820"),
        ("400-800-8820", "4008008820"),
        ("没有电话", ""),
        ("", ""),
    ],
)
def test_one_number_has_one_spelling(raw: str, number: str) -> None:
    assert phones.normalise(raw) == number


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing_more(raw: str) -> None:
    once = phones.normalise(raw)
    assert phones.normalise(once) == once


@pytest.mark.req("A37")
def test_the_self_check_of_2009_takes_134_to_139_and_the_default_takes_both() -> None:
    assert phones.looks_right("13900001111", "cmcc-2009")
    assert not phones.looks_right("13000001111", "cmcc-2009")
    assert [phones.looks_right(number) for number in ("13900001111", "13000001111")] == [True, True]


@pytest.mark.req("A37")
def test_the_2009_profile_takes_eleven_digits_of_six_prefixes_and_no_others() -> None:
    taken = [prefix for prefix in range(100, 200) if phones.looks_right(f"{prefix}00001111", "cmcc-2009")]
    assert taken == [134, 135, 136, 137, 138, 139]
    assert not phones.looks_right("1390000111", "cmcc-2009")


def test_an_installation_may_add_a_profile(settings: Settings) -> None:
    settings.HUIYIN_PHONE_PROFILES = {"store": r"6\d{5}"}
    assert phones.looks_right("612345", "store")


@pytest.mark.parametrize("raw", ["12800138000", "1380013800", "138001380000", "abc", ""])
def test_what_is_no_number_does_not_look_right(raw: str) -> None:
    assert not phones.looks_right(raw)


@pytest.mark.req("D25")
@pytest.mark.parametrize(
    ("raw", "shown"),
    [("13812341234", "138****1234"), ("021-12345678", "021****5678"), ("12315", "***15"), ("11", "**"), ("", "")],
)
def test_a_masked_number_shows_who_knows_it_that_it_is_the_one(raw: str, shown: str) -> None:
    assert phones.mask(raw) == shown
