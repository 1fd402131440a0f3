"""All settings, read from the environment: environments differ by variables only. A bad value stops the start."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path

import environ  # type: ignore[import-untyped]
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
env = environ.Env()


def number(name: str, default: int, *, least: int = 1) -> int:
    raw = env.str(name, default=str(default))
    if not raw.isdecimal() or int(raw) < least:
        raise ImproperlyConfigured(f"{name} must be a number from {least} up, not {raw!r}.")
    return int(raw)


def switch(name: str, default: bool) -> bool:
    raw = env.str(name, default="1" if default else "0").lower()
    if raw not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {raw!r}.")
    return raw in {"1", "true", "yes", "on"}


def kept_secret() -> str:
    """Development only: a random key, made once and kept, so that sessions outlive a restart."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


# --- Who we are ------------------------------------------------------------------------------------------------

DEBUG = switch("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY must be set (50 random characters or more) unless DEBUG=1.")
    SECRET_KEY = kept_secret()
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY must have 32 characters or more: it signs sessions and tokens.")

PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://127.0.0.1:{number('PORT', 8000)}").rstrip("/")
if not PUBLIC_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(f"PUBLIC_URL must begin with http:// or https://, not {PUBLIC_URL!r}.")
IS_HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_EXPOSE_HEADERS = ["X-Request-Id"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# --- What it is made of ----------------------------------------------------------------------------------------

DOMAIN_APPS = ["organizations", "contacts", "pipelines", "candidates", "interviews", "invitations"]
#: Who may view rows of these may enter the admin.
RECRUITING_APPS = ["contacts", "pipelines", "candidates", "interviews", "invitations"]

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "organizations.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "django_filters",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "api",
    *DOMAIN_APPS,
    "ats_project",
]

MIDDLEWARE = [
    "api.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "api.middleware.BoundedRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "organizations.viewer.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organizations.viewer.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "ats_project.urls"
WSGI_APPLICATION = "ats_project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before those of the packages, whose pages they take the place of.
        "DIRS": [BASE_DIR / "organizations" / "templates", BASE_DIR / "ats_project" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database --------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'ats.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        # A writer takes its lock at BEGIN and waits for its turn, so that no transaction fails half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": number("SQLITE_TIMEOUT", 20),
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
    # Opening one and setting its pragmas at every request would cost more than most requests.
    _database["CONN_MAX_AGE"] = 60
    if isinstance(_database["NAME"], str) and not _database["NAME"].startswith((":memory:", "file:")):
        Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
elif _database["ENGINE"] == "django.db.backends.postgresql":
    pool_size = number("DATABASE_POOL_SIZE", 8, least=0)
    if pool_size:
        _database.setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Signing in ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "organizations.User"
# Refuses the accounts of the demo data, whose password everyone knows, unless DEBUG is on.
AUTHENTICATION_BACKENDS = ["ats_project.demo.accounts.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "organizations.passwords.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = number("PASSWORD_RESET_HOURS", 24) * 3600
LOGIN_URL = "admin:login"
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=number("ACCESS_TOKEN_MINUTES", 15)),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=number("REFRESH_TOKEN_DAYS", 7)),
    "ALGORITHM": "HS256",
    "SIGNING_KEY": SECRET_KEY,
    "UPDATE_LAST_LOGIN": False,
    # Schemes ignore case in HTTP; these are the spellings that clients use.
    "AUTH_HEADER_TYPES": ("Bearer", "bearer"),
}
#: A refresh token that comes again within these seconds is a second tab, later it is a thief.
REFRESH_REUSE_GRACE_SECONDS = 10
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="demo-password")

