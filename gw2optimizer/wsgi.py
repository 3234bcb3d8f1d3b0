import os

from gw2optimizer.handler import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gw2optimizer.settings")

application = get_wsgi_application()

from gw2optimizer.warming import warm_up  # noqa: E402 -- after the settings

warm_up()
