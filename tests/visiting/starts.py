"""Where the walk over all pages begins besides the addresses that need no filling: what no page links to."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.template.loader import render_to_string
from django.urls import reverse

from huiyin.coaching.actions import appealing, drawing, entering, reviewing
from huiyin.coaching.models import Entry, Plan, Sampled, SamplingRule, ScoreItem
from huiyin.compensation.actions import deciding, offering, settling
from huiyin.compensation.worth import Proposed
from huiyin.complaints.actions import archiving
from huiyin.complaints.actions.attaching import attach
from huiyin.complaints.models import Complaint
from huiyin.complaints.states import State
from huiyin.customers.actions import proving
from huiyin.intake.actions.taking_in import take_in
from huiyin.intake.arrival import Arrival
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.notices.models import Target
from huiyin.org.actions import tokens, views
from huiyin.org.actors import CUSTOMER, SYSTEM, Actor
from huiyin.org.models import Member
from huiyin.portal.views import coming_back
from huiyin.quality.actions import recurring
from huiyin.quality.models import RecurrenceRule
from tests.visiting.walking import HALFWAY, SECOND_STEP, Answer, Place

# Who comes first and may read a page reads it; nobody is signed in on the portal and at the door.
READERS = (
    "", "manager", "supervisor", "reviewer", "agent", "handler", "auditor", "director", "admin", "branch", "lead",
    "quality", "legal", "analyst", "dpo", SECOND_STEP, HALFWAY,
)  # fmt: skip
FAILURES = ("400", "403", "403_csrf", "404", "500", "503")
DEEDS = ("add", "accept", "choose", "reject", "rate", "withdraw")
OFFER_DEEDS = ("approval", "refusal", "choice", "decline", "fulfilment")
PICTURE = b64decode(b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
NOTHING = (("nothing", "typed"),)


def starts(*, at: datetime) -> Iterator[Place]:
    fresh = _fresh(at)
    yield Place(reverse("desk:attachment", args=[fresh.number, fresh.attachments.get().pk]), "supervisor")
    yield from _portal(at)
    yield from _doors(at)
    others = Complaint.objects.open().filter(is_confidential=False, owner_unit__code="CC").exclude(pk=fresh.pk)
    open_one = others.latest("id")
    yield Place(reverse("desk:complaint", args=[open_one.number]), "supervisor")  # opening.py opens its menus
    yield from _notices(open_one, at)
    yield from _offers(at)
    for kind in ("script", "case", "person"):
        yield Place(f"{reverse('desk:at-hand', args=[open_one.number])}?kind={kind}", "supervisor")
    yield Place(reverse("desk:palette") + "?q=a", "supervisor")
    yield from _reviews(at)
    yield from _ledger(at)
    yield from _monthly(at)
    for customer in Complaint.objects.exclude(customer__phone_digest="").order_by("id")[:1]:
        yield Place(reverse("desk:intake-caller"), "agent", (("phone", customer.customer.phone),))
    yield Place(reverse("desk:intake-prompts"), "agent", (("text", "电饭煲用了三次就不通电"),))
    yield Place(reverse("desk:letter-preview", args=[open_one.number]), "supervisor", (("body", "12345"),))
    yield Place(reverse("desk:wording", args=[open_one.number]), "supervisor", (("body", "12345"),))
    again = Complaint.objects.open().exclude(confirmed_category=None).latest("id")
    RecurrenceRule.objects.update(threshold=1)
    recurring.count(again, at=at)
    refused = ("desk:intake", "desk:incident-new", "desk:suggest")
    yield from (Place(reverse(name), "supervisor", NOTHING) for name in refused)
    yield Place(reverse("desk:settings-erasure"), "dpo")
    settings = ("unit-new", "member-new", "elements-new", "rule-new", "group-new")
    yield from (Place(reverse(f"desk:settings-{name}"), "admin", NOTHING) for name in settings)
    yield Place(f"{reverse('desk:settings-category-move', args=['LG-08'])}?under=PQ", "admin")
    rule = (("code", "RT-901"), ("position", "1"), ("condition", "always: true"), ("effect", "team: CC-SENIOR"))
    yield Place(reverse("desk:settings-rule-new"), "admin", rule)  # what it would change


def _fresh(at: datetime) -> Complaint:
    """Just come, with a picture: it may be withdrawn, whatever time of day the others were made for."""
    given = Arrival(text="1 2 3", channel="portal", name="1", phone="13900002222")
    made = take_in(given, actor=CUSTOMER, at=at).complaint
    attach(made, name="1.png", chunks=[PICTURE], actor=CUSTOMER, at=at)
    return made


def _notices(complaint: Complaint, at: datetime) -> Iterator[Place]:
    """Somebody was told something, and a group has a robot."""
    readers = Member.objects.filter(username="supervisor")
    link = reverse("desk:complaint", args=[complaint.number])
    told = Telling(tuple(readers), "urged", {"who": "1", "count": 2}, complaint.number, link, key="1")
    tell_many([told], at=at)
    target = Target.objects.create(way="wecom", name="1", address="https://qyapi.weixin.qq.com/?key=1")
    yield Place(reverse("desk:inbox"), "supervisor")
    yield Place(reverse("desk:settings-notice-target", args=[target.pk]), "admin")


def _reviews(at: datetime) -> Iterator[Place]:
    """A month was drawn: one case is reviewed, one waits, one's score is under appeal, of one two cards differ. Other
    months are there to be drawn by hand."""
    month, someone = drawing.month_before(at), Member.objects.get(username="agent")
    ended = Complaint.objects.filter(is_confidential=False, owner_unit__code="CC", state=State.CLOSED)
    closed_at = datetime(month.year, month.month, 9, 12, tzinfo=at.tzinfo)
    Complaint.objects.filter(pk__in=[each.pk for each in ended.order_by("id")[:4]]).update(
        assignee=someone, closed_at=closed_at
    )
    SamplingRule.objects.update(twice_percent=0)
    made, _is_new = drawing.draw_month(month, actor=SYSTEM, at=at)
    [done, waiting, asked, twice, *_others] = made.cases.filter(agent=someone).order_by("id")
    codes = ScoreItem.objects.values_list("code", "is_fatal")
    marks = {code: "half" for code, is_fatal in codes if not is_fatal}
    fatal = [code for code, is_fatal in codes if is_fatal]
    manager, supervisor = (Member.objects.get(username=name) for name in ("manager", "supervisor"))
    other = Member.objects.create(username="qa", name="1", unit=supervisor.unit, roles=["qa_reviewer"])
    reviewing.review(done, marks=marks, fatal=fatal, comment="1", actor=manager, at=at)
    score = reviewing.review(asked, marks=marks, comment="1", actor=supervisor, at=at)
    assert score is not None
    appealing.appeal(score, reason="1", actor=someone, at=at)
    Sampled.objects.filter(pk=twice.pk).update(is_twice=True)
    for each, broken in ((supervisor, fatal), (other, [])):
        reviewing.review(twice, marks=marks, fatal=broken, comment="1", actor=each, at=at)
    for tab in ("waiting", "done", "appeals"):
        yield Place(f"{reverse('desk:reviews')}?tab={tab}", "manager")
    yield Place(reverse("desk:reviews"), "agent")
    yield from (Place(reverse("desk:review", args=[each.pk]), "manager") for each in (done, waiting, asked, twice))
    yield from (Place(reverse("desk:review", args=[each.pk]), "agent") for each in (done, asked))
    yield Place(reverse("desk:review", args=[twice.pk]), "supervisor")
    yield Place(reverse("desk:review-decision", args=[asked.pk]), "manager", NOTHING)


def _ledger(at: datetime) -> Iterator[Place]:
    """Somebody's year, with what counts, what was struck out, and a plan for the year before."""
    lead, person = (Member.objects.get(username=name) for name in ("manager", "agent"))
    on = at.date()
    given: dict[str, Any] = {"on": on, "title": "1", "evidence": "1", "actor": lead, "at": at}
    made = [entering.enter(person, kind=Entry.Kind.HOURS, hours=Decimal("1.5"), **given) for _twice in range(2)]
    entering.enter(person, kind=Entry.Kind.NEWCOMER, newcomer=lead, **given)
    entering.strike(made[0], because="1", actor=lead, at=at)
    Plan.objects.create(member=person, year=on.year - 1, lacking={"hours": "2", "project": "1"}, opened_at=at)
    url = reverse("desk:ledger", args=[person.username])
    yield from (Place(url, reader) for reader in ("manager", "agent"))
    yield Place(url, "manager", NOTHING)


