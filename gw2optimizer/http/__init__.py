"""The one way out of the site to other hosts, in two profiles: `configured` for a service that the settings name,
`public` for whatever a visitor can have a say in."""

from gw2optimizer.http.configured import ConfiguredClient, configured
from gw2optimizer.http.public import Fetched, public
from gw2optimizer.http.stream import Cut, Exchange, Limits, NotReached, TooLarge, TooLate

__all__ = [
    "ConfiguredClient",
    "Cut",
    "Exchange",
    "Fetched",
    "Limits",
    "NotReached",
    "TooLarge",
    "TooLate",
    "configured",
    "public",
]
