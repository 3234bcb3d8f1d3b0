"""All settings, read from the environment. Every value has a default that makes the site run at home;
a value that can't be used stops the start with a sentence that names its variable.
A secret may come from a file: `NAME_FILE=/path` stands for `NAME`."""

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from gw2optimizer.environment import env, env_address, env_bool, env_int, env_list
from gw2optimizer.headers import (  # noqa: F401 -- settings of that name
    CONTENT_SECURITY_POLICY,
    HSTS_SECONDS,
    REFERRER_POLICY,
    X_FRAME_OPTIONS,
)
from gw2optimizer.observability import configure_structlog, logging_config, start_sentry
from gw2optimizer.schedule import beat_schedule

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where run-time data lives -------------------------------------------------------------------
VAR_DIR = Path(env("VAR_DIR", str(BASE_DIR / "var"))).resolve()
try:
    # The database, the mails and the key in it are nobody else's to read.
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"VAR_DIR: {VAR_DIR} can't be made ({error.strerror})") from error

# Numba reads this when it is imported; without it the cache would land beside the code.
os.environ.setdefault("NUMBA_CACHE_DIR", str(VAR_DIR / "numba"))


def _secret_key() -> str:
    key = env("SECRET_KEY")
    if not key:
        path = VAR_DIR / "secret_key"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            key = path.read_text(encoding="ascii").strip()
        else:
            key = secrets.token_urlsafe(64)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(key)
    return key


def _checked_key(key: str, name: str) -> str:
    if len(key) < 32:
        raise ImproperlyConfigured(f"{name}: needs at least 32 characters")
    if key.startswith("django-insecure-") or len(set(key)) < 10:
        raise ImproperlyConfigured(f"{name}: is a default or a filler, which anybody could guess")
    return key


# --- The site ------------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = _checked_key(_secret_key(), "SECRET_KEY")
# What they signed still counts, so they must be as hard to guess.
SECRET_KEY_FALLBACKS = [_checked_key(key, "SECRET_KEY_FALLBACKS") for key in env_list("SECRET_KEY_FALLBACKS")]

PORT = env_int("PORT", 8000, least=1, most=65_535)
SITE_URL = env("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
try:
    _site = urlsplit(SITE_URL)
    _ = _site.port  # is read only when it is asked for
except ValueError as error:
    raise ImproperlyConfigured(f"SITE_URL: {SITE_URL!r} is not an address ({error})") from error
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured(f"SITE_URL: {SITE_URL!r} is not an http or https address")
HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = sorted({_site.hostname, "127.0.0.1", "localhost", *env_list("ALLOWED_HOSTS")})
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]

# Where the process listens that keeps connections open; on the host of the site.
STREAM_PORT = env_int("STREAM_PORT", PORT + 1 if PORT < 65_535 else PORT - 1, least=1, most=65_535)
STREAM_APPLICATION = "ai_agents.stream.asgi:application"
STREAM_CONNECTIONS = env_int("STREAM_CONNECTIONS", 200, least=1, most=10_000)

ROOT_URLCONF = "gw2optimizer.urls"
WSGI_APPLICATION = "gw2optimizer.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "accounts.admin_site.StaffAdminConfig",
    # Before the app whose `createsuperuser` it replaces.
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "gw2optimizer",
    "builds",
    "teams",
    "ai_agents",
]

MIDDLEWARE = [
    "gw2optimizer.middleware.RequestIDMiddleware",
    "gw2optimizer.middleware.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gw2optimizer.headers.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Before all that reads a cookie, since a session's key goes to the database.
    "gw2optimizer.middleware.CleanInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.AccountMiddleware",
    "gw2optimizer.ratelimits.RateLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "gw2optimizer.middleware.DomainErrorMiddleware",
]

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
                "builds.context.gamedata",
            ],
        },
    }
]

# --- Data ----------------------------------------------------------------------------------------
DATABASE_URL = env("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
try:
    _database: dict[str, Any] = dict(dj_database_url.parse(DATABASE_URL))
except ValueError as error:
    # The message of the parser may hold the address, and with it the password.
    raise ImproperlyConfigured("DATABASE_URL: not a database address that can be read") from error
if not _database.get("NAME"):
    raise ImproperlyConfigured("DATABASE_URL: names no database; it has the form postgres://user:password@host/name")
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        # A writer waits its turn at BEGIN instead of failing in the middle of its transaction.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000",
    }
else:
    _database.setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env_int("DATABASE_POOL_SIZE", 8, least=1),
        "timeout": 5,
    }
    _database["DISABLE_SERVER_SIDE_CURSORS"] = True
DATABASES = {"default": _database}

