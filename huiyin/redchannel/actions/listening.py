"""舆情: the monitoring service says how often a topic is mentioned; what breaks out becomes a crisis of the red
channel, once for each topic (C040)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.channels.models import Channel
from huiyin.complaints.models import Complaint
from huiyin.intake.actions.taking_in import take_in
from huiyin.intake.arrival import Arrival
from huiyin.lib.canonical import sha256_hex
from huiyin.org.actors import SYSTEM
from huiyin.redchannel.models import Mentions, Topic
from huiyin.redchannel.outbreak import AN_HOUR, Bounds, Rise, rise
from huiyin.redchannel.queries import arrangements

LATELY = timedelta(days=1)  # what was counted before is history, to compare with


@dataclass(frozen=True)
class Count:
    """Of one topic in the hour that `at` lies in; `reach` is the widest single post's."""

    topic: str
    at: datetime
    count: int
    reach: int = 0

    @property
    def hour(self) -> datetime:
        return self.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


@transaction.atomic
def hear(counts: Sequence[Count], *, at: datetime) -> list[Complaint]:
    """Each is kept, the latest word on an hour counts; a topic that breaks out, and has no crisis open, opens one.
    Saying the same twice changes nothing. Returns the crises that were opened."""
    opened = []
    for name in sorted({count.topic for count in counts}):
        topic, _is_new = Topic.objects.get_or_create(name=name)
        topic = Topic.objects.select_for_update(of=("self",)).select_related("complaint").get(pk=topic.pk)
        for each in sorted((count for count in counts if count.topic == name), key=lambda count: count.at):
            now = {"count": each.count, "reach": each.reach}
            Mentions.objects.update_or_create(topic=topic, hour=each.hour, defaults=now)
            is_open = topic.complaint is not None and topic.complaint.is_open
            if is_open or not at - LATELY <= each.hour <= at:
                continue
            if found := _rise(topic, each):
                topic.complaint = _open(topic, found, at)
                topic.save(update_fields=["complaint"])
                opened.append(topic.complaint)
    return opened


def _rise(topic: Topic, given: Count) -> Rise | None:
    bounds = Bounds.of(arrangements().mentions)
    since = given.hour - timedelta(days=bounds.days)
    known = topic.hours.filter(hour__gte=since, hour__lt=given.hour).values_list("hour", "count")
    return rise(dict(known), hour=given.hour, count=given.count, reach=given.reach, bounds=bounds)


def _open(topic: Topic, found: Rise, at: datetime) -> Complaint:
    """A complaint in our own name, with the numbers; what follows its filing opens the red channel."""
    signals = {"media_or_viral": 1.0, "media_threat_credible": 1.0, "brand_mentions_ratio": found.ratio}
    key = sha256_hex(topic.name.encode())[:16]
    arrival = Arrival(
        text=said(topic, found), title=_("舆情发酵：%s") % topic.name, channel=Channel.OTHER, signals=signals,
        external_id=f"opinion-{key}-{found.hour:%Y%m%d%H}", name=_("舆情监测"),
    )  # fmt: skip
    return take_in(arrival, actor=SYSTEM, at=at).complaint


def said(topic: Topic, found: Rise) -> str:
    since, until = timezone.localtime(found.hour), timezone.localtime(found.hour + AN_HOUR)
    when = f"{since:%Y-%m-%d %H:%M}–{until:%H:%M}"
    words = _("舆情监测：话题“%(topic)s”在 %(when)s 有 %(count)d 次提及。") % {
        "topic": topic.name, "when": when, "count": found.count,
    }  # fmt: skip
    if found.ratio:
        words += _("此前平均每小时 %(usual).1f 次，为其 %(ratio).1f 倍。") % {
            "usual": found.usual,
            "ratio": found.ratio,
        }
    if found.reach:
        words += _("单条最多触达 %d 人。") % found.reach
    return words
