"""The product's settings, with one page more: the floor that taking in is measured against."""

from huiyin.settings import *  # noqa: F403  # settings are the product's, but for what follows

ROOT_URLCONF = "bench.urls"
