import json
from pathlib import Path
from typing import TypedDict

import pytest

from huiyin.sla.erlang import agents_needed, p_wait_over, service_level, staffing

VECTORS = json.loads((Path(__file__).parents[3] / "tests" / "golden_vectors.json").read_text("utf-8"))["erlang_c"]


class Queue(TypedDict):
    calls_per_hour: float
    aht_s: float
    agents: int


@pytest.mark.req("C091")
@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: str(each["agents"]))
def test_the_formula_gives_the_golden_figures(vector: dict[str, float]) -> None:
    queue: Queue = {
        "calls_per_hour": vector["calls_per_hour"],
        "aht_s": vector["aht_s"],
        "agents": int(vector["agents"]),
    }
    found = staffing(**queue)
    assert found.erlangs == pytest.approx(vector["erlangs"])
    assert found.p_wait == pytest.approx(vector["p_wait"])
    assert found.asa_s == pytest.approx(vector["asa_s"])
    over = {name: p_wait_over(**queue, seconds=seconds) for name, seconds in (("quarter", 900.0), ("third", 20.0))}
    assert over["quarter"] == pytest.approx(vector["p_wait_over_15min"], rel=1e-6)
    assert service_level(**queue, seconds=20) == pytest.approx(vector["service_level_20s"])


def test_too_few_are_never_enough_and_the_need_is_the_fewest() -> None:
    assert not staffing(calls_per_hour=60, aht_s=300, agents=5).is_stable
    assert p_wait_over(calls_per_hour=60, aht_s=300, agents=5, seconds=900) == 1
    need = agents_needed(calls_per_hour=60, aht_s=300, seconds=900, at_most=0.01)
    assert need == 7
    assert p_wait_over(calls_per_hour=60, aht_s=300, agents=6, seconds=900) > 0.01
    assert agents_needed(calls_per_hour=0, aht_s=300, seconds=900, at_most=0.01) == 1
    with pytest.raises(ValueError, match="some time"):
        staffing(calls_per_hour=1, aht_s=0, agents=1)
