from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('channels', '0004_conversation'),
        ('complaints', '0034_promised_letters'),
        ('customers', '0003_tiers'),
        ('org', '0009_red_area'),
        ('triage', '0003_questions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('filed', '受理登记'), ('joined', '客户再次来件，已并入'), ('taken_up', '开始复核'), ('returned', '退回补充'), ('resubmitted', '补充后重新提交'), ('reviewed', '复核通过，工单生效'), ('resolved_on_spot', '当场解决'), ('assigned', '指定负责人'), ('dispatched', '派单'), ('signed', '签收'), ('declined', '退单（非本部门）'), ('started', '开始处理'), ('handled', '处理完成'), ('passed', '审核通过'), ('sent_back', '审核不合格，重派'), ('cancelled', '工单作废'), ('audit_begun', '进入审核'), ('audited', '审核完成，待反馈'), ('judged', '提出成立判断'), ('validity_confirmed', '成立判断经第二人确认'), ('paused', '暂停计时'), ('resumed', '恢复处理'), ('interim', '阶段性处理'), ('follow_up_due', '到后续跟踪日，恢复处理'), ('replied', '反馈客户'), ('informed', '告知客户进展'), ('not_reached', '联系客户未果'), ('accepted', '客户认可'), ('rejected', '客户不认可'), ('closed', '结案'), ('reopened', '重开'), ('withdrawn', '客户撤回'), ('merged', '合并'), ('unmerged', '撤销合并'), ('absorbed', '并入另一件投诉'), ('released', '另一件投诉移出'), ('went_external', '转外部争议处理'), ('returned_from_external', '外部处理有结果'), ('opined', '法务意见'), ('noted', '内部备注'), ('supplemented', '客户补充说明'), ('attached', '上传附件'), ('recused', '回避'), ('confidentiality', '保密设置'), ('revealed', '查看联系方式'), ('exported', '导出'), ('breached', '超时'), ('nudged', '催办'), ('guided', '按方法处理'), ('offered', '提出补偿方案'), ('offer_approved', '补偿方案获批'), ('offer_refused', '补偿方案未获批'), ('offer_chosen', '客户选定补偿方案'), ('offer_declined', '客户不接受补偿方案'), ('offer_fulfilled', '补偿已兑现'), ('incident_opened', '列入事件'), ('incident_ended', '事件结束'), ('investigated', '开展调查（8D）'), ('assessed', '时限考核记录'), ('rated', '客户评价'), ('warned', '时限预警'), ('breach_explained', '超时说明备案'), ('pause_reminded', '暂停提醒'), ('extension_asked', '申请延期'), ('extended', '延期获批'), ('extension_refused', '延期未获批'), ('reckoned', '重算时限'), ('promised', '作出时间承诺'), ('taken_back', '收回工单'), ('offered_on', '改派签收人'), ('escalated', '升级'), ('supervised', '督办'), ('supervision_answered', '督办回复'), ('paged', '红色通道呼叫'), ('page_confirmed', '红色通道确认'), ('task_force', '专项小组成立'), ('war_room_called', '召集会诊'), ('war_room_joined', '加入会诊'), ('war_room_ended', '会诊结束'), ('decided', '会诊决定'), ('reported', '进展报告'), ('regulated', '登记监管案件'), ('put_away', '演示投诉收起'), ('brand_set', '更正品牌'), ('referral_amended', '更正监管案件'), ('regulatory_asked', '申请延长监管时限'), ('regulatory_decided', '审批监管时限延长'), ('authority_answered', '答复受理机构'), ('surveyed', '发出满意度回访'), ('return_received', '收到退回商品'), ('return_processed', '退换货处理完'), ('archived', '归档为典型案例'), ('tiered', '客户级别变更'), ('extension_lapsed', '延期申请到期未批，失效'), ('score_appealed', '对质检评分提出申诉'), ('appeal_decided', '质检申诉已决定'), ('valued', '更新客户贡献与合作年限'), ('regraded', '重新定级')], max_length=24),
        ),
    ]
