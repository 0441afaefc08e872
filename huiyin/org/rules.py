"""Who may see and do what, as data: roles, their scopes, rights, and the field groups that each role reads.

Traced to org.yaml (roles, data_access, raci) and workflow.yaml (`by` lists). The supervisor stands in for the
reviewer, as severity.yaml has it; only customer service answers the customer (A35), so a handler has no REPLY.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from huiyin.org.field_access import FIELD_ACCESS, WIDEST_LAST

if TYPE_CHECKING:
    from huiyin.org.models import Member

Content = Literal["full", "deidentified", "none"]


class Role(StrEnum):
    FRONTLINE = "frontline"
    STORE_AGENT = "store_agent"
    REVIEWER = "reviewer"
    HANDLER = "handler"
    DEPT_LEAD = "dept_lead"
    SENIOR_AGENT = "senior_agent"
    SUPERVISOR = "supervisor"
    AUDITOR_CC = "auditor_cc"
    CC_MANAGER = "cc_manager"
    DIRECTOR = "director"
    EXECUTIVE = "executive"
    LEGAL = "legal"
    FINANCE = "finance"
    PR_OFFICER = "pr_officer"
    DPO = "dpo"
    QUALITY_ENG = "quality_eng"
    QA_REVIEWER = "qa_reviewer"
    ANALYST = "analyst"
    STATS_OUTLET = "stats_outlet"
    KB_EDITOR = "kb_editor"
    TRAINER = "trainer"
    EXT_AUDITOR = "ext_auditor"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    ADMIN = "admin"


class Scope(StrEnum):
    """How far a role sees from its unit."""

    NONE = "none"
    UNIT = "unit"  # the unit and what is below it
    CENTRE = "centre"  # for a service centre, which leads its level: its parent and what is below that
    ALL = "all"


class Right(StrEnum):
    """What a role may do, apart from moving a complaint or work order on: that, their state tables say."""

    FILE_COMPLAINT = "file_complaint"
    SUPPLEMENT = "supplement"
    RESOLVE_ON_SPOT = "resolve_on_spot"
    REVIEW = "review"
    DISPATCH = "dispatch"
    NUDGE = "nudge"
    CANCEL_WORK_ORDER = "cancel_work_order"
    SIGN = "sign"
    HANDLE = "handle"
    PAUSE = "pause"
    ASK_EXTENSION = "ask_extension"
    EXPLAIN_BREACH = "explain_breach"
    SUPERVISE = "supervise"
    ANSWER_SUPERVISION = "answer_supervision"
    AUDIT = "audit"
    REPLY = "reply"
    JUDGE_VALIDITY = "judge_validity"
    OPINE = "opine"
    MERGE = "merge"
    WITHDRAW_FOR_CUSTOMER = "withdraw_for_customer"
    GUIDE = "guide"
    READ_KNOWLEDGE = "read_knowledge"
    EDIT_KNOWLEDGE = "edit_knowledge"
    ARCHIVE_CASE = "archive_case"
    NOTE = "note"
    ATTACH = "attach"
    SET_CONFIDENTIAL = "set_confidential"
    SEE_CONFIDENTIAL = "see_confidential"
    REVEAL_CONTACT = "reveal_contact"
    ERASE_CUSTOMER = "erase_customer"
    OVERRIDE_TIER = "override_tier"
    SEE_WORTH = "see_worth"  # a customer's contribution, contract and years
    KEEP_WORTH = "keep_worth"
    SEE_AUDIT_LOG = "see_audit_log"
    SEE_FIGURES = "see_figures"
    OPEN_INCIDENT = "open_incident"
    WORK_ON_INCIDENT = "work_on_incident"  # those of one's own unit
    SEE_EVERY_INCIDENT = "see_every_incident"
    INVESTIGATE = "investigate"
    SEE_QUALITY = "see_quality"
    FREEZE_BASELINE = "freeze_baseline"
    FOLLOW_SALES = "follow_sales"
    EXPORT_CASES = "export_cases"
    EXPORT_STATS = "export_stats"
    IMPORT = "import"
    OFFER = "offer"
    DECIDE_OFFER = "decide_offer"
    SETTLE_OFFER = "settle_offer"
    FULFIL_OFFER = "fulfil_offer"
    PAY_OFFER = "pay_offer"
    SEE_AWARD_FREQUENCY = "see_award_frequency"
    SEE_TRAINING = "see_training"
    KEEP_LEDGER = "keep_ledger"  # the 1+1+1 of those whose training one sees
    DRAW_SAMPLE = "draw_sample"
    SEE_SCORES = "see_scores"
    SCORE = "score"
    ANSWER_SUGGESTIONS = "answer_suggestions"
    SHARE_VIEWS_IN_UNIT = "share_views_in_unit"  # of the queue, in one's own unit
    SHARE_VIEWS_WITH_ALL = "share_views_with_all"
    ROSTER = "roster"  # shifts and absences of those one sees
    SET_POLICY = "set_policy"
    CONFIGURE = "configure"


@dataclass(frozen=True)
class Reach:
    """Which units' rows a member sees, and how much of a row."""

    everything: bool
    unit_ids: frozenset[int]
    content: Content