# `default` is for what one process may forget and `shared` for what web and worker processes tell each other.
REDIS_URL = env("REDIS_URL")
if REDIS_URL:
    # Here, since half a second to import it is much for a site that has no Redis.
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    _redis: dict[str, Any] = {
        "BACKEND": "gw2optimizer.cache.GuardedRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": 0.3,
            "SOCKET_TIMEOUT": 0.3,
            # The client's own tries, each with a pause, would add up to many seconds a page.
            "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 0)},
        },
    }
    CACHES = {"default": {**_redis, "KEY_PREFIX": "gw2"}, "shared": {**_redis, "KEY_PREFIX": "gw2-shared"}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "gw2",
            # Of its own it keeps 300, and whoever fills it would lose the counts of tries.
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        },
        "shared": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
        },
    }
    # One process serves the pages at home, so a counter in its memory is a shared one.
    SILENCED_SYSTEM_CHECKS = ["django_ratelimit.E003", "django_ratelimit.W001"]
# More than one needs a counter that they share.
WEB_WORKERS = env_int("WEB_WORKERS", 2 if REDIS_URL else 1, least=1)
if WEB_WORKERS > 1 and not REDIS_URL:
    raise ImproperlyConfigured("WEB_WORKERS: more than 1 needs REDIS_URL, or rate limits would count apart")

# --- Background work -----------------------------------------------------------------------------
BROKER_DIR = VAR_DIR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = env("CELERY_BROKER_URL", REDIS_URL)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"visibility_timeout": 3600}
else:
    for _folder in ("queue", "processed", "control"):
        (BROKER_DIR / _folder).mkdir(parents=True, exist_ok=True)
    # Without a host in the address, each process would warn that it takes this one.
    CELERY_BROKER_URL = env("CELERY_BROKER_URL", "filesystem://localhost")
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
    }
CELERY_TASK_IGNORE_RESULT = True
# What is not taken at once has a row and is sent again; tries with pauses between them would keep a visitor waiting.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 900
CELERY_TASK_TIME_LIMIT = 960
CELERY_TASK_DEFAULT_QUEUE = "default"
# A call of the model takes minutes and learning may take longer: each has workers of its own, so that nothing waits for
# it. What looks after runs stays in the first queue, where it is not behind the run that it is to look after.
CELERY_TASK_ROUTES = {
    "ai_agents.tasks.run_agent": {"queue": "ai"},
    "ai_agents.tasks.look_at_model": {"queue": "ai"},
    "learning.tasks.*": {"queue": "learning"},
}
WORKER_QUEUES = ("default", "ai", "learning")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# --- Accounts ------------------------------------------------------------------------------------
PASSWORD_HASHERS = ["accounts.hashers.PatientArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "email", "claimed_email", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.WholeTextValidator"},
    {"NAME": "accounts.passwords.NotHoldingIdentityValidator"},
    {"NAME": "accounts.passwords.CommonStemValidator"},
]
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailOrUsernameBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:dashboard"
LOGOUT_REDIRECT_URL = "builds:home"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
ACCESS_COOKIE_NAME, REFRESH_COOKIE_NAME = ("__Host-access", "__Host-refresh") if HTTPS else ("access", "refresh")
DEVICE_COOKIE_NAME = "__Host-device" if HTTPS else "device"
CSRF_FAILURE_VIEW = "gw2optimizer.error_views.csrf_failure"

# --- Security ------------------------------------------------------------------------------------
TRUSTED_PROXIES = env_int("TRUSTED_PROXIES", 0)
# Of probes, and of files: a page may show a hundred icons.
UNCOUNTED_PATHS = ("/healthz", "/readyz", "/metrics", "/static/", "/icons/")
if HTTPS:
    SECURE_SSL_REDIRECT = True
    # Probes come from inside, without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = HSTS_SECONDS
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = REFERRER_POLICY
# Nobody by default; those named get answers to read, and never with cookies.
CORS_ALLOWED_ORIGINS = env_list("CORS_ALLOWED_ORIGINS")
CORS_ALLOW_CREDENTIALS = False
CORS_URLS_REGEX = r"^/api/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- API -----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "accounts.authentication.PersonalTokenAuthentication",
        "accounts.authentication.LoginTokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["gw2optimizer.api.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["gw2optimizer.api.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["gw2optimizer.ratelimits.ApiThrottle"],
    "EXCEPTION_HANDLER": "gw2optimizer.api.exception_handler",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "GW2Optimizer",
    "DESCRIPTION": "Builds and squads for Guild Wars 2. Game data belongs to ArenaNet.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    # The older form can't say "or null" of a reference.
    "OAS_VERSION": "3.1.0",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # In place of the package's own, which makes a component of each choice and stumbles over equal names.
    "POSTPROCESSING_HOOKS": ["gw2optimizer.api_docs.without_enum_ids", "gw2optimizer.api_docs.with_common_answers"],
}

