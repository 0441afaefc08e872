from django.urls import path, re_path

from huiyin.portal.views import coming_back, counter, language, submitting, taking_home, tracking

app_name = "portal"
urlpatterns = [
    path("", submitting.submit, name="submit"),
    path("embed", submitting.embed, name="embed"),
    path("embed/received/<str:code>", tracking.embed_received, name="embed-received"),
    path("find", coming_back.find, name="find"),
    path("find/<str:ticket>", coming_back.code, name="code"),
    path("mine/<str:let_in>", coming_back.mine, name="mine"),
    path("language", language.choose, name="language"),
    path("counter", counter.counter, name="counter"),
    path("counter/<str:code>", counter.counter, name="counter-of"),
    path("t/<str:code>", tracking.progress, name="progress"),
    path("t/<str:code>/received", tracking.received, name="received"),
    path("t/<str:code>/addition", tracking.add, name="add"),
    path("t/<str:code>/acceptance", tracking.accept, name="accept"),
    path("t/<str:code>/choice", tracking.choose, name="choose"),
    path("t/<str:code>/rejection", tracking.reject, name="reject"),
    path("t/<str:code>/withdrawal", tracking.withdraw, name="withdraw"),
    path("t/<str:code>/urging", tracking.urge, name="urge"),
    path("t/<str:code>/rating", tracking.rate, name="rate"),
    path("t/<str:code>/files/<int:pk>", taking_home.file, name="file"),
    re_path(r"^t/(?P<code>[^/]+)/data\.(?P<kind>html|json)$", taking_home.data, name="data"),
]
