"""The settings of a public site (ALLOWED_HOSTS says so), with its collected files in a scratch folder."""

import os

from canvass.settings import *  # noqa: F403
from canvass.settings import SECURE_CSP as WHOLE_CSP

STATIC_ROOT = os.environ["PHONE_STATIC"]

# Plain HTTP as far as the browser knows, which takes a __Host- name by HTTPS alone and would load everything by it.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"
SECURE_CSP = {name: sources for name, sources in WHOLE_CSP.items() if name != "upgrade-insecure-requests"}
