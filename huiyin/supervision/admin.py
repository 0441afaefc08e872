"""Where an administrator sets up the chat: its robots, and who is who there. What was written nobody reads here."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.channels.models import ChatIdentity, ChatRobot
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.quality.admin import ConfiguredAdmin
from huiyin.supervision.actions import hearing

if TYPE_CHECKING:  # unfold has no types, and looks like what it dresses
    from django.forms import PasswordInput
else:
    from unfold.widgets import UnfoldAdminPasswordWidget as PasswordInput


class ChatAdmin(ConfiguredAdmin):
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        at, verb = timezone.now(), Change.Verb.AMENDED if change else Change.Verb.ADDED
        record(
            Change.Area.MAIL, f"chat-{obj._meta.model_name}-{obj.pk}", label=str(obj), verb=verb,
            actor=Actor.of(request.user), at=at, after={"changed": sorted(form.changed_data)},
        )  # fmt: skip


class RobotForm(forms.ModelForm[ChatRobot]):
    secret = forms.CharField(
        label="AppSecret", required=False, strip=True, widget=PasswordInput,
        help_text=_("加密保存，不再显示。要换才填写。"),
    )  # fmt: skip

    class Meta:
        model = ChatRobot
        fields = ("name", "secret", "is_active")

    def clean_secret(self) -> str:
        given: str = self.cleaned_data["secret"] or self.instance.secret
        if len(given) < 16:
            raise forms.ValidationError(_("至少 16 个字符。"))
        return given


@admin.register(ChatRobot)
class ChatRobotAdmin(ChatAdmin):
    form = RobotForm
    list_display = ("name", "place", "is_active")

    @admin.display(description=_("消息接收地址"))
    def place(self, robot: ChatRobot) -> str:
        return f"/api/v1/chat/dingtalk/{robot.pk}"


@admin.register(ChatIdentity)
class ChatIdentityAdmin(ChatAdmin):
    list_display = ("user_id", "member")
    autocomplete_fields = ("member",)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        hearing.placed_at_last(obj.user_id, at=timezone.now())
