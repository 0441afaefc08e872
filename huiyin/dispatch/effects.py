"""Which parts of the routing table are carried out, and by whom; the rest is shown to the dispatcher. Values only."""

from collections.abc import Mapping
from typing import Any, Final

_ANY: Final = None
# effect -> the values that something carries out; the app that does is named beside it
CARRIED: Final[Mapping[str, frozenset[str] | None]] = {
    "team": _ANY,  # the proposal
    "co_teams": _ANY,
    "request": _ANY,
    "incident": _ANY,
    "stop": _ANY,
    "prefer": _ANY,
    "exclude": frozenset({"named_employee", "line_manager_of_named", "previous_handler"}),  # whom the form offers
    "dispatch": frozenset({"auto"}),  # dispatch.automatic
    "notify": _ANY,  # supervision.routed
    "level_at_least": _ANY,
    "clock": _ANY,
    "start": frozenset({"quality_trace"}),  # quality, by supervision.routed
    "record": frozenset({"sla_assessment"}),  # quality.assessing
    "add_clock": frozenset({"regulatory"}),  # the profile of the channel, as it comes in
    "open": frozenset({"taskforce", "war_room"}),  # redchannel
    "channel": frozenset({"red"}),
    "block_close_without": frozenset({"legal_opinion"}),  # complaints.guards, asked through flow
}
# known, and never true of a complaint that waits for dispatch: the front desk settles those before
NEVER: Final = frozenset({"resolvable_on_spot"})


def is_carried_out(effect: str, value: Any) -> bool:
    known = CARRIED.get(effect, frozenset())
    values = value if isinstance(value, list) else [value]
    return known is None or all(isinstance(each, str) and each in known for each in values)
