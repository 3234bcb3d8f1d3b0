"""Search entries and counts of the library, in the transaction of what they repeat."""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import structlog
from django.db import transaction
from django.db.models import Count, F

from builds.library.entry import entry_text, fingerprint, vocabulary
from builds.models import Build, LibraryCount, LibraryEntry, LibraryWord

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)

BATCH = 500


class Cell(NamedTuple):
    profession: str
    elite_specialization: str
    game_mode: str
    role: str


def cell_of(build: Build) -> Cell | None:
    """Where the build counts; None for one that is not in the library."""
    if build.visibility != Build.Visibility.PUBLIC or build.is_hidden:
        return None
    return Cell(build.profession, build.elite_specialization, build.game_mode, build.role)


def index_build(build: Build, *, was_public: bool) -> None:
    """Call after each save. A hidden build keeps its entry: the search asks whether it may be shown."""
    if build.visibility != Build.Visibility.PUBLIC:
        if was_public:
            LibraryEntry.objects.filter(build=build).delete()
        return
    entry = entry_of(build)
    LibraryEntry.objects.update_or_create(
        build=build, defaults={"text": entry.text, "traits": entry.traits, "skills": entry.skills}
    )
    _learn_words(vocabulary(entry.text))


def count_hiding(build: Build) -> None:
    """build: just hidden, or just shown again."""
    if build.visibility == Build.Visibility.PUBLIC:
        cell = Cell(build.profession, build.elite_specialization, build.game_mode, build.role)
        count_change(*((cell, None) if build.is_hidden else (None, cell)))


def forget_builds_of(user: "User") -> None:
    """user: about to be deleted with all builds."""
    asked = Build.objects.public().filter(owner=user).order_by().values_list(*Cell._fields)
    for *cell, count in sorted(asked.annotate(count=Count("pk"))):
        LibraryCount.objects.filter(**Cell(*cell)._asdict()).update(builds=F("builds") - count)


def count_change(before: Cell | None, after: Cell | None) -> None:
    """before, after: of `cell_of`, around a change."""
    if before == after:
        return
    # In one order, so that two changes never wait for each other.
    for cell, step in sorted((cell, step) for cell, step in ((before, -1), (after, 1)) if cell is not None):
        if not LibraryCount.objects.filter(**cell._asdict()).update(builds=F("builds") + step):
            row, _ = LibraryCount.objects.get_or_create(**cell._asdict())
            LibraryCount.objects.filter(pk=row.pk).update(builds=F("builds") + step)


class Mended(NamedTuple):
    entries: int
    counts: int
    words: int


def mend_library() -> Mended:
    """What the tables say wrongly is put right; how many rows that were. Each batch is a transaction of its own, for
    whoever publishes meanwhile."""
    entries = _drop_strays() + _mend_entries()
    mended = Mended(entries, _mend_counts(), _mend_words())
    if any(mended):
        log.warning("library_mended", **mended._asdict())
    return mended


def entry_of(build: Build) -> LibraryEntry:
    """What finds a published build; not saved."""
    traits, skills = fingerprint(build.spec)
    text = entry_text(
        search_text=build.search_text,
        profession=build.profession,
        elite=build.elite_specialization,
        mode=build.game_mode,
        style=build.wvw_style,
        role=build.role,
    )
    return LibraryEntry(build=build, text=text, traits=traits, skills=skills)


def _learn_words(words: list[str]) -> None:
    padded = [f" {word} " for word in words]
    known = set(LibraryWord.objects.filter(padded__in=padded).values_list("padded", flat=True))
    new = [LibraryWord(padded=word) for word in padded if word not in known]
    if new:
        LibraryWord.objects.bulk_create(new, ignore_conflicts=True)


def _drop_strays() -> int:
    strays = LibraryEntry.objects.exclude(build__visibility=Build.Visibility.PUBLIC)
    return strays.delete()[0]


def _mend_entries() -> int:
    """Walks by id, so that a build which comes meanwhile is met or has been indexed by who made it."""
    wrong = 0
    last = None
    while True:
        rows = Build.objects.filter(visibility=Build.Visibility.PUBLIC).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        with transaction.atomic():
            batch = list(rows.select_for_update(of=("self",))[:BATCH])
            found = {entry.build_id: entry for entry in LibraryEntry.objects.filter(build__in=batch)}
            for build in batch:
                right, present = entry_of(build), found.get(build.pk)
                if present is None or (present.text, present.traits, present.skills) != (
                    right.text,
                    right.traits,
                    right.skills,
                ):
                    index_build(build, was_public=True)
                    wrong += 1
        if len(batch) < BATCH:
            return wrong
        last = batch[-1].pk


@transaction.atomic
def _mend_counts() -> int:
    present = {
        Cell(row.profession, row.elite_specialization, row.game_mode, row.role): row
        for row in LibraryCount.objects.select_for_update()
    }
    asked = Build.objects.public().order_by().values_list(*Cell._fields).annotate(count=Count("pk"))
    true = Counter({Cell(*cell): count for *cell, count in asked})
    wrong = 0
    for cell in sorted(present.keys() | true.keys()):
        row = present.get(cell)
        if row is not None and row.builds == true[cell]:
            continue
        wrong += 1
        if true[cell]:
            LibraryCount.objects.update_or_create(**cell._asdict(), defaults={"builds": true[cell]})
        elif row is not None:
            row.delete()
    return wrong


@transaction.atomic
def _mend_words() -> int:
    """Words that no published build holds any more go; new ones come with the entries."""
    used: set[str] = set()
    for text in LibraryEntry.objects.values_list("text", flat=True).iterator(chunk_size=2_000):
        used.update(f" {word} " for word in vocabulary(text))
    known = dict(LibraryWord.objects.values_list("padded", "pk"))
    gone = [key for word, key in known.items() if word not in used]
    for start in range(0, len(gone), BATCH):
        LibraryWord.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    missing = sorted(used - known.keys())
    LibraryWord.objects.bulk_create(
        [LibraryWord(padded=word) for word in missing], batch_size=BATCH, ignore_conflicts=True
    )
    return len(gone) + len(missing)