# --- The API ---------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["organizations.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.ModelPermission"],
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["api.filters.QueryBackend"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.TakeSkipPagination",
    "DEFAULT_SCHEMA_CLASS": "api.schema.DialectSchema",
    "EXCEPTION_HANDLER": "ats_project.errors.exception_handler",
    # No OPTIONS description: the schema says it, and CORS preflights are answered before the views.
    "DEFAULT_METADATA_CLASS": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
MAX_BODY_BYTES = number("MAX_BODY_BYTES", 5 * 1024 * 1024)
MAX_QUERY_BYTES = number("MAX_QUERY_BYTES", 64 * 1024)
MAX_UPLOAD_BYTES = number("MAX_UPLOAD_BYTES", 25 * 1024 * 1024)
#: Where uploaded files are while they are needed, and after how many days without use they go.
UPLOAD_DIR = env.str("UPLOAD_DIR", default=str(VAR_DIR / "uploads"))
UPLOAD_DAYS = number("UPLOAD_DAYS", 30)
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
SPECTACULAR_SETTINGS = {
    "TITLE": "Applicant tracking system",
    "VERSION": "0.1.0",
    "DESCRIPTION": (
        "Candidates, interviews, feedback, invitations, pipelines and contacts of many organizations.\n\n"
        "Sign in with `POST /api/auth/login` and send the token as `Authorization: Bearer …`. Lists answer "
        "`{items, total}` and take `take`, `skip`, `where[field]=v`, `relations[]=name` and `order[field]=ASC`. "
        "PUT changes only the fields that it sends. Every error has the shape of the schema `Error`."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api",
    "ENUM_NAME_OVERRIDES": {
        "CandidateStatus": "candidates.models.Candidate.Status",
        "InvitationStatus": "invitations.models.Invitation.Status",
    },
    "PREPROCESSING_HOOKS": ["api.schema.without_aliases"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.schema.with_errors"],
}

# --- Mail ------------------------------------------------------------------------------------------------------

MAIL_DIR = env.str("MAIL_DIR", default=str(VAR_DIR / "mail"))
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR
EMAIL_TIMEOUT = number("EMAIL_TIMEOUT", 20)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Applicant tracking <ats@localhost>")

# --- Pages -----------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "ats_project" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- The back office --------------------------------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": _("Applicant tracking"),
    "SITE_HEADER": _("Applicant tracking"),
    "SITE_SYMBOL": "work",
    "SITE_URL": None,
    "DASHBOARD_CALLBACK": "ats_project.home.home",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "BORDER_RADIUS": "6px",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "ats_project.sidebar.icon"}],
    "STYLES": ["ats_project.sidebar.stylesheet"],
    "SCRIPTS": ["ats_project.sidebar.script"],
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": "ats_project.sidebar.navigation"},
    "COLORS": {
        # Blue, of which 600 on white and 500 on the dark ground have a contrast of 4.5 and more.
        "primary": {
            "50": "#eff5fd",
            "100": "#dce9fa",
            "200": "#bdd5f5",
            "300": "#8fb9ee",
            "400": "#6ba3ea",
            "500": "#5c9ce8",
            "600": "#1f5fae",
            "700": "#1a4f92",
            "800": "#194377",
            "900": "#183a64",
            "950": "#102542",
        },
        "font": {
            "subtle-light": "#5b6472",
            "subtle-dark": "#a6b0bf",
            "default-light": "#3d4654",
            "default-dark": "#d0d6df",
            "important-light": "#141a24",
            "important-dark": "#f3f5f8",
        },
    },
}

# --- Keeping people out ----------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = switch("SECURE_SSL_REDIRECT", IS_HTTPS)
SECURE_HSTS_SECONDS = number("SECURE_HSTS_SECONDS", 31536000 if IS_HTTPS else 0, least=0)
# They bind the other hosts of the company too: its own decision.
SECURE_HSTS_INCLUDE_SUBDOMAINS = switch("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = switch("SECURE_HSTS_PRELOAD", False)
SECURE_REFERRER_POLICY = "same-origin"
if switch("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Logs ------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"}},
    "filters": {
        "without_queries": {"()": "ats_project.logs.WithoutQueries"},
        "with_request_id": {"()": "ats_project.logs.WithRequestId"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["with_request_id"]}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "filters": ["without_queries"], "propagate": True},
    },
}
