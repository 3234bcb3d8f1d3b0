"""Which published builds a search should take parts from."""

from collections.abc import Iterable

from builds.engine.improve.options import elite_of
from builds.engine.improve.roles import checked_balance
from builds.gamedata import Catalogue
from builds.gamedata.model import BALANCE_OF_MODE
from builds.spec.model import BuildSpec


def nearest(build: BuildSpec, others: Iterable[BuildSpec], catalogue: Catalogue) -> list[BuildSpec]:
    """Of the profession and balance, those of the same specialization and role first; in the given order among
    equals."""
    elite = elite_of(build, catalogue)
    own = nearest_to(others, profession=build.profession, role=build.role, mode=build.game_mode)
    return sorted(own, key=lambda other: elite_of(other, catalogue) != elite)


def nearest_to(others: Iterable[BuildSpec], *, profession: str, role: str | None, mode: str) -> list[BuildSpec]:
    """Whatever specialization they are of. Raises InvalidInput for a game mode that there is not."""
    balance = checked_balance(mode)
    own = (other for other in others if other.profession == profession)
    alike = (other for other in own if BALANCE_OF_MODE[other.game_mode] == balance)
    return sorted(alike, key=lambda other: (other.role != role, other.game_mode != mode))
