"""质检评审: the scorecard, what a month's draw took out of the closed complaints, and what reviewers found (C030)."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models import Complaint
from huiyin.lib.defaults import Configured
from huiyin.org.models import Member, Unit, in_language
from huiyin.org.rules import Right


class ScoreItem(Configured):
    """One line of the scorecard (qa_scorecard.yaml) with its weight; or, without one, what makes all of it naught."""

    code = models.CharField(_("编码"), max_length=8, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    name_zh = models.CharField(_("中文名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    looks_at = models.CharField(_("看什么"), max_length=300, blank=True, default="", db_default="")
    weight = models.PositiveSmallIntegerField(_("权重"), default=0)
    is_fatal = models.BooleanField(_("致命项"), default=False)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(is_fatal=True) ^ Q(weight__gt=0), name="item_weight")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class SamplingRule(Configured):
    """How much of a month is drawn, and what is reviewed in any case."""

    code = models.CharField(max_length=16, unique=True)
    percent = models.PositiveSmallIntegerField(_("抽样比例（%）"))
    least_per_agent = models.PositiveSmallIntegerField(_("每人至少"))
    severities = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    takes_reopened = models.BooleanField(default=True)
    low_stars = models.PositiveSmallIntegerField(_("评价不高于（星）"))
    award_above = models.PositiveIntegerField(_("补偿超过（元）"))
    twice_percent = models.PositiveSmallIntegerField(_("双人评分（%）"), default=10, db_default=10)
    agreement = models.PositiveSmallIntegerField(_("评分一致性 Kappa 不低于（%）"), default=60, db_default=60)
    settle_over = models.PositiveSmallIntegerField(_("两人相差超过（分）由第三人定分"), default=10, db_default=10)
    appeal_days = models.PositiveSmallIntegerField(_("申诉期（工作日）"), default=3, db_default=3)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(percent__range=(1, 100)), name="sampling_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.percent} %"


class DrawQuerySet(models.QuerySet["Draw"]):
    def visible_to(self, member: Member) -> Self:
        """Figures only; for those who see scores."""
        return self.all() if member.may(Right.SEE_SCORES) else self.none()


class Draw(models.Model):
    """One month's draw, never changed: what there was to draw from, by stratum, and the seed that it can be done again
    by. `strata`: [{unit, severity, channel, closed: [keys], drawn: [keys], agents: [of each closed],
    certain: [keys]}]. `card` is what its reviewers are asked (coaching/asked.py), None in draws from before that."""

    month = models.DateField(_("月份"), unique=True)
    seed = models.CharField(_("种子"), max_length=64)
    percent = models.PositiveSmallIntegerField(_("抽样比例（%）"))
    least_per_agent = models.PositiveSmallIntegerField()
    twice_percent = models.PositiveSmallIntegerField(default=0, db_default=0)
    population = models.PositiveIntegerField(_("结案"))
    size = models.PositiveIntegerField(_("随机抽取"))
    strata = models.JSONField(default=list)
    card = models.JSONField(null=True)
    drawn_at = models.DateTimeField(_("抽取时间"))
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.size}/{self.population}"


class SampledQuerySet(models.QuerySet["Sampled"]):
    def visible_to(self, member: Member) -> Self:
        """Of complaints that the member may read in full: all of them to those who see scores; to others those that
        they handled themselves, once reviewed."""
        if member.reach.content != "full":
            return self.none()
        seen = self.filter(complaint__in=Complaint.objects.visible_to(member))
        return seen if member.may(Right.SEE_SCORES) else seen.filter(agent=member, review__isnull=False)

    def waiting(self) -> Self:
        return self.filter(review=None)


class Sampled(models.Model):
    """A complaint that a draw took. `agent` and `unit` as they were when it was drawn."""

    class Reason(models.TextChoices):
        RANDOM = "random", _("随机抽取")
        CERTAIN = "certain", _("必查")
        AGENT = "agent", _("补足每人最少件数")

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="cases")
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="sampled")
    reason = models.CharField(_("抽取原因"), max_length=8, choices=Reason.choices)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    is_twice = models.BooleanField(_("双人评分"), default=False, db_default=False)

    objects = SampledQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["draw", "complaint"], name="sampled_once")]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.complaint_id}"


class Scored(models.Model):
    """`card` is the scorecard as it was filled in: [{code, name_zh, name_en, weight, mark}]; `fatal` likewise."""

    class Mark(models.TextChoices):
        FULL = "full", _("达到")
        HALF = "half", _("部分达到")
        NONE = "none", _("没有达到")
        NOT_ASKED = "na", _("不适用")

    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(_("评审时间"))
    card = models.JSONField(default=list)
    fatal = models.JSONField(default=list)
    score = models.DecimalField(_("得分"), max_digits=4, decimal_places=1)
    comment = models.TextField(_("评语"))

    class Meta:
        abstract = True

    @property
    def marks(self) -> dict[str, str]:
        return {each["code"]: each["mark"] for each in self.card}

    @property
    def fatal_codes(self) -> frozenset[str]:
        return frozenset(each["code"] for each in self.fatal)


class Review(Scored):
    """What a case was scored with; saved once. Of a case that two score it comes once they agree or a third settled."""

    case = models.OneToOneField(Sampled, models.PROTECT, related_name="review")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(score__range=(0, 100)), name="review_score")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.score}"

    @property
    def standing(self) -> "Review | Revision":
        """What counts now: after an appeal that was upheld its revision."""
        appeal = getattr(self, "appeal", None)
        return (getattr(appeal, "revision", None) if appeal else None) or self


class Card(Scored):
    """One reviewer's card of a case that two score: the first's, the second's, and the third's who settles."""

    case = models.ForeignKey(Sampled, models.PROTECT, related_name="cards")
    turn = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["turn"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "turn"], name="card_turn_once"),
            models.UniqueConstraint(fields=["case", "reviewer"], name="card_reviewer_once"),
            models.CheckConstraint(condition=Q(turn__range=(1, 3)), name="card_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.turn} {self.score}"


class Appeal(models.Model):
    """Whoever was scored asks another to look again: once for each review. The score stands until it is decided."""

    review = models.OneToOneField(Review, models.PROTECT, related_name="appeal")
    reason = models.TextField(_("申诉理由"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("申诉时间"))
    is_upheld = models.BooleanField(_("是否改分"), null=True)
    answer = models.TextField(_("申诉答复"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_upheld=None, decided_at=None, decided_by=None)
                | Q(is_upheld__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="appeal_decided_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.is_upheld}"


class Revision(Scored):
    """The card that counts after an appeal was upheld; the one before stays."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="revision")

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.score}"
