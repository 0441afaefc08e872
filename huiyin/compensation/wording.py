"""The options in words for the customer's answer, after script RS-09: 一是……；二是……"""

from collections.abc import Sequence

from huiyin.compensation.models import Option

ORDINALS = "一二三四五六"


def as_letter(options: Sequence[Option]) -> str:
    """For the answer letter, in Chinese as the company writes to its customers."""
    if len(options) == 1:
        return f"结合核查结果，我们的处理办法是：{_said(options[0])}。您确认后我们马上执行。"
    listed = "；".join(f"{ORDINALS[place]}是{_said(option)}" for place, option in enumerate(options))
    return f"结合核查结果，有这样几种处理办法：{listed}。您更倾向哪一种？您确认后我们再执行。"


def _said(option: Option) -> str:
    return option.words.strip().rstrip("。；;.")
