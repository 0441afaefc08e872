"""Where each face hangs."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from huiyin import branding

urlpatterns = [
    path("", RedirectView.as_view(url="/desk/")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    re_path(r"^brand/(?P<digest>[0-9a-f]{12})[.](?P<ending>css|png|svg)$", branding.asset, name="brand-asset"),
    path("manifest.webmanifest", branding.manifest, name="manifest"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("desk/", include("huiyin.desk.urls")),
    path("portal/", include("huiyin.portal.urls")),
    path("api/v1/", include("huiyin.api.urls")),
]
