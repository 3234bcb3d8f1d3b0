"""The real site under granian, started by a test on the database of the tests."""

import http.client
import os
from pathlib import Path

from django.db import connection

from gw2optimizer.management.commands.serve import web_command
from tests.servers import Server, free_port, start_server

ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """Of the test database, for another process."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgres://{found['USER']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


def start_site(*, workers: int = 2, **environment: str) -> tuple[str, Server]:
    """Returns its address, and the server. It shares the folder of run-time data with the test, and so the key that
    signs."""
    port = free_port()
    server = start_server(
        web_command("127.0.0.1", port, workers, "tests.site_wsgi:application"),
        name="site",
        port=port,
        cwd=ROOT,
        environment={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.site_settings",
            "DATABASE_URL": database_url(),
            "PORT": str(port),
            "WEB_WORKERS": str(workers),
            "LOG_LEVEL": "WARNING",
            **environment,
        },
        ready=lambda: _healthy(port),
    )
    return f"http://127.0.0.1:{port}", server


def _healthy(port: int) -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        asked.request("GET", "/healthz")
        return asked.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def log_of(server: Server) -> str:
    return (server.folder / "server.log").read_text(errors="replace")
