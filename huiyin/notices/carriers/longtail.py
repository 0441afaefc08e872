"""Other services, by apprise. It tells taken from not taken and no more (docs/decisions/0016)."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from huiyin.notices.carriers import wire
from huiyin.notices.carriers.errors import Misconfigured, Unreachable
from huiyin.notices.carriers.robots import Robot
from huiyin.notices.outgoing import Outgoing

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

# Services that post to their maker's host, and such as one runs oneself, which post to the host that the address names
# and nowhere else. Whatever is not here may run on our own machine, read a file of ours or go where it is told.
MAKERS_SCHEMAS = frozenset(
    {
        *("slack", "discord", "tgram", "gchat", "line", "webex", "wxteams", "twist", "zoom", "ifttt", "join", "push"),
        *("schan", "pushplus", "wxpusher", "spugpush", "wpush", "pover", "prowl"),
        *("pagerduty", "opsgenie", "signl4"),
    }
)
OWN_SCHEMAS = frozenset(
    f"{name}{sealed}"
    for name in ("ntfy", "gotify", "bark", "mmost", "rocket", "synology", "pushdeer", "nctalk", "misskey", "hassio")
    for sealed in ("", "s")
)
REFUSED_PARAMETERS = frozenset({"template", "keyfile", "attach", "file_url"})  # each names another file or address

logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines name addresses, which hold keys


def parsed(address: str) -> NotifyBase:
    """The service that the address names. Raises Misconfigured."""
    from apprise import Apprise  # a hundred plugins: only who has such a target waits for them

    schema = address.partition("://")[0].strip().lower()
    is_known = schema in MAKERS_SCHEMAS | OWN_SCHEMAS
    if is_known:
        _must_name_nothing_else(address)
    found = Apprise.instantiate(address, suppress_exceptions=True) if is_known else None
    if found is None or _reads_another(found):
        raise Misconfigured(_("不是可用的 Apprise 地址。"))
    _must_be_outside(found)
    return found


def _must_name_nothing_else(address: str) -> None:
    given = parse_qsl(address.partition("?")[2], keep_blank_values=True)
    if refused := sorted(REFUSED_PARAMETERS.intersection(name.strip().lower() for name, _value in given)):
        raise Misconfigured(_("Apprise 地址里不能有参数 %s。") % refused[0])


def _reads_another(found: NotifyBase) -> bool:
    """However it was written, it holds a file or an address that the service would read."""
    from apprise import AppriseAttachment

    return any(isinstance(each, AppriseAttachment) and len(each) for each in vars(found).values())


def _must_be_outside(found: NotifyBase) -> None:
    """Only of services that one runs oneself is the host a host: of the others it is a key, which nobody looks up."""
    if "host" not in found.template_tokens or not found.host:
        return
    host = str(found.host).strip("[]")
    try:
        wire.look_up(host, int(found.port or 443))
    except wire.NotAllowed as refusal:
        raise Misconfigured(str(refusal)) from None
    except OSError:
        return  # a name that leads nowhere leads to nothing of ours: a topic, or a host that is away
    if not found.secure and not wire.is_internal(host):
        raise Misconfigured(_("外部服务器只能用加密的地址，如 ntfys://、gotifys://。"))


def send(robot: Robot, message: Outgoing, *, at: datetime) -> None:
    """The service has it, as far as its plugin can tell. Raises NotTaken."""
    service = parsed(robot.address)
    service.redirects, service.verify_certificate = False, True  # whatever the address says
    service.retry = 0
    if not service.notify(body=message.text, title=message.title):
        raise Unreachable(_("服务没有接受。"))
