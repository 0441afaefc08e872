"""The steps of a life that the front desk, the reviewer and the customer take, by the product's own actions."""

from datetime import datetime, timedelta

from huiyin.complaints.actions import (
    attaching,
    closing,
    judging,
    keeping,
    merging,
    noting,
    replying,
    reviewing,
    waiting,
)
from huiyin.complaints.causes import category_of
from huiyin.complaints.guards import opinions_needed
from huiyin.complaints.lateness import unexplained
from huiyin.complaints.models import Letter
from huiyin.complaints.models.complaint import Outcome
from huiyin.demo import drawings, elements
from huiyin.demo.lives import Life
from huiyin.demo.scripts import phrases
from huiyin.demo.variation import ZONE
from huiyin.dispatch.actions import dispatching
from huiyin.intake.actions.taking_in import take_in
from huiyin.intake.arrival import Arrival
from huiyin.org.actors import CUSTOMER, SYSTEM, Actor
from huiyin.org.models import Unit

OUTLETS = {
    "BR-EAST": ("OUT-001", "store.east"), "CTY-E01": ("CTY-E01", "branch"),
    "BR-SOUTH": ("OUT-002", "store.south"), "BR-NORTH": ("FRN-001", "store.north"),
}  # fmt: skip
AT_THE_COUNTER = frozenset({"outlet", "counter", "franchise"})
BY_THEMSELVES = frozenset({"portal", "app", "wechat", "email"})
KINDS = {"SG-01": "suggestion", "SG-02": "suggestion", "SG-03": "enquiry", "SG-04": "praise"}


def file(life: Life, at: datetime) -> None:
    story, script = life.story, life.story.script
    actor, unit = _who_files(life)
    by_desk = actor.kind == "member"
    taken = take_in(
        Arrival(
            text=story.text, title=story.title, channel=story.channel, kind=KINDS.get(script.code, "complaint"),
            name=story.person.full_name, phone=story.person.phone,
            email=life.email, tier=script.tier, region=story.person.region, occurred_place=story.person.spot,
            order_no=story.values["order"] if "{order}" in script.text or life.duplicate_of else "",
            sku=story.values["M"] if script.goods != ("none",) else "",
            batch=story.values["batch"] if "{batch}" in script.text else "",
            occurred_at=story.received_at - timedelta(hours=life.rng.randrange(2, 60)),
            expectation=script.expectation, emotion=script.emotion if by_desk else None,
            category=script.code if by_desk and life.rng.random() < 0.9 else "",
            issues=tuple(story.points) if by_desk and not life.duplicate_of else (),
            elements=elements.filled(story, life.category.element_set.required) if life.category.element_set else {},
            received_at=story.received_at, received_unit=unit, external_id=f"demo-{story.number}",
            assignee=None if unit is not None else life.clerk.member,
            intake_seconds=life.rng.randrange(70, 420) if by_desk else None,
            brand=BRANDS[story.number % len(BRANDS)] if script.code.startswith("TN") and by_desk else "",
        ),
        actor=actor,
        at=at,
    )  # fmt: skip
    life.complaint = taken.complaint


def _who_files(life: Life) -> tuple[Actor, Unit | None]:
    story, units = life.story, life.company.staff.units
    if story.channel in AT_THE_COUNTER:
        code, name = OUTLETS[story.person.branch]
        return life.actor(name), units[code]
    if story.channel == "phone" and story.person.branch == "BR-SOUTH":
        return life.actor("outsider"), units["BR-SOUTH-CC"]
    if story.channel in BY_THEMSELVES:
        return (CUSTOMER if story.channel == "portal" else SYSTEM), None
    return life.clerk, None


def attach(life: Life, at: datetime) -> None:
    story = life.story
    if story.script.voice == "business":
        lines = [story.person.company, f"料号 {story.values['M']}  批号 {story.values['batch']}", *story.points]
        name, content = "检验报告.pdf", drawings.report("来料检验报告", lines)
    else:
        name, content = f"现场照片{story.number}.png", drawings.photograph(story.title)
    attaching.attach(life.complaint, name=name, chunks=[content], actor=CUSTOMER, at=at)


