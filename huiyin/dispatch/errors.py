"""What an action of this app may refuse with, beside the complaint's own refusals."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from huiyin.complaints.errors import Refused
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import MAY_BECOME, OrderState


class OrderMoveRefused(Refused):
    """The order's state does not allow it, or somebody was faster: 409, with what it does allow."""

    code = "move_refused"

    def __init__(self, order: WorkOrder, target: str) -> None:
        self.allowed = sorted(MAY_BECOME.get(order.state, {}))
        names = "、".join(str(OrderState(state).label) for state in self.allowed) or _("无")
        super().__init__(
            _("工单 %(number)s 现为“%(state)s”，不能转为“%(wanted)s”。可转为：%(allowed)s。")
            % {
                "number": order.number,
                "state": OrderState(order.state).label,
                "wanted": OrderState(target).label,
                "allowed": names,
            }
        )


class NotInHand(OrderMoveRefused):
    """Nobody to nudge: the unit has not got it, or is done with it. 409."""

    def __init__(self, order: WorkOrder) -> None:
        self.allowed = []
        Refused.__init__(
            self,
            _("工单 %(number)s 现为“%(state)s”，不在承办单位手中，不能催办。")
            % {"number": order.number, "state": OrderState(order.state).label},
        )


class RuleUnsound(Refused):
    """A routing rule that could not be followed; `faults` are sentences."""

    code = "rule_unsound"

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(faults))
