"""The default configuration: the files of huiyin/defaults, given to each app that has something to load from them."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from huiyin.coaching.actions import loading as coaching
from huiyin.compensation.actions import loading as compensation
from huiyin.customers.actions import loading as customers
from huiyin.dispatch.actions import loading as dispatch
from huiyin.insight.actions import loading as insight
from huiyin.knowledge.actions import loading as knowledge
from huiyin.org.actions import loading as org
from huiyin.quality.actions import loading as quality
from huiyin.redchannel.actions import loading as redchannel
from huiyin.sla.actions import loading as sla
from huiyin.triage.actions import loading as triage

FOLDER = Path(__file__).resolve().parent / "defaults"
IN_ORDER = {
    "org": org.load,
    "customers": customers.load,
    "triage": triage.load,
    "sla": sla.load,
    "knowledge": knowledge.load,
    "dispatch": dispatch.load,
    "quality": quality.load,
    "compensation": compensation.load,
    "coaching": coaching.load,
    "insight": insight.load,
    "redchannel": redchannel.load,
}


@cache
def documents() -> Mapping[str, Mapping[str, Any]]:
    """Every default file by its name without the ending."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {path.stem: yaml.load(path.read_text("utf-8"), Loader=loader) for path in sorted(FOLDER.glob("*.yaml"))}


@transaction.atomic
def load(*, at: datetime) -> dict[str, int]:
    """Whatever the files have and the tables have not yet is there afterwards; how many rows are new, by app."""
    return {app: into(documents(), at) for app, into in IN_ORDER.items()}
