"""Every header that tells a browser what it may do with our answers. `settings` takes the values from here for what
Django and django-csp send; the rest is sent by the middleware below."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from csp.constants import NONCE, NONE, SELF

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

# Nothing is allowed but what is named. A nonce stands in the policy only where a page asks for one.
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
REFERRER_POLICY = "same-origin"
# Two years, what the lists of browsers ask for.
HSTS_SECONDS = 63_072_000

_OFF = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb", "xr-spatial-tracking",
)  # fmt: skip
OWN_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join([*(f"{feature}=()" for feature in _OFF), "fullscreen=(self)"]),
    "X-Permitted-Cross-Domain-Policies": "none",
}


class SecurityHeadersMiddleware:
    """What Django's SecurityMiddleware and django-csp leave out."""

    def __init__(self, get_response: "Callable[[HttpRequest], HttpResponseBase]") -> None:
        self.get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponseBase":
        response = self.get_response(request)
        for name, value in OWN_HEADERS.items():
            response.setdefault(name, value)
        return response
