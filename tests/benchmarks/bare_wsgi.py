"""The site plus one bare view, for a benchmark that compares the two in one server."""

import os
from importlib import import_module

from django.contrib.auth.decorators import login_not_required
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canvass.settings")
application = get_wsgi_application()


@csrf_exempt
@login_not_required
def bare(request):
    """One INSERT and nothing else: what the framework and the database cost in any case."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_bare (words) VALUES (%s)", [request.POST.get("words", "")])
    return HttpResponse("ok")


import_module("canvass.urls").urlpatterns.append(path("bare/", bare))
