import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.lib.canonical import GENESIS, canonical, link

# rows of the hash chain example (golden vectors), computed outside this code
CHAIN = [
    (
        {
            "seq": 1,
            "ts": "2026-11-21T01:00:00Z",
            "actor": "CS-A",
            "action": "dispatch",
            "data": {"to": "TECH", "order": "WO20261121-0001"},
        },
        "11ff43005a568395827d7e2d8535ced307ef2f6fdedc379808cb65773c0c7fa2",
    ),
    (
        {
            "seq": 2,
            "ts": "2026-11-21T02:00:00Z",
            "actor": "TECH-B",
            "action": "submit_plan",
            "data": {"plan": "更换主板"},
        },
        "63085ad73763a17f0dff203de29c539ca91ae5034b9228ffbb5b9574c30d45f9",
    ),
    (
        {"seq": 3, "ts": "2026-11-21T03:00:00Z", "actor": "CS-A", "action": "close", "data": {"csat": 5}},
        "2f003e63d8b6cc7735232fbbdf3da319090f86a6b2db01614e745f2d8f2c37b5",
    ),
]


def test_a_chain_links_as_the_golden_vectors_say() -> None:
    previous = GENESIS
    for record, expected in CHAIN:
        previous = link({**record, "prev": previous})
        assert previous == expected


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.integers() | st.text(st.characters(codec="utf-8"))))
def test_the_order_of_keys_makes_no_difference(record: dict[str, object]) -> None:
    assert canonical(dict(reversed(record.items()))) == canonical(record)


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"share": float("nan")})
    with pytest.raises(TypeError):
        canonical({"raw": b"1"})
