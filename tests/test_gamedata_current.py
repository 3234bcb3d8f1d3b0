"""The catalogue of a process: where it comes from, and when it is renewed."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from builds import catalogue
from builds.catalogue import current_catalogue
from builds.gamedata import snapshot as files
from builds.models import GameDataSnapshot
from builds.services.gamedata import activate_snapshot, ensure_packaged_snapshot, store_snapshot

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = files.unpack(files.packaged_bytes())


@pytest.fixture(autouse=True)
def _nothing_loaded() -> None:
    catalogue.reset()


@pytest.fixture
def always_due(settings: Any) -> Iterator[None]:
    settings.CATALOGUE_CHECK_SECONDS = 0.0
    return


def other_row(game_build: int) -> GameDataSnapshot:
    return store_snapshot(payload=files.pack({**DOCUMENT, "game_build": game_build}), source="api")


@pytest.mark.django_db
def test_packaged_data_stands_in_for_an_empty_table() -> None:
    assert current_catalogue().checksum == files.checksum(files.packaged_bytes())


@pytest.mark.django_db
def test_active_row_is_loaded_with_two_queries_and_then_none(django_assert_num_queries: Any) -> None:
    activate_snapshot(snapshot=other_row(77))
    with django_assert_num_queries(2):
        first = current_catalogue()
    with django_assert_num_queries(0):
        assert current_catalogue() is first
    assert first.game_build == 77


@pytest.mark.django_db
@pytest.mark.usefixtures("always_due")
def test_check_is_one_query_and_reloads_only_what_changed(django_assert_num_queries: Any) -> None:
    activate_snapshot(snapshot=other_row(1))
    first = current_catalogue()
    with django_assert_num_queries(1):
        assert current_catalogue() is first
    activate_snapshot(snapshot=other_row(2))
    assert current_catalogue().game_build == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("always_due")
def test_broken_transaction_keeps_what_is_there() -> None:
    row = other_row(1)
    activate_snapshot(snapshot=row)
    first = current_catalogue()
    with transaction.atomic():
        with contextlib.suppress(IntegrityError), transaction.atomic(savepoint=False):
            GameDataSnapshot.objects.create(checksum=row.checksum, source="api", taken_on="2026-01-01", payload=b"")
        assert connection.needs_rollback
        assert current_catalogue() is first
    assert current_catalogue() is first


@pytest.mark.long
@pytest.mark.usefixtures("always_due")
def test_database_that_is_away_does_not_stop_the_site(tmp_path: Path) -> None:
    """A process of its own: no table at all, and then no database."""
    script = "from builds.catalogue import current_catalogue; c = current_catalogue(); print(c.taken_on, len(c.traits))"
    for url in (f"sqlite:///{tmp_path / 'empty.sqlite3'}", "postgres://nobody@127.0.0.1:1/none"):
        done = subprocess.run(
            [sys.executable, "-c", "import django; django.setup(); " + script],
            cwd=ROOT, capture_output=True, text=True, timeout=120,
            env={**os.environ, "DATABASE_URL": url, "VAR_DIR": str(tmp_path)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == f"{DOCUMENT['taken_on']} 972"
        assert "catalogue_check_failed" in done.stdout + done.stderr


@pytest.mark.django_db
@pytest.mark.usefixtures("always_due")
def test_damaged_row_leaves_the_catalogue_that_was_there(caplog: Any) -> None:
    activate_snapshot(snapshot=other_row(1))
    first = current_catalogue()
    bad = GameDataSnapshot.objects.create(checksum="bad", source="api", taken_on="2026-01-01", payload=b"nonsense")
    activate_snapshot(snapshot=bad)
    assert current_catalogue() is first
    assert current_catalogue() is first
    activate_snapshot(snapshot=other_row(2))
    assert current_catalogue().game_build == 2


def test_threads_share_one_catalogue() -> None:
    catalogue.reset(files.load_packaged())
    barrier = threading.Barrier(8)
    seen: list[int] = []

    def look() -> None:
        barrier.wait(10)
        seen.append(id(current_catalogue()))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 1
    assert len(seen) == 8


@pytest.mark.django_db
def test_only_one_snapshot_can_be_active() -> None:
    activate_snapshot(snapshot=other_row(1))
    second = other_row(2)
    with pytest.raises(IntegrityError), transaction.atomic():
        GameDataSnapshot.objects.filter(pk=second.pk).update(is_active=True)


@pytest.mark.django_db
def test_packaged_snapshot_is_loaded_once(django_assert_num_queries: Any) -> None:
    assert ensure_packaged_snapshot() is True
    with django_assert_num_queries(1):
        assert ensure_packaged_snapshot() is False
    row = GameDataSnapshot.objects.get()
    assert (row.is_active, row.source, row.counts["traits"]) == (True, "packaged", 972)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "taken_on", "packaged_wins"),
    [("api", "2030-01-01", False), ("api", "2020-01-01", True), ("packaged", "2020-01-01", True)],
)
def test_packaged_snapshot_does_not_push_newer_data_of_the_api_away(
    source: str, taken_on: str, packaged_wins: bool
) -> None:
    old = store_snapshot(payload=files.pack({**DOCUMENT, "game_build": 9, "taken_on": taken_on}), source=source)
    activate_snapshot(snapshot=old)

    assert ensure_packaged_snapshot() is True
    assert ensure_packaged_snapshot() is False

    active = GameDataSnapshot.objects.get(is_active=True)
    assert (active.pk != old.pk) is packaged_wins


@pytest.mark.django_db
def test_packaged_snapshot_stays_inactive_when_staff_went_back_to_another() -> None:
    ensure_packaged_snapshot()
    older = other_row(3)
    activate_snapshot(snapshot=older)
    assert ensure_packaged_snapshot() is False
    assert GameDataSnapshot.objects.get(is_active=True) == older


WATCHER = """
import sys, time, django
django.setup()
from builds.catalogue import current_catalogue
print(current_catalogue().game_build, flush=True)
deadline = time.monotonic() + 60
while current_catalogue().game_build != 4321 and time.monotonic() < deadline:
    time.sleep(0.05)
print(current_catalogue().game_build, flush=True)
"""


@pytest.mark.long
def test_another_process_notices_an_activation(tmp_path: Path) -> None:
    """Two real processes and the interval of a real site."""
    environment = {
        **os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}", "VAR_DIR": str(tmp_path),
        "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "migrate", "builds", "-v0"], env=environment, check=True, timeout=120)
    subprocess.run([*manage, "load_snapshot"], env=environment, check=True, timeout=120, capture_output=True)
    file = tmp_path / "new.json.gz"
    file.write_bytes(files.pack({**DOCUMENT, "game_build": 4321}))
    with subprocess.Popen(
        [sys.executable, "-c", WATCHER], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as watcher:
        assert watcher.stdout is not None
        assert watcher.stdout.readline() == "None\n"
        subprocess.run([*manage, "load_snapshot", str(file)], env=environment, check=True, capture_output=True)
        assert watcher.stdout.readline() == "4321\n"
    assert watcher.returncode == 0
