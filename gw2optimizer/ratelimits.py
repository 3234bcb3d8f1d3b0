"""How often one caller may do one thing, and how much of the machine's time one may take. Counted in the default cache
by django-ratelimit, whose adding and counting up no two requests can do at once."""

import functools
import ipaddress
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_ratelimit.core import get_usage
from rest_framework.throttling import BaseThrottle

from gw2optimizer.error_views import API_PREFIX, domain_error_response
from gw2optimizer.errors import TooManyRequests, Unavailable
from gw2optimizer.models import count_try

log = structlog.get_logger(__name__)

# What is counted, and how often it may be. docs/security.md says the same in words.
LIMITS: dict[str, tuple[str, ...]] = {
    "api": ("60/m", "1000/h"),
    "api_write": ("30/m",),
    "api_compute": ("30/m",),
    # Of an address, accounts or not, and whatever was answered: tokens that don't count are no way to go on trying.
    "api_address": ("600/m",),
    # Each click of an editor fetches a part of its page, and a click is never too many.
    "page": ("20/s", "600/m"),
    "answer": ("60/m",),
    "login": ("40/5m",),
    "own_password": ("10/15m",),
    "second_factor": ("5/15m",),
    "mail_link": ("20/15m",),
    "token_made": ("20/h",),
    "export": ("10/h",),
    "register": ("5/h",),
    "mail": ("5/h",),
    "ai": ("5/m", "30/h"),
    "import": ("10/m", "60/h"),
    # Into somebody's roster, without an account.
    "roster_signup": ("20/h",),
    # Words to the moderators, who have to read them.
    "report": ("10/h",),
}
# Of one thread of Python, to one caller in each minute.
CPU_MILLISECONDS = 30_000

