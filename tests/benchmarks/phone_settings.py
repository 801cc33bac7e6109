"""The settings of a public site (ALLOWED_HOSTS says so), with its collected files in a scratch folder."""

import os

from canvass.settings import *  # noqa: F403

STATIC_ROOT = os.environ["PHONE_STATIC"]
