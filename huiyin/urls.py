"""Where each face hangs."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
for prefix, module in (
    ("desk/", "huiyin.desk.urls"),
    ("portal/", "huiyin.portal.urls"),
    ("api/v1/", "huiyin.api.urls"),
):
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
