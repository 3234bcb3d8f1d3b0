"""What a higher app adds to an account. Each fills these in `AppConfig.ready()`; accounts imports none of them."""

from collections.abc import Callable
from typing import Any

from accounts.models import Hideable, User

# Name of a part to what makes it: plain JSON values of all that is the user's in that app.
Export = Callable[[User], Any]
# Called in the transaction that deletes the account, before its row goes: removes or severs what is not the user's
# alone. Rows that go with the user by their foreign key need none.
Farewell = Callable[[User], None]

_exports: dict[str, Export] = {}
_farewells: dict[str, Farewell] = {}
# What players publish and moderators may hide.
_hideables: dict[str, type[Hideable]] = {}
# Called in the transaction that hides a thing or shows it again, after its row is written.
Hiding = Callable[[Any], None]
_hidings: dict[str, Hiding] = {}


def register_export(name: str, export: Export) -> None:
    if name in _exports:
        raise ValueError(f"there is an export named {name} already")
    _exports[name] = export


def register_farewell(name: str, farewell: Farewell) -> None:
    if name in _farewells:
        raise ValueError(f"there is a farewell named {name} already")
    _farewells[name] = farewell


def exports() -> dict[str, Export]:
    return dict(_exports)


def farewells() -> list[Farewell]:
    return list(_farewells.values())


def register_hideable(kind: str, model: type[Hideable], hiding: Hiding | None = None) -> None:
    """kind: what reports, letters and addresses call it, such as "build". hiding: for what its app keeps beside it."""
    if kind in _hideables:
        raise ValueError(f"there is something hideable named {kind} already")
    _hideables[kind] = model
    if hiding is not None:
        _hidings[kind] = hiding


def after_hiding(thing: Hideable) -> None:
    """thing: just hidden, or just shown again."""
    if hiding := _hidings.get(kind_of(thing)):
        hiding(thing)


def hideables() -> dict[str, type[Hideable]]:
    return dict(_hideables)


def kind_of(thing: Hideable) -> str:
    return next(kind for kind, model in _hideables.items() if isinstance(thing, model))
