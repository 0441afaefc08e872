"""Where each face hangs."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(url="/desk/")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("desk/", include("huiyin.desk.urls")),
    path("portal/", include("huiyin.portal.urls")),
    path("api/v1/", include("huiyin.api.urls")),
]
