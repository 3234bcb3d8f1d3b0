"""What an account changes about every request."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.sessions import note_use

# Of the session: the time zone of its user, so that no page needs a query for it.
TIME_ZONE = "time_zone"


class AccountMiddleware:
    """Times are shown in the zone that the player chose; a session remembers when it was last used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        zone = request.session.get(TIME_ZONE)
        note_use(request)
        try:
            if zone:
                timezone.activate(zoneinfo.ZoneInfo(zone))
            return self.get_response(request)
        finally:
            timezone.deactivate()
