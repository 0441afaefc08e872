"""5W2H: which of the seven questions a text leaves open (B23). Values only; a hint, never a refusal."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

_NUMERAL = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十百千万半几]+)"


@dataclass(frozen=True)
class Prompt:
    code: str
    label: Any
    question: Any
    answered_by: re.Pattern[str]


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words))


PROMPTS: tuple[Prompt, ...] = (
    Prompt(
        "who",
        _("何人"),
        _("涉及哪些人？谁使用、谁接待？"),
        _any(
            *("我", "本人", "家人", "老人", "孩子", "父亲", "母亲", "妻子", "丈夫", "先生", "女士", "客服", "师傅"),
            *("店员", "店长", "员工", "工作人员", "经理", "快递员", "骑手", "工号"),
        ),
    ),
    Prompt("what", _("何事"), _("出了什么问题？现象是什么？"), re.compile(r"\S{8,}", re.DOTALL)),
    Prompt(
        "when",
        _("何时"),
        _("什么时候发生、持续多久？"),
        _any(
            *(r"\d{1,4}[年月日号点]", r"\d{1,2}[:：]\d{2}", r"\d{4}[-/.]\d{1,2}", "昨", "今[天早晚]", "前天", "当天"),
            *(
                "刚才",
                "上[周月午]",
                "本[周月]",
                "下午",
                "早上",
                "晚上",
                "中午",
                "周[一二三四五六日末]",
                "星期",
                "去年",
                "今年",
            ),
            *("最近", f"{_NUMERAL}(?:天|周|个月|年|小时|分钟)[前内]"),
        ),
    ),
    Prompt(
        "where",
        _("何地"),
        _("在哪里发生？哪个门店、平台或地址？"),
        _any(
            *(
                "[一-龥]店",
                "店里",
                "营业厅",
                "商场",
                "超市",
                "家里",
                "家中",
                "小区",
                "公司",
                "官网",
                "网上",
                "平台",
                "商城",
            ),
            *(
                "[Aa][Pp][Pp]",
                "小程序",
                "直播间",
                "[一-龥]{2}[市区县路街镇]",
                "现场",
                "电话里",
                "热线",
                "楼",
                "驿站",
                "仓库",
            ),
        ),
    ),
    Prompt(
        "why",
        _("何故"),
        _("客户认为是什么原因？对方怎么解释？"),
        _any(
            *("因为", "由于", "原因", "导致", "造成", "怀疑", "可能是", "说是", "据说", "解释", "以为", "推[诿脱]"),
            "质量问题",
        ),
    ),
    Prompt(
        "how",
        _("如何"),
        _("怎样发生的？已经怎样处理过？"),
        _any(
            *(
                "使用",
                "操作",
                "安装",
                "按[照了]",
                "之后",
                "然后",
                "结果",
                "打[了过]?[^。]{0,6}电话",
                "联系",
                "报修",
                "维修",
            ),
            *("申请", "反映", "投诉过", "处理", "更换", "退", "发现", "过程"),
        ),
    ),
    Prompt(
        "how_many",
        _("多少"),
        _("多少钱、几次、几件、多大损失？"),
        _any(
            f"{_NUMERAL}\\s*(?:元|块|万|次|个|台|件|箱|份|张|条|人|户|公斤|克|毫升|米|度|兆|天|小时|分钟)",
            r"\d+(?:\.\d+)?\s*(?:%|％|kg|ml|M|RMB|￥)",
            r"[￥¥]\s*\d",
            r"第[一二三四五\d]次",
        ),
    ),
)


def gaps(text: str) -> list[Prompt]:
    """The questions that the text does not answer, in the order of 5W2H; all seven for an empty one."""
    return [prompt for prompt in PROMPTS if not prompt.answered_by.search(text)]
