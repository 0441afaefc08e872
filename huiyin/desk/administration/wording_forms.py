"""Forms for scripts, words to avoid and letters: what was typed into values."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.desk.administration.forms import WordLines
from huiyin.desk.forms.fields import Line, Words
from huiyin.knowledge.forms import PhraseForm, ScriptForm
from huiyin.knowledge.letters import Shipped
from huiyin.knowledge.models import CODE, Phrase, Script

TEXTS = ("text", "phone_text", "chat_text", "mail_text", "sms_text")


def code_field(example: str) -> Line:
    field = Line(label=_("编码"), longest=8, help_text=_("如 %s，以后不能改。") % example)
    field.validators = [CODE]
    return field


class ScriptFields(ScriptForm):
    """Without its code; `position` keeps its own place where it is not given."""

    categories = WordLines(label=_("适用类别（空为全部）"), help_text=_("每行一个类别编码，如 PQ-01。"))

    class Meta(ScriptForm.Meta):
        model = Script
        fields: ClassVar = [name for name in ScriptForm.Meta.fields if name != "code"]
        widgets: ClassVar = {name: forms.Textarea(attrs={"rows": 4 if name == "text" else 2}) for name in TEXTS}


class NewScript(ScriptFields):
    code = code_field("RS-201")
    field_order = ("code",)


class PhraseFields(PhraseForm):
    words = WordLines(label=_("字句（任一）"))
    exceptions = WordLines(label=_("例外"))

    class Meta(PhraseForm.Meta):
        model = Phrase
        fields: ClassVar = [name for name in PhraseForm.Meta.fields if name != "code"]


class NewPhrase(PhraseFields):
    code = code_field("FP-201")
    field_order = ("code",)


class TextTrial(forms.Form):
    """A text read with the words to avoid, as it would be on its way to a customer."""

    text = Words(label=_("拿一段话试试"), rows=3, longest=4000)
    stage = forms.ChoiceField(
        label=_("场合"), required=False,
        choices=[("", _("一般")), ("listen", _("倾听")), ("progress", _("告知进展、承诺")), ("close", _("结束"))],
    )  # fmt: skip
    is_opening = forms.BooleanField(label=_("首次联系客户"), required=False)


class LetterForm(forms.Form):
    """The texts of one letter; what stands there as shipped is not kept as one's own."""

    def __init__(self, data: Any = None, *, shipped: Shipped, initial: dict[str, str]) -> None:
        super().__init__(data, label_suffix="", initial=initial)
        for ending, labels in (("zh", (_("主题"), _("正文"))), ("en", (_("英文主题"), _("英文正文")))):
            if shipped.has("subject"):
                self.fields[f"subject_{ending}"] = Line(label=labels[0], required=False)
            if shipped.has("body"):
                self.fields[f"body_{ending}"] = Words(label=labels[1], rows=6, longest=shipped.longest, required=False)
