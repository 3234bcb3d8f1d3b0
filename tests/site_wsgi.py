"""The site as granian runs it, but that it looks sooner whether a cache is back."""

import os

from gw2optimizer.cache import breaker
from gw2optimizer.wsgi import application

__all__ = ["application"]

breaker.reset_timeout = float(os.environ.get("GW2_BREAKER_SECONDS") or breaker.reset_timeout)
