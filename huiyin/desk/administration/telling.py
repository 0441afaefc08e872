"""A recorded change in words: which field, from what, to what."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.channels.models import MailServer
from huiyin.desk.elements import element
from huiyin.lib import phrasing
from huiyin.org.models import Change
from huiyin.org.roles import LABELS

FIELDS = {
    "name_zh": gettext_lazy("中文名称"), "name_en": gettext_lazy("英文名称"), "name": gettext_lazy("姓名"),
    "time_zone": gettext_lazy("时区"), "kind": gettext_lazy("类型"), "parent": gettext_lazy("上级"),
    "unit": gettext_lazy("单位"), "roles": gettext_lazy("角色"), "line_manager": gettext_lazy("直接上级"),
    "language": gettext_lazy("语言"), "email": gettext_lazy("邮箱"), "password": gettext_lazy("密码"),
    "second_factor": gettext_lazy("两步验证"),
    "accent": gettext_lazy("主色"), "logo": gettext_lazy("标志"), "number": gettext_lazy("版本"),
    "is_working": gettext_lazy("上班"), "position": gettext_lazy("顺序"), "condition": gettext_lazy("条件"),
    "effect": gettext_lazy("动作"), "is_active": gettext_lazy("启用"), "required": gettext_lazy("必填要素"),
    "optional": gettext_lazy("选填要素"), "severity": gettext_lazy("默认等级"), "complexity": gettext_lazy("复杂度"),
    "issue_class": gettext_lazy("响应类别"), "owner": gettext_lazy("主管部门"), "keywords": gettext_lazy("关键词"),
    "element_set": gettext_lazy("受理要素"), "support_codes": gettext_lazy("协办部门"),
    "acts": gettext_lazy("自动动作"), "requires": gettext_lazy("本类必填"),
    "causes": gettext_lazy("原因选项"), "successor": gettext_lazy("接替类别"),
    "weekdays": gettext_lazy("星期"), "shift": gettext_lazy("班次"), "first": gettext_lazy("第一天"),
    "last": gettext_lazy("最后一天"), "since": gettext_lazy("从"), "until": gettext_lazy("到"),
    "deputy": gettext_lazy("代理人"), "is_round_the_clock": gettext_lazy("7×24 小时"), "desk": gettext_lazy("值班台"),
    "way": gettext_lazy("类型"), "keyword": gettext_lazy("关键词"), "takes_below": gettext_lazy("包括下级单位"),
    "kinds": gettext_lazy("通知种类"), "is_urgent_only": gettext_lazy("只发紧急通知"),
    "is_quiet_at_night": gettext_lazy("夜间与休息日不发"), "address": gettext_lazy("地址"),
    "secret": gettext_lazy("密钥"), "title": gettext_lazy("标题"), "body": gettext_lazy("正文"),
    "stage": gettext_lazy("环节"), "categories": gettext_lazy("适用类别"), "text": gettext_lazy("话术正文"),
    "phone_text": gettext_lazy("电话版"), "chat_text": gettext_lazy("在线版"), "mail_text": gettext_lazy("邮件版"),
    "sms_text": gettext_lazy("短信版"), "is_regret": gettext_lazy("非我方责任时优先"),
    "is_confessing": gettext_lazy("承认责任"), "opening": gettext_lazy("开头"), "closing": gettext_lazy("结尾"),
    "when": gettext_lazy("场合"), "level": gettext_lazy("级别"), "words": gettext_lazy("字句"),
    "pattern": gettext_lazy("正则表达式"), "exceptions": gettext_lazy("例外"), "why": gettext_lazy("原因"),
    "rewrite": gettext_lazy("改写建议"), "note": gettext_lazy("说明"), "subject_zh": gettext_lazy("主题"),
    "body_zh": gettext_lazy("正文"), "subject_en": gettext_lazy("英文主题"), "body_en": gettext_lazy("英文正文"),
    "variants": gettext_lazy("同义词"), "canonical": gettext_lazy("标准词"), "tag": gettext_lazy("标签"),
    "questions": gettext_lazy("要素的说法"),
    "A": gettext_lazy("负责 A"), "R": gettext_lazy("执行 R"), "C": gettext_lazy("咨询 C"),
    "I": gettext_lazy("知会 I"), "interfaces": gettext_lazy("接口人"),
    "levels": gettext_lazy("等级"), "rules": gettext_lazy("分级规则"), "group_code": gettext_lazy("先呼叫的单位"),
    "every_minutes": gettext_lazy("隔几分钟再呼叫"), "widen_after": gettext_lazy("几轮后扩大"),
    "mentions": gettext_lazy("舆情爆发"), "times": gettext_lazy("几倍"), "days": gettext_lazy("看几天"),
    "at_least": gettext_lazy("一小时至少"), "reach": gettext_lazy("触达"),
    "daily_level": gettext_lazy("每日报告的等级"),
    "host": gettext_lazy("服务器"), "port": gettext_lazy("端口"), "security": gettext_lazy("加密"),
    "user": gettext_lazy("账号"), "sender": gettext_lazy("发件人地址"), "sender_name": gettext_lazy("发件人名称"),
    "looks_at": gettext_lazy("看什么"), "weight": gettext_lazy("权重"), "is_fatal": gettext_lazy("致命项"),
    "order": gettext_lazy("顺序"), "percent": gettext_lazy("抽样比例（%）"),
    "least_per_agent": gettext_lazy("每人至少（件）"), "severities": gettext_lazy("必查的等级"),
    "takes_reopened": gettext_lazy("重开过的必查"), "low_stars": gettext_lazy("评价不高于几星的必查"),
    "award_above": gettext_lazy("补偿超过多少元的必查"), "twice_percent": gettext_lazy("双人评分（%）"),
    "agreement": gettext_lazy("一致性 Kappa 不低于（%）"),
    "settle_over": gettext_lazy("两人相差超过几分由第三人定分"), "appeal_days": gettext_lazy("申诉期（工作日）"),
    "complaints": gettext_lazy("演示投诉"), "members": gettext_lazy("演示成员"),
}  # fmt: skip


def _element(key: Any) -> str:
    return str(element(str(key)).label)


WORDS: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("roles", "A", "R", "C", "I"), lambda role: str(LABELS.get(role, role))),
    **dict.fromkeys(("required", "optional", "requires"), _element),
    "mentions": lambda name: str(FIELDS.get(name, name)),
}
SINGLE = {("security", code): label for code, label in MailServer.Security.choices}


def told(change: Change) -> dict[str, Any]:
    """For the list of changes: who, when, what, and each field's old and new value."""
    return {
        "at": change.made_at,
        "who": change.made_by.name if change.made_by else _("系统"),
        "area": change.get_area_display(),
        "verb": change.get_verb_display(),
        "label": change.label or change.subject,
        "subject": change.subject,
        "rows": [
            (str(FIELDS.get(key, key)), _value(key, change.before.get(key)), _value(key, change.after.get(key)))
            for key in dict.fromkeys([*change.before, *change.after])
        ],
    }


def _value(key: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        words = WORDS.get(key, str)
        return phrasing.listed(words(each) for each in value)
    if isinstance(value, dict):
        words = WORDS.get(key, str)
        return phrasing.listed(phrasing.told(words(name), _value("", inner)) for name, inner in value.items())
    return str(SINGLE.get((key, value), value))