_RATE = re.compile(r"([0-9]+)/([0-9]*)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


class Usage(NamedTuple):
    """limit: uses in a window of so many seconds. left: of them. wait: seconds until the window ends."""

    limit: int
    seconds: int
    left: int
    wait: int


def client_address(request: HttpRequest) -> str:
    """The caller's IP address. Each trusted proxy appends the address that it saw to X-Forwarded-For, so
    only the last TRUSTED_PROXIES entries are theirs; what stands before is whatever the caller sent."""
    address = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(seen) >= proxies:
            address = seen[-proxies].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "0.0.0.0"  # noqa: S104
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(parsed)


def address_key(request: HttpRequest) -> str:
    """One household: an IPv4 address, or the /64 that one line of IPv6 gets."""
    address = ipaddress.ip_address(client_address(request))
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def caller_key(request: HttpRequest) -> str:
    """The account where there is one, so that a school or a guild house shares no limit."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"user:{user.pk}"
    return f"address:{address_key(request)}"


def limited(
    request: HttpRequest, *, group: str, rate: str | None = None, key: str | None = None, closed: bool = False
) -> None:
    """Counts one use; TooManyRequests when it is one too many, with the seconds to wait.

    rate: such as "5/m" or "100/h", default what LIMITS says of the group.
    key: what is counted, default `caller_key`.
    closed: for what an attacker would repeat, such as log-in: where the cache is away the database counts, and
        where that is away too nobody passes (Unavailable). Elsewhere a cache that is away lets everybody pass.
    """
    value = caller_key(request) if key is None else key
    for limit, seconds in [_parsed(rate) for rate in ((rate,) if rate else LIMITS[group])]:
        usage = _counted(request, group, value, limit, seconds) or (
            _counted_in_database(group, value, limit, seconds) if closed else None
        )
        if usage is None:
            continue
        _remember(request, usage)
        if usage.left < 0:
            log.warning("rate_limited", group=group)
            raise _too_often(usage.wait)


def _parsed(rate: str) -> tuple[int, int]:
    found = _RATE.fullmatch(rate)
    if found is None:
        raise ValueError(f"{rate!r} is not a rate")
    return int(found[1]), int(found[2] or 1) * _SECONDS[found[3]]


def _counted(request: HttpRequest, group: str, value: str, limit: int, seconds: int) -> Usage | None:
    """None where the cache is away."""
    usage = get_usage(request, group=group, key=lambda *_: value, rate=(limit, seconds), increment=True)
    if not usage["count"]:
        log.warning("rate_limit_uncounted", group=group)
        return None
    return Usage(limit, seconds, limit - usage["count"], max(1, usage["time_left"]))


def _counted_in_database(group: str, value: str, limit: int, seconds: int) -> Usage:
    try:
        count, wait = count_try(group, value, seconds)
    except DatabaseError as error:
        raise Unavailable(
            "Tries can't be counted right now, so this is closed for safety. Please come back in a minute."
        ) from error
    return Usage(limit, seconds, limit - count, wait)


def _too_often(wait: int) -> TooManyRequests:
    return TooManyRequests(f"That was too often. Please wait {in_words(wait)}.", retry_after=wait)


def in_words(seconds: int) -> str:
    for size, unit in ((3600, "hour"), (60, "minute")):
        if seconds > size:
            count = -(-seconds // size)
            return f"{count} {unit}s"
    return f"{seconds} second{'s' if seconds != 1 else ''}"


@contextmanager
def cpu_tokens(request: HttpRequest, *, seconds: float) -> Iterator[None]:
    """Around what computes. TooManyRequests when the caller's time of this minute is used up.

    seconds: what it is likely to take. It is taken first, so that many at once can't all begin, and set right
        by what the thread really took.
    """
    caller, minute = caller_key(request), int(time.time()) // 60
    key = f"cpu:{caller}:{minute}"
    guessed = max(1, int(seconds * 1000))
    spent = _spend(key, guessed)
    if spent is not None and spent > CPU_MILLISECONDS:
        _spend(key, -guessed)
        wait = max(1, (minute + 1) * 60 - int(time.time()))
        log.warning("cpu_limited")
        _remember(request, Usage(CPU_MILLISECONDS // 1000, 60, -1, wait))
        raise TooManyRequests(
            f"That was as much as can be computed for you in a minute. Please wait {in_words(wait)}.", retry_after=wait
        )
    started = time.thread_time()
    try:
        yield
    finally:
        _spend(key, int((time.thread_time() - started) * 1000) - guessed)


def _spend(key: str, milliseconds: int) -> int | None:
    """What is spent by now; None where the cache is away."""
    cache = caches["default"]
    if cache.add(key, milliseconds, 65):
        return milliseconds
    try:
        return int(cache.incr(key, milliseconds))
    except ValueError:
        return None


def rate_limited[**P, R](
    *, group: str, rate: str | None = None, methods: tuple[str, ...] = ("POST",), closed: bool = False, cpu: float = 0
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For a page view (first argument the request) and for a method of an API view (second).

    cpu: seconds for `cpu_tokens`; 0 costs none.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            request: Any = next(arg for arg in args if hasattr(arg, "META"))
            if request.method not in methods:
                return view(*args, **kwargs)
            limited(request, group=group, rate=rate, closed=closed)
            if not cpu:
                return view(*args, **kwargs)
            with cpu_tokens(request, seconds=cpu):
                return view(*args, **kwargs)

        return wrapped

    return decorate


class ApiThrottle(BaseThrottle):
    """The place where the API framework asks; it knows the account by then, and no view has begun."""

    def allow_request(self, request: Any, view: Any) -> bool:
        limited(request, group="api")
        return True


class RateLimitMiddleware:
    """Counts every request but those of settings.UNCOUNTED_PATHS: pages by account or address, the API by address,
    before its own count."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        api = request.path_info.startswith(API_PREFIX)
        response: HttpResponseBase
        try:
            if not request.path_info.startswith(settings.UNCOUNTED_PATHS):
                if api:
                    limited(request, group="api_address", key=address_key(request))
                else:
                    limited(request, group="page")
            response = self.get_response(request)
        except TooManyRequests as error:
            response = domain_error_response(request, error)
        if api or response.status_code == 429:
            _tell(request, response)
        return response


def _remember(request: Any, usage: Usage) -> None:
    inner = getattr(request, "_request", request)
    inner.rate_usages = [*getattr(inner, "rate_usages", ()), usage]


def _tell(request: HttpRequest, response: HttpResponseBase) -> None:
    """The limit that is nearest. The form of the headers: draft-ietf-httpapi-ratelimit-headers-06."""
    usages: list[Usage] = getattr(request, "rate_usages", [])
    if not usages:
        return
    nearest = min(usages, key=lambda usage: (usage.left / usage.limit, -usage.wait))
    response["RateLimit-Limit"] = str(nearest.limit)
    response["RateLimit-Remaining"] = str(max(0, nearest.left))
    response["RateLimit-Reset"] = str(nearest.wait)
    response["RateLimit-Policy"] = f"{nearest.limit};w={nearest.seconds}"
