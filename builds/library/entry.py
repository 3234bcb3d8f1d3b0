"""What the library keeps of a published build to find it by."""

from collections.abc import Iterator, Mapping
from typing import Any

from builds.gamedata.names import plain

LEAST_LETTERS = 4
"""Of a word that others may stand for: a mistyped shorter one looks like too many."""
MOST_LETTERS = 24


def mark(kind: str, value: str) -> str:
    """A filter as a piece of the searched text. No typed word looks like it, for words hold no colon."""
    return f" {kind}:{plain(value).replace(' ', '_') or 'none'} "


def entry_text(*, search_text: str, profession: str, elite: str, mode: str, style: str, role: str) -> str:
    """search_text: folded words of a build."""
    marks = (("p", profession), ("e", elite or "core"), ("m", mode), ("s", style), ("r", role))
    return f" {search_text}" + "".join(mark(kind, value).rstrip() for kind, value in marks) + " "


def vocabulary(text: str) -> list[str]:
    """The words of an entry's text that a typing error may have meant, sorted."""
    return sorted({word for word in text.split() if word.isalpha() and LEAST_LETTERS <= len(word) <= MOST_LETTERS})


def fingerprint(spec: Mapping[str, Any]) -> tuple[list[int], list[int]]:
    """spec: as a row stores it. The ids of chosen traits and of skills on the bar, each sorted."""
    return sorted(set(_traits(spec))), sorted(set(_skills(spec)))


def _traits(spec: Mapping[str, Any]) -> Iterator[int]:
    for line in spec.get("specializations") or ():
        yield from (trait for trait in (line or {}).get("traits", ()) if trait)


def _skills(spec: Mapping[str, Any]) -> Iterator[int]:
    bar = spec.get("skills") or {}
    yield from (skill for skill in (bar.get("heal"), *bar.get("utilities", ()), bar.get("elite")) if skill)
