"""The Celery application. `gw2optimizer.apps` loads it, not the package itself: the engine's modules
import this package's errors and must stay free of Django and Celery."""

import os
import sys
import warnings
from typing import Any

from celery import Celery, bootsteps
from celery.platforms import SecurityWarning
from celery.signals import setup_logging, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gw2optimizer.settings")

try:
    at_home = not settings.REDIS_URL
except ImproperlyConfigured as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(2)
if at_home:
    # Only this machine's own tasks reach the worker there, and they are JSON.
    warnings.filterwarnings(
        "ignore", message=r"\s*You're running the worker with superuser privileges", category=SecurityWarning
    )

app = Celery("gw2optimizer")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class HeartbeatStep(bootsteps.StartStopStep):
    """A timer of the worker itself, not a task: one long task on a worker with one slot would
    otherwise look like a dead worker."""

    requires = {"celery.worker.components:Timer"}

    def start(self, worker: Any) -> None:
        from gw2optimizer.health import HEARTBEAT_EVERY, record_heartbeat

        record_heartbeat()
        self.timer = worker.timer.call_repeatedly(HEARTBEAT_EVERY, record_heartbeat, priority=10)

    def stop(self, worker: Any) -> None:
        self.timer.cancel()


app.steps["worker"].update({HeartbeatStep, DjangoStructLogInitStep})


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_django_logging(**_: object) -> None:
    """A receiver of this signal is what keeps Celery from replacing the site's log handlers."""


@worker_init.connect  # type: ignore[untyped-decorator]
def warm_up_before_forking(**_: object) -> None:
    from gw2optimizer.warming import warm_up

    warm_up()
