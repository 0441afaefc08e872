"""The form of the mail server: what the environment decides is shown and cannot be typed over."""

from email.utils import parseaddr
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.channels.mail_server import PORTS, Shown
from huiyin.channels.models import MailServer
from huiyin.desk.forms.fields import Line
from huiyin.lib.phrasing import listed, told


class MailServerForm(forms.Form):
    host = Line(label=gettext_lazy("服务器"), longest=253, help_text=gettext_lazy("例如 smtp.example.com。"))
    security = forms.ChoiceField(label=gettext_lazy("加密"), choices=MailServer.Security.choices)
    port = forms.IntegerField(label=gettext_lazy("端口"), required=False, min_value=1, max_value=65535)
    user = Line(
        label=gettext_lazy("账号"), longest=254, required=False,
        help_text=gettext_lazy("多半就是邮箱地址；服务器不需要登录就空着。"),
    )  # fmt: skip
    password = forms.CharField(
        label=gettext_lazy("密码"), required=False, max_length=500, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("QQ、163 等邮箱填“授权码”。加密保存，之后不再显示。"),
    )  # fmt: skip
    sender = forms.EmailField(
        label=gettext_lazy("发件人地址"), max_length=254,
        help_text=gettext_lazy("客户看到的地址，通常与账号相同。"),
    )  # fmt: skip
    sender_name = Line(
        label=gettext_lazy("发件人名称"), longest=100, required=False,
        help_text=gettext_lazy("例如“××公司客户服务中心”。"),
    )  # fmt: skip

    def __init__(self, *args: Any, shown: Shown, **given: Any) -> None:
        server, row = shown.server, shown.row
        given["initial"] = {
            "host": server.host, "port": server.port if server.host else None, "security": server.security,
            "user": server.user, "sender": row.sender if row else "", "sender_name": row.sender_name if row else "",
        }  # fmt: skip
        if "sender" in shown.fixed:
            name, address = parseaddr(server.sender)
            given["initial"] |= {"sender": address, "sender_name": name}
        super().__init__(*args, **given)
        self.fields["port"].help_text = _("空着就用通常的：%s。") % listed(
            told(label, PORTS[code]) for code, label in MailServer.Security.choices
        )
        if shown.has_password:
            self.fields["password"].help_text = _("已有密码，不再显示。要换才填写，空着就保持不变。")
        fixed = shown.fixed | ({"sender_name": shown.fixed["sender"]} if "sender" in shown.fixed else {})
        for name, variable in fixed.items():
            self.fields[name].disabled = True
            self.fields[name].required = False
            self.fields[name].help_text = _("由环境变量 %s 决定，这里不能改。") % variable

    @property
    def lost_password(self) -> bool:
        """Whether one was typed that the page does not give back."""
        return bool(self.errors and self.data.get("password"))

    @property
    def is_open(self) -> bool:
        """Whether anything can be set here."""
        return not all(field.disabled for field in self.fields.values())
