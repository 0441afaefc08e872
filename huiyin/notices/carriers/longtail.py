"""The hundred other services, by apprise. It tells taken from not taken and no more (docs/decisions/0016)."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from huiyin.notices.carriers import wire
from huiyin.notices.carriers.errors import Misconfigured, Unreachable
from huiyin.notices.carriers.robots import Robot
from huiyin.notices.outgoing import Outgoing

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

# What runs on our own machine, opens connections of its own kind to wherever it is told, or has a better way here.
REFUSED_SCHEMAS = frozenset(
    {
        *("syslog", "rsyslog", "dbus", "qt", "glib", "gio", "kde", "gnome", "macosx", "windows", "blink1"),
        *("growl", "aprs", "smpp", "smpps", "xmpp", "xmpps", "mqtt", "mqtts", "irc", "ircs", "amqp", "amqps"),
        *("vapid", "signal", "signals", "deltachat", "deltachats", "fluxer", "fluxers", "apprise", "apprises"),
        *("mailto", "mailtos", "json", "jsons", "xml", "xmls", "form", "forms", "http", "https"),
        *("wecombot", "dingtalk", "feishu", "lark"),
    }
)

logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines name addresses, which hold keys


def parsed(address: str) -> NotifyBase:
    """The service that the address names. Raises Misconfigured."""
    from apprise import Apprise  # a hundred plugins: only who has such a target waits for them

    schema = address.partition("://")[0].strip().lower()
    found = None if schema in REFUSED_SCHEMAS else Apprise.instantiate(address, suppress_exceptions=True)
    if found is None:
        raise Misconfigured(_("不是可用的 Apprise 地址。"))
    _must_be_outside(found)
    return found


def _must_be_outside(found: NotifyBase) -> None:
    """Only of services that one runs oneself is the host a host: of the others it is a key, which nobody looks up."""
    if "host" not in found.template_tokens or not found.host:
        return
    try:
        wire.look_up(str(found.host), int(found.port or 443))
    except wire.NotAllowed as refusal:
        raise Misconfigured(str(refusal)) from None
    except OSError:
        return  # a name that leads nowhere leads to nothing of ours: a topic, or a host that is away


def send(robot: Robot, message: Outgoing, *, at: datetime) -> None:
    """The service has it, as far as its plugin can tell. Raises NotTaken."""
    service = parsed(robot.address)
    service.redirects, service.verify_certificate = False, True  # whatever the address says
    service.retry = 0
    if not service.notify(body=message.text, title=message.title):
        raise Unreachable(_("服务没有接受。"))
