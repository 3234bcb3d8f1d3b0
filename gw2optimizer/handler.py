"""The door of every request: what Django itself would stumble over before any middleware is asked."""

from collections.abc import Callable
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler
from django.utils.http import parse_header_parameters

UTF_8 = {"utf-8", "utf8"}
NO_CHARSET = "text/plain; charset=none"


class Handler(WSGIHandler):
    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        environ["CONTENT_TYPE"] = usable_content_type(environ.get("CONTENT_TYPE", ""))
        return super().__call__(environ, start_response)


def usable_content_type(given: str) -> str:
    """Django reads the address, too, in the charset that is named, and not all that Python knows under a name
    reads text: "hex" is an answer of 500 without a body. Whatever is not UTF-8 becomes one name that is none,
    which CleanInputMiddleware refuses."""
    if "charset" not in given.lower():
        return given
    try:
        charset = parse_header_parameters(given)[1].get("charset", "utf-8")
    except ValueError:
        return NO_CHARSET
    return given if charset.lower() in UTF_8 else NO_CHARSET


def get_wsgi_application() -> Handler:
    django.setup(set_prefix=False)
    return Handler()
