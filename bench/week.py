"""A week of the company, simulated by the minute and checked; its report is docs/simulated-week.md."""

import time
from typing import Any

from bench import report
from bench.place import Place

PAGE = report.ROOT / "docs" / "simulated-week.md"
SEED = 20261005


def measure(_here: Place, *, complaints: int) -> dict[str, Any]:
    from huiyin.complaints import auditing
    from tests.week import company, plans
    from tests.week.checking import Check
    from tests.week.driving import Week
    from tests.week.telling import written

    company.settle()
    week = Week(plans.drawn(complaints, seed=SEED))
    began = time.perf_counter()
    week.live()
    lived = time.perf_counter() - began
    check = Check(week)
    found = check.run()
    found.wrong += [f"the chain: {fault}" for fault in auditing.verify()]
    page = written(week, check, found, command=f"python -m bench --only week --complaints {complaints}")
    kept = report.RESULTS.parent / "simulated-week.md"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(page, "utf-8")
    if not found.wrong:
        PAGE.write_text(page, "utf-8")
    return {
        "complaints": len(week.stories),
        "moments": week.moments,
        "seconds": round(lived, 1),
        **{name: value for name, value in vars(found).items() if name != "wrong"},
        "refused": dict(week.refused),
        "wrong": found.wrong[:100],
        "wrong_count": len(found.wrong),
    }
