from django.urls import path

from huiyin.portal.views import language, looking_up, submitting, tracking

app_name = "portal"
urlpatterns = [
    path("", submitting.submit, name="submit"),
    path("find", looking_up.find, name="find"),
    path("language", language.choose, name="language"),
    path("t/<str:code>", tracking.progress, name="progress"),
    path("t/<str:code>/received", tracking.received, name="received"),
    path("t/<str:code>/addition", tracking.add, name="add"),
    path("t/<str:code>/acceptance", tracking.accept, name="accept"),
    path("t/<str:code>/choice", tracking.choose, name="choose"),
    path("t/<str:code>/rejection", tracking.reject, name="reject"),
    path("t/<str:code>/withdrawal", tracking.withdraw, name="withdraw"),
]
