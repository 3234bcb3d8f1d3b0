"""Everything between a fresh checkout and a site that can serve. Each step is cheap when it has nothing to
do, so that `make run` takes them all each time."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Prepare the database, the static files and the game data, where that has not been done."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self._migrate()
        self._collect_static()
        for step in settings.SETUP_STEPS:
            said = import_string(step)()
            if isinstance(said, str) and said:
                self.stdout.write(said)

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stdout.write(f"Preparing the database ({len(plan)} steps)")
            call_command("migrate", interactive=False, verbosity=0)

    def _collect_static(self) -> None:
        stamp = settings.VAR_DIR / "static.stamp"
        now = static_fingerprint()
        if stamp.exists() and stamp.read_text(encoding="ascii") == now:
            return
        self.stdout.write("Collecting the static files")
        call_command(
            "collectstatic",
            interactive=False,
            verbosity=0,
            clear=True,
            ignore_patterns=settings.STATIC_IGNORED,
        )
        stamp.write_text(now, encoding="ascii")


def static_fingerprint() -> str:
    """Changes with the path, size or time of any file that would be collected, and with where to."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list(settings.STATIC_IGNORED):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
