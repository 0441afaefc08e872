"""What arrives, before it is anything: plain values, cleaned and bounded, whichever channel they came through."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from huiyin.channels.models import REFERRED, Channel
from huiyin.complaints.actions.regulating import LONGEST_NUMBER, Referral, readied
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models.complaint import BrandSource, Kind
from huiyin.lib.clean import TooLong, clean_line, clean_text
from huiyin.lib.phrasing import listed
from huiyin.org.models import Member, Unit
from huiyin.triage.queries import brands

LONGEST_TEXT = 20_000
OURS = ("desk:", "demo-")  # external ids that we made up ourselves are no authority's numbers
TIERS = frozenset({"STD", "VIP", "VUL"})
_CHANNELS, _KINDS = frozenset(Channel.values), frozenset(Kind.values)  # an enumeration counts its values each time


class NotTaken(Exception):
    """It cannot be taken as it is; `errors` maps each field to one sentence that says what to do."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__("；".join(errors.values()))


@dataclass(frozen=True, kw_only=True)
class Arrival:
    text: str
    channel: str
    title: str = ""
    kind: str = Kind.COMPLAINT
    name: str = ""
    phone: str = ""
    email: str = ""
    tier: str = "STD"
    order_no: str = ""
    sku: str = ""
    batch: str = ""
    occurred_at: datetime | None = None
    occurred_place: str = ""
    region: str = ""
    expectation: str = ""
    emotion: int | None = None
    urgent: bool = False  # somebody says so; what its words or its level make urgent is so all the same
    category: str = ""
    cause: str = ""  # one of the category's own causes, where it asks for it at intake
    brand: str = ""
    brand_source: str = ""
    received_at: datetime | None = None
    external_id: str = ""
    issues: tuple[str, ...] = ()
    elements: dict[str, str] = field(default_factory=dict)
    signals: dict[str, float] = field(default_factory=dict)  # facts known from elsewhere, for the grading
    received_unit: Unit | None = None
    assignee: Member | None = None
    intake_seconds: int | None = None
    raw: bytes = b""
    reply: str = ""  # history: it was answered elsewhere, with these words,
    replied_at: datetime | None = None  # and then
    referral: Referral | None = None  # what an authority sent; what such a channel brings under a number is one, too
    checked_at: datetime | None = None

    def checked(self, *, at: datetime) -> "Arrival":
        """The same, cleaned. Raises NotTaken with every fault found, not only the first."""
        return self if self.checked_at == at else _Checker(self, at).result()


_LINES = {
    "title": 200, "name": 100, "phone": 40, "email": 254, "order_no": 64, "sku": 64, "batch": 64,
    "occurred_place": 200, "region": 64, "expectation": 500, "external_id": 120,
    "cause": 120, "brand": 32,
}  # fmt: skip


class _Checker:
    def __init__(self, arrival: Arrival, at: datetime) -> None:
        self.arrival, self.at = arrival, at
        self.errors: dict[str, str] = {}
        self.values: dict[str, Any] = dict(vars(arrival))

    def result(self) -> Arrival:
        self._text()
        for name, longest in _LINES.items():
            self._line(name, longest)
        self._choices()
        self._times()
        self._referral()
        if self.values["email"] and "@" not in self.values["email"].strip("@"):
            self.errors["email"] = _("电子邮箱写法不对，例如 name@example.com。")
        if self.errors:
            raise NotTaken(self.errors)
        made = object.__new__(Arrival)  # with every field there is: what __init__ of a frozen class does one by one
        vars(made).update(self.values, checked_at=self.at)
        return made

    def _referral(self) -> None:
        """What was said of it must hold; what only follows from the channel is left out where it does not."""
        said, arrival = self.arrival.referral, self.arrival
        is_implied = said is None and arrival.channel in REFERRED and arrival.replied_at is None
        is_implied = is_implied and bool(arrival.external_id) and not arrival.external_id.startswith(OURS)
        if is_implied and len(arrival.external_id) <= LONGEST_NUMBER:
            said = Referral(profile="", number=arrival.external_id, received_at=self.values["received_at"])
        if said is None:
            return
        try:
            self.values["referral"] = readied(
                said, channel=arrival.channel, external_id=arrival.external_id, at=self.at
            )
        except GuardFailed as failed:
            if not is_implied:
                self.errors[f"regulatory.{failed.field}"] = str(failed)

    def _text(self) -> None:
        try:
            text = clean_text(self.arrival.text, limit=LONGEST_TEXT).strip()
        except TooLong:
            self.errors["text"] = _("内容超过 %d 字，请精简，或把全文作为附件上传。") % LONGEST_TEXT
            return
        if not text:
            self.errors["text"] = _("请写明投诉内容。")
        self.values["text"] = text

    def _line(self, name: str, longest: int) -> None:
        given = self.values[name]
        if given == "":
            return
        try:
            value = clean_line(str(given), limit=longest).strip()
        except TooLong:
            self.errors[name] = _("最多 %d 个字。") % longest
            return
        self.values[name] = value

    def _choices(self) -> None:
        arrival = self.arrival
        if arrival.channel not in _CHANNELS:
            self.errors["channel"] = _("没有这个渠道：%(given)s。可用：%(known)s。") % {
                "given": arrival.channel[:40],
                "known": listed(Channel.values),
            }
        if arrival.kind not in _KINDS:
            self.errors["kind"] = _("没有这个类型：%(given)s。可用：%(known)s。") % {
                "given": arrival.kind[:40],
                "known": listed(Kind.values),
            }
        if arrival.brand and arrival.brand not in {brand.code for brand in brands()}:
            self.errors["brand"] = _("没有这个品牌：%s。") % arrival.brand[:32]
        self.values["brand_source"] = (arrival.brand_source or BrandSource.MANUAL) if arrival.brand else ""
        if arrival.tier not in TIERS:
            self.errors["tier"] = _("客户价值只能是 STD、VIP 或 VUL。")
        if arrival.emotion is not None and not 1 <= arrival.emotion <= 5:
            self.errors["emotion"] = _("情绪等级为 1 到 5。")

    def _times(self) -> None:
        received = self.arrival.received_at or self.at
        if received > self.at + timedelta(minutes=5):
            self.errors["received_at"] = _("受理时间不能在未来。")
        self.values["received_at"] = min(received, self.at)
        replied = self.arrival.replied_at
        if replied is not None and not self.values["received_at"] <= replied <= self.at:
            self.errors["replied_at"] = _("答复时间须在受理之后、现在之前。")
        if self.arrival.reply and replied is None:
            self.errors["replied_at"] = _("有答复内容的，须有答复时间。")
        occurred = self.arrival.occurred_at
        if occurred is not None and occurred > self.at + timedelta(days=1):
            self.errors["occurred_at"] = _("发生时间不能在未来。")
