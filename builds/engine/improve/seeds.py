"""Which published builds a search should take parts from."""

from collections.abc import Iterable

from builds.engine.improve.options import elite_of
from builds.engine.improve.search import MOST_SOURCES
from builds.gamedata import Catalogue
from builds.gamedata.model import BALANCE_OF_MODE
from builds.spec.model import BuildSpec


def nearest(
    build: BuildSpec, others: Iterable[BuildSpec], catalogue: Catalogue, *, most: int = MOST_SOURCES
) -> list[BuildSpec]:
    """Of the profession and balance, those of the same specialization and role first; in the given order among
    equals."""
    elite, balance = elite_of(build, catalogue), BALANCE_OF_MODE[build.game_mode]

    def unlike(other: BuildSpec) -> tuple[bool, bool, bool]:
        return elite_of(other, catalogue) != elite, other.role != build.role, other.game_mode != build.game_mode

    own = (other for other in others if other.profession == build.profession)
    return sorted((other for other in own if BALANCE_OF_MODE[other.game_mode] == balance), key=unlike)[:most]