def contact(life: Life, at: datetime) -> None:
    clerk = life.clerk
    if clerk.member is not None and life.complaint.assignee_id != clerk.member.pk:
        keeping.assign(life.complaint, to=clerk.member, actor=clerk, at=at)
    replying.send(
        life.complaint, channel=_spoken(life), body=life.phrase("first_contact", at), actor=clerk, at=at, is_final=False
    )


def _spoken(life: Life) -> Letter.Channel:
    channel = life.letter_channel
    return Letter.Channel.PHONE if channel == Letter.Channel.POST else channel


def respond(life: Life, at: datetime) -> None:
    """The substantive response: what becomes of it, once it has been graded."""
    body = life.phrase("first_answer", at)
    replying.send(life.complaint, channel=_spoken(life), body=body, actor=life.clerk, at=at, is_final=False)


def progress(life: Life, at: datetime) -> None:
    body = life.phrase("progress", at)
    replying.send(life.complaint, channel=_spoken(life), body=body, actor=life.clerk, at=at, is_final=False)


def on_the_spot(life: Life, at: datetime) -> None:
    explanation = "".join(life.story.answers(at)) + life.phrase("on_the_spot", at)
    replying.resolve_on_spot(
        life.complaint,
        explanation=explanation,
        customer_agreed=True,
        cause=_cause(life, on_spot=True),
        actor=life.clerk,
        at=at,
        breach_reason=_why_late(life, at),
    )


BRANDS = ("gotone", "m_zone", "easyown", "other")
CAUSES = {
    "PQ": ("product", "product", "third_party"), "SP": ("attitude", "process", "staff_error"),
    "TD": ("process", "system", "expectation"), "RL": ("policy", "process", "expectation"),
    "LG": ("logistics", "logistics", "third_party"), "TN": ("explanation", "billing", "system"),
}  # fmt: skip


def _cause(life: Life, *, on_spot: bool = False) -> str:
    """By what it was about, the same in every run; on the spot mostly something that wanted explaining."""
    code = category_of(life.complaint)
    if code.causes:
        return str(code.causes[0])
    if "confirm_not_valid" in life.fate.steps or (on_spot and life.story.number % 4):
        return "explanation"
    likely = CAUSES.get(code.code[:2], ("other",))
    return likely[life.story.number % len(likely)]


def take_up(life: Life, at: datetime) -> None:
    reviewing.take_up(life.complaint, actor=life.reviewer(at), at=at)


def return_intake(life: Life, at: datetime) -> None:
    reviewing.return_intake(life.complaint, reason=life.phrase("return_intake", at), actor=life.reviewer(at), at=at)


def resubmit(life: Life, at: datetime) -> None:
    reviewing.resubmit(life.complaint, actor=life.clerk, at=at, supplement=life.phrase("supplement", at))


def review(life: Life, at: datetime) -> None:
    lowers = life.severity > life.complaint.severity
    note = life.phrase("lower_note" if lowers else "review_note", at) if lowers or life.rng.random() < 0.3 else ""
    reviewing.review(
        life.complaint,
        category=life.category,
        severity=life.severity,
        issues=life.story.points,
        note=note,
        actor=life.actor("supervisor") if lowers or life.severity == 1 else life.reviewer(at),
        at=at,
    )


def merge(life: Life, at: datetime) -> None:
    if life.duplicate_of is not None:
        merging.merge(life.complaint, into=life.duplicate_of.complaint, actor=life.reviewer(at), at=at)


def note(life: Life, at: datetime) -> None:
    noting.note(life.complaint, text=life.phrase("note", at), actor=life.clerk, at=at)


def mention_agent(life: Life, at: datetime) -> None:
    _mention(life, "agent", "supervisor", at)


