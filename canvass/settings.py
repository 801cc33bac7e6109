"""Every setting of the site, in one file. What may differ between installations comes from the environment.

`.env` beside manage.py is read when it is there. docs/operations.md explains each variable; with none of them
set, the site is a private one on 127.0.0.1 with an embedded database under var/.
"""

import os
import tempfile
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")


# --- Where we run -----------------------------------------------------------------------------------------

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

# A site that only this machine can reach is a demo or a development copy. Every other one serves phones
# over a network and has to do so by HTTPS, with collected static files.
PUBLIC = not DEBUG and not set(ALLOWED_HOSTS) <= LOOPBACK


def _generated_key(name: str) -> str:
    """One key per installation, for its owner's eyes only; made once, however many processes start."""
    path = VAR_DIR / name
    if not path.exists():
        VAR_DIR.mkdir(exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=VAR_DIR)  # 0600 from the start
        with os.fdopen(handle, "w") as file:
            file.write(get_random_secret_key())
        try:
            os.link(fresh, path)  # refuses to replace: the first process wins, with a complete file
        except FileExistsError:
            pass
        finally:
            Path(fresh).unlink()
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or _generated_key("secret-key")
# Former keys: what they signed and sealed can still be read.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])


def _audit_keys() -> list[bytes]:
    """What seals the audit log: the first key seals, any of them is accepted when the chain is looked over."""
    own = [env.str("AUDIT_KEY").encode()] if env.str("AUDIT_KEY", default="") else []
    derived = [
        salted_hmac("canvass.audit", "chain", secret=secret, algorithm="sha256").digest()
        for secret in (SECRET_KEY, *SECRET_KEY_FALLBACKS)
    ]
    return [*own, *derived]


AUDIT_KEYS = _audit_keys()

# What telephone numbers are sealed with in the database (canvass/sealed.py): the first one seals, all open. Losing
# them loses the numbers, so a public site has to name them: `check` refuses one that does not.
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
if not FIELD_KEYS and not PUBLIC:
    FIELD_KEYS = [_generated_key("field-key")]


# --- Apps and the way of a request ------------------------------------------------------------------------

INSTALLED_APPS = [
    "canvass.apps.OfficeAdminConfig",
    # Before Django's accounts: its own command changepassword goes first.
    "grids",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "canvass.apps.CanvassConfig",
    "campaigns",
    "visits",
    "issues",
    "reports",
]

MIDDLEWARE = [
    # First: what sends to HTTPS and what refuses a host carries the headers, too.
    "canvass.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "canvass.middleware.DropNulMiddleware",
    "canvass.middleware.LargestRequestMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # After it: static files lie there compressed.
    "canvass.middleware.CompressMiddleware",
    "canvass.middleware.WritingPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "grids.middleware.IdleMiddleware",
    # Around everything that may refuse a request.
    "grids.audit_middleware.AuditMiddleware",
    # Every page needs a sign-in unless its view says login_not_required.
    "canvass.middleware.SignInMiddleware",
    "grids.middleware.NewPasswordMiddleware",
    "grids.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # From here on request.user may be somebody who is only looked at.
    "grids.middleware.ViewingMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "canvass.urls"
WSGI_APPLICATION = "canvass.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "canvass.elder.elder_mode",
            ],
        },
    },
]


# --- Database ---------------------------------------------------------------------------------------------


def _database(url: str) -> dict:
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return _sqlite(env.db_url_config(url))
    if scheme in {"postgres", "postgresql"}:
        return _postgresql(env.db_url_config(url))
    raise ImproperlyConfigured(
        f"DATABASE_URL begins with “{scheme}”: Canvass runs on SQLite (sqlite:///path/to/file) "
        "or PostgreSQL (postgresql://user:password@host:5432/name)."
    )


