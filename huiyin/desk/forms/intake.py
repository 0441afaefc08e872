"""受理单: the form for telephone, counter and letter. Its lower part asks for what the chosen category needs (A39)."""

import secrets
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.channels.models import REFERRED, Channel
from huiyin.complaints.actions.regulating import Referral
from huiyin.complaints.models.complaint import BrandSource, Kind
from huiyin.customers.models import Customer
from huiyin.desk.elements import ALIKE, ELEMENTS, FILES, Element, element
from huiyin.desk.forms.choices import category_choices
from huiyin.desk.forms.fields import Day, Files, Line, Moment, Words, choose_from
from huiyin.desk.forms.regulatory import class_choices, named
from huiyin.intake.actions.registering import OnSpot
from huiyin.intake.arrival import Arrival
from huiyin.intake.boss import brand_of
from huiyin.org.models import Member
from huiyin.org.rules import Right, Role, may
from huiyin.sla.queries import profiles
from huiyin.triage.models import Category, ElementSet
from huiyin.triage.queries import brands, causes, questions

OFFERED = (
    Channel.PHONE, Channel.COUNTER, Channel.LETTER, Channel.OUTLET, Channel.FRANCHISE, Channel.KEY_ACCOUNT,
    Channel.HOTLINE_12345, Channel.HOTLINE_12315, Channel.CONSUMER_ASSOCIATION, Channel.HQ_FORWARD,
    Channel.RED_CHANNEL, Channel.WECHAT, Channel.APP, Channel.OTHER,
)  # fmt: skip
EMOTIONS = [
    ("1", _("1 平静")), ("2", _("2 不满")), ("3", _("3 焦虑")),
    ("4", _("4 愤怒")), ("5", _("5 失控或威胁")),
]  # fmt: skip
PREFIX = "el_"
BRAND, CAUSE = "brand", "cause"
WHEN_AND_WHERE, UNKNOWN = ("occurred_at", "occurred_place"), "occurred_unknown"


WHY_LATE = "breach_reason"


