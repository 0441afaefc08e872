"""Which carrier takes what, by the way of the target."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from huiyin.notices.carriers import longtail, robots, webhook
from huiyin.notices.carriers.robots import Robot
from huiyin.notices.models.settings import Target, Way
from huiyin.notices.outgoing import Outgoing

# Messages a minute that the other side takes; ours go no faster.
A_MINUTE = {Way.WECOM: 20, Way.DINGTALK: 20, Way.FEISHU: 100, Way.WEBHOOK: 600, Way.APPRISE: 20}
CARRIERS: dict[str, Callable[..., None]] = {
    Way.WECOM: robots.wecom,
    Way.DINGTALK: robots.dingtalk,
    Way.FEISHU: robots.feishu,
    Way.WEBHOOK: webhook.send,
    Way.APPRISE: longtail.send,
}


def carry(target: Target, message: Outgoing, *, at: datetime) -> None:
    """The target has it. Raises NotTaken."""
    CARRIERS[target.way](Robot(target.address, target.secret, target.keyword), message, at=at)
