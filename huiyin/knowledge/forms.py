"""The editor's forms: lists as lines, an expression tried before it is saved."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.knowledge.models import LibraryCase, Method, Phrase, Playbook, Script, Stage
from huiyin.knowledge.scripts import SLOTS, slots_of
from huiyin.lib import patterns
from huiyin.lib.phrasing import listed
from huiyin.triage.forms import Lines


class LongLines(Lines):
    """Whole sentences, one on each line."""

    longest = 400

    def run_validators(self, value: Any) -> None:
        for line in value:
            if len(line) > self.longest:
                raise forms.ValidationError(_("“%(word)s”太长。"), params={"word": line[:40]})


class ScriptForm(forms.ModelForm[Script]):
    categories = Lines(label=_("适用类别（空为全部）"))

    class Meta:
        model = Script
        fields: ClassVar = [
            *("code", "name_zh", "name_en", "stage", "categories", "text"),
            *(
                "phone_text",
                "chat_text",
                "mail_text",
                "sms_text",
                "is_regret",
                "is_confessing",
                "position",
                "is_active",
            ),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name in ("text", "phone_text", "chat_text", "mail_text", "sms_text"):
            if unknown := [slot for slot in slots_of(given.get(name) or "") if slot not in SLOTS]:
                self.add_error(name, _("没有这个填空：%s") % listed(unknown))
        return given


class PhraseForm(forms.ModelForm[Phrase]):
    words = Lines(label=_("字句（任一）"))
    exceptions = Lines(label=_("例外"))

    class Meta:
        model = Phrase
        fields: ClassVar = [
            *("code", "when", "level", "words", "pattern", "exceptions", "why", "rewrite", "note"),
            *("position", "is_active"),
        ]

    def clean_pattern(self) -> str:
        pattern: str = self.cleaned_data["pattern"]
        try:
            patterns.must_be_quick(pattern)
        except patterns.Unusable as wrong:
            raise forms.ValidationError(_("正则表达式有误：%s") % wrong) from wrong
        except patterns.TooSlow as slow:
            raise forms.ValidationError(
                _("这条正则表达式太慢：读一段两千字的文字没能及时读完。请不要在重复里再套重复，例如把“(a+)+”写成“a+”。")
            ) from slow
        return pattern

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("words") and not given.get("pattern"):
            self.add_error("words", _("请填写字句或正则表达式。"))
        rewrite = given.get("rewrite") or ""
        taken = patterns.GROUP.findall(rewrite)
        if "\\" in patterns.GROUP.sub("", rewrite):
            self.add_error("rewrite", _("反斜杠只用来取分组，写成“\\g<名称>”，用半角的尖括号。"))
        if "pattern" in given and (unknown := [name for name in taken if not _has(given["pattern"], name)]):
            self.add_error("rewrite", _("正则表达式里没有这个分组：%s") % listed(unknown))
        return given


def _has(pattern: str, name: str) -> bool:
    return bool(pattern) and patterns.pattern(pattern).has_group(name)


class PlaybookForm(forms.ModelForm[Playbook]):
    signals = LongLines(label=_("识别信号"))
    steps = LongLines(label=_("六步"), help_text=_("每行一步，写成“名称：做法”。"), required=True)
    tags = Lines(label=_("主要方法"))
    techniques = LongLines(label=_("具体做法"))
    avoid = LongLines(label=_("避免"))
    script_codes = Lines(label=_("常用话术"))
    escalate_when = LongLines(label=_("何时升级"))
    guards = LongLines(label=_("使用守则"))

    class Meta:
        model = Playbook
        fields: ClassVar = [
            *("code", "name_zh", "name_en", "traits", "signals", "steps", "tags", "techniques", "avoid"),
            *("script_codes", "escalate_when", "guards", "position", "is_active"),
        ]


class MethodForm(forms.ModelForm[Method]):
    class Meta:
        model = Method
        fields: ClassVar = ["code", "name_zh", "name_en", "steps", "position", "is_active"]

    def clean_steps(self) -> Any:
        steps = self.cleaned_data["steps"]
        if not isinstance(steps, list) or not steps or not all(_is_step(step) for step in steps):
            raise forms.ValidationError(_("每一步须有 zh（名称）和 prompt（提示），可有 scripts 和 stages。"))
        return steps


def _is_step(step: Any) -> bool:
    if not isinstance(step, dict) or not str(step.get("zh", "")).strip():
        return False
    lists = [step.get("scripts", []), step.get("stages", [])]
    return all(isinstance(each, list) for each in lists) and set(lists[1]) <= set(Stage.values)


class CaseForm(forms.ModelForm[LibraryCase]):
    categories = Lines(label=_("相关类别"))

    class Meta:
        model = LibraryCase
        fields: ClassVar = [
            *("code", "name_zh", "name_en", "playbook", "categories"),
            *("situation", "cause", "handling", "result", "lesson", "position", "is_active"),
        ]
