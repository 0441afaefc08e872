"""What callers may send. Names are those of shared API: they stay."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from huiyin.api.reading import Body, Id, Line, Moment, Words
from huiyin.channels.models import Channel
from huiyin.complaints.models import Letter, RegulatoryCase, Validity
from huiyin.complaints.models.complaint import Kind, Outcome

Texts = Annotated[list[Line], Field(max_length=50)]
BreachReason = Annotated[
    Words,
    Field(
        description="Why it is late; needed where a promise is broken and nobody has filed why (C027). Kept for good."
    ),
]


class CustomerIn(Body):
    name: str = ""
    phone: str = Field(default="", examples=["13800138000"])
    email: str = Field(default="", examples=["zhangwei@example.com"])
    tier: str = Field(default="STD", description="STD, VIP or VUL (needs special care).")


class RegulatoryIn(Body):
    profile: str = Field(
        "", description="Code of a profile that is switched on, e.g. CN-12315; the channel's own where empty."
    )
    number: str = Field("", description="The authority's own number; unique within its profile.")
    received_at: Moment | None = Field(None, description="When the authority handed it over; now where not given.")
    deadline: Moment | None = Field(None, description="As the authority gave it: kept so, never reckoned anew.")
    category: str = Field("", description="One of the profile's classes, where it has any (simple, complex, ...).")
    authority: str = Field("", description="Which body it is.")


class RegulatoryAmendment(Body):
    number: str
    deadline: Moment | None = Field(None, description="A new one takes the place of the old; the old stays on record.")
    category: str = ""
    authority: str = ""


class RegulatoryAnswerIn(Body):
    words: Words
    outcome: RegulatoryCase.Outcome
    negotiated_at: Moment | None = None
    negotiated_by: RegulatoryCase.Method | None = None
    anyway: Words = Field("", description="Why it is answered although the reply package is not complete.")
    breach_reason: BreachReason = ""


class ComplaintIn(Body):
    text: str = Field(description="The customer's own words, at most 20,000 characters; never changed afterwards.")
    channel: str = Field("api", description=f"One of {', '.join(Channel.values)}.")
    title: str = ""
    kind: str = Field("complaint", description=f"One of {', '.join(Kind.values)}.")
    customer: CustomerIn = CustomerIn()
    order_no: str = ""
    sku: str = ""
    batch: str = ""
    occurred_at: Moment | None = None
    occurred_place: str = ""
    urgent: bool = Field(False, description="The first answer is due sooner. Its words may make it so, too.")
    region: str = ""
    expectation: str = Field("", description="What the customer wants.")
    emotion: int | None = Field(None, description="1 calm to 5 furious; estimated from the text where not given.")
    category: str = Field("", description="Code of a leaf of /categories; proposed from the text where not given.")
    brand: str = Field("", description="Code of a brand, for telecom services; kept as chosen by hand.")
    received_at: Moment | None = Field(None, description="Clocks run from then; now where not given.")
    external_id: str = Field(
        "", description="The sender's own number. The same one twice on one channel is one complaint."
    )
    issues: Texts = Field([], description="The points to be answered one by one.")
    regulatory: RegulatoryIn | None = Field(
        None, description="What an authority sent. A referring channel with an external_id implies one."
    )


class ReviewIn(Body):
    category: Line
    severity: int = Field(ge=1, le=4, description="1 is the most severe.")
    complexity: Literal["S", "C"] | None = None
    issues: Texts = []
    note: Words = ""
    version: Id | None = Field(None, description="The version you looked at: refused with 409 if it has moved on.")


class RegradeIn(Body):
    severity: int = Field(ge=1, le=4, description="1 is the most severe.")
    complexity: Literal["S", "C"] | None = Field(None, description="As it is, where not given.")
    reason: Words
    version: Id | None = Field(None, description="The version you looked at: refused with 409 if it has moved on.")


class WorkOrderIn(Body):
    unit: Line = Field(description="The unit's code.")
    assignee: Line | None = Field(None, description="User name; anybody in the unit where not given.")
    issues: Annotated[list[Id], Field(max_length=50)] = Field([], description="Ids of issues; all where empty.")
    instructions: Words = ""
    due_at: Moment | None = Field(None, description="Earlier than the promise would have it; never later.")
    version: Id | None = None


class RedispatchIn(Body):
    unit: Line
    assignee: Line | None = None
    instructions: Words = ""


class AnswerIn(Body):
    issue: Id
    text: Words


class CompletionIn(Body):
    findings: Words
    answers: Annotated[list[AnswerIn], Field(max_length=50)] = Field(description="One for each issue of the order.")
    result_code: Annotated[str, Field(max_length=32)] = ""
    breach_reason: BreachReason = ""


class AuditIn(Body):
    verdict: Literal["pass", "send_back"]
    reason: Words = Field("", description="Needed with send_back.")


class LetterIn(Body):
    channel: Letter.Channel
    body: Words
    final: bool = Field(description="The final answer; brings the complaint to `resolved`.")
    subject: Annotated[str, Field(max_length=200)] = ""
    breach_reason: BreachReason = ""
    reached: bool = Field(True, description="False: tried, not reached. Three within two days stand for a contact.")
    asks: bool = Field(False, description="Asks the customer for something.")
    cause: Annotated[str, Field(max_length=120)] = Field(
        "", description="Why the customer complained: a code of /causes, or one of the category's own causes."
    )
    promise_until: Moment | None = Field(
        None,
        description="By when the customer was told that they hear from us again; begins the promise (CK-PROMISE).",
    )


class TextIn(Body):
    text: Words


class NoteIn(Body):
    text: Words
    mentions: Annotated[list[Line], Field(max_length=50)] = Field([], description="User names; @name in text also.")


class ReasonIn(Body):
    reason: Words


class PauseIn(ReasonIn):
    code: Line = Field(
        "WAIT_CUST", description="One of the policy's reasons: WAIT_CUST, WAIT_LAB, CUST_DEFER, FORCE_MAJ."
    )
    until: Moment | None = Field(
        None, description="Ends by itself then; at the latest when the reason's limit is reached."
    )
    review: Moment | None = Field(
        None, description="When somebody looks whether it must still last; needed where the reason has no limit."
    )
    evidence: Line = Field(
        "",
        description="What proves it, where the reason needs that: `letter:ID` (WAIT_LAB: the customer was told; a call "
        "for CUST_DEFER), `note:ID` or `attachment:ID` (CUST_DEFER: what the customer asked for).",
    )


class ResumptionIn(Body):
    codes: Annotated[list[Line], Field(max_length=10)] = Field([], description="Which pauses; all of them where empty.")


class ExtensionIn(ReasonIn):
    clock: Line = Field("CK-RESOLVE", description="Code of a running clock that may be extended.")
    subject: Annotated[str, Field(max_length=32)] = Field(
        "", description="The work order's number, if it is its clock."
    )
    days: int = Field(ge=1, le=365, description="Working days more.")


class VerdictIn(Body):
    verdict: Literal["grant", "refuse"]
    reason: Words = Field("", description="Needed with refuse.")


class PromiseIn(Body):
    until: Moment


class SupervisionIn(Body):
    words: Words
    answer_by: Moment
    work_order: Line | None = Field(None, description="Number of the work order it is about.")


class SupervisionAnswerIn(Body):
    words: Words


class ClosureIn(Body):
    outcome: Outcome
    note: Words = ""
    breach_reason: BreachReason = ""


class MergerIn(Body):
    into: Line = Field(description="The number of the complaint that goes on.")


class InterimIn(Body):
    plan: Words
    follow_up_on: date


class OnSpotIn(Body):
    explanation: Words
    customer_agreed: bool
    breach_reason: BreachReason = ""
    cause: Annotated[str, Field(max_length=120)] = Field(
        "", description="Why the customer complained: a code of /causes, or one of the category's own causes."
    )


class ResubmissionIn(Body):
    elements: dict[Line, Line] = {}
    supplement: Words = ""


class AssignmentIn(Body):
    member: Line = Field(description="User name.")


class ConfidentialityIn(Body):
    confidential: bool


class ValidityIn(Body):
    value: Validity.Value
    reason: Words
    evidence: Words
    cause: Annotated[str, Field(max_length=120)] = Field(
        "", description="Why the customer complained: a code of /causes, or one of the category's own causes."
    )


class ReturnIn(Body):
    without_reason: bool = Field(False, description="Within the seven days of the Consumer Rights Law.")


class WaitingIn(Body):
    reference: Line = Field(description="The telephone system's or the ticket's number; no name.")
    way: Literal["phone", "counter", "chat"] = "phone"
    unit: str = Field("", description="The unit's code; the member's own where not given.")
    entered_at: Moment | None = Field(None, description="Since when; now where not given.")


class AnsweredIn(Body):
    lost: bool = Field(False, description="Gave up before anybody answered.")


class WorthIn(Body):
    """All of it: what is left out is not known any more."""

    contribution: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)] | None = Field(
        None, description="CNY in the last 12 months.", examples=["86000.00"]
    )
    since: date | None = Field(None, description="A customer since that day.")
    by_contract: bool = Field(False, description="A contract makes them VIP.")
    reason: Words = Field(description="Where this is known from. Kept beside the record, not in it.")


class TaskForceIn(Body):
    plan: Line = Field(description="Code of an incident class: INC-SAFE, INC-OUT, INC-MAJ, ...")
    lead: Line = Field(description="User name.")
    members: Annotated[list[Line], Field(max_length=50)] = Field([], description="User names.")


class OutageReportIn(Body):
    text: Words
    restored: bool = Field(False, description="Service is restored: no further report is due.")


class WarRoomIn(Body):
    topic: Annotated[Line, Field(max_length=200)]
    place: Annotated[Line, Field(max_length=200)] = ""
    members: Annotated[list[Line], Field(max_length=50)] = Field([], description="User names, beside the task force.")


class InvitationIn(Body):
    members: Annotated[list[Line], Field(min_length=1, max_length=50)] = Field(description="User names.")


class MinutesIn(Body):
    minutes: Words


class Multipart(BaseModel):
    """Only for the description of the upload."""

    file: Any
