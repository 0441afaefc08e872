"""建议模板: the script that belongs to a complaint's issue class (C034), as issue_templates.yaml ties them."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

from huiyin.knowledge.scripts import NOT_AT_FAULT, Wording


@cache
def tied() -> Mapping[str, tuple[str, ...]]:
    """The codes of scripts by issue class, the fittest first."""
    document = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return {issue: tuple(codes) for issue, codes in document.items()}


def proposed(
    wordings: Iterable[Wording], *, issue_class: str, codes: Collection[str], validity: str = ""
) -> Wording | None:
    """Of the scripts in use; none where it was found that the fault is not ours, which has its own answer (D29)."""
    if validity in NOT_AT_FAULT:
        return None
    known = {each.code: each for each in wordings}
    usable = [known[code] for code in tied().get(issue_class, ()) if code in known]
    return next((each for each in usable if each.is_for(codes)), usable[0] if usable else None)
