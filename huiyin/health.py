"""`/healthz`, `/readyz` and `/metrics`: answered first, so that no host check or session is in the way.

And what a page says while the database is away: 503 and when to try again, where it would else be "an error".
"""

import ipaddress
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare
from django_prometheus.exports import ExportToDjangoView

log = logging.getLogger(__name__)

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


class Health:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.doors = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = self.doors.get(request.path_info)
        return door(request) if door else self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """PostgreSQL restarts or is full: nothing was kept, and what was typed is still in the browser."""
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        log.error("%s %s could not reach the database", request.method, request.path, exc_info=exception)
        # without the request: the context processors would ask the database who this is
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})


def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and has every table this release needs; else 503 and what is missing."""
    try:
        connection.close_if_unusable_or_obsolete()
        missing = pending_migrations()
    except Error as error:
        return JsonResponse({"status": "unready", "database": str(error).splitlines()[0]}, status=503)
    if missing:
        return JsonResponse({"status": "unready", "migrations": missing}, status=503)
    return JsonResponse({"status": "ready"})


def pending_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def metrics(request: HttpRequest) -> HttpResponse:
    """For a caller on this machine that came straight to us, or one that has HUIYIN_METRICS_TOKEN."""
    if not (_is_neighbour(request) or _has_token(request)):
        return JsonResponse({"status": "forbidden"}, status=403)
    response: HttpResponse = ExportToDjangoView(request)
    return response


def _is_neighbour(request: HttpRequest) -> bool:
    if any(header in request.META for header in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    token = settings.HUIYIN_METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and constant_time_compare(given, token)
