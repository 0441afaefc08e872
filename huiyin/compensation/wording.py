"""The options in words for the customer's answer, after script RS-09: 一是……；二是……"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from huiyin.compensation.models import Option

ORDINALS = "一二三四五六"


def as_letter(options: Sequence[Option]) -> str:
    """For the answer letter, in Chinese as the company writes to its customers."""
    if len(options) == 1:
        return _("结合核查结果，我们的处理办法是：%s。您确认后我们马上执行。") % _said(options[0])
    listed = "；".join(f"{ORDINALS[place]}是{_said(option)}" for place, option in enumerate(options))
    return _("结合核查结果，有这样几种处理办法：%s。您更倾向哪一种？您确认后我们再执行。") % listed


def _said(option: Option) -> str:
    return option.words.strip().rstrip("。；;.")
