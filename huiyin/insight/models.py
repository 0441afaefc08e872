"""What is reckoned now and then and kept: forecasts of duration and how they proved, plans, frozen baselines."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huiyin.lib.defaults import Configured
from huiyin.org.models import Member, Unit, in_language


class Forecast(models.Model):
    """How long complaints of one kind took to be answered. `key`: "PQ-01/3", "PQ/3", "*/3" or "*", the widest.

    `n` were seen of this very kind; where they are few, both figures lean on the kind above (see forecasting.shrink).
    """

    key = models.CharField(max_length=24, unique=True)
    n = models.PositiveIntegerField()
    median_hours = models.FloatField()
    p90_hours = models.FloatField()
    fitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(median_hours__gt=0) & Q(median_hours__lte=F("p90_hours")), name="forecast_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.key


class Calibration(models.Model):
    """How a forecast made of the older four fifths proved on the newest fifth."""

    fitted_at = models.DateTimeField()
    cutoff_at = models.DateTimeField(null=True)
    n_fitted = models.PositiveIntegerField()
    n_held = models.PositiveIntegerField()
    under_median = models.PositiveIntegerField()
    under_p90 = models.PositiveIntegerField()

    class Meta:
        get_latest_by = "fitted_at"
        indexes = [models.Index(fields=["-fitted_at"], name="calibration_newest")]

    def __str__(self) -> str:
        return f"{self.under_p90}/{self.n_held}"


class Plan(Configured):
    """预设应急响应预案: what is done first when a group of categories becomes frequent; `group` empty: any other."""

    group = models.CharField(_("大类"), max_length=16, blank=True, unique=True)
    name_zh = models.CharField(_("中文名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    steps = ArrayField(models.CharField(max_length=200), verbose_name=_("步骤"), default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("应急预案")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class BaselineQuerySet(models.QuerySet["Baseline"]):
    def visible_to(self, member: Member) -> Self:
        """Those whose every complaint lies within the member's reach: of a wider one the figures would tell more."""
        reach = member.reach
        if reach.content == "none":
            return self.none()
        return self if reach.everything else self.filter(is_whole=False, units__contained_by=sorted(reach.unit_ids))


class Baseline(models.Model):
    """The figures of a period, frozen once to be compared with (C058). A trigger refuses to change or delete it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    is_whole = models.BooleanField()  # of every unit there was; else of `units`
    units = ArrayField(models.BigIntegerField(), default=list)
    period_from = models.DateField(_("起"))
    period_to = models.DateField(_("止"))
    figures = models.JSONField()
    note = models.CharField(_("说明"), max_length=200, blank=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()

    objects = BaselineQuerySet.as_manager()

    class Meta:
        ordering = ["-frozen_at"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "is_whole", "period_from", "period_to"], name="baseline_once"),
            models.CheckConstraint(condition=Q(period_from__lte=F("period_to")), name="baseline_period"),
        ]

    def __str__(self) -> str:
        return f"{self.period_from}–{self.period_to}"
