"""What a customer fills in. Nothing typed is lost when something is missing; only files must be chosen again."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.compensation.models import Option
from huiyin.complaints.models.complaint import Kind
from huiyin.intake.arrival import LONGEST_TEXT
from huiyin.lib import phones
from huiyin.portal.guarding import form_number, new_form

MOST_FILES = 6
LARGEST_FILE = 20 * 1024 * 1024
LARGEST_REQUEST = MOST_FILES * LARGEST_FILE + 1024 * 1024
NONE = "none"
ACCEPT = "image/*,.pdf,.doc,.docx,.xls,.xlsx,.txt,audio/*,video/*"


class Files(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Several files, none of them needed; their kind is told from their bytes when they are kept."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = [file for file in (data or []) if isinstance(file, UploadedFile)]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("一次最多 %d 个文件。") % MOST_FILES)
        for file in given:
            if (file.size or 0) > LARGEST_FILE:
                sentence = _("文件“%(name)s”超过 %(limit)d MB。") % {
                    "name": file.name,
                    "limit": LARGEST_FILE // 1024 // 1024,
                }
                raise forms.ValidationError(sentence)
        return given


def files_field() -> FilesField:
    return FilesField(
        label=gettext_lazy("照片和凭证"),
        required=False,
        widget=Files(attrs={"multiple": True, "accept": ACCEPT}),
        help_text=gettext_lazy("照片、视频、录音、发票、PDF 等，最多 6 个，每个不超过 20 MB。"),
    )


class OneTimeForm(forms.Form):
    """A form that works once. `site` is a trap that people neither see nor fill in."""

    form = forms.CharField(widget=forms.HiddenInput, required=False)
    site = forms.CharField(required=False, max_length=200)

    use_required_attribute = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fresh = new_form()  # what the page carries when it is shown (again)

    def clean_form(self) -> str:
        number = form_number(self.cleaned_data["form"])
        if number is None:
            raise forms.ValidationError(_("这一页打开太久了，请再提交一次，填写的内容都在。"))
        return number

    def clean_site(self) -> str:
        if self.cleaned_data["site"]:
            raise forms.ValidationError(_("请再提交一次。"))
        return ""

    @property
    def has_lost_files(self) -> bool:
        """A browser does not keep chosen files for a form that is shown again."""
        return self.is_bound and bool(self.errors) and bool(self.files)


class ComplaintForm(OneTimeForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("您要反映的是"),
        choices=Kind.choices,
        initial=Kind.COMPLAINT,
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("发生了什么"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("请写一写发生了什么。")},
        help_text=gettext_lazy("什么时候、在哪里、什么产品或服务、谁办理的、结果怎样，想到多少写多少。"),
    )
    occurred_on = forms.DateField(
        label=gettext_lazy("哪一天发生的"), required=False, widget=forms.DateInput(attrs={"autocomplete": "off"})
    )
    order_no = forms.CharField(label=gettext_lazy("订单号或购机凭证号"), required=False, max_length=64)
    expectation = forms.CharField(
        label=gettext_lazy("您希望怎样解决"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text=gettext_lazy("例如：退款、换货、维修、当面道歉、给个说法。"),
    )
    photos = files_field()
    name = forms.CharField(
        label=gettext_lazy("怎么称呼您"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("请告诉我们怎么称呼您。")},
    )
    phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("电子邮箱"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("留下邮箱，查询链接也会发给您。"),
    )

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Kind.COMPLAINT

    def clean_occurred_on(self) -> date | None:
        day: date | None = self.cleaned_data["occurred_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(_("发生时间不能在未来。"))
        if day is not None and day.year < 1970:
            raise forms.ValidationError(_("请核对日期。"))
        return day

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        if phone and len(phones.normalise(phone)) < 5:
            raise forms.ValidationError(_("这不像一个电话号码，请核对。"))
        return phone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        reachable = given.get("phone") or given.get("email") or {"phone", "email"} & set(self.errors)
        if not reachable:
            self.add_error("phone", _("电话和邮箱请至少留一个，否则我们无法答复您。"))
        return given


class AdditionForm(OneTimeForm):
    text = forms.CharField(
        label=gettext_lazy("补充说明"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    photos = files_field()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("text") and not given.get("photos"):
            self.add_error("text", _("请写几句话，或选择文件。"))
        return given


class AcceptanceForm(OneTimeForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("您对处理结果"),
        choices=[("satisfied", gettext_lazy("满意")), ("acceptable", gettext_lazy("可以接受"))],
        error_messages={"required": gettext_lazy("请选择满意或可以接受。")},
        widget=forms.RadioSelect,
    )


class ReasonForm(OneTimeForm):
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=2000,
        error_messages={"required": gettext_lazy("请写几句话。")},
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class ChoiceForm(OneTimeForm):
    """One of the options that were offered, or none of them."""

    option = forms.ChoiceField(
        label=gettext_lazy("您更倾向哪一种"),
        error_messages={"required": gettext_lazy("请选择一种处理办法。")},
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, options: Sequence[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = {str(option.pk): option for option in options}
        choices = [(pk, option.words) for pk, option in self.options.items()]
        self.fields["option"].choices = [*choices, (NONE, _("都不合适，请再与我联系"))]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_option(self) -> Option | None:
        return self.options.get(self.cleaned_data["option"])


class LookUpForm(OneTimeForm):
    number = forms.CharField(
        label=gettext_lazy("投诉编号"),
        max_length=24,
        widget=forms.TextInput(attrs={"placeholder": "TS20261122-00001", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("登记时留的电话"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
