"""Every test process gets its own run-time folder, and its own servers where a test needs them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import servers
from tests.browser import Browser

SHARED_DIR = Path(__file__).resolve().parent.parent.parent / "shared"
VAR_DIR = Path(tempfile.mkdtemp(prefix="gw2-tests-")).resolve()
# What the developer's shell sets for a running site must not reach the tests.
FOREIGN = (
    "SITE_URL",
    "PORT",
    "HOST",
    "ALLOWED_HOSTS",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "DATABASE_URL",
    "REDIS_URL",
    "CELERY_BROKER_URL",
    "WEB_WORKERS",
    "TRUSTED_PROXIES",
    "CORS_ALLOWED_ORIGINS",
    "EMAIL_HOST",
    "METRICS_TOKEN",
    "LOG_JSON",
    "SENTRY_DSN",
    "GAME_API_URL",
    "GAMEDATA_SYNC",
    "OLLAMA_URL",
    "OLLAMA_MODEL",
    "OLLAMA_NUM_CTX",
    "OLLAMA_KEEP_ALIVE",
    "OLLAMA_CONNECT_SECONDS",
    "OLLAMA_FIRST_SECONDS",
    "OLLAMA_TOTAL_SECONDS",
    "OLLAMA_CONCURRENCY",
    "AI_RUN_SECONDS",
    "AI_RUNS_A_DAY",
    "AI_RUNS_A_DAY_WITHOUT_ACCOUNT",
    "STREAM_PORT",
    "STREAM_CONNECTIONS",
)
# The controller of pytest-xdist starts the server; its test processes find it here.
POSTGRES_URL = "GW2_TESTS_POSTGRES_URL"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres"),
        default="sqlite",
        help="what the tests run on; postgres starts a private server",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Here, not by the ini file: the settings have to find their environment ready, and pytest-django
    would load them before it reads this file."""
    for name in FOREIGN:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ |= {
        "VAR_DIR": str(VAR_DIR),
        # Compiling takes a minute, so all test processes share what one has compiled; numba writes whole files.
        "NUMBA_CACHE_DIR": str(Path(__file__).resolve().parent.parent / "var" / "numba-tests"),
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "gw2optimizer.settings",
    }
    if config.getoption("--database") == "postgres":
        if POSTGRES_URL not in os.environ:
            os.environ[POSTGRES_URL] = servers.start_postgres()
        os.environ["DATABASE_URL"] = os.environ[POSTGRES_URL]

    from django.conf import settings

    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        # In a file, as the site's own: one in memory is a single connection, which `live_server` would share
        # between its threads and the test.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(VAR_DIR / "test.sqlite3")
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.CATALOGUE_CHECK_SECONDS = 3600.0
    settings.PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
    # The folder of static files is filled by `collectstatic`, which no test needs.
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """The test processes inherit the environment. With the name of the settings in it, pytest-django would
    load them there before `pytest_configure`, and so with the folder of this process for all of them."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without GW2_LONG the long ones are left out. And a test that asks no database gives the same answer on each: the
    second run leaves it out."""
    if "GW2_LONG" not in os.environ:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    if config.getoption("--database") != "postgres":
        return
    asking = {"db", "transactional_db", "live_server"}
    kept = [
        i
        for i in items
        if (i.get_closest_marker("django_db") or asking & set(getattr(i, "fixturenames", ())))
        and not i.get_closest_marker("once")
    ]
    config.hook.pytest_deselected(items=list(set(items) - set(kept)))
    items[:] = kept


def pytest_unconfigure(config: pytest.Config) -> None:
    servers.stop_all()
    shutil.rmtree(VAR_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The reference data beside the checkout; a clone alone doesn't have it."""
    if not SHARED_DIR.is_dir():
        pytest.skip("../shared is not there")
    return SHARED_DIR


@pytest.fixture(autouse=True)
def _packaged_catalogue() -> None:
    """Each test starts with the packaged game data, whatever the one before activated; no query is made for it."""
    from builds import catalogue
    from tests.packaged import packaged

    catalogue.reset(packaged())


@pytest.fixture(autouse=True)
def _empty_caches() -> Iterator[None]:
    """Counters of one test must not limit the next."""
    from django.core.cache import caches

    yield
    for store in caches.all(initialized_only=True):
        store.clear()


@pytest.fixture(autouse=True)
def _site_wide_limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test asks more often in a second than a visitor would: what counts every request counts only under a mark."""
    if request.node.get_closest_marker("limits"):
        return
    from gw2optimizer import ratelimits

    for group in ("api", "api_address", "api_compute", "api_write", "page"):
        monkeypatch.setitem(ratelimits.LIMITS, group, ())
    monkeypatch.setattr(ratelimits, "CPU_MILLISECONDS", 10**9)


@pytest.fixture(scope="session")
def redis_url() -> str:
    url, _ = servers.start_redis()
    return url


@pytest.fixture(scope="session")
def ollama_url() -> str:
    """A small real model behind Ollama's wire format; one more request than it answers may wait."""
    from tests.ollama_server import real

    return real.start(queue=1)


@pytest.fixture(scope="session")
def _chromium(live_server: Any) -> Iterator[Browser]:
    """Needs `live_server` to end before it: the server else leaves the sockets that the browser still holds."""
    browser = Browser(*servers.start_chromedriver())
    yield browser
    browser.quit()


@pytest.fixture
def browser(_chromium: Browser, live_server: Any) -> Browser:
    """Chromium, without cookies, beside pytest-django's `live_server`."""
    _chromium.open("about:blank")
    _chromium.resize(1280, 900)
    return _chromium


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    from tests.accounts import Clock

    return Clock(monkeypatch)


@pytest.fixture
def taimi() -> Any:
    """The player of the tests of accounts."""
    from tests.factories import UserFactory

    return UserFactory(username="Taimi", email="taimi@example.com")
