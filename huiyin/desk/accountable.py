"""Who answers for a complaint of its level (severity.yaml `levels`): the role, and who has it."""

from django.utils.translation import gettext as _

from huiyin.complaints.models import Complaint
from huiyin.lib.phrasing import noted
from huiyin.org.models import Member
from huiyin.org.roles import LABELS
from huiyin.triage.levels import LEVELS

NAMED = 3


def named(complaint: Complaint, member: Member) -> str:
    """Those of the level's own unit, where it has any; nobody whom the complaint names."""
    level = LEVELS[complaint.severity]
    able = list(Member.objects.visible_to(member).active().with_role(level.accountable).select_related("unit"))
    able = [each for each in able if each.pk not in complaint.recused]
    own = [each for each in able if level.owner in each.unit.path.strip("/").split("/")] or able
    names = sorted(each.name for each in own)
    label = str(LABELS[level.accountable])
    shown = names[:NAMED] + ([_("等 %d 人") % len(names)] if len(names) > NAMED else [])
    return noted(label, *shown) if shown else label
