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
        migrated = self._migrate()
        self._collect_static()
        for step in settings.SETUP_STEPS:
            import_string(step)()
        for name, source in settings.SETUP_COMMANDS.items():
            self._call_once(name, source, again=migrated)

    def _migrate(self) -> bool:
        """Whether the database was not at the newest state, as a new one is not."""
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.stdout.write(f"Preparing the database ({len(plan)} steps)")
            call_command("migrate", interactive=False, verbosity=0)
        return bool(plan)

    def _call_once(self, name: str, source: Path, *, again: bool) -> None:
        stamp = settings.VAR_DIR / f"{name}.stamp"
        now = hashlib.sha256(settings.DATABASE_URL.encode() + b"\0" + source.read_bytes()).hexdigest()
        if not again and read_stamp(stamp) == now:
            return
        self.stdout.write(f"Running {name}")
        call_command(name, verbosity=0)
        stamp.write_text(now, encoding="ascii")

    def _collect_static(self) -> None:
        stamp = settings.VAR_DIR / "static.stamp"
        now = static_fingerprint()
        if read_stamp(stamp) == now:
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


def read_stamp(path: Path) -> str:
    """Empty when there is none, and when somebody wrote into it."""
    return path.read_text(encoding="ascii", errors="replace") if path.exists() else ""


def static_fingerprint() -> str:
    """Changes with the path, size or time of any file that would be collected, and with where to."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list(settings.STATIC_IGNORED):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
