"""What the rights, scopes and field groups are called, for whoever reads the matrix."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiyin.org.rules import Right, Scope

RIGHT_GROUPS: tuple[tuple[str | Promise, dict[Right, str | Promise]], ...] = (
    (
        _("受理与答复"),
        {
            Right.FILE_COMPLAINT: _("登记投诉"),
            Right.SUPPLEMENT: _("补充登记内容"),
            Right.RESOLVE_ON_SPOT: _("当场解决"),
            Right.REPLY: _("答复客户"),
            Right.WITHDRAW_FOR_CUSTOMER: _("代客户撤回"),
            Right.FOLLOW_SALES: _("跟进销售"),
        },
    ),
    (
        _("复核与派单"),
        {
            Right.REVIEW: _("复核定级"),
            Right.DISPATCH: _("派单"),
            Right.NUDGE: _("催办"),
            Right.ASK_EXTENSION: _("申请延期"),
            Right.EXPLAIN_BREACH: _("说明超时原因"),
            Right.SUPERVISE: _("发出督办"),
            Right.ANSWER_SUPERVISION: _("答复督办"),
            Right.CANCEL_WORK_ORDER: _("作废工单"),
            Right.MERGE: _("合并投诉"),
            Right.JUDGE_VALIDITY: _("判断是否成立"),
        },
    ),
    (
        _("处理与审核"),
        {
            Right.SIGN: _("签收工单"),
            Right.HANDLE: _("处理工单"),
            Right.PAUSE: _("暂停计时"),
            Right.AUDIT: _("审核处理结果"),
            Right.OPINE: _("出具法务意见"),
            Right.GUIDE: _("按方法处理"),
            Right.NOTE: _("写备注"),
            Right.ATTACH: _("上传附件"),
        },
    ),
    (
        _("保密与个人信息"),
        {
            Right.SET_CONFIDENTIAL: _("设为保密"),
            Right.SEE_CONFIDENTIAL: _("查看保密投诉"),
            Right.REVEAL_CONTACT: _("查看联系方式"),
            Right.ERASE_CUSTOMER: _("删除客户个人信息"),
            Right.OVERRIDE_TIER: _("人工指定客户级别"),
            Right.SEE_WORTH: _("查看客户贡献与合作年限"),
            Right.KEEP_WORTH: _("修改客户贡献与合作年限"),
            Right.SEE_AUDIT_LOG: _("查看审计记录"),
        },
    ),
    (
        _("补偿"),
        {
            Right.OFFER: _("提出补偿方案"),
            Right.DECIDE_OFFER: _("审批补偿方案"),
            Right.SETTLE_OFFER: _("与客户敲定方案"),
            Right.FULFIL_OFFER: _("兑现补偿"),
            Right.PAY_OFFER: _("登记付款"),
            Right.SEE_AWARD_FREQUENCY: _("查看补偿频次"),
        },
    ),
    (
        _("质量与事件"),
        {
            Right.OPEN_INCIDENT: _("列入事件"),
            Right.WORK_ON_INCIDENT: _("处理本单位的事件"),
            Right.SEE_EVERY_INCIDENT: _("查看全部事件"),
            Right.INVESTIGATE: _("开展调查（8D）"),
            Right.SEE_QUALITY: _("查看质量改进"),
        },
    ),
    (
        _("数据与知识"),
        {
            Right.SEE_FIGURES: _("查看统计"),
            Right.FREEZE_BASELINE: _("固定统计口径"),
            Right.EXPORT_CASES: _("导出投诉"),
            Right.EXPORT_STATS: _("导出统计"),
            Right.IMPORT: _("导入投诉"),
            Right.READ_KNOWLEDGE: _("查阅知识库"),
            Right.EDIT_KNOWLEDGE: _("编辑知识库"),
            Right.ARCHIVE_CASE: _("归档典型案例"),
            Right.SEE_TRAINING: _("查看培训"),
            Right.KEEP_LEDGER: _("登记学时与成果"),
            Right.DRAW_SAMPLE: _("抽取质检样本"),
            Right.SEE_SCORES: _("查看质检评分"),
            Right.SCORE: _("质检评分"),
            Right.ANSWER_SUGGESTIONS: _("回应改进建议"),
            Right.SHARE_VIEWS_IN_UNIT: _("与本单位共用视图"),
            Right.SHARE_VIEWS_WITH_ALL: _("与所有人共用视图"),
        },
    ),
    (
        _("系统"),
        {
            Right.SET_POLICY: _("设定时限政策"),
            Right.ROSTER: _("排班与代理"),
            Right.CONFIGURE: _("系统设置"),
        },
    ),
)

SCOPES: dict[Scope, str | Promise] = {
    Scope.NONE: _("不看投诉"),
    Scope.UNIT: _("本单位及下级"),
    Scope.CENTRE: _("所在一级机构及下级"),
    Scope.ALL: _("全部"),
}

FIELD_GROUPS: dict[str, str | Promise] = {
    "basic": _("投诉内容"),
    "contact_pii": _("联系方式"),
    "id_document": _("证件"),
    "comm_log": _("沟通记录"),
    "recording": _("录音"),
    "refund_ledger": _("退款台账"),
    "compensation": _("补偿"),
    "root_cause": _("根因"),
    "scorecard": _("质检评分"),
    "audit_log": _("审计记录"),
    "stats_export": _("统计导出"),
}

ACCESS: dict[str, str | Promise] = {
    "-": _("不可见"),
    "own_public": _("本人的公开部分"),
    "own": _("本人的"),
    "own_cases_masked": _("本人经手的，遮蔽后"),
    "aggregate": _("只看汇总"),
    "deidentified": _("去标识后"),
    "M": _("遮蔽后可看"),
    "team": _("本组的"),
    "dept": _("本部门的"),
    "all": _("全部"),
    "R": _("可看"),
    "RW": _("可看可改"),
}
