"""Readiness, rate limits, the cache when its server dies, and what a log line may hold."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.http import HttpRequest
from django.test import Client, RequestFactory

from gw2optimizer import health
from gw2optimizer.cache import GuardedRedisCache, breaker
from gw2optimizer.errors import TooManyRequests
from gw2optimizer.observability import HIDDEN, hide_secrets
from gw2optimizer.ratelimits import address_key, client_address, in_words, limited, rate_limited
from tests import servers


@pytest.mark.django_db
def test_readyz_names_each_part(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "parts": {"database": "ok", "migrations": "ok", "cache": "ok", "broker": "ok", "worker": "away"},
    }


@pytest.mark.django_db
def test_readyz_shows_a_worker_that_said_it_lives(client: Client) -> None:
    health.record_heartbeat()
    assert client.get("/readyz").json()["parts"]["worker"] == "ok"
    caches["shared"].set(f"{health.HEARTBEAT_KEY}:default", 1.0)
    assert client.get("/readyz").json()["parts"]["worker"] == "away"


@pytest.mark.django_db
def test_readyz_is_503_when_the_broker_cannot_be_written(client: Client, settings: Any, tmp_path: Any) -> None:
    gone = tmp_path / "gone" / "queue"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(gone)}
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"]["broker"] == "away"


@pytest.mark.django_db
def test_readyz_is_503_when_the_broker_does_not_listen(client: Client, settings: Any) -> None:
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{servers.free_port()}/0"
    assert client.get("/readyz").json()["parts"]["broker"] == "away"


def request_from(address: str, forwarded: str | None = None) -> HttpRequest:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


@pytest.mark.parametrize(
    ("proxies", "address", "forwarded", "expected"),
    [
        (0, "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        (1, "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "127.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "127.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "127.0.0.1", "203.0.113.9", "127.0.0.1"),
        (1, "127.0.0.1", None, "0.0.0.0"),
        (1, "127.0.0.1", "not an address", "0.0.0.0"),
        (0, "", None, "0.0.0.0"),
        (0, "::ffff:203.0.113.9", None, "203.0.113.9"),
    ],
)
def test_client_address_believes_only_the_trusted_proxies(
    settings: Any, proxies: int, address: str, forwarded: str | None, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert client_address(request_from(address, forwarded)) == expected


def test_address_key_is_one_line_of_ipv6() -> None:
    assert address_key(request_from("2001:db8:1:2:3::4")) == "2001:db8:1:2::/64"
    assert address_key(request_from("203.0.113.9")) == "203.0.113.9"


def test_limited_refuses_one_too_many_and_says_when() -> None:
    for _ in range(3):
        limited(request_from("203.0.113.9"), group="g", rate="3/h")
    with pytest.raises(TooManyRequests) as caught:
        limited(request_from("203.0.113.9"), group="g", rate="3/h")
    assert 1 <= caught.value.retry_after <= 3600
    limited(request_from("203.0.113.10"), group="g", rate="3/h")
    limited(request_from("203.0.113.9"), group="other", rate="3/h")
    limited(request_from("203.0.113.9"), group="g", rate="3/h", key="somebody@example.org")


def test_rate_limited_counts_only_its_methods() -> None:
    @rate_limited(group="view", rate="1/h")
    def view(request: HttpRequest) -> str:
        return "done"

    post, get = RequestFactory().post("/"), RequestFactory().get("/")
    assert [view(get), view(get), view(post)] == ["done"] * 3
    with pytest.raises(TooManyRequests):
        view(post)


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 second"), (60, "60 seconds"), (61, "2 minutes"), (3601, "2 hours")]
)
def test_in_words_rounds_up(seconds: int, words: str) -> None:
    assert in_words(seconds) == words


@pytest.fixture
def dying_redis(settings: Any) -> Iterator[servers.Server]:
    url, server = servers.start_redis()
    breaker.close()
    options = {"SOCKET_CONNECT_TIMEOUT": 0.5, "SOCKET_TIMEOUT": 0.5}
    own = {"BACKEND": "gw2optimizer.cache.GuardedRedisCache", "LOCATION": url, "OPTIONS": options}
    settings.CACHES = {"default": own, "shared": own}
    yield server
    server.stop()
    breaker.close()


@pytest.mark.redis
def test_guarded_cache_works_as_a_cache(dying_redis: servers.Server) -> None:
    cache = caches["default"]
    assert isinstance(cache, GuardedRedisCache)
    cache.set("a", [1])
    cache.set_many({"b": 2})
    assert cache.add("a", 5) is False
    assert cache.add("n", 1) is True
    assert (cache.incr("n"), cache.decr("n")) == (2, 1)
    assert cache.get_many(["a", "b", "c"]) == {"a": [1], "b": 2}
    assert cache.has_key("a")
    with pytest.raises(ValueError, match="not found"):
        cache.incr("missing")
    cache.delete("a")
    assert cache.get("a", "default") == "default"
    assert breaker.current_state == "closed"


@pytest.mark.redis
def test_guarded_cache_finds_nothing_when_its_server_died(dying_redis: servers.Server) -> None:
    cache = caches["default"]
    cache.set("a", 1)
    dying_redis.stop()
    for _ in range(4):
        assert cache.get("a", "default") == "default"
    assert breaker.current_state == "open"
    assert cache.set("a", 1) is False
    assert cache.add("a", 1) is False
    assert cache.get_many(["a"]) == {}
    assert cache.delete("a") is False
    with pytest.raises(ValueError, match="reached"):
        cache.incr("a")


@pytest.mark.redis
@pytest.mark.django_db
def test_limited_without_its_cache_lets_pass_or_counts_in_the_database(dying_redis: servers.Server) -> None:
    limited(request_from("203.0.113.9"), group="g", rate="1/h", closed=True)
    dying_redis.stop()
    for _ in range(3):
        limited(request_from("203.0.113.9"), group="g", rate="1/h")
    limited(request_from("203.0.113.9"), group="g", rate="1/h", closed=True)
    with pytest.raises(TooManyRequests):
        limited(request_from("203.0.113.9"), group="g", rate="1/h", closed=True)


@pytest.mark.redis
@pytest.mark.django_db
def test_pages_go_on_and_readyz_tells_when_redis_died(dying_redis: servers.Server, client: Client) -> None:
    assert client.get("/readyz").status_code == 200
    dying_redis.stop()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"]["cache"] == "away"
    assert client.get("/healthz").status_code == 200


def test_hide_secrets_drops_values_by_name() -> None:
    secret = {
        "password": "x",
        "new_password": "x",
        "access_token": "x",
        "Authorization": "x",
        "set-cookie": "x",
        "SECRET_KEY": "x",
        "key": "x",
        "email": "x",
        "api_key": "x",
        "nested": {"token": "x", "deeper": {"email": "x"}},
    }
    plain = {"event": "done", "palette_keys": 3, "keyboard": "y", "group": "login"}
    shown = hide_secrets(None, "info", {**secret, **plain})
    assert "x" not in str({name: shown[name] for name in secret if name != "nested"})
    assert shown["nested"] == {"token": HIDDEN, "deeper": {"email": HIDDEN}}
    assert {name: shown[name] for name in plain} == plain


@pytest.mark.parametrize("as_json", [False, True])
def test_log_lines_of_libraries_carry_the_request_id(as_json: bool) -> None:
    import structlog

    from gw2optimizer.observability import logging_config

    config = logging_config(level="INFO", as_json=as_json)["formatters"]["line"]
    formatter = config.pop("()")(**config)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.getLogger("tests.library")
    logger.addHandler(handler)
    try:
        with structlog.contextvars.bound_contextvars(request_id="abcdef12"):
            logger.warning("hello")
    finally:
        logger.removeHandler(handler)
    line = stream.getvalue()
    assert line.count("\n") == 1
    assert ('"request_id":"abcdef12"' in line.replace(" ", "")) if as_json else ("request_id=abcdef12" in line)
