"""For an ASGI server, which `manage.py serve` starts, behind nginx under /stream/."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gw2optimizer.settings")
django.setup(set_prefix=False)

from ai_agents.stream.application import Application  # noqa: E402 -- after the settings

application = Application()
