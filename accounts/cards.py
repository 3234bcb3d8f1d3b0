"""The cards of the dashboard. Each app fills them in by `register_card` in `AppConfig.ready()`; accounts imports
none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Content:
    """context: what the card's template shows, as `data`. is_empty: nothing of the player's is in it yet. wide: it
    takes the whole row."""

    context: Mapping[str, Any] = field(default_factory=dict)
    is_empty: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """name: also its id on the page. template: of what stands under the title. make: None where there is nothing worth
    a card; it asks the same number of questions however much the player has. order: lower ones come first. all: name of
    the address of the whole list, "" for none."""

    name: str
    title: str
    template: str
    make: Callable[[User], Content | None]
    order: int
    all: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    card: Card
    content: Content


_cards: dict[str, Card] = {}


def register_card(card: Card) -> None:
    if card.name in _cards:
        raise ValueError(f"there is a card named {card.name} already")
    _cards[card.name] = card


def filled_cards(user: User) -> list[Filled]:
    cards = sorted(_cards.values(), key=lambda card: card.order)
    made = [(card, card.make(user)) for card in cards]
    return [Filled(card, content) for card, content in made if content is not None]
