from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from huiyin.api import chat, docs
from huiyin.api.interface import interface
from huiyin.api.problems import Problem, answer, no_such_path

View = Callable[..., HttpResponseBase]


def _speaking(view: View) -> View:
    """405 as a problem, too."""

    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        allow = response.headers["Allow"]
        return answer(Problem(405, _("可用的方法：%s。") % allow, headers={"Allow": allow}))

    return asked


app_name = "api"
urlpatterns: list[URLPattern] = [
    path("docs", docs.docs, name="docs"),
    path("chat/dingtalk/<int:robot>", chat.dingtalk, name="dingtalk"),
]
for pattern in interface.urls[0]:
    if isinstance(pattern, URLPattern):
        # ninja finds its own place by the name of its root, where there is nothing
        pattern.callback = no_such_path if pattern.name == "api-root" else _speaking(pattern.callback)
        urlpatterns.append(pattern)
urlpatterns.append(re_path(r"^.*$", csrf_exempt(no_such_path)))
