"""The one way out of the site to other hosts, in two profiles: `configured` for a service that the settings name,
`public` for whatever a visitor can have a say in."""

from gw2optimizer.http.configured import ConfiguredClient, configured
from gw2optimizer.http.public import Fetched, public

__all__ = ["ConfiguredClient", "Fetched", "configured", "public"]
