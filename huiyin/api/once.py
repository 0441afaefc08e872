"""Idempotency-Key: the same question twice, also at the same moment, does its work once and gets one answer."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.api.models import GivenAnswer
from huiyin.api.problems import Problem
from huiyin.api.tokens import token_of

KEPT_FOR = timedelta(hours=48)
LONGEST = 200

_CLAIM = """
INSERT INTO api_givenanswer (key_digest, question_digest, status, body, given_at) VALUES (%s, %s, 0, '', %s)
ON CONFLICT (key_digest) DO NOTHING RETURNING id
"""

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def once(view: View[P]) -> View[P]:
    """The endpoint honours Idempotency-Key. Refusals are not kept: whoever mends the question may ask again."""

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return view(request, *args, **kwargs)
        if len(key) > LONGEST:
            raise Problem(422, errors=[("Idempotency-Key", _("最多 %d 个字。") % LONGEST)])
        with transaction.atomic():
            claimed, question = _claim(request, key)
            if claimed is None:
                return _given(request, key, question)
            response = view(request, *args, **kwargs)
            GivenAnswer.objects.filter(pk=claimed).update(status=response.status_code, body=response.content)
            return response

    return asked


def _claim(request: HttpRequest, key: str) -> tuple[int | None, str]:
    """Of two at once the second waits here until the first is committed (then it is None) or rolled back."""
    question = _digest_of(request)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [_key_digest(request, key), question, timezone.now()])
        row = cursor.fetchone()
    return (None if row is None else int(row[0])), question


def _given(request: HttpRequest, key: str, question: str) -> HttpResponse:
    kept = GivenAnswer.objects.get(key_digest=_key_digest(request, key))
    if kept.question_digest != question:
        raise Problem(409, _("这个 Idempotency-Key 已用于内容不同的请求。"), kind="idempotency_key_reused")
    return HttpResponse(
        kept.body, status=kept.status, content_type="application/json", headers={"Idempotent-Replayed": "true"}
    )


def _key_digest(request: HttpRequest, key: str) -> str:
    return hashlib.sha256(f"{token_of(request).member_id}\n{key}".encode("utf-8", "replace")).hexdigest()


def _digest_of(request: HttpRequest) -> str:
    """Of method, path and content. Files are taken by their content: a multipart boundary differs each time."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(hashlib.sha256(chunk).digest())
            file.seek(0)
    return digest.hexdigest()


def prune(*, at: datetime) -> int:
    """Forget what was answered more than 48 hours ago; returns how many."""
    return GivenAnswer.objects.filter(given_at__lt=at - KEPT_FOR).delete()[0]
