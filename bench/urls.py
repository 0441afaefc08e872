"""The product's addresses and the floor: one bare row through the same server, the same middleware, one commit."""

import json

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from huiyin.urls import urlpatterns as of_the_product


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    text = json.loads(request.body)["text"]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_bare (text) VALUES (%s) RETURNING id", [text])
        row = cursor.fetchone()
    return JsonResponse({"id": row and row[0]}, status=201)


urlpatterns = [path("bench/bare", bare), *of_the_product]
