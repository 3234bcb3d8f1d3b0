"""What each word means: the catalogue's names and the grammar's words in one table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from builds.gamedata import Catalogue
from builds.gamedata.names import plain
from builds.language import names, words
from builds.language.near import Nearby
from builds.language.who import Who

LONGEST = 5


@dataclass(frozen=True, slots=True)
class Meaning:
    """kind: name, role, mode, objective, number, ordinal, change, noise, a key of words.STRUCTURE, or the caller's own.
    value: Who, role, (mode, style), objective, int, the change's kind, or None."""

    kind: str
    value: Any = None
    plural: bool = False

    @property
    def core(self) -> tuple[str, Any]:
        return self.kind, self.value


Entries = tuple[tuple[str, Meaning], ...]


class Lexicon:
    """One for each language of the text, since a few words are names in the one and grammar in the other."""

    def __init__(self, catalogue: Catalogue, language: str, own: Entries = ()) -> None:
        """own: phrases that stand before all others."""
        self.language = language
        self.table: dict[str, Meaning] = dict(own)
        for phrase, meaning in self._entries(catalogue):
            self.table.setdefault(phrase, meaning)
        # Not the names with a role in one word: they are thousands, and near to one another.
        single = ((phrase, m) for phrase, m in self.table.items() if " " not in phrase)
        self.nearby = Nearby((p, m.core) for p, m in single if m.kind != "name" or not (m.value.role or m.value.gear))
        noise = words.NOISE_FR if language == "fr" else words.NOISE_EN
        for word in noise | words.NOISE_EN | words.NOISE_FR:
            self.table.setdefault(word, Meaning("noise"))

    def _entries(self, catalogue: Catalogue) -> Iterator[tuple[str, Meaning]]:
        # First come, first kept: where two kinds share a word, the earlier one has it.
        yield from self._numbers()
        for kind, phrases in words.CHANGE_VERBS.items():
            yield from ((phrase, Meaning("change", kind)) for phrase in phrases)
        for kind in ("not", "at least", "at most", "each", "total", "core", "fill"):
            yield from ((phrase, Meaning(kind)) for phrase in words.STRUCTURE[kind])
        yield from _names(catalogue, self.language)
        for role, phrases in words.ROLES.items():
            for phrase in phrases:
                yield phrase, Meaning("role", role)
                yield f"{phrase}s", Meaning("role", role, plural=True)
        for (mode, style), phrases in words.MODES.items():
            yield from ((phrase, Meaning("mode", (mode, style))) for phrase in phrases)
        for objective, phrases in words.OBJECTIVES.items():
            yield from ((phrase, Meaning("objective", objective)) for phrase in phrases)
        for kind, phrases in words.STRUCTURE.items():
            yield from ((phrase, Meaning(kind)) for phrase in phrases)

    def _numbers(self) -> Iterator[tuple[str, Meaning]]:
        yield from ((word, Meaning("number", number)) for word, number in words.NUMBERS.items())
        articles = words.ARTICLES - {"a"} if self.language == "fr" else words.ARTICLES
        yield from ((word, Meaning("number", 1)) for word in articles)
        yield from ((word, Meaning("number", 2)) for word in words.STRUCTURE["pair"])
        yield from ((word, Meaning("ordinal", number)) for word, number in words.ORDINALS.items())


def _names(catalogue: Catalogue, language: str) -> Iterator[tuple[str, Meaning]]:
    called: dict[str, Who] = {}
    for who, shorts in _called(catalogue):
        for name in shorts:
            called.setdefault(name, who)
    doubtful = names.ENGLISH_ONLY if language == "fr" else frozenset()
    called = {name: who for name, who in called.items() if name not in doubtful}
    plurals = {f"{name}s": who for name, who in called.items()}
    plurals |= {f"{name}x": who for name, who in called.items() if name.endswith("au")}
    plurals |= {f"{name[:-1]}ies": who for name, who in called.items() if name.endswith("y")}
    for name, who in called.items():
        yield name, Meaning("name", who, plural=name == "thieves")
    yield from ((name, Meaning("name", who, plural=True)) for name, who in plurals.items())
    for prefix, role in names.PREFIXED_ROLES.items():
        gear = "Celestial" if prefix in names.CELESTIAL else ""
        for name, who in (called | plurals).items():
            # A single letter before a short name makes too many other words.
            if " " not in name and (len(prefix) > 1 or (who.elite and len(name) > 1)):
                whole = Who(who.profession, who.elite, role, gear)
                yield prefix + name, Meaning("name", whole, plural=name in plurals)


def _called(catalogue: Catalogue) -> Iterator[tuple[Who, tuple[str, ...]]]:
    french = catalogue.names.get("fr", {})
    for specialization in catalogue.specializations.values():
        if specialization.elite:
            own = (specialization.name, french.get("specialization", {}).get(str(specialization.id), ""))
            shorts = names.SPECIALIZATION_NAMES.get(specialization.name, ())
            yield Who(specialization.profession, specialization.name), _folded(own, shorts)
    for profession in catalogue.professions.values():
        own = (profession.name, french.get("profession", {}).get(profession.id, ""))
        yield Who(profession.name), _folded(own, names.PROFESSION_NAMES.get(profession.name, ()))


def _folded(own: tuple[str, ...], shorts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([folded for name in own if (folded := plain(name))] + list(shorts)))


_kept: dict[tuple[str, str, Entries], Lexicon] = {}


def lexicon_of(catalogue: Catalogue, language: str, own: Entries = ()) -> Lexicon:
    """Kept for the last few catalogues, since a text is read in a hundredth of the time that the table takes."""
    key = (catalogue.checksum or str(id(catalogue)), language, own)
    if (found := _kept.get(key)) is None:
        if len(_kept) >= 8:
            _kept.clear()
        found = _kept[key] = Lexicon(catalogue, language, own)
    return found