NOWHERE = Reach(everything=False, unit_ids=frozenset(), content="none")

SCOPE: dict[Role, Scope] = {
    **dict.fromkeys(
        (
            Role.FRONTLINE,
            Role.STORE_AGENT,
            Role.HANDLER,
            Role.DEPT_LEAD,
            Role.QUALITY_ENG,
            Role.FINANCE,
            Role.PR_OFFICER,
            Role.SUPPLIER,
        ),
        Scope.UNIT,
    ),
    **dict.fromkeys(
        (
            Role.SENIOR_AGENT,
            Role.REVIEWER,
            Role.AUDITOR_CC,
            Role.SUPERVISOR,
            Role.CC_MANAGER,
            Role.QA_REVIEWER,
            Role.DIRECTOR,
        ),
        Scope.CENTRE,
    ),
    **dict.fromkeys(
        (
            Role.EXECUTIVE,
            Role.LEGAL,
            Role.DPO,
            Role.ANALYST,
            Role.STATS_OUTLET,
            Role.KB_EDITOR,
            Role.TRAINER,
            Role.EXT_AUDITOR,
        ),
        Scope.ALL,
    ),
    **dict.fromkeys((Role.ADMIN, Role.CUSTOMER), Scope.NONE),
}

_READS_FULL = frozenset(role for role in Role if FIELD_ACCESS[role]["basic"] in ("R", "RW"))
_DESK = frozenset({Role.FRONTLINE, Role.SENIOR_AGENT, Role.SUPERVISOR})
_INTAKE = _DESK | {Role.STORE_AGENT}
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_REVIEW = frozenset({Role.REVIEWER, Role.SUPERVISOR})
_SIGN = frozenset({Role.HANDLER, Role.DEPT_LEAD})
_LEADS = frozenset({Role.CC_MANAGER, Role.DIRECTOR, Role.EXECUTIVE})
_QUALITY = _LEADS | {Role.SUPERVISOR, Role.QUALITY_ENG}
_IN_INCIDENTS = _QUALITY | _SIGN | {Role.LEGAL, Role.PR_OFFICER, Role.DPO}

