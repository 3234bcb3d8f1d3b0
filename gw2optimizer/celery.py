"""The Celery application. `gw2optimizer.apps` loads it, not the package itself: the engine's modules
import this package's errors and must stay free of Django and Celery."""

import os
import sys
import warnings
from typing import Any, override

import pybreaker
from celery import Celery, bootsteps
from celery.platforms import SecurityWarning
from celery.signals import setup_logging, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.exceptions import OperationalError

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

# A broker that hangs costs a request this much, once; a worker that waits for messages takes its time.
SECONDS_TO_SEND = 0.3
SECONDS_AWAY = 15


class Site(Celery):
    """A broker that is away keeps no request waiting: OperationalError after a moment, and then at once until it
    is tried again."""

    broker_breaker = pybreaker.CircuitBreaker(fail_max=1, reset_timeout=SECONDS_AWAY, throw_new_error_on_trip=False)

    @override
    def connection_for_write(self, url: str | None = None, **options: Any) -> Any:
        if (url or self.conf.broker_write_url or "").startswith("redis"):
            quick = {"socket_timeout": SECONDS_TO_SEND, "socket_connect_timeout": SECONDS_TO_SEND, "max_retries": 0}
            options["transport_options"] = {**quick, **(options.get("transport_options") or {})}
        return super().connection_for_write(url, **options)

    @override
    def send_task(self, *args: Any, **options: Any) -> Any:
        try:
            return self.broker_breaker.call(super().send_task, *args, **options)
        except pybreaker.CircuitBreakerError as error:
            raise OperationalError("the broker was away a moment ago") from error


app = Site("gw2optimizer")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class HeartbeatStep(bootsteps.StartStopStep):
    """A timer of the worker itself, not a task: one long task on a worker with one slot would
    otherwise look like a dead worker."""

    requires = {"celery.worker.components:Timer"}

    def start(self, worker: Any) -> None:
        from gw2optimizer.health import HEARTBEAT_EVERY, record_heartbeat

        queues = list(worker.app.amqp.queues.consume_from)
        record_heartbeat(queues)
        self.timer = worker.timer.call_repeatedly(HEARTBEAT_EVERY, record_heartbeat, args=(queues,), priority=10)

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
