"""Sample content for /desk/design: one of each, in the words of real work; and an invented complaint for scripts."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_EMOTIONS = [
    ("1", gettext_lazy("1 平静")),
    ("2", gettext_lazy("2 不满")),
    ("3", gettext_lazy("3 焦虑")),
    ("4", gettext_lazy("4 愤怒")),
    ("5", gettext_lazy("5 失控或威胁")),
]

# What fills a script that is tried, so that no words of a real one stand in the settings.
SCRIPT = {
    "customer": "张女士", "agent": "李雷", "case_no": "TS20261122-00042", "product": "星桥电饭煲",
    "order_no": "WX20261118-7731", "deadline": "11月25日18:00", "stage": "核查中", "option_a": "换新机",
    "option_b": "全额退款", "option_c": "上门维修", "amount": "299元", "voucher": "50元优惠券",
    "evidence": "主板虚焊，属于产品质量问题", "dept": "质量管理部", "reason": "主板虚焊", "next_time": "明天上午10点",
    "carrier": "顺通快递", "address_last": "解放路12号", "policy": "《消费者权益保护法》第二十四条",
    "link": "https://tousu.example.com/t/7KQ2",
}  # fmt: skip


class IntakeSample(forms.Form):
    name = forms.CharField(label=gettext_lazy("客户姓名"), max_length=40)
    phone = forms.CharField(label=gettext_lazy("联系电话"), help_text=gettext_lazy("号码看着不对只提醒，不影响提交。"))
    occurred_at = forms.DateTimeField(label=gettext_lazy("发生时间"), required=False)
    channel = forms.ChoiceField(
        label=gettext_lazy("渠道"), choices=[("phone", gettext_lazy("电话")), ("counter", gettext_lazy("柜台"))]
    )
    emotion = forms.ChoiceField(label=gettext_lazy("情绪"), choices=_EMOTIONS, widget=forms.RadioSelect)
    text = forms.CharField(label=gettext_lazy("客户原话"), widget=forms.Textarea(attrs={"rows": 4}))
    confidential = forms.BooleanField(label=gettext_lazy("保密"), required=False)


def sample(now: datetime) -> dict[str, Any]:
    return {
        "text": _("这件投诉由您处理。签收后时限开始计算。"),
        "lines": [_("GD20261122-00017-1：已被别人签收"), _("GD20261122-00021-1：不在本单位")],
        "toasts": _toasts(),
        "through": _through(),
        "views": [{"name": "mine", "label": _("我的视图"), "lines": _views()}],
        "levels": [1, 2, 3, 4],
        "stages": _stages(now),
        "states": _states(),
        "dues": _dues(now),
        "flags": _flags(),
        "people": _people(),
        "tiles": _tiles(),
        "tabs": _tabs(),
        "filters": _filters(),
        "total": _("共 128 件"),
        "actions": [
            {"value": "sign", "label": _("签收"), "icon": "check"},
            {"value": "assign", "label": _("分派"), "icon": "user"},
        ],
        "rows": _rows(now),
        "entries": _entries(now),
        "facts": [
            (_("姓名"), "刘洋"),
            (_("电话"), "138****1234"),
            (_("订单号"), "WX20261118-7731"),
            (_("期望"), _("退款，并说明为什么拖了两周")),
        ],
        "attachments": _attachments(now),
        "form": IntakeSample({"name": "刘洋", "channel": "phone", "emotion": "3"}),
    }


def _toasts() -> list[dict[str, str]]:
    return [
        {"level": "success", "text": _("已签收。")},
        {"level": "success", "text": _("已改派给 %s。") % "李雷", "undo": reverse("desk:design")},
        {"level": "error", "text": _("GD20261122-00017-1：已被别人签收")},
    ]


def _through() -> dict[str, Any]:
    group = {"label": _("待我签收")}
    return {"group": group, "place": 2, "count": 12, "previous": "#", "next": "#", "then": None, "marks": ()}


def _views() -> list[dict[str, Any]]:
    return [
        {"key": "mine", "label": _("我的"), "url": "#", "count": 12, "is_current": True},
        {"key": "late", "label": _("已超时"), "url": "#", "count": 3, "tone": "red"},
    ]


def _stages(now: datetime) -> list[dict[str, Any]]:
    names = [_("受理"), _("复核"), _("派单"), _("签收"), _("处理"), _("审核"), _("反馈"), _("结案")]
    status = ["done", "done", "done", "skipped", "current", "todo", "todo", "todo"]
    stages: list[dict[str, Any]] = [
        {"label": name, "status": how, "at": now - timedelta(hours=9 - place) if how == "done" else None}
        for place, (name, how) in enumerate(zip(names, status, strict=True))
    ]
    stages[4] |= {"note": _("2 张工单，1 张已完成")}
    return stages


def _states() -> list[dict[str, str]]:
    return [
        {"id": "received", "label": _("已受理")},
        {"id": "in_review", "label": _("复核中")},
        {"id": "dispatched", "label": _("已派单（待签收）")},
        {"id": "replying", "label": _("待反馈客户")},
        {"id": "awaiting_customer", "label": _("待客户")},
        {"id": "reopened", "label": _("重开")},
        {"id": "closed", "label": _("已结案")},
        {"id": "withdrawn", "label": _("客户撤回")},
    ]


def _dues(now: datetime) -> list[dict[str, Any]]:
    reasons = [
        (_("时限"), _("处理，二级复杂投诉")),
        (_("目标"), _("2 个工作日")),
        (_("起算"), "2026-11-20 16:40"),
        (_("不计"), _("周末 2 天，午休")),
        (_("政策"), _("第 3 版")),
    ]
    return [
        {"label": _("处理"), "due_at": now + timedelta(days=1, hours=3), "reasons": reasons},
        {"label": _("签收"), "due_at": now + timedelta(minutes=38)},
        {"label": _("首次响应"), "due_at": now - timedelta(hours=5, minutes=12), "reasons": reasons},
        {"label": _("初步反馈"), "due_at": now, "done_at": now - timedelta(hours=2)},
        {"label": _("解决"), "due_at": now + timedelta(days=4), "is_paused": True},
    ]


def _flags() -> list[dict[str, str]]:
    return [
        {"words": _("保密"), "tone": "violet", "icon": "lock"},
        {"words": _("紧急"), "tone": "red", "icon": "flame"},
        {"words": _("第 2 次重开"), "tone": "amber", "icon": "refresh"},
        {"words": _("当场解决"), "tone": "green", "icon": "check"},
        {"words": "VIP", "tone": "grey", "icon": "user-check"},
    ]


def _people() -> list[dict[str, Any]]:
    return [
        {"name": "李雷", "is_me": True},
        {"name": "韩梅梅", "unit": _("省客服中心"), "size": "lg"},
        {"name": ""},
    ]


def _tiles() -> list[dict[str, Any]]:
    return [
        {"value": 3, "label": _("已超时"), "tone": "red"},
        {"value": 12, "label": _("待我签收")},
        {"value": 7, "label": _("待我复核")},
        {"value": 0, "label": _("待我审核")},
        {"value": 5, "label": _("待我反馈")},
    ]


def _tabs() -> list[dict[str, Any]]:
    return [
        {"label": _("我的"), "url": "#", "count": 12, "is_current": True},
        {"label": _("本单位"), "url": "#", "count": 128},
        {"label": _("待签收"), "url": "#", "count": 9},
        {"label": _("已超时"), "url": "#", "count": 3, "tone": "red"},
        {"label": _("全部"), "url": "#"},
    ]


def _filters() -> list[dict[str, Any]]:
    return [
        {"text": _("显示")},
        {
            "name": "state",
            "label": _("状态"),
            "any": _("任何状态"),
            "value": "",
            "options": [{"value": "x", "label": _("处理中")}],
        },
        {"text": _("的")},
        {
            "name": "severity",
            "label": _("等级"),
            "any": _("任何等级"),
            "value": "2",
            "clear_url": "#",
            "options": [{"value": 1, "label": _("一级")}, {"value": 2, "label": _("二级")}],
        },
        {"text": _("投诉")},
    ]


def _rows(now: datetime) -> list[dict[str, Any]]:
    common = {"url": "#", "channel_label": _("电话"), "category": _("退款拖延")}
    return [
        common
        | {
            "number": "TS20261122-00042",
            "title": _("冰箱送来就不制冷，约了三次师傅都没来，要求退货并赔偿变质食物"),
            "severity": 1,
            "state": "in_progress",
            "state_label": _("处理中"),
            "due_at": now - timedelta(hours=2),
            "received_at": now - timedelta(days=2),
            "unit": _("售后服务部"),
            "customer": "刘洋",
            "assignee": "李雷",
            "is_mine": True,
            "is_unread": True,
            "flags": _flags()[:2],
        },
        common
        | {
            "number": "TS20261122-00043",
            "title": _("退款两周没有到账"),
            "severity": 2,
            "state": "dispatched",
            "state_label": _("已派单（待签收）"),
            "due_at": now + timedelta(hours=3),
            "received_at": now - timedelta(hours=5),
            "unit": _("财务部"),
            "customer": "刘洋",
            "assignee": "",
        },
        common
        | {
            "number": "TS20261121-00008",
            "title": _("希望营业厅延长周末营业时间"),
            "severity": 4,
            "state": "closed",
            "state_label": _("已结案"),
            "due_at": now - timedelta(days=1),
            "is_done_at": now - timedelta(days=3),
            "received_at": now - timedelta(days=9),
            "unit": _("临江县营业部"),
            "customer": "陈静",
            "assignee": "韩梅梅",
        },
    ]


def _entries(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "kind": "customer",
            "heading": _("客户来电"),
            "actor": "刘洋",
            "at": now - timedelta(days=2),
            "body": _("冰箱送来第二天就不制冷了，里面的东西全坏了。约了三次师傅，一次都没来！"),
        },
        {
            "kind": "change",
            "heading": _("复核"),
            "icon": "clipboard-check",
            "actor": "韩梅梅",
            "unit": _("省客服中心"),
            "at": now - timedelta(days=1, hours=20),
            "changes": [
                {"label": _("等级"), "before": _("三级"), "after": _("二级")},
                {"label": _("类型"), "before": _("咨询"), "after": _("产品故障")},
            ],
        },
        {
            "kind": "note",
            "heading": _("内部备注"),
            "actor": "李雷",
            "is_me": True,
            "at": now - timedelta(hours=7),
            "body": _("仓库确认同批次还有两起。@韩梅梅 要不要按批次处理？"),
        },
        {
            "kind": "call",
            "heading": _("致电客户"),
            "actor": "李雷",
            "at": now - timedelta(hours=6),
            "body": _("已道歉，告知今天下午给出方案。客户同意等到四点。"),
            "status_label": _("已接通"),
        },
        {
            "kind": "letter",
            "heading": _("致客户的答复"),
            "actor": "李雷",
            "at": now - timedelta(minutes=25),
            "subject": _("关于您的冰箱"),
            "body": _("张先生：\n\n我们为您换一台新机，明天上午十点送到；变质食物按发票赔付。\n\n再次向您致歉。"),
            "status_label": _("已发出"),
            "attachments": _attachments(now)[:1],
        },
    ]


def _attachments(now: datetime) -> list[dict[str, Any]]:
    return [
        {"name": _("换货确认单.pdf"), "url": "#", "size": 182_400, "media_type": "application/pdf", "by": "李雷"},
        {
            "name": "IMG_20261120_081233_冰箱内部照片.jpg",
            "url": "#",
            "size": 2_340_000,
            "media_type": "image/jpeg",
            "is_from_customer": True,
            "at": now - timedelta(days=2),
        },
    ]
