"""From rows to answers, as one member may see them: people hidden as the member's roles have it."""

import math
from collections.abc import Iterable
from copy import copy
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from pydantic import BaseModel

from huiyin.api import outgoing as out
from huiyin.complaints import lateness, rules
from huiyin.complaints.actions.receipting import tracking_url
from huiyin.complaints.masking import customers_of, without_person
from huiyin.complaints.models import (
    Attachment,
    Clock,
    Complaint,
    Event,
    Extension,
    Issue,
    Letter,
    Note,
    Pause,
    Validity,
)
from huiyin.customers.models import Customer
from huiyin.dispatch.models import Audit, WorkOrder
from huiyin.dispatch.rules import order_verbs
from huiyin.org import rules as rights
from huiyin.org.models import Member, Unit
from huiyin.sla.explaining import explain
from huiyin.supervision.models import Supervision
from huiyin.triage.levels import LEVELS


def answer(shown: BaseModel, status: int = 200) -> HttpResponse:
    return HttpResponse(shown.model_dump_json(), status=status, content_type="application/json")


def created(complaint: Complaint, clocks: Iterable[Clock], *, category: str) -> out.Created:
    """From the objects just made, without asking the database again."""
    return out.Created(
        number=complaint.number,
        state=complaint.state,
        category=category,
        severity=complaint.severity,
        emotion=complaint.emotion,
        complexity=complaint.complexity,
        reasons=_reasons(complaint),
        unit=complaint.owner_unit.code,
        due_at=complaint.due_at,
        clocks=[clock_of(clock) for clock in clocks],
        tracking_url=tracking_url(complaint),
    )


def clock_of(clock: Clock) -> out.ClockOut:
    return out.ClockOut(
        code=clock.code,
        subject=clock.subject,
        started_at=clock.started_at,
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        breached_at=clock.breached_at,
    )


def _reasons(complaint: Complaint) -> list[out.Reason]:
    return [out.Reason(rule=reason["rule"], text=reason["text"]) for reason in complaint.grading.get("reasons", ())]


def _accountable(complaint: Complaint) -> out.AccountableOut:
    level = LEVELS[complaint.severity]
    return out.AccountableOut(role=level.accountable, unit=level.owner)


def person(member: Member) -> out.PersonOut:
    return out.PersonOut(username=member.username, name=member.name)


def unit(row: Unit) -> out.UnitOut:
    return out.UnitOut(code=row.code, name=row.name)


def moves(complaint: Complaint, member: Member) -> list[out.Move]:
    return [out.Move(name=verb.name, label=str(verb.label)) for verb in rules.verbs(complaint, member)]


def standing(complaint: Complaint, member: Member) -> out.Standing:
    return out.Standing(
        number=complaint.number,
        state=complaint.state,
        severity=complaint.severity,
        due_at=complaint.due_at,
        outcome=complaint.outcome,
        version=complaint.version,
        allowed_moves=moves(complaint, member),
    )


def explained(complaint: Complaint, broken: Iterable[Clock], member: Member, at: datetime) -> out.Explained:
    return out.Explained(
        **standing(complaint, member).model_dump(),
        explained=[
            out.BrokenOut(
                **clock_of(clock).model_dump(),
                name=out.Explanation(zh=lateness.name(clock, "zh-hans"), en=lateness.name(clock, "en")),
                late_minutes=math.ceil(clock.late_by(at).total_seconds() / 60),
            )
            for clock in broken
        ],
    )


def _issues_of(order: WorkOrder) -> list[int]:
    """Read with the order where there are many; of one alone asked for."""
    read: list[int] | None = getattr(order, "issue_ids", None)
    return [issue.pk for issue in order.issues.all()] if read is None else read


