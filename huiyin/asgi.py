"""The live process: the event streams, and nothing else."""

import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
django.setup()
settings.ROOT_URLCONF = "huiyin.desk.live"
settings.MIDDLEWARE = [
    "huiyin.health.Health",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

from django.core.handlers.asgi import ASGIHandler  # noqa: E402  # it reads the settings above

application = ASGIHandler()
