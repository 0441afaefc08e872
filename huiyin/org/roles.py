"""What the roles are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "frontline": _("一线客服"),
    "store_agent": _("门店投诉专员"),
    "reviewer": _("复核派单员"),
    "handler": _("部门处理人"),
    "dept_lead": _("部门接口人/负责人"),
    "senior_agent": _("高级客服经理"),
    "supervisor": _("投诉主管"),
    "auditor_cc": _("审核员（结案审核）"),
    "cc_manager": _("客户服务部负责人"),
    "director": _("部门总监"),
    "executive": _("CXO/高管"),
    "legal": _("法务"),
    "finance": _("财务"),
    "pr_officer": _("舆情专员"),
    "dpo": _("个人信息保护负责人"),
    "quality_eng": _("质量工程师(8D)"),
    "qa_reviewer": _("质检评审员"),
    "analyst": _("数据分析员"),
    "stats_outlet": _("数据出口管理员"),
    "kb_editor": _("知识编辑"),
    "trainer": _("培训导师"),
    "ext_auditor": _("第三方审计（只读）"),
    "supplier": _("供应商门户用户"),
    "customer": _("客户（自助门户）"),
    "admin": _("系统管理员"),
}
