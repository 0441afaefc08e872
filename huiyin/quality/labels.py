"""What the fields of the eight disciplines (eight_d.yaml) are called on screen."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LABELS: "dict[str, StrPromise]" = {
    "symptom": _("症状"),
    "emergency_action": _("应急动作"),
    "era_verified": _("应急动作是否验证有效"),
    "is_8d_needed": _("是否需要 8D"),
    "decision_by": _("由谁决定"),
    "scope": _("工作范围"),
    "who": _("Who 谁"),
    "what": _("What 什么"),
    "when": _("When 何时"),
    "where": _("Where 何处"),
    "why": _("Why 为何是问题"),
    "how": _("How 如何"),
    "how_many": _("How many 多少"),
    "is_is_not_what": _("是与不是：什么"),
    "is_is_not_where": _("是与不是：何处"),
    "is_is_not_when": _("是与不是：何时"),
    "is_is_not_extent": _("是与不是：范围"),
    "evidence": _("证据"),
    "containment": _("围堵：各处数量与结论"),
    "customer_remedy": _("对客户的补救"),
    "clean_point": _("断点"),
    "effectiveness_check": _("有效性检查"),
    "ica_removal_plan": _("临时措施的解除计划"),
    "fishbone": _("鱼骨图分析"),
    "five_why_occurrence": _("五个为什么：发生"),
    "five_why_escape": _("五个为什么：流出"),
    "five_why_system": _("五个为什么：体系"),
    "verified_by_test": _("以试验验证"),
    "contribution_pct": _("贡献度"),
    "escape_point": _("流出点"),
    "options": _("备选对策"),
    "effect": _("效果"),
    "cost": _("成本"),
    "risk": _("风险"),
    "side_effect_check": _("副作用检查"),
    "chosen": _("选定对策"),
    "owner": _("责任人"),
    "planned_date": _("计划完成日期"),
    "implemented_at": _("实施时间"),
    "validation_metric": _("验证指标"),
    "before": _("改善前"),
    "after": _("改善后"),
    "sample_size": _("样本量"),
    "test": _("检验方法"),
    "ica_removed_at": _("临时措施解除时间"),
    "documents_updated": _("更新的文件"),
    "lateral_deployment": _("横向展开"),
    "lessons_learned_kb_id": _("经验教训（知识库编号）"),
    "training_done": _("培训"),
    "customer_acceptance": _("客户接受"),
    "cost_of_poor_quality": _("不良质量成本"),
    "recognition": _("对团队的肯定"),
    "open_points": _("遗留项"),
    "closed_by": _("结案人"),
}

HINTS: "dict[str, StrPromise]" = {
    "turn_on_off": _("去掉原因，问题消失；放回原因，问题重现"),
}


def hint_of(name: str) -> str:
    return str(HINTS.get(name, name))


def label_of(name: str) -> str:
    """Its words, or the name itself where an administrator added a field of their own."""
    known = LABELS.get(name)
    return str(known) if known is not None else name