def _monthly(at: datetime) -> Iterator[Place]:
    """Two answered suggestions of this month: of one there is a draft, of the other one may be made."""
    answered = Complaint.objects.filter(is_confidential=False, owner_unit__code="CC", state=State.CLOSED)
    kept, free = answered.exclude(replied_at=None).order_by("-id")[:2]
    Complaint.objects.filter(pk__in=[kept.pk, free.pk]).update(severity=4, received_at=at)
    texts = dict.fromkeys(("name_zh", "situation", "handling"), "1")
    editor = Member.objects.get(username="manager")
    archiving.draft(Complaint.objects.get(pk=kept.pk), values=texts, actor=Actor.of(editor), at=at)
    yield Place(reverse("desk:monthly"), "manager")
    yield Place(f"{reverse('desk:knowledge')}?shelf=drafts", "manager")
    for each in (kept, free):
        yield Place(reverse("desk:knowledge-draft", args=[each.number]), "manager")
    yield Place(reverse("desk:knowledge-draft", args=[free.number]), "manager", NOTHING)


def _offers(at: datetime) -> Iterator[Place]:
    """One waits for approval, one for the customer, one for what they chose."""
    without = Complaint.objects.filter(state=State.IN_PROGRESS, is_confidential=False, offers=None)
    agent, supervisor = (Actor.of(Member.objects.get(username=name)) for name in ("agent", "supervisor"))
    options = [Proposed("reship", words="1"), Proposed("replace", words="2")]
    made = [
        offering.offer(each, terms=offering.Terms(options=options, explanation="1"), actor=agent, at=at)
        for each in without.filter(owner_unit__code="CC").order_by("-id")[:3]
    ]
    for offer in made[1:]:
        deciding.approve(offer, actor=supervisor, at=at)
    settling.choose(made[2], option=made[2].options.all()[0], actor=CUSTOMER, at=at)
    for noun, offer in zip(OFFER_DEEDS, (*made[:1] * 2, *made[1:2] * 2, made[2]), strict=True):
        yield Place(reverse("desk:offer-deed", args=[offer.complaint.number, offer.pk, noun]), "supervisor")


