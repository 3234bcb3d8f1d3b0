"""How often one caller may do one thing, counted in the default cache by django-ratelimit."""

import functools
import ipaddress
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from django_ratelimit.core import get_usage

from gw2optimizer.errors import TooManyRequests, Unavailable

log = structlog.get_logger(__name__)


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


def limited(request: HttpRequest, *, group: str, rate: str, key: str | None = None, closed: bool = False) -> None:
    """Counts one use; TooManyRequests when it is one too many, with the seconds to wait.

    rate: such as "5/m" or "100/h".
    key: what is counted, default `caller_key`.
    closed: for what an attacker would repeat, such as log-in: without the counter nobody passes
        (Unavailable). Elsewhere a counter that is away lets everybody pass.
    """
    value = caller_key(request) if key is None else key
    usage = get_usage(request, group=group, key=lambda *_: value, rate=rate, increment=True)
    if usage is None:
        return
    if usage["time_left"] < 0:
        log.warning("rate_limit_uncounted", group=group, closed=closed)
        if closed:
            raise Unavailable(
                "Tries can't be counted right now, so this is closed for safety. Please come back in a minute."
            )
        return
    if usage["should_limit"]:
        wait = max(1, int(usage["time_left"]))
        log.warning("rate_limited", group=group)
        raise TooManyRequests(f"That was too often. Please wait {in_words(wait)}.", retry_after=wait)


def in_words(seconds: int) -> str:
    for size, unit in ((3600, "hour"), (60, "minute")):
        if seconds > size:
            count = -(-seconds // size)
            return f"{count} {unit}s"
    return f"{seconds} second{'s' if seconds != 1 else ''}"


def rate_limited[**P, R](
    *, group: str, rate: str, methods: tuple[str, ...] = ("POST",), closed: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For a page view (first argument the request) and for a method of an API view (second)."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            request: Any = next(arg for arg in args if hasattr(arg, "META"))
            if request.method in methods:
                limited(request, group=group, rate=rate, closed=closed)
            return view(*args, **kwargs)

        return wrapped

    return decorate
