"""What an action of this app may refuse with. Faces turn them into 403, 404, 409 and 422; each says what to do."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from huiyin.complaints.models import Complaint
from huiyin.complaints.states import MAY_BECOME, State


class Refused(Exception):
    """Base of every refusal. str(refusal) is one clear sentence in the reader's language."""

    code = "refused"


class MayNot(Refused):
    """Seen, but not theirs to do: 403."""

    code = "may_not"

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or _("您的角色没有权限进行此操作。"))


class MoveRefused(Refused):
    """The state does not allow it: 409, with the states it does allow."""

    code = "move_refused"

    def __init__(self, complaint: Complaint, target: str = "") -> None:
        self.allowed: Sequence[str] = sorted(MAY_BECOME.get(complaint.state, {}))
        wanted = State(target).label if target else ""
        allowed = "、".join(str(State(state).label) for state in self.allowed) or _("无")
        sentence = _("投诉 %(number)s 现为“%(state)s”，不能转为“%(wanted)s”。可转为：%(allowed)s。") % {
            "number": complaint.number,
            "state": State(complaint.state).label,
            "wanted": wanted,
            "allowed": allowed,
        }
        super().__init__(sentence)


class Changed(MoveRefused):
    """Somebody else was faster: nothing was lost, look again."""

    code = "changed"


class GuardFailed(Refused):
    """A condition is not met: 422; `field` names what is missing."""

    code = "guard_failed"

    def __init__(self, guard: str, sentence: str, field: str = "") -> None:
        self.guard = guard
        self.field = field or guard
        super().__init__(sentence)


class PhraseBlocked(GuardFailed):
    """The words may not go to a customer: 422. `sentences` say of each phrase why, and what to write instead."""

    code = "phrase_blocked"

    def __init__(self, sentences: Sequence[str], phrases: Sequence[str], field: str = "body") -> None:
        self.sentences, self.phrases = tuple(sentences), tuple(phrases)
        super().__init__("phrase_blocked", "\n".join(sentences), field)