def _sqlite(config: dict) -> dict:
    if config["NAME"] != ":memory:":
        # Relative to the project, not to wherever the command was typed.
        config["NAME"] = BASE_DIR / config["NAME"]
    config["OPTIONS"] = {
        # Take the write lock at BEGIN: a transaction that reads first and writes later would otherwise fail
        # at once, whatever the timeout. Never combine with ATOMIC_REQUESTS: every page would queue.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;"
            "PRAGMA synchronous=NORMAL;"
            "PRAGMA foreign_keys=ON;"
            "PRAGMA temp_store=MEMORY;"
            "PRAGMA cache_size=-32000;"
            # What is erased is overwritten with noughts, not only forgotten.
            "PRAGMA secure_delete=ON;"
            # INSERT OR REPLACE deletes, and the triggers that refuse a DELETE then hear of it.
            "PRAGMA recursive_triggers=ON;"
        ),
    }
    return config


def _postgresql(config: dict) -> dict:
    return config | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


if url := env.str("DATABASE_URL", default=""):
    DATABASES = {"default": _database(url)}
else:
    VAR_DIR.mkdir(exist_ok=True)
    DATABASES = {"default": _database(f"sqlite:///{VAR_DIR / 'canvass.sqlite3'}")}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # What all processes have to agree about: how often a password was wrong. `migrate` makes the table.
    "shared": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "canvass_shared",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
}


# --- People and sessions ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "grids.User"
AUTHENTICATION_BACKENDS = ["grids.backends.PostingBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Whether those of SECOND_FACTOR_ROLES (canvass/roles.py) and superusers need a one-time code beside the password.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=PUBLIC)

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

# A session that nobody is signed in with; how long a sign-in lasts is decided in grids/open_sign_ins.py.
SESSION_COOKIE_AGE = 12 * 60 * 60


# --- Language and time ------------------------------------------------------------------------------------

# Our own messages are written in Chinese; locale/en translates them, so Chinese needs no catalogue.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英语"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "canvass.formats"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True


# --- Files ------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles" if PUBLIC else None
WHITENOISE_USE_FINDERS = not PUBLIC  # a demo works without collectstatic

# Six photos straight from a camera in one form (docs/operations.md); each door has a smaller limit of its own.
LARGEST_REQUEST = 64 * 2**20

# Media has no address: files are read by the views that ask who may see them.
MEDIA_URL = "media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default="") or VAR_DIR / "media")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PUBLIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}


# --- What a browser may do with our pages -----------------------------------------------------------------

# Closed, and then opened for what our own files need; a directive that a page lacks is not a hole but a 'none'.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
    "frame-src": ["'none'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
if PUBLIC:
    SECURE_CSP["upgrade-insecure-requests"] = []
PERMISSIONS_POLICY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CROSS_ORIGIN_RESOURCE_POLICY = "same-origin"

SECURE_SSL_REDIRECT = PUBLIC
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # probes come by plain HTTP from beside the server
# What the proxy tells about the client's address; without a proxy a client could put anything there.
CLIENT_ADDRESS_HEADER = "HTTP_X_FORWARDED_FOR" if PUBLIC else ""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PUBLIC
# No script of ours reads them: a form carries its token, and a phone is told one with its key.
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
if PUBLIC:
    # A browser takes such a name by HTTPS from this host alone, so that no neighbouring site can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    # gunicorn speaks plain HTTP. The proxy before it ends TLS and has to set this header on every request,
    # whatever the client sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True


# --- Log --------------------------------------------------------------------------------------------------

# To standard error, where systemd or a container keeps it. Nobody is sent mail. The filter stands at the loggers
# that tell addresses, before any handler, and at the handler for everything else.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"without_receipt_codes": {"()": "canvass.logs.WithoutReceiptCodes"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["without_receipt_codes"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.request": {"filters": ["without_receipt_codes"]},
        "django.server": {
            "handlers": ["stderr"],
            "level": "INFO",
            "propagate": False,
            "filters": ["without_receipt_codes"],
        },
    },
}
