"""Django's own administration, with what is changed there in the record of changes like everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Member

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin[Any]
else:
    Base = object


class OnRecord(Base):
    """Beside a ModelAdmin. `area` is where its changes stand."""

    area: Change.Area

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = _said(type(obj)._default_manager.get(pk=obj.pk), form.changed_data) if change else None
        super().save_model(request, obj, form, change)
        assert isinstance(request.user, Member)
        named = form.changed_data if change else list(form.cleaned_data)
        verb = Change.Verb.AMENDED if change else Change.Verb.ADDED
        subject = str(getattr(obj, "code", "") or obj)
        record(
            self.area, subject, label=str(obj), verb=verb, before=before, after=_said(obj, named),
            actor=Actor.of(request.user), at=timezone.now(),
        )  # fmt: skip


def _said(row: Model, names: list[str]) -> dict[str, Any]:
    """Values that a table of JSON can keep; a row that it points to by its name."""
    values = {name: getattr(row, name, None) for name in names}
    return {name: str(value) if isinstance(value, Model) else value for name, value in values.items()}