RIGHTS: dict[Right, frozenset[Role]] = {
    Right.FILE_COMPLAINT: _INTAKE,
    Right.SUPPLEMENT: _INTAKE,
    Right.RESOLVE_ON_SPOT: frozenset({Role.FRONTLINE, Role.STORE_AGENT, Role.SENIOR_AGENT}),
    Right.REVIEW: _REVIEW,
    Right.DISPATCH: _REVIEW,
    Right.NUDGE: _REVIEW | {Role.SENIOR_AGENT, Role.CC_MANAGER},  # and whoever is named to look after the complaint
    Right.CANCEL_WORK_ORDER: _SUPERVISOR,
    Right.SIGN: _SIGN,
    Right.HANDLE: frozenset({Role.HANDLER}),
    Right.PAUSE: _DESK | {Role.HANDLER},
    Right.ASK_EXTENSION: _DESK | {Role.HANDLER, Role.DEPT_LEAD},
    Right.EXPLAIN_BREACH: _DESK | {Role.HANDLER, Role.DEPT_LEAD, Role.CC_MANAGER},
    Right.SUPERVISE: _SUPERVISOR | {Role.CC_MANAGER, Role.DIRECTOR, Role.EXECUTIVE},
    Right.ANSWER_SUPERVISION: _DESK | _SIGN,
    Right.AUDIT: frozenset({Role.AUDITOR_CC}),
    Right.REPLY: _DESK,
    Right.JUDGE_VALIDITY: _SUPERVISOR,
    Right.OPINE: frozenset({Role.LEGAL}),
    Right.MERGE: _REVIEW,
    Right.WITHDRAW_FOR_CUSTOMER: _DESK,
    Right.GUIDE: _INTAKE | {Role.HANDLER},
    Right.READ_KNOWLEDGE: frozenset(role for role in Role if SCOPE[role] is not Scope.NONE),
    Right.EDIT_KNOWLEDGE: frozenset({Role.KB_EDITOR, Role.ADMIN}),
    Right.ARCHIVE_CASE: frozenset({Role.KB_EDITOR, Role.SUPERVISOR, Role.CC_MANAGER}),
    Right.NOTE: _READS_FULL - {Role.QA_REVIEWER},
    Right.ATTACH: _READS_FULL - {Role.QA_REVIEWER, Role.DIRECTOR, Role.EXECUTIVE},
    Right.SET_CONFIDENTIAL: frozenset({Role.SUPERVISOR, Role.CC_MANAGER, Role.LEGAL, Role.DPO}),
    Right.SEE_CONFIDENTIAL: frozenset(
        {Role.SUPERVISOR, Role.CC_MANAGER, Role.EXECUTIVE, Role.LEGAL, Role.DPO},
    ),
    Right.REVEAL_CONTACT: frozenset(role for role in Role if FIELD_ACCESS[role]["contact_pii"] in ("M", "R")),
    Right.ERASE_CUSTOMER: frozenset({Role.DPO}),
    Right.OVERRIDE_TIER: frozenset({Role.SUPERVISOR, Role.CC_MANAGER}),
    Right.SEE_WORTH: _LEADS | {Role.SUPERVISOR},
    Right.KEEP_WORTH: frozenset({Role.SUPERVISOR, Role.CC_MANAGER}),
    Right.SEE_AUDIT_LOG: frozenset(role for role in Role if FIELD_ACCESS[role]["audit_log"] == "R"),
    Right.SEE_FIGURES: frozenset(
        {
            Role.SUPERVISOR,
            Role.CC_MANAGER,
            Role.DIRECTOR,
            Role.EXECUTIVE,
            Role.DEPT_LEAD,
            Role.ANALYST,
            Role.STATS_OUTLET,
            Role.QUALITY_ENG,
        }
    ),
    Right.FREEZE_BASELINE: frozenset({Role.CC_MANAGER, Role.DIRECTOR, Role.EXECUTIVE, Role.STATS_OUTLET}),
    # no role of the demo company is called sales: the shop's own complaint agent stands nearest to it (B20)
    Right.FOLLOW_SALES: frozenset({Role.STORE_AGENT}),
    Right.OPEN_INCIDENT: _QUALITY,
    Right.WORK_ON_INCIDENT: _IN_INCIDENTS,
    Right.SEE_EVERY_INCIDENT: _LEADS,
    Right.INVESTIGATE: _QUALITY,
    Right.SEE_QUALITY: _IN_INCIDENTS,
    Right.EXPORT_CASES: frozenset({Role.SUPERVISOR, Role.CC_MANAGER, Role.LEGAL, Role.DPO}),
    Right.EXPORT_STATS: frozenset({Role.STATS_OUTLET}),
    Right.IMPORT: frozenset({Role.SUPERVISOR, Role.CC_MANAGER}),
    Right.OFFER: _DESK | {Role.CC_MANAGER},
    Right.DECIDE_OFFER: frozenset(
        {Role.SUPERVISOR, Role.CC_MANAGER, Role.DIRECTOR, Role.EXECUTIVE, Role.LEGAL, Role.FINANCE},
    ),
    Right.SETTLE_OFFER: _DESK,
    Right.FULFIL_OFFER: _DESK | {Role.CC_MANAGER, Role.FINANCE},
    # the ledger is finance's; the manager pays where finance, which sees its own unit only, has no part
    Right.PAY_OFFER: frozenset({Role.FINANCE, Role.CC_MANAGER}),
    Right.SEE_AWARD_FREQUENCY: frozenset(
        {Role.SUPERVISOR, Role.CC_MANAGER, Role.DIRECTOR, Role.EXECUTIVE, Role.LEGAL, Role.FINANCE},
    ),
    Right.SEE_TRAINING: frozenset({Role.TRAINER, Role.SUPERVISOR, Role.CC_MANAGER, Role.DIRECTOR}),
    Right.KEEP_LEDGER: frozenset({Role.TRAINER, Role.SUPERVISOR, Role.CC_MANAGER}),
    # org.yaml: the reviewer writes scorecards, supervisors and the manager those of their people
    Right.DRAW_SAMPLE: frozenset({Role.QA_REVIEWER, Role.CC_MANAGER}),
    Right.SEE_SCORES: frozenset({Role.QA_REVIEWER, Role.SUPERVISOR, Role.CC_MANAGER, Role.DIRECTOR, Role.EXECUTIVE}),
    Right.SCORE: frozenset({Role.QA_REVIEWER, Role.SUPERVISOR, Role.CC_MANAGER}),
    Right.ANSWER_SUGGESTIONS: frozenset({Role.ADMIN, Role.KB_EDITOR, Role.CC_MANAGER}),
    Right.SHARE_VIEWS_IN_UNIT: frozenset({Role.SUPERVISOR, Role.CC_MANAGER, Role.DEPT_LEAD}),
    Right.SHARE_VIEWS_WITH_ALL: frozenset({Role.CC_MANAGER, Role.ADMIN}),
    Right.ROSTER: frozenset({Role.SUPERVISOR, Role.CC_MANAGER, Role.DEPT_LEAD, Role.ADMIN}),
    Right.SET_POLICY: frozenset({Role.STATS_OUTLET, Role.ADMIN}),
    Right.CONFIGURE: frozenset({Role.ADMIN}),
}


