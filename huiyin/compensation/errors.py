"""What an action of this app may refuse with, beside the complaint's own refusals."""

from django.utils.translation import gettext as _

from huiyin.compensation.states import MAY_BECOME, OfferState
from huiyin.complaints.errors import Refused


class OfferMoveRefused(Refused):
    """The offer's state does not allow it, or somebody was faster: 409, with what it does allow."""

    code = "move_refused"

    def __init__(self, state: str, target: str) -> None:
        self.allowed = sorted(str(each) for each in MAY_BECOME.get(state, ()))
        names = "、".join(str(OfferState(each).label) for each in self.allowed) or _("无")
        super().__init__(
            _("补偿方案现为“%(state)s”，不能转为“%(wanted)s”。可转为：%(allowed)s。")
            % {"state": OfferState(state).label, "wanted": OfferState(target).label, "allowed": names}
        )


class PolicyUnsound(Refused):
    """The document cannot be read as a compensation policy: nothing was changed."""

    code = "policy_unsound"

    def __init__(self, where: str) -> None:
        super().__init__(_("补偿政策有误：%s") % where)


class PolicyMoved(Refused):
    """Somebody else changed it meanwhile."""

    code = "changed"

    def __init__(self, number: int) -> None:
        super().__init__(_("补偿政策已有新的版本 v%d，请在它的基础上修改。") % number)


class NoPolicy(LookupError):
    """No version of the policy is loaded yet."""

    def __init__(self) -> None:
        super().__init__(_("还没有补偿政策，请先运行 huiyin defaults。"))
