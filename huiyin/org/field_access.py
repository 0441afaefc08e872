"""The data_access matrix of org.yaml: role by field group. R read, W write, M masked read, - none."""

from __future__ import annotations

GROUPS: tuple[str, ...] = (
    "basic",
    "contact_pii",
    "id_document",
    "comm_log",
    "recording",
    "refund_ledger",
    "compensation",
    "root_cause",
    "scorecard",
    "audit_log",
    "stats_export",
)

# what several roles of one member add up to is the last of these
WIDEST_LAST: tuple[str, ...] = (
    "-",
    "own_public",
    "own",
    "own_cases_masked",
    "aggregate",
    "deidentified",
    "M",
    "team",
    "dept",
    "all",
    "R",
    "RW",
)

_MATRIX: dict[str, str] = {
    "frontline": "RW M - RW - - R - own - -",
    "store_agent": "RW M - RW - - R - own - -",
    "senior_agent": "RW R M RW R M RW R own - -",
    "reviewer": "RW M - R R - R R own - -",
    "handler": "R M - RW - - - RW own - -",
    "dept_lead": "R M - R - - R RW dept - -",
    "supervisor": "RW R M RW R M RW R team R -",
    "auditor_cc": "RW M - R R - R R - R -",
    "cc_manager": "RW R M R R R RW RW all R -",
    "director": "R M - R - R RW R all R -",
    "executive": "R M - R - R RW R all R -",
    "finance": "R - - - - RW RW - - - -",
    "legal": "R R R R R R R RW - R -",
    "pr_officer": "R - - R - - - R - - -",
    "dpo": "R R R R R - - R - R -",
    "quality_eng": "R - - R - - - RW - - -",
    "qa_reviewer": "R M - R R - R R RW - -",
    "analyst": "deidentified - - deidentified - aggregate aggregate R aggregate - -",
    "stats_outlet": "deidentified - - - - aggregate aggregate R aggregate - RW",
    "kb_editor": "deidentified - - deidentified - - - R - - -",
    "trainer": "deidentified - - deidentified - - - R R - -",
    "ext_auditor": "deidentified - - deidentified - aggregate R R aggregate R -",
    "supplier": "own_cases_masked - - - - - - own own - -",
    "customer": "own own - own_public - own own - - - -",
    "admin": "- - - - - - - - - R -",
}

FIELD_ACCESS: dict[str, dict[str, str]] = {
    role: dict(zip(GROUPS, row.split(), strict=True)) for role, row in _MATRIX.items()
}