class IntakeForm(forms.Form):
    # fmt: off
    name = Line(label=_("投诉人姓名"), longest=100)
    phone = Line(label=_("联系电话"), longest=40, required=False,
                 widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
    email = Line(label=_("电子邮箱"), longest=254, required=False,
                 widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}))
    tier = forms.ChoiceField(label=_("客户级别"), choices=Customer.Tier.choices, initial="STD", required=False)
    channel = forms.ChoiceField(label=_("受理渠道"), choices=[(each.value, each.label) for each in OFFERED])
    referral_no = Line(label=_("转办编号"), longest=100, required=False,
                       help_text=_("12345、12315、消协等转来的，填对方的编号。"))
    referral_profile = forms.ChoiceField(label=_("监管要求"), required=False)
    referral_at = Moment(label=_("转办时间"), required=False)
    referral_deadline = Moment(label=_("给定的期限"), required=False,
                               help_text=_("照对方写的填；系统照录，不重算。没写的不填，按监管要求自己的时限计。"))
    referral_category = forms.ChoiceField(label=_("情形"), required=False)
    received_at = Moment(label=_("受理时间"), required=False)
    kind = forms.ChoiceField(label=_("来件性质"), choices=Kind.choices, initial=Kind.COMPLAINT)
    text = Words(label=_("投诉内容（客户原话）"), rows=7,
                 help_text=_("照客户的话如实填写，提交后不能修改。"))
    expectation = Line(label=_("客户期望"), longest=500)
    emotion = forms.TypedChoiceField(label=_("情绪等级"), choices=EMOTIONS, coerce=int, widget=forms.RadioSelect)
    issues = Words(label=_("问题点（每行一个，可不填）"), rows=2, required=False)
    category = forms.ChoiceField(label=_("受理类型"))
    is_urgent = forms.BooleanField(label=_("紧急，首次响应从快"), required=False)
    occurred_at = Moment(label=_("发生时间"))
    occurred_place = Line(label=_("发生地点"), longest=200)
    occurred_unknown = forms.BooleanField(label=_("发生时间或地点，客户说不清"), required=False)
    region = Line(label=_("地区"), longest=64, required=False)
    order_no = Line(label=_("订单号"), longest=64, required=False)
    sku = Line(label="SKU", longest=64, required=False)
    batch = Line(label=_("批次"), longest=64, required=False)
    files = Files(label=_("附件"), required=False)  # type: ignore[assignment]  # a declared field is taken off the class
    explanation = Words(label=_("当场如何解释或解决"), rows=3, required=False)
    cause = forms.ChoiceField(label=_("投诉原因"), required=False)
    customer_agreed = forms.BooleanField(label=_("客户同意，当场了结"), required=False)
    intake_seconds = forms.IntegerField(required=False, min_value=0, max_value=86_400, widget=forms.HiddenInput)
    paper = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    token = forms.RegexField(r"[\w-]{16,64}", required=False, widget=forms.HiddenInput)
    # fmt: on

    def __init__(
        self, data: Any = None, files: Any = None, *, member: Member, at: datetime, category: str = "", paper: str = ""
    ) -> None:
        super().__init__(data, files, label_suffix="")
        self.member, self.at = member, at
        self.initial = {
            "channel": preset(member),
            "token": secrets.token_urlsafe(18),
            "received_at": at,
            "category": category,
        }
        if paper.isascii() and paper.isdigit() and len(paper) < 18:
            self.initial |= {"paper": int(paper), "channel": Channel.LETTER}
        chosen = self.fields["category"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", _("请选择")), *category_choices()]
        self._offer_profiles()
        self.asked: list[str] = []
        self.further: list[str] = []
        self.needs_brand = False
        self.wanted_files: list[Any] = []
        self.leaf = _leaf(str(self.data.get("category", "")) if data is not None else category)
        self._ask_for(self.leaf)
        self._ask_when_and_where()
        self._keep_typed()
        self._offer_causes(self.leaf)
        self.may_resolve = may(member, Right.RESOLVE_ON_SPOT)
        if WHY_LATE in self.data:
            self.ask_why()

    def ask_why(self) -> None:
        """Only where what is settled on the spot came so long ago that it is late already (C027)."""
        self.fields[WHY_LATE] = Words(
            label=gettext("超时原因"), rows=2, required=False, help_text=gettext("备案后不能更改；客户看不到。")
        )

    def _ask_for(self, leaf: Category | None) -> None:
        """Fields for the elements of the category; what a field of the form already answers becomes required there."""
        if leaf is None or leaf.element_set is None:
            return
        group = [ALIKE.get(key, key) for key in leaf.required_fields]
        every = ElementSet.objects.filter(code=ElementSet.COMMON).first() or ElementSet()
        must = [*leaf.element_set.required, *every.required]
        required = {*must, *(key for key in group if not key.endswith("_if_known"))}
        wanted = dict.fromkeys([*must, *group, *leaf.element_set.optional])
        for key in wanted:
            self._ask(key, element(key), required=key in required)
        if PREFIX + BRAND not in self.asked:
            self._ask(BRAND, element(BRAND), required=False)
        shown = len(self.asked)
        for key in every.optional:
            if key not in wanted and element(key).asked != FILES:
                self._ask(key, element(key), required=False)
        self.further = self.asked[shown:]

    def _ask_when_and_where(self) -> None:
        """Both, of every complaint (B22); that the customer cannot tell is an answer, too."""
        for name in WHEN_AND_WHERE:
            asked = self.fields[name]
            asked.required = not self.data.get(UNKNOWN)
            words = {"what": asked.label, "tick": self.fields[UNKNOWN].label}
            asked.error_messages["required"] = gettext("缺少受理要素：%(what)s。客户说不清的，勾选“%(tick)s”。") % words

    def _offer_profiles(self) -> None:
        self.profiles = profiles()
        choices = [("", gettext("按受理渠道")), *((each.code, named(each)) for each in self.profiles)]
        choose_from(self, "referral_profile", choices)
        choose_from(self, "referral_category", class_choices(self.profiles))

    def _offer_causes(self, leaf: Category | None) -> None:
        """For what is settled on the spot. A category with causes of its own asks for them among its elements."""
        known = self.fields["cause"]
        assert isinstance(known, forms.ChoiceField)
        known.choices = [("", _("请选择")), *((each.code, each.name) for each in causes() if each.is_active)]
        self.has_own_causes = leaf is not None and bool(leaf.causes)
        if leaf is not None and leaf.causes and PREFIX + CAUSE in self.fields:
            words = self.fields[PREFIX + CAUSE].error_messages
            own = [("", _("请选择")), *((each, each) for each in leaf.causes)]
            self.fields[PREFIX + CAUSE] = forms.ChoiceField(
                label=element(CAUSE).label, choices=own, error_messages={"required": words["required"]}
            )

    def _keep_typed(self) -> None:
        """What was typed for another category is still asked for, so that changing one's mind loses nothing."""
        for name in [name for name in self.data if name.startswith(PREFIX) and name not in self.asked]:
            key = name.removeprefix(PREFIX)
            if (
                (key in ELEMENTS or key in questions())
                and not element(key).kept_in
                and str(self.data.get(name)).strip()
            ):
                self._ask(key, element(key), required=False)

    def _ask(self, key: str, wanted: Element, *, required: bool) -> None:
        if wanted.asked == FILES:
            self.wanted_files.append(wanted.label)
        elif not wanted.kept_in:
            # with BOSS to ask, an empty brand may still be answered: see clean()
            must = required and not (key == BRAND and settings.HUIYIN_BOSS)
            self.fields[PREFIX + key] = _field(key, wanted, required=must)
            if required and key == BRAND:
                self.needs_brand = True
            self.asked.append(PREFIX + key)
        elif required and wanted.kept_in in {"order_no", "sku", "batch", "occurred_at", "occurred_place"}:
            kept = self.fields[wanted.kept_in]
            kept.required, kept.label = True, wanted.label
            kept.error_messages["required"] = gettext("缺少受理要素：%s。") % wanted.label

    @property
    def element_fields(self) -> list[forms.BoundField]:
        asked = [name for name in self.asked if name not in self.further]
        return [self[name] for name in (*WHEN_AND_WHERE, UNKNOWN, "order_no", "sku", "batch", *asked)]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        """What may be told of any complaint, and seldom is."""
        return [self[name] for name in self.further]

    @property
    def is_told_further(self) -> bool:
        return any(field.value() for field in self.further_fields)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("phone") and not given.get("email") and not {"phone", "email"} & self.errors.keys():
            self.add_error("phone", gettext("请填写联系电话或电子邮箱，至少一项。"))
        if given.get("customer_agreed") and not given.get("explanation"):
            self.add_error("explanation", gettext("请写明当场如何解释或解决。"))
        if given.get("explanation") and not given.get("customer_agreed"):
            self.add_error("customer_agreed", gettext("当场解决须客户同意；客户不同意的，请清空说明，提交后派单处理。"))
        if given.get("channel") in REFERRED and not given.get("referral_no"):
            self.add_error("referral_no", gettext("请填写对方的转办编号。"))
        if given.get("explanation") and not self.has_own_causes and not given.get("cause"):
            self.add_error("cause", gettext("当场解决须选择投诉原因。"))
        if given.get("referral_profile") and not given.get("referral_no"):
            self.add_error("referral_no", gettext("请填写对方的转办编号。"))
        self._find_brand(given)
        return given

    def _find_brand(self, given: dict[str, Any]) -> None:
        """Chosen by hand, which always holds; else what BOSS says of the number, where it is connected."""
        chosen = given.get(PREFIX + BRAND, "")
        self.brand: str = chosen
        self.brand_source: str = BrandSource.MANUAL if chosen else ""
        if chosen or not settings.HUIYIN_BOSS or self.leaf is None:
            return
        said = brand_of(given.get(f"{PREFIX}phone_no") or given.get("phone", ""))
        if said in {brand.code for brand in brands()}:
            self.brand, self.brand_source = said, BrandSource.BOSS
        elif self.needs_brand:
            self.add_error(PREFIX + BRAND, gettext("BOSS 没有给出品牌，请手工选择。"))

    def arrival(self) -> Arrival:
        given = self.cleaned_data
        plain = "name phone email channel received_at kind text expectation emotion category occurred_at occurred_place"
        columns = [*plain.split(), "region", "order_no", "sku", "batch", "intake_seconds"]
        issues = (line.strip() for line in given["issues"].splitlines())
        return Arrival(
            **{name: given[name] for name in columns},
            urgent=given["is_urgent"],
            tier=given["tier"] or "STD",
            issues=tuple(line[:1000] for line in issues if line)[:50],
            elements=self._elements(),
            cause=given.get(PREFIX + CAUSE, "") if self.has_own_causes else "",
            brand=self.brand,
            brand_source=self.brand_source,
            external_id=given["referral_no"] or f"desk:{given['token'] or secrets.token_urlsafe(18)}",
            received_unit=self.member.unit,
            referral=self._referral(),
        )

    def _referral(self) -> Referral | None:
        """What an authority sent; by its channel alone where nothing more was said."""
        given = self.cleaned_data
        is_one = given["channel"] in REFERRED or given["referral_profile"]
        if not is_one or not given["referral_no"]:
            return None
        return Referral(
            profile=given["referral_profile"], number=given["referral_no"], deadline=given["referral_deadline"],
            received_at=given["referral_at"] or given["received_at"], category=given["referral_category"],
        )  # fmt: skip

    def _elements(self) -> dict[str, str]:
        kept = {name.removeprefix(PREFIX): self.cleaned_data.get(name) for name in self.asked}
        found = {key: str(value) for key, value in kept.items() if value and key != BRAND}
        return {**found, UNKNOWN: "unknown"} if self._cannot_tell() else found

    def _cannot_tell(self) -> bool:
        """Ticked, and not filled in after all."""
        given = self.cleaned_data
        return bool(given[UNKNOWN]) and not all(given.get(name) for name in WHEN_AND_WHERE)

    def on_spot(self) -> OnSpot | None:
        given = self.cleaned_data
        if not given["explanation"]:
            return None
        cause = given[PREFIX + CAUSE] if self.has_own_causes else given["cause"]
        return OnSpot(given["explanation"], given["customer_agreed"], cause, given.get(WHY_LATE, ""))


def preset(member: Member) -> str:
    """The channel that somebody of this role mostly takes in (A64)."""
    if not member.has_role(Role.STORE_AGENT):
        return Channel.PHONE
    return {"outlet": Channel.OUTLET, "franchise": Channel.FRANCHISE}.get(member.unit.kind, Channel.COUNTER)


def _leaf(code: str) -> Category | None:
    leaves = Category.objects.leaves().select_related("parent", "element_set")
    return leaves.filter(code=code).first() if code and "\x00" not in code and len(code) <= 16 else None


def _field(key: str, wanted: Element, *, required: bool) -> forms.Field:
    words = {"required": gettext("缺少受理要素：%s。") % wanted.label}
    if key == BRAND:
        choices = [("", _("请选择")), *((brand.code, brand.name) for brand in brands() if brand.is_active)]
        return forms.ChoiceField(label=wanted.label, choices=choices, required=required, error_messages=words)
    kinds: dict[str, Any] = {"day": Day, "moment": Moment, "number": forms.DecimalField}
    if wanted.asked == "words":
        return Words(label=wanted.label, longest=5000, required=required, rows=3, error_messages=words)
    if wanted.asked in kinds:
        field: forms.Field = kinds[wanted.asked](label=wanted.label, required=required)
        field.error_messages["required"] = words["required"]
        return field
    return Line(label=wanted.label, longest=500, required=required, error_messages=words)
