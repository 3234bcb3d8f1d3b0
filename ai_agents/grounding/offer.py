"""Tokens that the model may write, and what stands in their place for the player."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from builds.gamedata import Catalogue
from builds.icons import icon_url

VALUE = "value"
MOST_OFFERED = 60
"""Tokens of one question: more would fill the prompt of a small model."""


@dataclass(frozen=True, slots=True)
class Token:
    """kind, id: as written, `[[trait:567]]`. text: name or figure as shown. meaning: what it is, for the model; of a
    figure also for the player, since a figure says nothing without it. icon: path on this site, None if not stored."""

    kind: str
    id: str
    text: str
    meaning: str = ""
    icon: str | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def shown(self) -> str:
        return f"{self.text} ({self.meaning})" if self.kind == VALUE and self.meaning else self.text

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "id": self.id, "text": self.shown, "icon": self.icon}


@dataclass(slots=True)
class Offer:
    """Filled while facts are gathered. language: of the names."""

    catalogue: Catalogue
    language: str
    tokens: dict[str, Token] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.tokens)

    def thing(self, kind: str, id_: int | str) -> str:
        """Offers a thing of the catalogue. Returns its key, as facts name it; "" for one that isn't there."""
        found = self.catalogue.table(kind).get(id_)
        if found is None:
            return ""
        name = self.catalogue.display_name(kind, id_, self.language)
        icon = icon_url(found.icon) if getattr(found, "icon", "") else None
        return self._add(Token(kind, str(id_), name, icon=icon))

    def named(self, kind: str, id_: int | str, text: str, meaning: str = "") -> str:
        """Offers what has a name of ours, or a player's: a build, a place, a part of a score."""
        return self._add(Token(kind, str(id_), text, meaning))

    def value(self, text: str, meaning: str) -> str:
        """Offers a figure, with its unit. meaning: what it measures, in the player's language."""
        number = sum(token.kind == VALUE for token in self.tokens.values()) + 1
        return self._add(Token(VALUE, str(number), text, meaning))

    def _add(self, token: Token) -> str:
        if len(self.tokens) < MOST_OFFERED or token.key in self.tokens:
            self.tokens.setdefault(token.key, token)
            return token.key
        return ""

    def get(self, key: str) -> Token | None:
        return self.tokens.get(key)

    def as_facts(self) -> Mapping[str, str]:
        return {
            token.key: f"{token.text}: {token.meaning}" if token.meaning else f"{token.kind} {token.text}"
            for token in self.tokens.values()
        }


def keys(found: Iterable[str]) -> list[str]:
    """Without what could not be offered."""
    return [key for key in found if key]
