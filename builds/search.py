"""The search box of the library: candidates from the database's trigrams, ranked here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length

from builds.catalogue import current_catalogue
from builds.library.entry import mark
from builds.library.search import Term, forgiven, terms_of, trigrams, worth
from builds.models import Build, LibraryEntry, LibraryWord
from gw2optimizer.pagination import PAGE_SIZE, Page, encoded, flag, read_values, text

MOST_FOUND = 1_000
MOST_SIMILAR = 3_000
_FILTERS = {"profession": "p", "elite": "e", "mode": "m", "role": "r"}
Groups = list[list[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Found:
    """count: all that answer, MOST_FOUND where `more` do. forgiven: typed words to those of what was found that they
    were taken for."""

    page: Page[Build]
    count: int
    more: bool
    forgiven: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Hit:
    build: UUID
    text: str
    worth: float
    fresh: bool
    as_of: datetime
    name_key: str


def _seconds(value: Any) -> float:
    if type(value) not in (int, float):
        raise ValueError("not a number")
    return float(value)


# What a list is ordered by, least first, and how that is read from a cursor.
_ORDERS: dict[str, tuple[Callable[[Hit], tuple[Any, ...]], tuple[Callable[[Any], Any], ...]]] = {
    "best": (
        lambda hit: (-hit.worth, not hit.fresh, -hit.as_of.timestamp(), str(hit.build)),
        (_seconds, flag, _seconds, text),
    ),
    "newest": (lambda hit: (not hit.fresh, -hit.as_of.timestamp(), str(hit.build)), (flag, _seconds, text)),
    "name": (lambda hit: (hit.name_key, str(hit.build)), (text, text)),
}
ORDERS = tuple(_ORDERS)


def search(
    words: str,
    filters: Mapping[str, str] | None = None,
    *,
    order: str = "best",
    cursor: str = "",
    size: int = PAGE_SIZE,
) -> Found:
    """words: at least one letter or digit. filters: as of BuildQuerySet.matching. Raises MalformedInput for a cursor
    that was not made here."""
    catalogue = current_catalogue()
    terms = terms_of(words, catalogue)
    marks: Groups = [[(mark(_FILTERS[name], value),)] for name, value in (filters or {}).items() if value]
    hits = _hits(terms, marks, forgiving=False)
    taken: dict[str, tuple[str, ...]] = {}
    # Where few are found as typed, the word may be mistyped; or somebody else has made the same mistake.
    if len(hits) < PAGE_SIZE:
        wider = [forgiven(term, catalogue, _similar) for term in terms]
        if wider != terms:
            hits = _hits(wider, marks, forgiving=True)
            taken = _taken(wider, hits)
    key, readers = _ORDERS[order]
    ranked = sorted(hits[:MOST_FOUND], key=key)
    if cursor:
        place = tuple(read_values(cursor, readers))
        ranked = [hit for hit in ranked if key(hit) > place]
    shown = ranked[:size]
    following = encoded(key(shown[-1])) if len(ranked) > size else None
    page = Page(_builds([hit.build for hit in shown]), following, not cursor)
    return Found(page, min(len(hits), MOST_FOUND), len(hits) > MOST_FOUND, taken)


def says_something(words: str) -> bool:
    return any(letter.isalnum() for letter in words)


def _hits(terms: list[Term], marks: Groups, *, forgiving: bool) -> list[Hit]:
    groups = [*([*term.needles(forgiving=forgiving)] for term in terms), *marks]
    entries = holding(LibraryEntry.objects.all(), "text", groups, MOST_FOUND + 1).order_by("-pk")
    texts = dict(entries.values_list("build_id", "text")[: MOST_FOUND + 1])
    # Asked apart: in one question SQLite starts with all that is public, and looks each up among what was found.
    facts = Build.objects.public().filter(pk__in=list(texts)).order_by()
    rows = facts.values_list("pk", "is_fresh", "as_of", "name_key")
    hits = (Hit(key, texts[key], worth(terms, texts[key], name), fresh, at, name) for key, fresh, at, name in rows)
    return [hit for hit in hits if hit.worth]


def _taken(terms: list[Term], hits: list[Hit]) -> dict[str, tuple[str, ...]]:
    """Words that no shown build holds are not told: they may be those of a hidden one."""
    found = {
        term.typed: tuple(word for word, _ in term.near if any(f" {word} " in hit.text for hit in hits))
        for term in terms
    }
    return {typed: words for typed, words in found.items() if words}


def _similar(word: str) -> list[str]:
    """Words of published builds that share three letters in a row with it, or two at an end."""
    pieces = trigrams(word)
    rows = holding(LibraryWord.objects.all(), "padded", [[(piece,) for piece in pieces]], None)
    rows = (
        rows.annotate(length=Length("padded"))
        .filter(length__gte=len(word), length__lte=len(word) + 4)
        .order_by("padded")
    )
    return [padded.strip() for padded in rows.values_list("padded", flat=True)[:MOST_SIMILAR]]


def holding[M: Model](rows: QuerySet[M], column: str, groups: Groups, newest: int | None) -> QuerySet[M]:
    """Rows that of each group hold all pieces of one alternative, found by trigrams. newest: SQLite stops after that
    many, counted from the last id; PostgreSQL decides by its statistics."""
    if connection.vendor == "sqlite":
        table = rows.model._meta.db_table
        limit = "" if newest is None else f" ORDER BY rowid DESC LIMIT {newest}"
        sql = f"SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH %s{limit}"  # noqa: S608 -- names of ours
        return rows.filter(pk__in=RawSQL(sql, [_match(groups)]))  # noqa: S611 -- words are a parameter
    for group in groups:
        either = Q()
        for pieces in group:
            both = Q()
            for piece in pieces:
                both &= Q(**{f"{column}__contains": piece})
            either |= both
        rows = rows.filter(either)
    return rows


def _match(groups: Groups) -> str:
    """In FTS5's words. Pieces are folded words and marks, which hold no quote."""
    return " AND ".join(
        "(" + " OR ".join("(" + " AND ".join(f'"{piece}"' for piece in pieces) + ")" for pieces in group) + ")"
        for group in groups
    )


def _builds(keys: Iterable[UUID]) -> list[Build]:
    keys = list(keys)
    found = Build.objects.public().for_list().in_bulk(keys)
    return [found[key] for key in keys if key in found]
