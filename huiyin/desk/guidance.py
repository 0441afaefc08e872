"""How a complaint is handled, for its page: the method in use, its steps, and scripts filled with what is known."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from huiyin.complaints.actions.receipting import tracking_url
from huiyin.complaints.models import Complaint, Event, Guidance, Validity
from huiyin.complaints.states import State
from huiyin.knowledge import issue_templates, queries, scripts
from huiyin.knowledge.guides import RESTATE, Guide, Step
from huiyin.knowledge.models import Channel
from huiyin.knowledge.scripts import Wording
from huiyin.org.models import Member

AT_ONCE = 5  # scripts offered for one step
IN_LETTER = 12

# The stages of scripts that may be of use while a complaint stands in a state, the likeliest first.
STAGES: Mapping[str, tuple[str, ...]] = {
    State.RECEIVED: ("urgent", "intake", "listen", "calm"),
    State.IN_REVIEW: ("urgent", "intake", "listen", "calm"),
    State.RETURNED_INTAKE: ("intake", "listen", "calm"),
    State.ACCEPTED: ("urgent", "handle", "progress"),
    State.IN_PROGRESS: ("urgent", "handle", "progress", "offer"),
    State.AWAITING_CUSTOMER: ("progress", "handle"),
    State.INTERIM: ("progress", "handle"),
    State.IN_AUDIT: ("progress", "handle"),
    State.REPLYING: ("reply", "offer", "repair"),
    State.NOT_VALID: ("reply", "handle"),
    State.EXTERNAL: ("reply", "progress"),
    State.RESOLVED: ("close", "survey", "repair"),
    State.REOPENED: ("intake", "calm", "repair"),
}


def panel(
    complaint: Complaint, member: Member, *, events: Iterable[Event], validities: Sequence[Validity]
) -> dict[str, Any]:
    """The method in use with its steps; no query where the record knows of none."""
    if not any(event.kind == Event.Kind.GUIDED for event in events):
        return {"guidance": None}
    guidance = complaint.guidances.current().select_related("begun_by", "confirmed_by").first()
    if guidance is None:
        return {"guidance": None}
    known = queries.wordings()
    guide = queries.guide(guidance.method, known)
    if guide is None:
        return {"guidance": None}
    teller = Teller(complaint, member, known, validity=validity_of(validities))
    return {
        "guidance": guidance,
        "guide": guide,
        "steps": _steps(guidance, guide, teller),
        "awaits_confirmation": guidance.is_special and guidance.confirmed_by_id is None,
        "may_confirm": guidance.begun_by_id != member.pk,
    }


def _steps(guidance: Guidance, guide: Guide, teller: "Teller") -> list[dict[str, Any]]:
    people = {each["by"] for each in guidance.steps}
    names = dict(Member.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    done = guidance.done
    following = min((step.number for step in guide.steps if step.number not in done), default=0)
    return [
        {
            "step": step,
            "done_at": guidance.done_at(step.number),
            "done_by": names.get(done[step.number]["by"], "") if step.number in done else "",
            "is_next": step.number == following,
            "scripts": teller.of_step(step),
        }
        for step in guide.steps
    ]


def validity_of(validities: Iterable[Validity]) -> str:
    """The newest judgement; the rows come newest first."""
    return next((each.value for each in validities), "")


class Teller:
    """Scripts for one complaint, told by one member."""

    def __init__(
        self, complaint: Complaint, member: Member, known: Sequence[Wording] | None = None, *, validity: str
    ) -> None:
        self.complaint = complaint
        self.wordings = queries.wordings() if known is None else known
        self.frames = queries.frames()
        self.validity = validity
        self.codes = {complaint.category.code}
        if complaint.confirmed_category is not None:
            self.codes.add(complaint.confirmed_category.code)
        self.slots = slots(complaint, member)

    def of_step(self, step: Step) -> list[dict[str, Any]]:
        usable = [each for each in self.wordings if each.is_for(self.codes)]
        if self.validity in scripts.NOT_AT_FAULT:
            usable = [each for each in usable if not each.is_confessing]
        return [{**self.told(each), "key": f"say-{step.number}-{each.code}"} for each in step.pick(usable)[:AT_ONCE]]

    def for_letter(self, channel: str) -> list[dict[str, Any]]:
        stages = STAGES.get(self.complaint.state, ("progress",))
        fitting = scripts.for_complaint(
            self.wordings,
            codes=self.codes,
            stage=stages,
            emotion=self.complaint.emotion,
            channel=channel,
            validity=self.validity,
        )
        first = self._proposed()
        others = [self.told(each) for each in fitting if first is None or each.code != first.code]
        return [*([{**self.told(first), "is_proposed": True}] if first else []), *others][:IN_LETTER]

    def _proposed(self) -> Wording | None:
        """What belongs to its issue class, until it is answered (C034)."""
        if self.complaint.state == State.RESOLVED:
            return None
        category = self.complaint.confirmed_category or self.complaint.category
        return issue_templates.proposed(
            self.wordings, issue_class=category.issue_class, codes={category.code}, validity=self.validity
        )

    def core(self, code: str) -> str:
        """The script of that code without a channel's opening and closing, for the middle of a talk; '' if unused."""
        given = {**self.slots, "reason": restated(self.complaint)} if code == RESTATE else self.slots
        return next((scripts.fill_in(each.text, given) for each in self.wordings if each.code == code), "")

    def told(self, wording: Wording) -> dict[str, Any]:
        """One script, in every channel. What we know of the customer's wish is the first option only while we ask."""
        given = dict(self.slots)
        if wording.code == RESTATE:
            given["reason"] = restated(self.complaint)
        if wording.stage not in {"intake", "listen"}:
            given.pop("option_a", None)
        said = {
            channel: scripts.fill_in(scripts.say(wording, channel, self.frames), given) for channel in scripts.CHANNELS
        }
        return {
            "code": wording.code,
            "name": wording.name,
            "is_regret": wording.is_regret,
            "variants": [{"channel": name, "label": Channel(name).label, "text": said[name]} for name in said],
            "phone": said[scripts.PHONE],
            "mail": said[scripts.MAIL],
        }


