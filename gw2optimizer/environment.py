"""Settings out of the environment. What can't be used raises ImproperlyConfigured with a sentence that names its
variable. A secret may come from a file: `NAME_FILE=/path` stands for `NAME`."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def env(name: str, default: str = "") -> str:
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: {path} can't be read ({error.strerror})") from error
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}_FILE: {path} is not text") from error
    # An empty one counts as unset: Makefiles and compose files pass on what isn't set that way.
    return os.environ.get(name) or default


def env_bool(name: str, default: bool) -> bool:
    value = env(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name}: {value!r} is neither 1 nor 0")


def env_int(name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
    value = env(name, str(default))
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {value!r} is not a whole number") from error
    if number < least:
        raise ImproperlyConfigured(f"{name}: {number} is less than {least}")
    if number > most:
        raise ImproperlyConfigured(f"{name}: {number} is more than {most}")
    return number


def env_address(name: str) -> str:
    """Of a service, without a slash at its end; empty where none is set."""
    value = env(name).rstrip("/")
    try:
        parts = urlsplit(value)
        usable = not value or (parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        usable = False
    # A login in it would reach logs; the value itself may hold one.
    if not usable or "@" in value or "?" in value or "#" in value:
        raise ImproperlyConfigured(f"{name}: not an http or https address such as http://127.0.0.1:11434")
    return value


def env_list(name: str) -> list[str]:
    return [part.strip() for part in env(name).split(",") if part.strip()]
