"""Whether a text is Chinese, simplified or traditional. Values only.

Letters are counted by their script, each by how much it says of the language: a Chinese character is a word of two or
three Latin letters; hiragana is Japanese grammar, of which Chinese has at most a decorative の; katakana and hangul
are names where a Chinese text quotes them. What has no letters is taken for Chinese.
"""

import re
import unicodedata
from typing import Final

# what is of no language: addresses, and whatever has a digit in it (models, order numbers)
_NO_WORDS: Final = re.compile(
    r"(?:https?://|www\.)[!-~]+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|cn|net|org)\b(?:/[!-~]*)?"
    r"|[A-Za-z0-9_/-]*[0-9][A-Za-z0-9_/-]*",
    re.ASCII | re.IGNORECASE,
)
_HAN: Final = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3100-\u312f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_HIRAGANA: Final = re.compile(r"[\u3041-\u309f]")
_SYLLABLES: Final = re.compile(r"[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")


def is_chinese(text: str) -> bool:
    plain = _NO_WORDS.sub(" ", unicodedata.normalize("NFKC", text))
    han, hiragana, syllables = (len(script.findall(plain)) for script in (_HAN, _HIRAGANA, _SYLLABLES))
    rest = sum(each.isalpha() for each in _HAN.sub("", _HIRAGANA.sub("", _SYLLABLES.sub("", plain))))
    return han * 3 >= hiragana * 12 + syllables * 3 + rest