def slots(complaint: Complaint, member: Member) -> dict[str, str]:
    """What is known of the complaint, by the names of the scripts' slots; nothing that is not known."""
    found = {
        "customer": complaint.complainant_name or complaint.customer.name or "尊敬的客户",
        "agent": member.name,
        "case_no": complaint.number,
        "product": str(complaint.elements.get("product") or complaint.elements.get("model") or complaint.sku),
        "order_no": complaint.order_no,
        "deadline": _day_and_hour(complaint.due_at),
        "stage": str(complaint.get_state_display()),
        "dept": complaint.owner_unit.name,
        "reason": "；".join(_points(complaint)),
        "option_a": _wish(complaint),
        "link": tracking_url(complaint),
    }
    return {name: words for name, words in found.items() if words}


def restated(complaint: Complaint) -> str:
    """The question and the wish in our words: points, time, place, what is wanted (D27)."""
    points = _points(complaint)
    if len(points) > 1:
        points = [f"{number}是{point}" for number, point in zip("一二三四五六七八九十", points, strict=False)]
    parts = ["您反映的问题，" + "；".join(points)]
    if complaint.occurred_at is not None:
        parts.append(f"时间是{_day_and_hour(complaint.occurred_at)}")
    if complaint.occurred_place:
        parts.append(f"地点是{complaint.occurred_place}")
    if wish := _wish(complaint):
        parts.append(f"您希望{wish}")
    return "；".join(part.strip("。；，") for part in parts)


def _points(complaint: Complaint) -> list[str]:
    asked = [issue.text.strip("。；， ") for issue in complaint.issues.all() if not issue.is_dropped]
    return asked or [complaint.title or " ".join(complaint.text.split())[:120]]


def _wish(complaint: Complaint) -> str:
    return complaint.expectation.removeprefix("希望").removeprefix("要求").strip("。；， ")


def _day_and_hour(at: Any) -> str:
    return date_format(timezone.localtime(at), "n月j日 H:i")
