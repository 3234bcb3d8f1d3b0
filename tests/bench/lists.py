"""What a late page of a list costs beside an early one, with 100,000 public builds in a private database, and what a
search costs there beside a tenth of them:
`python -m tests.bench.lists [--database postgres] [--rows N] [--only search]`.
Ends with status 1 where a late page costs over a tenth more or less than an early one."""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import django

from tests import servers

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from builds.models import Build
    from builds.pagination import Order

LATE_PAGE = 4_700
LEAST_ROWS = 20_000
LATE_SHARE = 0.94  # how deep that is among 100,000 builds; for lists that are shorter
TOLERANCE = 0.1
STATEMENT_ROUNDS, PAGE_ROUNDS = 1_000, 100
PAGE_SIZE = 20
WARM_UP = 5
BATCH = 2_000
WORDS = (
    "Meta", "Open World", "Budget", "Zerg", "Havoc", "Duo", "Sustain", "Speedrun", "Beginner", "Alternative", "Full",
    "Low Intensity", "Boon Rip", "Cleave", "Comfort", "Training", "Static", "Reset Night",
)  # fmt: skip

# What is typed in the search box. RARE is in the name of the same few builds at either size.
RARE = "zephyrine"
RARE_BUILDS = 40
SEARCHES: dict[str, dict[str, str]] = {
    "rare word": {"q": RARE},
    "rare word, mistyped": {"q": "zephirine"},
    "word of no build": {"q": "xylophone"},
    "word of every third build": {"q": "dps"},
    "two words": {"q": "firebrand healer"},
    "word and filters": {"q": "meta", "profession": "Guardian", "role": "healer"},
    "French, mistyped": {"q": "necromencien soigneur"},
}
SEARCH_ROUNDS = 30

# One filter and one order each. Of two filters the second is checked on the rows as they come, which costs what the
# data makes it, early and late.
LISTS: dict[str, dict[str, str]] = {
    "all, newest first": {},
    "all, by name": {"order": "name"},
    "profession": {"profession": "Guardian"},
    "profession, by name": {"profession": "Guardian", "order": "name"},
    "role, by name": {"role": "dps", "order": "name"},
    "specialization": {"elite": "Firebrand"},
    "core builds": {"elite": "core"},
    "game mode": {"mode": "wvw"},
    "role": {"role": "dps"},
}