def _portal(at: datetime) -> Iterator[Place]:
    states = set(Complaint.objects.values_list("state", flat=True))
    for state in sorted(states, key=lambda each: (each != State.IN_PROGRESS, each)):  # the first one's page is walked
        complaint = Complaint.objects.filter(state=state).exclude(tracking_digest="").latest("id")
        code = complaint.tracking_code
        yield Place(reverse("portal:progress", args=[code]), "")
        yield Place(reverse("portal:received", args=[code]), "")
        yield Place(reverse("portal:embed-received", args=[code]), "")
        yield Place(reverse("portal:data", args=[code, "html"]), "")
        yield from (Place(reverse(f"portal:{deed}", args=[code]), "") for deed in DEEDS)
    for attached in Complaint.objects.filter(attachments__isnull=False).order_by("-id")[:1]:
        for file in attached.attachments.all()[:1]:
            yield Place(reverse("portal:file", args=[attached.tracking_code, file.pk]), "")
    customer = Complaint.objects.latest("id").customer
    code = proving.issue(customer=customer, ticket="ticket", at=at)
    yield Place(reverse("portal:mine", args=[proving.prove(ticket="ticket", code=code, at=at)]), "")
    yield Place(reverse("portal:code", args=[coming_back._tickets.sign("other")]), "")
    member = Member.objects.get(username=SECOND_STEP)
    key = default_token_generator.make_token(member)
    yield Place(reverse("account_reset_password_from_key", args=[user_pk_to_url_str(member), key]), "")
    yield from (Place(reverse(name), "", NOTHING) for name in ("portal:submit", "portal:find", "account_login"))


def _doors(at: datetime) -> Iterator[Place]:
    """The second step is on for one member and off for the others."""
    has_second_step = Member.objects.get(username=SECOND_STEP)
    TOTP.activate(has_second_step, generate_totp_secret())
    RecoveryCodes.activate(has_second_step)
    for name in ("index", "view_recovery_codes", "generate_recovery_codes", "deactivate_totp", "reauthenticate"):
        yield Place(reverse(f"mfa_{name}"), SECOND_STEP)
    yield Place(reverse("mfa_authenticate"), HALFWAY)
    tokens.create(member=Member.objects.get(username="manager"), name="1", scopes=("read",), at=at)
    query = "view=all&severity=1"
    view = views.keep(name="1", scope="mine", query=query, actor=Actor.of(has_second_step), at=at)
    yield Place(reverse("desk:saved-view", args=[view.pk]), "executive")


def failures() -> dict[Place, Answer]:
    """What is said when something went wrong, which no address gives by itself."""
    said = {name: render_to_string(f"{name}.html").encode() for name in FAILURES}
    return {Place(f"/{name}", ""): Answer(200, {"Content-Type": "text/html"}, body) for name, body in said.items()}