# --- Mail ----------------------------------------------------------------------------------------
MAIL_DIR = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL", f"GW2Optimizer <noreply@{_site.hostname}>")
EMAIL_HOST_NAME = env("EMAIL_HOST")
if EMAIL_HOST_NAME:
    MAILERS: dict[str, Any] = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": EMAIL_HOST_NAME,
                "port": env_int("EMAIL_PORT", 587, least=1),
                "username": env("EMAIL_USER"),
                "password": env("EMAIL_PASSWORD"),
                "use_tls": env_bool("EMAIL_TLS", True),
                "timeout": 10,
            },
        }
    }
else:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(MAIL_DIR)},
        }
    }

# The terminal and the page that ordered a letter show its link, where letters are files beside the site.
MAIL_SHOWS_LINKS = not EMAIL_HOST_NAME and not HTTPS

# --- Language, time, files -----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "templates" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Shipped by packages for pages of theirs that this site doesn't have; to compress them takes half a minute.
STATIC_IGNORED = ["redoc", "rest_framework"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "jpg", "jpeg", "png", "gif", "webp", "avif", "woff", "woff2", "gz", "br"]
ICON_DIR = VAR_DIR / "icons"

# --- Language model ------------------------------------------------------------------------------
OLLAMA_URL = env_address("OLLAMA_URL")
OLLAMA_MODEL = env("OLLAMA_MODEL", "mistral:7b")
# Belongs to the model as it is loaded: each change loads it anew.
OLLAMA_NUM_CTX = env_int("OLLAMA_NUM_CTX", 8192, least=512, most=1_048_576)
OLLAMA_KEEP_ALIVE = env("OLLAMA_KEEP_ALIVE", "30m")
if not re.fullmatch(r"-?[0-9]{1,6}[smh]", OLLAMA_KEEP_ALIVE):
    raise ImproperlyConfigured(f"OLLAMA_KEEP_ALIVE: {OLLAMA_KEEP_ALIVE!r} is not a time such as 30m; -1m is for ever")
OLLAMA_CONNECT_SECONDS = env_int("OLLAMA_CONNECT_SECONDS", 3, least=1, most=60)
OLLAMA_FIRST_SECONDS = env_int("OLLAMA_FIRST_SECONDS", 60, least=1, most=600)
OLLAMA_TOTAL_SECONDS = env_int("OLLAMA_TOTAL_SECONDS", 180, least=1, most=600)
OLLAMA_CONCURRENCY = env_int("OLLAMA_CONCURRENCY", 2, least=1, most=64)
# What is asked of the model, with the engine's part before and after.
AI_RUN_SECONDS = env_int("AI_RUN_SECONDS", OLLAMA_TOTAL_SECONDS + 120, least=5, most=1800)
AI_RUNS_A_DAY = env_int("AI_RUNS_A_DAY", 60)
AI_RUNS_A_DAY_WITHOUT_ACCOUNT = env_int("AI_RUNS_A_DAY_WITHOUT_ACCOUNT", 6)

# --- Game data -----------------------------------------------------------------------------------
# How long a process may go on with a snapshot before it asks whether another one is active.
CATALOGUE_CHECK_SECONDS = 1.0
GAME_API_URL = env("GAME_API_URL", "https://api.guildwars2.com/v2").rstrip("/")
# A site at home stays quiet unless its owner wants it to ask the game for news each night.
GAMEDATA_SYNC = env_bool("GAMEDATA_SYNC", False)
CELERY_BEAT_SCHEDULE = beat_schedule(sync_gamedata=GAMEDATA_SYNC)

# --- Set-up --------------------------------------------------------------------------------------
# What `manage.py setup_site` calls after the migrations; each finds out itself whether there is anything to do.
SETUP_STEPS = ["builds.services.gamedata.ensure_packaged_snapshot", "builds.engine.gear.warm_once"]
# Commands that it calls then, and the file of which each depends: once for a database and a state of the file.
SETUP_COMMANDS = {"load_library": BASE_DIR / "builds" / "library" / "packaged" / "library.json.gz"}
# What web and worker processes call when they start, so that nobody waits for it.
WARM_UP = ["builds.engine.gear.warm_if_compiled"]

# --- What is watched -----------------------------------------------------------------------------
LOG_LEVEL = env("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured(f"LOG_LEVEL: {LOG_LEVEL!r} is none of DEBUG, INFO, WARNING, ERROR, CRITICAL")
LOG_JSON = env_bool("LOG_JSON", False)
configure_structlog()
LOGGING = logging_config(level=LOG_LEVEL, as_json=LOG_JSON)
# Hands the request id on to the tasks of a request; the id itself belongs to RequestIDMiddleware.
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# Whoever has it may read /metrics from elsewhere; without it only this machine may.
METRICS_TOKEN = env("METRICS_TOKEN")
SENTRY_DSN = env("SENTRY_DSN")
start_sentry(SENTRY_DSN)