@dataclass(frozen=True)
class Measured:
    name: str
    page: int
    early_ms: float
    late_ms: float

    @property
    def ratio(self) -> float:
        return self.late_ms / self.early_ms

    @property
    def even(self) -> bool:
        return abs(self.ratio - 1) <= TOLERANCE


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lists", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", choices=("search",), help="without the lists")
    options = parser.parse_args()
    if options.rows < LEAST_ROWS:
        parser.error(f"--rows: with fewer than {LEAST_ROWS:,} some lists have no late page")
    with tempfile.TemporaryDirectory(prefix="gw2-bench-", ignore_cleanup_errors=True) as folder:
        os.environ |= {"VAR_DIR": folder, "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "gw2optimizer.settings"}
        for name in ("DATABASE_URL", "REDIS_URL", "SITE_URL"):
            os.environ.pop(name, None)
        try:
            if options.database == "postgres":
                os.environ["DATABASE_URL"] = servers.start_postgres()
            return run(options.rows, lists=options.only is None)
        finally:
            servers.stop_all()


def run(rows: int, *, lists: bool) -> int:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, connections

    # No page would be drawn after the first sixty a minute.
    settings.RATELIMIT_ENABLE = False
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.WHITENOISE_AUTOREFRESH = True
    settings.CATALOGUE_CHECK_SECONDS = 3600.0
    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    fill(rows // 10, rare=RARE_BUILDS)
    small = searched()
    fill(rows - rows // 10)
    say(f"{rows:,} public builds on {connection.vendor}, made in {time.perf_counter() - started:.0f} s")
    say(f"{'':<44} {'found':>6} {'a tenth':>10} {'all':>10} {'ratio':>6}")
    for name, (found, milliseconds) in searched().items():
        before = small[name][1]
        say(f"{name:<44} {found:>6} {before:>7.2f} ms {milliseconds:>7.2f} ms {milliseconds / before:>6.2f}")
    if not lists:
        connections.close_all()
        return 0
    say(f"{'':<44} {'page':>6} {'early':>10} {'late':>10} {'ratio':>6}")
    even = True
    for result in measured():
        even = even and result.even
        say(
            f"{result.name:<44} {result.page:>6,} {result.early_ms:>7.2f} ms {result.late_ms:>7.2f} ms "
            f"{result.ratio:>6.2f}{'' if result.even else '  uneven'}"
        )
    connections.close_all()
    return 0 if even else 1


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def searched() -> dict[str, tuple[str, float]]:
    """Name to how many were found and the median in milliseconds: reading, candidates, ranking and the first page."""
    from builds.search import search

    answers = {}
    for name, asked in SEARCHES.items():
        filters = {key: value for key, value in asked.items() if key != "q"}
        times = []
        for number in range(SEARCH_ROUNDS + WARM_UP):
            started = time.perf_counter()
            found = search(asked["q"], filters)
            if number >= WARM_UP:
                times.append(1000 * (time.perf_counter() - started))
        answers[name] = f"{found.count:,}{'+' if found.more else ''}", statistics.median(times)
    return answers


def fill(count: int, rare: int = 0) -> None:
    """Rows as the services make them, from the library's builds: their spread over professions, modes and roles is the
    spread of what players publish. rare: how many of them have RARE in their name."""
    from django.db import connection

    from accounts.models import User
    from builds.library.records import packaged_records
    from builds.models import Build, LibraryEntry
    from builds.services.index import entry_of, mend_library

    chance = random.Random(count)
    owners = list(User.objects.order_by("username"))
    if not owners:
        owners = [User(username=f"player_{i}", email=f"player_{i}@example.com") for i in range(500)]
        User.objects.bulk_create(owners)
    patterns = [record.spec for record in packaged_records()]
    newest = datetime(2026, 11, 1, tzinfo=UTC)
    for start in range(0, count, BATCH):
        batch = []
        for number in range(start, min(start + BATCH, count)):
            moment = newest - timedelta(seconds=chance.randrange(3 * 365 * 86_400))
            word = RARE.capitalize() if number < rare else chance.choice(WORDS)
            batch.append(_row(chance.choice(patterns), word, chance, chance.choice(owners), moment))
        Build.objects.bulk_create(batch)
        LibraryEntry.objects.bulk_create([entry_of(build) for build in batch])
    mend_library()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")


def _row(pattern: Any, word: str, chance: random.Random, owner: Any, moment: datetime) -> "Build":
    from builds.catalogue import current_catalogue
    from builds.models import Build
    from builds.services.builds import write_spec

    build = Build(
        owner=owner,
        visibility="public",
        origin=chance.choice(("typed", "pasted", "imported")),
        tags=chance.sample(("meta", "zerg", "fun", "easy", "power", "condi"), chance.randrange(4)),
        difficulty=chance.choice((None, 1, 2, 3, 4, 5)),
        description="Worked out on the golem, then played. " * chance.randrange(8),
        is_fresh=chance.random() < 0.8,
        as_of=moment,
        created_at=moment,
        updated_at=moment,
    )
    name = f"{word} {pattern.name}"[:110] + f" {chance.randrange(10_000)}"
    write_spec(build, replace(pattern, name=name), current_catalogue())
    return build


def measured() -> Iterator[Measured]:
    from builds.models import Build
    from builds.pagination import BUILD_ORDERS, OWN_BUILDS

    lists = {
        name: (_rows(asked), BUILD_ORDERS[asked.get("order", "newest")], LATE_SHARE) for name, asked in LISTS.items()
    }
    owner = Build.objects.values_list("owner", flat=True)[0]
    Build.objects.filter(pk__in=Build.objects.values("pk")[: Build.objects.count() // 2]).update(owner=owner)
    lists["own builds"] = Build.objects.filter(owner=owner).for_list(), OWN_BUILDS, LATE_SHARE
    cursors = {}
    for name, (rows, order, share) in lists.items():
        page = max(3, min(LATE_PAGE, int(rows.count() * share) // PAGE_SIZE))
        cursors[name] = page, _cursor(rows, order, page)
        yield _statement(name, rows, order, *cursors[name])
    for path in ("/builds/", "/api/v1/builds/"):
        for name in LISTS:
            yield _page(path, name, *cursors[name])


def _rows(asked: dict[str, str]) -> "QuerySet[Build]":
    from builds.models import Build

    return Build.objects.public().for_list().matching(**{k: v for k, v in asked.items() if k != "order"})


def _cursor(rows: "QuerySet[Build]", order: "Order", page: int) -> str:
    from builds.pagination import cursor_of

    return cursor_of(rows.order_by(*order.columns)[(page - 1) * PAGE_SIZE - 1], order)


def _statement(name: str, rows: "QuerySet[Build]", order: "Order", page: int, cursor: str) -> Measured:
    """What the database does, without the objects made of it. Page 2 stands for the early ones: page 1 alone names no
    place, which spares it some parameters but no row."""
    from django.db import connection

    from builds.pagination import rows_from

    def asking(cursor: str) -> Callable[[], object]:
        sql, parameters = rows_from(rows, order, cursor)[: PAGE_SIZE + 1].query.sql_with_params()

        def ask() -> object:
            with connection.cursor() as answer:
                answer.execute(sql, parameters)
                return answer.fetchall()

        return ask

    return Measured(
        f"statement: {name}", page, *compared(asking(_cursor(rows, order, 2)), asking(cursor), STATEMENT_ROUNDS)
    )


def _page(path: str, name: str, page: int, cursor: str) -> Measured:
    from django.test import Client

    client = Client()
    asked = LISTS[name]

    def get(query: dict[str, str]) -> None:
        response = client.get(f"{path}?{urlencode(query)}")
        assert response.status_code == 200, f"{path}: {response.status_code}"

    return Measured(
        f"{path}: {name}",
        page,
        *compared(lambda: get(asked), lambda: get({**asked, "cursor": cursor}), PAGE_ROUNDS),
    )


def compared(first: Callable[[], object], late: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Medians in milliseconds. Taken in turns, and first in every second round, so that whatever else the machine does
    falls on both; where they still look uneven, up to twice as many rounds again are added."""
    times: tuple[list[float], list[float]] = ([], [])
    medians = (0.0, 0.0)
    for _ in range(3):
        for number in range(rounds + WARM_UP):
            for which in (0, 1) if number % 2 else (1, 0):
                started = time.perf_counter()
                (first, late)[which]()
                if number >= WARM_UP:
                    times[which].append(1000 * (time.perf_counter() - started))
        medians = statistics.median(times[0]), statistics.median(times[1])
        if abs(medians[1] / medians[0] - 1) <= TOLERANCE:
            break
    return medians


if __name__ == "__main__":
    sys.exit(main())
