"""The append-only record: one hash chain for each complaint. Triggers refuse UPDATE, DELETE and TRUNCATE."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models.complaint import Complaint


class Event(models.Model):
    class Kind(models.TextChoices):
        FILED = "filed", _("受理登记")
        JOINED = "joined", _("客户再次来件，已并入")
        TAKEN_UP = "taken_up", _("开始复核")
        RETURNED = "returned", _("退回补充")
        RESUBMITTED = "resubmitted", _("补充后重新提交")
        REVIEWED = "reviewed", _("复核通过，工单生效")
        RESOLVED_ON_SPOT = "resolved_on_spot", _("当场解决")
        ASSIGNED = "assigned", _("指定负责人")
        DISPATCHED = "dispatched", _("派单")
        SIGNED = "signed", _("签收")
        DECLINED = "declined", _("退单（非本部门）")
        STARTED = "started", _("开始处理")
        HANDLED = "handled", _("处理完成")
        PASSED = "passed", _("审核通过")
        SENT_BACK = "sent_back", _("审核不合格，重派")
        CANCELLED = "cancelled", _("工单作废")
        AUDIT_BEGUN = "audit_begun", _("进入审核")
        AUDITED = "audited", _("审核完成，待反馈")
        JUDGED = "judged", _("提出成立判断")
        VALIDITY_CONFIRMED = "validity_confirmed", _("成立判断经第二人确认")
        PAUSED = "paused", _("暂停计时")
        RESUMED = "resumed", _("恢复处理")
        INTERIM = "interim", _("阶段性处理")
        FOLLOW_UP_DUE = "follow_up_due", _("到后续跟踪日，恢复处理")
        REPLIED = "replied", _("反馈客户")
        INFORMED = "informed", _("告知客户进展")
        NOT_REACHED = "not_reached", _("联系客户未果")
        ACCEPTED = "accepted", _("客户认可")
        REJECTED = "rejected", _("客户不认可")
        CLOSED = "closed", _("结案")
        REOPENED = "reopened", _("重开")
        WITHDRAWN = "withdrawn", _("客户撤回")
        MERGED = "merged", _("合并")
        UNMERGED = "unmerged", _("撤销合并")
        ABSORBED = "absorbed", _("并入另一件投诉")
        RELEASED = "released", _("另一件投诉移出")
        WENT_EXTERNAL = "went_external", _("转外部争议处理")
        RETURNED_FROM_EXTERNAL = "returned_from_external", _("外部处理有结果")
        OPINED = "opined", _("法务意见")
        NOTED = "noted", _("内部备注")
        SUPPLEMENTED = "supplemented", _("客户补充说明")
        ATTACHED = "attached", _("上传附件")
        RECUSED = "recused", _("回避")
        CONFIDENTIALITY = "confidentiality", _("保密设置")
        REVEALED = "revealed", _("查看联系方式")
        EXPORTED = "exported", _("导出")
        BREACHED = "breached", _("超时")
        NUDGED = "nudged", _("催办")
        GUIDED = "guided", _("按方法处理")
        OFFERED = "offered", _("提出补偿方案")
        OFFER_APPROVED = "offer_approved", _("补偿方案获批")
        OFFER_REFUSED = "offer_refused", _("补偿方案未获批")
        OFFER_CHOSEN = "offer_chosen", _("客户选定补偿方案")
        OFFER_DECLINED = "offer_declined", _("客户不接受补偿方案")
        OFFER_FULFILLED = "offer_fulfilled", _("补偿已兑现")
        INCIDENT_OPENED = "incident_opened", _("列入事件")
        INCIDENT_ENDED = "incident_ended", _("事件结束")
        INVESTIGATED = "investigated", _("开展调查（8D）")
        ASSESSED = "assessed", _("时限考核记录")
        RATED = "rated", _("客户评价")
        WARNED = "warned", _("时限预警")
        BREACH_EXPLAINED = "breach_explained", _("超时说明备案")
        PAUSE_REMINDED = "pause_reminded", _("暂停提醒")
        EXTENSION_ASKED = "extension_asked", _("申请延期")
        EXTENDED = "extended", _("延期获批")
        EXTENSION_REFUSED = "extension_refused", _("延期未获批")
        RECKONED = "reckoned", _("重算时限")
        PROMISED = "promised", _("作出时间承诺")
        TAKEN_BACK = "taken_back", _("收回工单")
        OFFERED_ON = "offered_on", _("改派签收人")
        ESCALATED = "escalated", _("升级")
        SUPERVISED = "supervised", _("督办")
        SUPERVISION_ANSWERED = "supervision_answered", _("督办回复")
        PAGED = "paged", _("红色通道呼叫")
        PAGE_CONFIRMED = "page_confirmed", _("红色通道确认")
        TASK_FORCE = "task_force", _("专项小组成立")
        WAR_ROOM_CALLED = "war_room_called", _("召集会诊")
        WAR_ROOM_JOINED = "war_room_joined", _("加入会诊")
        WAR_ROOM_ENDED = "war_room_ended", _("会诊结束")
        DECIDED = "decided", _("会诊决定")
        REPORTED = "reported", _("进展报告")
        REGULATED = "regulated", _("登记监管案件")
        PUT_AWAY = "put_away", _("演示投诉收起")
        BRAND_SET = "brand_set", _("更正品牌")
        REFERRAL_AMENDED = "referral_amended", _("更正监管案件")
        REGULATORY_ASKED = "regulatory_asked", _("申请延长监管时限")
        REGULATORY_DECIDED = "regulatory_decided", _("审批监管时限延长")
        AUTHORITY_ANSWERED = "authority_answered", _("答复受理机构")
        SURVEYED = "surveyed", _("发出满意度回访")
        RETURN_RECEIVED = "return_received", _("收到退回商品")
        RETURN_PROCESSED = "return_processed", _("退换货处理完")
        ARCHIVED = "archived", _("归档为典型案例")
        TIERED = "tiered", _("客户级别变更")
        EXTENSION_LAPSED = "extension_lapsed", _("延期申请到期未批，失效")
        SCORE_APPEALED = "score_appealed", _("对质检评分提出申诉")
        APPEAL_DECIDED = "appeal_decided", _("质检申诉已决定")
        VALUED = "valued", _("更新客户贡献与合作年限")
        REGRADED = "regraded", _("重新定级")
        NOTE_WITHDRAWN = "note_withdrawn", _("撤回备注")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=24, choices=Kind.choices)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    particulars = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["complaint", "seq"], name="event_seq_once")]

    def __str__(self) -> str:
        return f"{self.complaint_id}/{self.seq} {self.kind}"


class ChainHead(models.Model):
    """The last link of each chain, so that cutting a chain off at its end shows."""

    complaint = models.OneToOneField(Complaint, models.PROTECT, primary_key=True, related_name="chain_head")
    seq = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.complaint_id}@{self.seq}"
