"""Django's settings. What an operator may choose comes from the environment (docs/settings, huiyin.environment)."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from huiyin import environment as env
from huiyin.lib import logs

django_stubs_ext.monkeypatch()  # so that ModelForm[Unit] and the like may be written, not only read by mypy

HUIYIN_HOME = env.home()
SECRET_KEY = env.text("HUIYIN_SECRET_KEY") or env.key(HUIYIN_HOME / "keys" / "secret").hex()
HUIYIN_DATA_KEY = env.key(HUIYIN_HOME / "keys" / "data")
HUIYIN_ANCHOR_KEY = env.key(HUIYIN_HOME / "keys" / "anchor")
HUIYIN_PORT = env.number("HUIYIN_PORT", 8000, least=1, most=65535)
HUIYIN_PUBLIC_URL = env.web_address("HUIYIN_PUBLIC_URL", f"http://127.0.0.1:{HUIYIN_PORT}")
# The event streams have their own process. A browser finds it at this address: the next port of the same host, unless a
# proxy in front gives it a path of its own.
HUIYIN_LIVE_PORT = env.number("HUIYIN_LIVE_PORT", HUIYIN_PORT + 1, least=1, most=65535)
HUIYIN_LIVE_URL = env.text("HUIYIN_LIVE_URL")
HUIYIN_METRICS_TOKEN = env.text("HUIYIN_METRICS_TOKEN")
DEBUG = False

# A worker thread keeps its connection; a bad one is found by a question at the start of a request, so that a restart
# of PostgreSQL costs nobody a page.
_database = env.database(HUIYIN_HOME)
HUIYIN_EMBEDDED = _database.is_embedded
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        **_database.settings,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}
STORAGES = {
    "default": env.storage(HUIYIN_HOME),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

INSTALLED_APPS = [
    "huiyin",
    "huiyin.desk",
    "huiyin.portal",
    "huiyin.api",
    "huiyin.insight",
    "huiyin.redchannel",
    "huiyin.supervision",
    "huiyin.intake",
    "huiyin.dispatch",
    "huiyin.compensation",
    "huiyin.quality",
    "huiyin.surveys",
    "huiyin.coaching",
    "huiyin.complaints",
    "huiyin.notices",
    "huiyin.knowledge",
    "huiyin.channels",
    "huiyin.triage",
    "huiyin.sla",
    "huiyin.duty",
    "huiyin.customers",
    "huiyin.org",
    "huiyin.lib",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "procrastinate.contrib.django",
    "django_prometheus",
]
MIDDLEWARE = [
    "huiyin.health.Health",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "huiyin.lib.csp.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "huiyin.lib.addresses.WithoutNul",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "huiyin.urls"
WSGI_APPLICATION = "huiyin.wsgi.application"
ASGI_APPLICATION = "huiyin.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huiyin.branding.look",
            ],
        },
    },
    {  # for long lists only (huiyin/lib/templatetags/listing.py); pages are Django's
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "lists",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "huiyin.lib.lists.environment", "trim_blocks": True, "lstrip_blocks": True},
    },
]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+\.[0-9a-f]{12}\..+$"  # the bundle's own names change with its content

AUTH_USER_MODEL = "org.Member"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "huiyin.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "回音 Huiyin"

UNFOLD = {
    "SITE_TITLE": _("回音 · 系统配置"),
    "SITE_HEADER": _("回音 · 系统配置"),
    "SITE_URL": "/desk/settings/",
    "SITE_SYMBOL": "campaign",
    "SHOW_BACK_BUTTON": True,
    "STYLES": ["/static/configuration/sizes.css"],
    "SCRIPTS": ["/static/configuration/names.js"],
    "COLORS": {
        "primary": {  # the accent of the desk (frontend/style/_tokens.scss), lighter and darker
            "50": "#eef3fd",
            "100": "#dbe6fb",
            "200": "#bcd0f7",
            "300": "#8fb4ff",
            "400": "#5f8bea",
            "500": "#3665cf",
            "600": "#2554b8",
            "700": "#1f4698",
            "800": "#1c3a7c",
            "900": "#1a3266",
            "950": "#111f42",
        },
    },
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone("HUIYIN_TIME_ZONE", "Asia/Shanghai")

ALLOWED_HOSTS = env.words("HUIYIN_ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
_is_https = HUIYIN_PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [HUIYIN_PUBLIC_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_https else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.db"
X_FRAME_OPTIONS = "DENY"
# Attachments come in at this size at most; a form's text is bounded by its own fields.
HUIYIN_ATTACHMENT_LIMIT = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Only what the environment says of the mail server: the rest is set on screen (huiyin/channels/mail_server.py), and the
# backend asks for both whenever something is sent.
HUIYIN_MAIL = env.mail()
EMAIL_BACKEND = "huiyin.channels.backend.EmailBackend"
EMAIL_FILE_PATH = HUIYIN_HOME / "outbox"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = "huiyin@localhost"  # stands for the sender in force, which the backend puts in

HUIYIN_BOSS = env.text("HUIYIN_BOSS")  # dotted path of a connector, see huiyin/intake/boss.py; off where empty
# A mail written at the desk can be taken back for so long before it goes.
HUIYIN_UNDO_SECONDS = env.number("HUIYIN_UNDO_SECONDS", 15, least=0, most=300)
# Short messages need the company's own gateway (huiyin/channels/sms.py); without one the portal offers e-mail only.
HUIYIN_SMS_URL = env.web_address("HUIYIN_SMS_URL", "")
HUIYIN_SMS_KEY = env.text("HUIYIN_SMS_KEY")
# An app of the company's own WeCom, which makes the group of a war room (huiyin/notices/carriers/groupchat.py).
HUIYIN_WECOM_CORP_ID = env.text("HUIYIN_WECOM_CORP_ID")
HUIYIN_WECOM_CORP_SECRET = env.text("HUIYIN_WECOM_CORP_SECRET")
HUIYIN_WECOM_URL = env.web_address("HUIYIN_WECOM_URL", "https://qyapi.weixin.qq.com")
# Hosts of the company's own network that notices may be sent to; no other private address is spoken to.
HUIYIN_INTERNAL_HOSTS = env.words("HUIYIN_INTERNAL_HOSTS", ())
# So many messages an hour go to one person at most; what is more waits, and comes as a digest.
HUIYIN_NOTICES_AN_HOUR = env.number("HUIYIN_NOTICES_AN_HOUR", 20, least=1, most=1000)
# What was read stays in the inbox for so many days, what was not four times as long.
HUIYIN_NOTICES_KEPT_DAYS = env.number("HUIYIN_NOTICES_KEPT_DAYS", 90, least=1, most=3650)
# Sites whose pages may show the portal's form in a frame (docs/settings.md); none unless named.
HUIYIN_EMBED_ORIGINS = env.origins("HUIYIN_EMBED_ORIGINS")

HUIYIN_AI_URL = env.web_address("HUIYIN_AI_URL", "")
HUIYIN_AI_KEY = env.text("HUIYIN_AI_KEY")
HUIYIN_AI_MODEL = env.text("HUIYIN_AI_MODEL")

LOGGING_CONFIG = None
logs.configure(level=env.one_of("HUIYIN_LOG_LEVEL", ("debug", "info", "warning", "error"), "info").upper())
