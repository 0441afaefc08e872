"""What was measured: as JSON, as tables, and in docs/performance.md."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "var" / "bench"
PAGE = ROOT / "docs" / "performance.md"
MARK = "<!-- python -m bench --write -->"


def machine() -> dict[str, Any]:
    about = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    models = [line.split(":", 1)[1].strip() for line in about.splitlines() if line.startswith("model name")]
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": round(psutil.getloadavg()[0], 2),
        "commit": _commit(),
    }


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def keep(results: Mapping[str, Any]) -> Path:
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    file.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return file


def last() -> dict[str, Any]:
    """Each part as it was measured last, with its own machine and time; of reading each size."""
    found: dict[str, Any] = {}
    for file in sorted(RESULTS.glob("*.json")):
        measured = json.loads(file.read_text("utf-8"))
        if "reading" in measured and "reading" in found:
            measured["reading"]["sizes"] = found["reading"]["sizes"] | measured["reading"]["sizes"]
        found |= measured
    return found


def tables(results: Mapping[str, Any]) -> str:
    parts = {
        "felt": _felt,
        "intake": _intake,
        "reading": _reading,
        "importing": _importing,
        "resting": _resting,
        "sweeping": _sweeping,
        "reckoning": _reckoning,
        "week": _week,
    }
    return "\n\n".join(show(results[name]) for name, show in parts.items() if name in results) + "\n"


def write(results: Mapping[str, Any]) -> None:
    """Each table takes the place of the one of its name after the mark; those of parts not measured here stay."""
    before, _mark, there = PAGE.read_text("utf-8").partition(MARK)
    sections = _sections(there) | _sections(tables(results))
    PAGE.write_text(f"{before}{MARK}\n\n" + "\n\n".join(sections.values()) + "\n", "utf-8")


def _sections(text: str) -> dict[str, str]:
    """By heading, in order."""
    found = [each.strip() for each in re.split(r"^(?=### )", text, flags=re.MULTILINE) if each.strip()]
    return {each.partition("\n")[0]: each for each in found}


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *([str(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _on(about: Mapping[str, Any]) -> str:
    return (
        f"{about['at']}, {about['cores']} × {about['cpu']}, {about['memory_gb']} GB, {about['system']}, "
        f"Python {about['python']}, load {about['load_before']} before, commit {about['commit']}"
    )


_HEAD = ("", "per second", "p50 ms", "p95 ms", "p99 ms", "CPU ms web", "CPU ms PostgreSQL", "CPU ms client")


def _line(name: str, run: Mapping[str, Any]) -> list[Any]:
    figures = ("per_second", "p50_ms", "p95_ms", "p99_ms", "web_cpu_ms", "postgres_cpu_ms", "client_cpu_ms")
    return [name, *(run[figure] for figure in figures)]


def _intake(part: Mapping[str, Any]) -> str:
    rows = [_line("POST /api/v1/complaints", part["product"])]
    rows += [_line(f"floor, run {n}", run) for n, run in enumerate(part["floors"], start=1)]
    return (
        f"### Taking in\n\n{_on(part['machine'])}\n\n{_table(_HEAD, rows)}\n\n"
        f"Share of the floor: {part['share_of_floor']:.0%} by rate, {part['share_by_cpu']:.0%} by CPU time."
    )


def _reading(part: Mapping[str, Any]) -> str:
    rows = [_line(f"{size}: {name}", run) for size, pages in part["sizes"].items() for name, run in pages.items()]
    return f"### Reading\n\n{_on(part['machine'])}\n\n{_table(('complaints, page', *_HEAD[1:]), rows)}"


def _importing(part: Mapping[str, Any]) -> str:
    rows = [
        [name, run["per_second"], run["python_cpu_ms"], run["postgres_cpu_ms"]]
        for name, run in (("first run", part), ("again: all known", part["again"]))
    ]
    table = _table(("`huiyin import`", "rows per second", "CPU ms a row", "CPU ms PostgreSQL"), rows)
    return f"### Importing\n\n{_on(part['machine'])}; {part['rows']:,} rows\n\n{table}"


def _resting(part: Mapping[str, Any]) -> str:
    rows = [[name, size] for name, size in part["memory_mb"].items()]
    rows.append(["together", part["memory_total_mb"]])
    return (
        f"### At rest and at the start\n\n{_on(part['machine'])}\n\n{_table(('process', 'PSS, MB'), rows)}\n\n"
        f"`huiyin up` answers after {part['first_start_s']} s the first time, {part['next_start_s']} s after that."
    )


def _sweeping(part: Mapping[str, Any]) -> str:
    given = part["at_once"]
    rows = [
        ["a sweep that finds nothing due, p50", f"{part['idle_ms']['p50']} ms"],
        ["a sweep that finds nothing due, p95", f"{part['idle_ms']['p95']} ms"],
    ]
    for at_once in given if isinstance(given, list) else [given]:  # an earlier measurement has one
        told = f"{at_once['due']:,} fall due at once: recorded and everybody told, two workers"
        rows += [
            [told, f"{at_once['seconds']} s"],
            ["of that: events, notices", f"{at_once['events']:,}, {at_once['notices']:,}"],
        ]
    return (
        f"### Time passing\n\n{_on(part['machine'])}; {part['complaints']:,} complaints, "
        f"{part['running']:,} running clocks\n\n{_table(('', 'found'), rows)}"
    )


def _reckoning(part: Mapping[str, Any]) -> str:
    rows = [
        [f"what a closed day would do, {part['previewed']:,} clocks looked at", f"{part['preview_s']} s"],
        [f"all counted anew, {part['moved']:,} moved with an event each", f"{part['reckoned_s']} s"],
    ]
    about = f"{_on(part['machine'])}; {part['running']:,} running clocks"
    return f"### Counting anew\n\n{about}\n\n{_table(('', 'found'), rows)}"


def _felt(part: Mapping[str, Any]) -> str:
    kinds = (("queue to complaint, own page", "list"), ("queue to complaint beside the list", "split"))
    rows: list[list[Any]] = [[f"{name}: click to painted, p50", f"{part[key]['p50_ms']} ms"] for name, key in kinds]
    rows += [[f"{name}: click to painted, p95", f"{part[key]['p95_ms']} ms"] for name, key in kinds]
    rows += [
        ["first page of the queue, first visit", f"{part['first_visit_kb']} kB"],
        ["first page of the queue, after that", f"{part['next_visit_kb']} kB"],
        ["layout shift: queue, scrolled through two pages", part["moved"]["queue"]],
        ["layout shift: complaint, the worst of 30, also right after the click", round(part["moved"]["complaint"], 4)],
        ["layout shift: complaint beside the list, the worst of 30", round(part["moved"].get("pane", 0.0), 4)],
        ["back from a complaint: the row is off by", f"{part['back_off_by_px']} px"],
    ]
    return (
        f"### Felt\n\n{_on(part['machine'])}; Chromium by Playwright, 1440 × 900, {part['complaints']:,} complaints, "
        f"30 clicks of each kind, the button held for 80 ms\n\n{_table(('', 'found'), rows)}"
    )


def _week(part: Mapping[str, Any]) -> str:
    left_out = {"machine", "refused", "wrong"}
    rows = [[name.replace("_", " "), figure] for name, figure in part.items() if name not in left_out]
    wrong = "".join(f"\n- {line}" for line in part["wrong"])
    return f"### The simulated week\n\n{_on(part['machine'])}\n\n{_table(('', ''), rows)}{wrong}"
