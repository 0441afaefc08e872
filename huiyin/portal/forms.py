"""What a customer fills in. Nothing typed is lost when something is missing; only files must be chosen again."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.channels import sms
from huiyin.compensation.models import Option
from huiyin.complaints.models.complaint import Kind
from huiyin.intake.arrival import LONGEST_TEXT
from huiyin.lib import phones
from huiyin.portal.days import DayField
from huiyin.portal.guarding import form_number, new_form
from huiyin.portal.proving import Wanted, is_right_sum, is_work_done, sum_of
from huiyin.surveys.models import ADVICE, EASE, Reason

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
    """`wanted`: what this caller has to show besides, since they file often."""

    unit = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    proof = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    sum = forms.CharField(required=False, max_length=16)
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
        widget=forms.Textarea(
            attrs={"rows": 6, "autocomplete": "off", "data-missing": gettext_lazy("请写一写发生了什么。")}
        ),
        error_messages={"required": gettext_lazy("请写一写发生了什么。")},
        help_text=gettext_lazy("什么时候、在哪里、什么产品或服务、谁办理的、结果怎样，想到多少写多少。"),
    )
    occurred_on = DayField(label=gettext_lazy("哪一天发生的"))
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
        widget=forms.TextInput(attrs={"autocomplete": "name", "data-missing": gettext_lazy("请告诉我们怎么称呼您。")}),
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
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "data-wrong": gettext_lazy("邮箱写法不对，例如 name@example.com。")}
        ),
        help_text=gettext_lazy("留下邮箱，查询链接也会发给您。"),
    )

    def __init__(self, *args: Any, wanted: Wanted | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted or Wanted()
        self.numbers = sum_of(self.fresh.partition(":")[0])  # the number without its signature

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Kind.COMPLAINT

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
        if self.wanted.work and not self.errors and not self._has_shown(given):
            self.add_error("sum", _("从这个网络提交得比较多，请算一下这道题再提交，填写的内容都在。"))
        return given

    def _has_shown(self, given: dict[str, Any]) -> bool:
        if is_work_done(given["form"], given["proof"]):
            return True
        return self.wanted.sum_is_enough and is_right_sum(given["form"], given["sum"])


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


class RatingForm(OneTimeForm):
    stars = forms.TypedChoiceField(
        label=gettext_lazy("您给几星"),
        coerce=int,
        choices=[
            (1, gettext_lazy("1 星，很不满意")),
            (2, gettext_lazy("2 星，不满意")),
            (3, gettext_lazy("3 星，一般")),
            (4, gettext_lazy("4 星，满意")),
            (5, gettext_lazy("5 星，很满意")),
        ],
        error_messages={"required": gettext_lazy("请选择一到五星。")},
        widget=forms.RadioSelect,
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("不满意的主要原因"),
        required=False,
        choices=Reason.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    ces = forms.TypedChoiceField(
        label=gettext_lazy("我们让您很容易地解决了这个问题。您同意吗？"),
        help_text=gettext_lazy("1 非常不同意，7 非常同意。可以不选。"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(n, n) for n in EASE],
        widget=forms.RadioSelect,
    )
    nps = forms.TypedChoiceField(
        label=gettext_lazy("您有多大可能把我们推荐给亲友或同事？"),
        help_text=gettext_lazy("0 完全不可能，10 非常可能。可以不选。"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(n, n) for n in ADVICE],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("想说的话"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    @property
    def scales(self) -> list[forms.BoundField]:
        return [self["ces"], self["nps"]]


class FindForm(OneTimeForm):
    """The address that a code goes to; a telephone only where short messages can be sent."""

    contact = forms.CharField(max_length=254, error_messages={"required": gettext_lazy("请填写登记时留的邮箱。")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_sms = sms.is_configured()
        field = self.fields["contact"]
        field.label = _("登记时留的邮箱或手机号码") if self.has_sms else _("登记时留的邮箱")
        kind = {} if self.has_sms else {"type": "email", "inputmode": "email"}
        field.widget.attrs |= {"autocomplete": "username" if self.has_sms else "email", **kind}

    def clean_contact(self) -> str:
        contact = str(self.cleaned_data["contact"]).strip()
        if "@" in contact.strip("@"):
            return contact
        if not self.has_sms:
            raise forms.ValidationError(_("邮箱写法不对，例如 name@example.com。"))
        if len(phones.normalise(contact)) < 5:
            raise forms.ValidationError(_("这不像一个邮箱或电话号码，请核对。"))
        return contact


class CodeForm(OneTimeForm):
    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=20,
        error_messages={"required": gettext_lazy("请填写收到的六位数字。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        return "".join(unicodedata.normalize("NFKC", str(self.cleaned_data["code"])).split())
