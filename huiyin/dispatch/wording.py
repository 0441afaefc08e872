"""A routing rule in words. Values only: names of units are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from huiyin.lib.phrasing import listed, told

Words = Mapping[str, "str | Promise"]

CONDITIONS: Words = {
    "always": gettext_lazy("任何投诉"),
    "level": gettext_lazy("等级"),
    "code": gettext_lazy("类别"),
    "act": gettext_lazy("类别带有自动动作"),
    "owner": gettext_lazy("主管部门"),
    "tier": gettext_lazy("客户价值"),
    "cx": gettext_lazy("复杂度"),
    "emotion_gte": gettext_lazy("情绪等级不低于"),
    "reopened_count_gte": gettext_lazy("重开次数不少于"),
    "named_employee": gettext_lazy("点名投诉员工"),
    "source": gettext_lazy("渠道"),
    "group_complainants_gte": gettext_lazy("同类投诉人数不少于"),
    "media_or_viral": gettext_lazy("媒体报道或网络传播"),
    "language_not": gettext_lazy("语言不是"),
    "resolvable_on_spot": gettext_lazy("可当场解决"),
}
EFFECTS: Words = {
    "team": gettext_lazy("主办"),
    "co_teams": gettext_lazy("协办"),
    "notify": gettext_lazy("通知"),
    "prefer": gettext_lazy("优先派给"),
    "exclude": gettext_lazy("不派给"),
    "skill": gettext_lazy("要求技能"),
    "dispatch": gettext_lazy("派单方式"),
    "request": gettext_lazy("派单说明"),
    "attach": gettext_lazy("附上资料"),
    "record": gettext_lazy("记入"),
    "start": gettext_lazy("启动"),
    "open": gettext_lazy("成立"),
    "check": gettext_lazy("核对"),
    "clock": gettext_lazy("起算时限"),
    "add_clock": gettext_lazy("加计时限"),
    "level_at_least": gettext_lazy("等级至少"),
    "incident": gettext_lazy("列入事件"),
    "alert": gettext_lazy("提醒"),
    "channel": gettext_lazy("通道"),
    "merge_as": gettext_lazy("合并为"),
    "translate": gettext_lazy("翻译"),
    "task": gettext_lazy("交办"),
    "into": gettext_lazy("归入"),
    "note": gettext_lazy("说明"),
    "block_close_without": gettext_lazy("结案前须有"),
    "stop": gettext_lazy("到此为止，不再看后面的规则"),
}
VALUES: Words = {
    "owner_default_team": gettext_lazy("主管部门自己的班组"),
    "from_leaf_sup": gettext_lazy("类别的协办部门"),
    "auto": gettext_lazy("复核后自动派单"),
    "L1": gettext_lazy("一级"),
    "L2": gettext_lazy("二级"),
    "L3": gettext_lazy("三级"),
    "L4": gettext_lazy("四级"),
    "S": gettext_lazy("简单"),
    "C": gettext_lazy("复杂"),
    "True": gettext_lazy("是"),
    "False": gettext_lazy("否"),
    "VIP": "VIP",
    "VUL": gettext_lazy("特殊群体"),
    "red_channel": gettext_lazy("红色通道"),
    "taskforce": gettext_lazy("专项小组"),
    "war_room": gettext_lazy("跨部门会诊"),
    "red": gettext_lazy("红色通道"),
    "director": gettext_lazy("部门总监"),
    "group_case": gettext_lazy("群体投诉"),
    "regulatory": gettext_lazy("监管时限"),
    "monthly_pool": gettext_lazy("月度分析"),
    "emotion": gettext_lazy("情绪预警"),
    "quality_trace": gettext_lazy("质量追溯"),
    "eight_d": "8D",
    "legal": gettext_lazy("法务"),
    "privacy": gettext_lazy("个人信息"),
    "outage": gettext_lazy("系统故障"),
    "batch": gettext_lazy("批次"),
    "carrier": gettext_lazy("承运商"),
    "supplier": gettext_lazy("供应商"),
    "fin": gettext_lazy("财务"),
    "mkt": gettext_lazy("市场"),
    "consumer_association": gettext_lazy("消费者协会"),
    "court": gettext_lazy("法院"),
    "named_employee": gettext_lazy("被点名的员工"),
    "line_manager_of_named": gettext_lazy("其直接上级"),
    "previous_handler": gettext_lazy("上一次的处理人"),
    "legal_opinion": gettext_lazy("法务意见"),
    "coupon_ledger": gettext_lazy("优惠券台账"),
    "campaign_rule": gettext_lazy("活动规则"),
    "repair_order": gettext_lazy("维修单"),
    "batch_record": gettext_lazy("批次记录"),
    "waybill_track": gettext_lazy("运单轨迹"),
    "store_sop_checklist": gettext_lazy("门店规范检查表"),
    "accessible_service": gettext_lazy("无障碍服务"),
    "sla_assessment": gettext_lazy("服务时限考核"),
    "carrier_scorecard": gettext_lazy("承运商评分"),
    "supplier_scorecard": gettext_lazy("供应商评分"),
    "same_batch_count": gettext_lazy("同批次投诉数"),
    "sop": gettext_lazy("门店规范"),
    "slaaudit": gettext_lazy("服务时限考核"),
    "trace": gettext_lazy("质量追溯"),
    "pricecheck": gettext_lazy("核对价格"),
    "human": gettext_lazy("人工处理"),
    "net": gettext_lazy("网络"),
    "vip": "VIP",
    "eightd": "8D",
    "zh": gettext_lazy("中文"),
}


def words(parts: Mapping[str, Any], labels: Words, names: Mapping[str, str]) -> list[str]:
    """One phrase for each part; `names` are of units by their codes."""
    places = {key: place for place, key in enumerate(labels)}  # a table of JSON forgets the order
    ordered = sorted(parts.items(), key=lambda part: places.get(part[0], len(places)))
    return [_phrase(str(labels.get(key, key)), value, names) for key, value in ordered]


def _phrase(label: str, value: Any, names: Mapping[str, str]) -> str:
    if value is True:
        return label
    values = value if isinstance(value, list) else [value]
    said = listed(names.get(str(each)) or str(VALUES.get(str(each), each)) for each in values)
    return told(label, said)
