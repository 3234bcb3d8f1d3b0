"""What a higher app adds to an account. Each fills these in `AppConfig.ready()`; accounts imports none of them."""

from collections.abc import Callable
from typing import Any

from accounts.models import User

# Name of a part to what makes it: plain JSON values of all that is the user's in that app.
Export = Callable[[User], Any]
# Called in the transaction that deletes the account, before its row goes: removes or severs what is not the user's
# alone. Rows that go with the user by their foreign key need none.
Farewell = Callable[[User], None]

_exports: dict[str, Export] = {}
_farewells: dict[str, Farewell] = {}


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
