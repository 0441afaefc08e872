"""Pages of the portal: each knows the company, and says so in its own name."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from huiyin.org.queries import company


def page(request: HttpRequest, template: str, *, status: int = 200, back: str = "", **context: Any) -> HttpResponse:
    """`back`: where the language switch returns to, if not to this page (which may have answered a POST)."""
    context |= {"company": company(), "back": back or reverse("portal:submit")}
    return render(request, f"portal/{template}.html", context, status=status)


def sorry(request: HttpRequest, *, status: int, words: str, **context: Any) -> HttpResponse:
    return page(request, "sorry", status=status, words=words, code=status, **context)
