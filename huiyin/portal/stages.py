"""The complaint's progress in the customer's words, as values: five steps, where it stands, what comes next."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from huiyin.complaints.states import CUSTOMER_STAGE, State

STEPS = (
    pgettext_lazy("step", "已受理"),
    pgettext_lazy("step", "核查中"),
    pgettext_lazy("step", "方案制定"),
    pgettext_lazy("step", "执行中"),
    pgettext_lazy("step", "已完成"),
)

_STANDS: dict[str, int] = {
    State.DRAFT: 0,
    State.RECEIVED: 0,
    State.IN_REVIEW: 1,
    State.RETURNED_INTAKE: 1,
    State.ACCEPTED: 1,
    State.IN_PROGRESS: 1,
    State.AWAITING_CUSTOMER: 1,
    State.REOPENED: 1,
    State.IN_AUDIT: 2,
    State.NOT_VALID: 2,
    State.REPLYING: 2,
    State.INTERIM: 3,
    State.RESOLVED: 3,
    State.CLOSED: 4,
}
OFF_THE_WAY = frozenset(State) - frozenset(_STANDS)  # withdrawn, merged, external: no step of the five


@dataclass(frozen=True)
class Step:
    label: str
    stage: str  # done, current, ahead


def steps(state: str) -> list[Step]:
    """Empty where the complaint has left the way."""
    if state in OFF_THE_WAY:
        return []
    stands = _STANDS[state]
    finished = state == State.CLOSED
    return [
        Step(str(label), "done" if place < stands or finished else "current" if place == stands else "ahead")
        for place, label in enumerate(STEPS)
    ]


def now(state: str) -> str:
    return str(CUSTOMER_STAGE[State(state)])


def meaning(state: str) -> str:
    """One sentence: what this means, and what happens next."""
    sentences: dict[str, str] = {
        State.RECEIVED: _("我们已经收到，客服人员正在核对，之后会交给负责的部门。"),
        State.IN_REVIEW: _("客服人员正在核对您反映的情况，之后会交给负责的部门。"),
        State.RETURNED_INTAKE: _("我们还缺一些信息，客服人员可能会与您联系。"),
        State.ACCEPTED: _("情况已核对，正在安排负责的部门处理。"),
        State.IN_PROGRESS: _("负责的部门正在核查，有结果后会由客服人员答复您。"),
        State.AWAITING_CUSTOMER: _("我们需要您补充一些情况才能继续，请在下面填写。"),
        State.INTERIM: _("第一步已经做了，其余的正在进行，我们会继续跟进。"),
        State.IN_AUDIT: _("核查已有结果，正在内部审核，确认每个问题都有答复。"),
        State.NOT_VALID: _("核查已有结果，正在准备给您的答复。"),
        State.REPLYING: _("处理方案已确定，客服人员正在准备给您的答复。"),
        State.RESOLVED: _("我们已答复您。请告诉我们您是否认可；不认可的，会由另一位同事重新处理。"),
        State.REOPENED: _("已按您的意见重新处理，由另一位同事负责。"),
        State.CLOSED: _("这件事已经办结。如果问题又出现，结案后 30 天内可以要求重新处理。"),
        State.WITHDRAWN: _("您已撤回。如果还需要处理，请重新提交。"),
        State.MERGED: _("您反映的事情与另一件相同，已合在一起处理，我们会照样答复您。"),
        State.EXTERNAL: _("这件事正由外部机构（调解、仲裁或法院）处理，结果出来后我们会答复您。"),
    }
    return sentences.get(state, "")


def comes_next(state: str) -> str:
    """The step after this one; nothing where the way ends here."""
    sentences: dict[str, str] = {
        State.RECEIVED: _("核对情况后交给负责的部门核查，您会在这里看到是哪个单位。"),
        State.IN_REVIEW: _("交给负责的部门核查，您会在这里看到是哪个单位。"),
        State.RETURNED_INTAKE: _("信息补齐后，交给负责的部门核查。"),
        State.ACCEPTED: _("负责的单位接收后开始核查。"),
        State.IN_PROGRESS: _("核查完成后，由另一个岗位审核结果，再答复您。"),
        State.AWAITING_CUSTOMER: _("您回复后马上继续。"),
        State.INTERIM: _("其余的做完后，由客服人员答复您。"),
        State.IN_AUDIT: _("审核通过后，客服人员答复您。"),
        State.NOT_VALID: _("客服人员答复您，并说明理由。"),
        State.REPLYING: _("客服人员答复您，请您确认是否认可。"),
        State.RESOLVED: _("您认可即办结；七天内没有回音，也会办结。"),
        State.REOPENED: _("重新核查后答复您。"),
    }
    return sentences.get(state, "")