ROLES: dict[str, Role] = {role.value: role for role in Role}


# what Django's own configuration site shows, and by which right; no app that holds a customer's words is in it
CONFIGURED_APPS: dict[str, Right] = {
    "org": Right.CONFIGURE,
    "triage": Right.CONFIGURE,
    "sla": Right.SET_POLICY,
    "knowledge": Right.EDIT_KNOWLEDGE,
    "admin": Right.CONFIGURE,
}


def _known(names: Iterable[str]) -> frozenset[Role]:
    return frozenset(ROLES[name] for name in names if name in ROLES)


def may(member: Member, right: Right) -> bool:
    """Whether one of the member's roles has the right; where it holds is for visible_to() to say."""
    return member.is_active and not RIGHTS[right].isdisjoint(_known(member.roles))


def content(roles: Iterable[str]) -> Content:
    """How much of a complaint the roles show: its text, its text without the person, or nothing."""
    known = _known(roles)
    if known & _READS_FULL:
        return "full"
    return "deidentified" if any(SCOPE[role] is not Scope.NONE for role in known) else "none"


def scopes(roles: Iterable[str]) -> frozenset[Scope]:
    """The scopes that count. A role that reads only deidentified text adds no unit to one that reads all of it:
    an analyst who also works at a desk must not read by name, through the sum, what neither role shows."""
    known = _known(roles)
    counted = known & _READS_FULL or known
    return frozenset(SCOPE[role] for role in counted) - {Scope.NONE}


def reach(member: Member) -> Reach:
    """What the member sees. At most one query; none where the member sees everything or nothing."""
    if not member.is_active:
        return NOWHERE
    shown = content(member.roles)
    wanted = scopes(member.roles)
    if not wanted:
        return NOWHERE
    if Scope.ALL in wanted:
        return Reach(everything=True, unit_ids=frozenset(), content=shown)
    from huiyin.org.models import Unit  # models ask this module for their choices

    return Reach(
        everything=False,
        unit_ids=frozenset(Unit.objects.ids_from(member.unit_id, leads_level=Scope.CENTRE in wanted)),
        content=shown,
    )


def field(member: Member, group: str) -> str:
    """The widest access that the member's roles give to a field group: RW, R, M, deidentified, own, -, ..."""
    if not member.is_active:
        return "-"
    access = (FIELD_ACCESS[role][group] for role in _known(member.roles))
    return max(access, key=WIDEST_LAST.index, default="-")
