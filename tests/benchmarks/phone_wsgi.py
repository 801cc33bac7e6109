"""The site as a proxy that ends TLS hands it on, counting every byte of every answer, the service worker's too."""

import json
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.phone_settings")

from canvass.wsgi import application as site

COUNTS = Path(os.environ["PHONE_COUNTS"])


def application(environ, start_response):
    environ["HTTP_X_FORWARDED_PROTO"] = "https"
    environ["HTTP_X_FORWARDED_FOR"] = environ["REMOTE_ADDR"]
    head = []

    def started(status, headers, exc_info=None):
        head.append(len(status) + sum(len(name) + len(value) + 4 for name, value in headers) + 13)
        return start_response(status, headers, exc_info)

    body = site(environ, started)
    try:
        count = 0
        for part in body:
            count += len(part)
            yield part
    finally:
        if hasattr(body, "close"):
            body.close()
    with COUNTS.open("a") as file:
        file.write(json.dumps([environ["PATH_INFO"], head[0] + count]) + "\n")
