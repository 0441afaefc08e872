"""Who does what in the handling of complaints (RACI), and whom to turn to in each department."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.org.models.people import Member, Unit, in_language
from huiyin.org.roles import LABELS


class Party(NamedTuple):
    """A role or a unit; exactly one of the two."""

    role: str = ""
    unit: Unit | None = None

    @property
    def name(self) -> str:
        return self.unit.name if self.unit else str(LABELS.get(self.role, self.role))

    @property
    def code(self) -> str:
        return self.unit.code if self.unit else self.role


_ONE_PARTY = (Q(unit__isnull=True) & ~Q(role="")) | Q(unit__isnull=False, role="")


class Step(models.Model):
    """One step of the flow. Who answers for it (A) stands on the step itself, so that it is exactly one, always."""

    code = models.SlugField(_("编码"), max_length=32, unique=True)
    name_zh = models.CharField(_("中文名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    position = models.PositiveIntegerField(_("顺序"), default=0)
    role = models.CharField(_("负责的角色"), max_length=32, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("负责的单位")
    )

    class Meta:
        ordering: ClassVar = ["position", "code"]
        verbose_name = verbose_name_plural = _("流程步骤")
        constraints: ClassVar = [
            models.CheckConstraint(condition=_ONE_PARTY, name="step_has_one_accountable"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)

    @property
    def accountable(self) -> Party:
        return Party(self.role, self.unit)


class Part(models.Model):
    """What else a role or unit has to do with the step."""

    class Letter(models.TextChoices):
        RESPONSIBLE = "R", _("执行 R")
        CONSULTED = "C", _("咨询 C")
        INFORMED = "I", _("知会 I")

    step = models.ForeignKey(Step, models.CASCADE, related_name="parts")
    role = models.CharField(max_length=32, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    letter = models.CharField(max_length=1, choices=Letter)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=_ONE_PARTY, name="part_has_one_party"),
            models.CheckConstraint(condition=Q(letter__in=["R", "C", "I"]), name="part_letter"),
            models.UniqueConstraint(fields=["step", "role"], condition=~Q(role=""), name="part_of_role_once"),
            models.UniqueConstraint(fields=["step", "unit"], condition=Q(unit__isnull=False), name="part_of_unit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.letter} {self.party.code}"

    @property
    def party(self) -> Party:
        return Party(self.role, self.unit)


class Interface(models.Model):
    """接口人: whom the others turn to in this department; the first is the main one."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="interfaces")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        verbose_name = verbose_name_plural = _("接口人")
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "member"], name="interface_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.member_id}"