def mention_handler(life: Life, at: datetime) -> None:
    _mention(life, "handler", "agent", at)


def mention_supervisor(life: Life, at: datetime) -> None:
    _mention(life, "supervisor", "agent", at)


def _mention(life: Life, whom: str, by: str, at: datetime) -> None:
    noting.note(life.complaint, text=f"@{whom} {life.phrase('mention', at)}", actor=life.actor(by), at=at)


def pause(life: Life, at: datetime) -> None:
    waiting.pause(life.complaint, reason=life.phrase("awaiting", at), actor=life.clerk, at=at)


def resume(life: Life, at: datetime) -> None:
    waiting.resume(life.complaint, actor=life.clerk, at=at)


def confirm_not_valid(life: Life, at: datetime) -> None:
    judging.confirm_latest(life.complaint, actor=life.actor("supervisor"), at=at)
    dispatching.cancel_all(life.complaint, at=at)


def answer_not_valid(life: Life, at: datetime) -> None:
    judging.answer_not_valid(life.complaint, actor=life.actor("supervisor"), at=at)


def not_reached(life: Life, at: datetime) -> None:
    replying.send(
        life.complaint, channel=Letter.Channel.PHONE, body=life.phrase("not_reached", at),
        actor=life.clerk, at=at, is_final=True, reached=False, cause=_cause(life),
    )  # fmt: skip


def reply(life: Life, at: datetime) -> None:
    clerk = life.clerk
    name = clerk.member.name if clerk.member else ""
    body = life.story.script.letter
    if "confirm_not_valid" in life.fate.steps:
        body = str(phrases()["not_valid_letter"]).replace("{evidence}", life.phrase("not_valid", at))
    elif life.answered:
        body = life.phrase("again_letter", at) + (" " if life.story.script.lang == "en" else "") + body
    if life.story.script.code in opinions_needed() and not life.answered:
        opinion = "已审阅核查记录与授权文本：收集范围超出必要，应删除并书面告知客户。"
        noting.opine(life.complaint, text=opinion, actor=life.actor("legal"), at=at)
    life.answered += 1
    letter = life.story.letter(at, agent=name, body=body)
    replying.send(
        life.complaint,
        channel=life.letter_channel,
        body=letter,
        actor=clerk,
        at=at,
        is_final=True,
        cause=_cause(life),
        breach_reason=_why_late(life, at),
    )


def _why_late(life: Life, at: datetime) -> str:
    return life.phrase("late", at) if unexplained(life.complaint, at) else ""


def accept(life: Life, at: datetime) -> None:
    outcome = Outcome.SATISFIED if life.rng.random() < 0.75 else Outcome.ACCEPTABLE
    words = life.story.say(str(life.rng.choice(phrases()["accepted"])), at) if life.rng.random() < 0.4 else ""
    closing.accept(life.complaint, outcome=outcome, at=at, note=words)


def close(life: Life, at: datetime) -> None:
    outcome = Outcome.SATISFIED if life.rng.random() < 0.6 else Outcome.ACCEPTABLE
    why = _why_late(life, at)
    closing.close(life.complaint, outcome=outcome, actor=life.clerk, at=at, breach_reason=why)


def reject(life: Life, at: datetime) -> None:
    closing.reopen(life.complaint, reason=life.phrase("reject", at), actor=CUSTOMER, at=at)


def withdraw(life: Life, at: datetime) -> None:
    closing.withdraw(life.complaint, reason=life.phrase("withdraw", at), actor=life.clerk, at=at)
    dispatching.cancel_all(life.complaint, at=at)


def external(life: Life, at: datetime) -> None:
    local = at.astimezone(ZONE)
    case = f"（{local.year}）仲申字第{life.story.number:03d}号，{local.month}月{local.day}日。"
    reason = life.phrase("external", at) + case
    closing.go_external(life.complaint, reason=reason, actor=life.actor("supervisor"), at=at)
    dispatching.cancel_all(life.complaint, at=at)