class Shown:
    """What one member is shown. Made once an answer, so that roles are asked once. `names`: what is taken out of every
    text where the member may not know whose it is."""

    def __init__(self, member: Member, at: datetime) -> None:
        self.member, self.at = member, at
        self.names: tuple[str, ...] = ()
        self.contacts = rights.field(member, "contact_pii")
        self.is_full = member.reach.content == "full"
        self.has_letters = rights.field(member, "comm_log") != "-"

    def of(self, complaint: Complaint) -> "Shown":
        """The same over this complaint, its customer at hand; who reads in full stays as they are."""
        if self.is_full:
            return self
        mine = copy(self)
        mine.names = customers_of(complaint)
        return mine

    def words(self, text: str) -> str:
        return text if self.is_full else without_person(text, self.names)

    def customer(self, row: Customer, tier: str) -> out.CustomerOut:
        if self.contacts in {"R", "RW"}:
            return out.CustomerOut(name=row.name, phone=row.phone, email=row.email, tier=tier)
        if self.contacts == "M":
            return out.CustomerOut(name=row.name_masked, phone=row.phone_masked, email=row.email_masked, tier=tier)
        return out.CustomerOut(name="", phone="", email="", tier=tier)

    def brief(self, row: Complaint) -> out.Brief:
        """Needs category, confirmed_category, owner_unit, assignee and customer with the row."""
        return out.Brief.model_construct(**self.of(row)._brief(row))

    def _brief(self, row: Complaint) -> dict[str, Any]:
        return {
            "number": row.number,
            "title": self.words(row.title),
            "state": row.state,
            "kind": row.kind,
            "channel": row.channel,
            "category": (row.confirmed_category or row.category).code,
            "severity": row.severity,
            "complexity": row.complexity,
            "emotion": row.emotion,
            "tier": row.tier,
            "unit": unit(row.owner_unit),
            "assignee": person(row.assignee) if row.assignee else None,
            "customer": self.customer(row.customer, row.tier),
            "order_no": row.order_no,
            "external_id": row.external_id,
            "received_at": row.received_at,
            "due_at": row.due_at,
            "overdue": row.is_overdue(self.at),
            "breached_at": row.breached_at,
            "closed_at": row.closed_at,
            "outcome": row.outcome,
            "reopened_count": row.reopened_count,
            "confidential": row.is_confidential,
            "version": row.version,
        }

    def whole(self, row: Complaint, orders: Iterable[WorkOrder]) -> out.Whole:
        """Everything; what hangs on the row must have been fetched with it (see complaints.WITH_ALL)."""
        return self.of(row)._whole(row, orders)

    def _whole(self, row: Complaint, orders: Iterable[WorkOrder]) -> out.Whole:
        return out.Whole.model_construct(
            **self._brief(row),
            accountable=_accountable(row),
            text=self.words(row.text),
            text_digest=row.text_digest,
            expectation=self.words(row.expectation),
            sku=row.sku,
            batch=row.batch,
            occurred_at=row.occurred_at,
            occurred_place=self.words(row.occurred_place),
            region=row.region,
            elements={name: self.words(str(value)) for name, value in row.elements.items()},
            reasons=_reasons(row),
            proposed_category=row.grading.get("category", ""),
            proposed_severity=row.grading.get("severity", row.severity),
            reviewer=person(row.reviewer) if row.reviewer else None,
            state_since=row.state_since,
            filed_at=row.filed_at,
            effective_at=row.effective_at,
            first_contact_at=row.first_contact_at,
            replied_at=row.replied_at,
            follow_up_on=row.follow_up_on,
            merged_into=row.merged_into.number if row.merged_into else None,
            cause=row.cause,
            brand=row.brand,
            brand_source=row.brand_source,
            issues=[self.issue(issue) for issue in row.issues.all()],
            work_orders=[self._order(order) for order in orders],
            clocks=[self.clock(clock) for clock in row.clocks.all()],
            pauses=[self.pause(each) for each in row.pauses.all()],
            letters=[self.letter(letter) for letter in row.letters.all()] if self.has_letters else [],
            notes=[self.note(note) for note in row.notes.all()],
            attachments=[self.attachment(kept) for kept in row.attachments.all()] if self.is_full else [],
            validities=[self.validity(judged) for judged in row.validities.all()],
            allowed_moves=moves(row, self.member),
        )

    def clock(self, row: Clock) -> out.ClockWithWhy:
        return out.ClockWithWhy(
            **clock_of(row).model_dump(),
            why=row.why,
            explanation=out.Explanation(zh=explain(row.why, "zh"), en=explain(row.why, "en")),
            paused_at=row.paused_at,
            first_due_at=row.first_due_at,
            extended_days=row.extended_days,
            breach_reason=self.words(row.explanation.text) if row.explanation and self.has_letters else "",
        )

    def pause(self, row: Pause) -> out.PauseOut:
        return out.PauseOut(
            reason=row.reason,
            words=self.words(row.note.text) if self.has_letters else "",
            started_at=row.started_at,
            until_at=row.until_at,
            review_at=row.review_at,
            evidence=row.evidence,
            ended_at=row.ended_at,
            ended_by=row.ended_by,
            replied_at=row.replied_at,
        )

    def extension(self, row: Extension) -> out.ExtensionOut:
        return out.ExtensionOut(
            id=row.pk,
            clock=row.clock.code,
            subject=row.clock.subject,
            days=row.days,
            verdict=row.verdict,
            asked_by=person(row.asked_by),
            asked_at=row.asked_at,
            due_before=row.due_before,
            due_after=row.due_after,
            target_at=row.target_at,
        )

    def supervision(self, row: Supervision) -> out.SupervisionOut:
        return out.SupervisionOut(
            id=row.pk,
            number=row.number,
            words=self.words(row.words.text) if self.has_letters else "",
            issued_by=person(row.issued_by),
            issued_at=row.issued_at,
            answer_by=row.answer_by_at,
            answer=self.words(row.answer.text) if row.answer and self.has_letters else "",
            answered_at=row.answered_at,
        )

    def issue(self, row: Issue) -> out.IssueOut:
        return out.IssueOut(
            id=row.pk,
            text=self.words(row.text),
            answer=self.words(row.answer),
            answered_at=row.answered_at,
            dropped=row.is_dropped,
        )

    def order(self, row: WorkOrder) -> out.WorkOrderOut:
        """Needs its complaint's customer with the row."""
        return self.of(row.complaint)._order(row)

    def _order(self, row: WorkOrder) -> out.WorkOrderOut:
        return out.WorkOrderOut(
            number=row.number,
            complaint=row.complaint.number,
            state=row.state,
            unit=unit(row.unit),
            assignee=person(row.assignee) if row.assignee else None,
            handler=person(row.handler) if row.handler else None,
            parent=row.parent.number if row.parent else None,
            replaces=row.replaces.number if row.replaces else None,
            issues=_issues_of(row),
            instructions=self.words(row.instructions),
            findings=self.words(row.findings),
            result_code=row.result_code,
            decline_reason=self.words(row.decline_reason),
            answers=[out.AnswerOut(issue=each.issue_id, text=self.words(each.text)) for each in row.answers.all()],
            audits=[self.audit(each) for each in row.audits.all()],
            round=row.round,
            dispatched_at=row.dispatched_at,
            signed_at=row.signed_at,
            completed_at=row.completed_at,
            audited_at=row.audited_at,
            sign_due_at=row.sign_due_at,
            due_at=row.due_at,
            overdue=row.is_overdue(self.at),
            nudge_count=row.nudge_count,
            last_nudged_at=row.latest_nudge,
            allowed_moves=[out.Move(name=v.name, label=str(v.label)) for v in order_verbs(row, self.member)],
        )

    def audit(self, row: Audit) -> out.AuditOut:
        return out.AuditOut(
            verdict=row.verdict,
            reason=self.words(row.reason),
            auditor=person(row.auditor),
            at=row.audited_at,
            round=row.round,
        )

    def letter(self, row: Letter) -> out.LetterOut:
        return out.LetterOut(
            id=row.pk,
            channel=row.channel,
            purpose=row.purpose,
            status=row.status,
            subject=self.words(row.subject),
            body=self.words(row.body),
            author=person(row.author) if row.author else None,
            created_at=row.created_at,
            sent_at=row.sent_at,
        )

    def note(self, row: Note) -> out.NoteOut:
        return out.NoteOut(
            id=row.pk,
            kind=row.kind,
            text=self.words(row.text),
            author=person(row.author) if row.author else None,
            created_at=row.created_at,
        )

    def attachment(self, row: Attachment) -> out.AttachmentOut:
        return out.AttachmentOut(
            id=row.pk,
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            from_customer=row.is_from_customer,
            added_at=row.added_at,
        )

    def validity(self, row: Validity) -> out.ValidityOut:
        return out.ValidityOut(
            id=row.pk,
            value=row.value,
            reason=self.words(row.reason),
            evidence=self.words(row.evidence),
            proposed_by=person(row.proposed_by),
            proposed_at=row.proposed_at,
            confirmed_by=person(row.confirmed_by) if row.confirmed_by else None,
            confirmed_at=row.confirmed_at,
        )


def event(row: Event, at: str) -> out.EventOut:
    actor = f"member:{row.actor_id}" if row.actor_kind == "member" else row.actor_kind
    return out.EventOut(
        seq=row.seq,
        kind=row.kind,
        at=at,
        actor=actor,
        actor_name=row.actor.name if row.actor else "",
        particulars=row.particulars,
        hash=row.hash,
        previous_hash=row.previous_hash,
    )
