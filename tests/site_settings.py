"""The site's own settings for a server that a test starts: static files as they lie, and quick hashes unless asked
otherwise."""

import os

from gw2optimizer.settings import *  # noqa: F403
from gw2optimizer.settings import STORAGES

STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
if os.environ.get("GW2_REAL_HASHES") != "1":
    PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
