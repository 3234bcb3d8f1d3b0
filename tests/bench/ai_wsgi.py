"""The site without the limits that count every request, for a client that asks more often than a visitor would."""

from gw2optimizer.wsgi import application  # isort: skip -- it sets up what the other one needs
from gw2optimizer import ratelimits

__all__ = ["application"]

for _group in ("api", "api_address", "page"):
    ratelimits.LIMITS[_group] = ()
