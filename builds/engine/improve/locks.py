"""What the user keeps: names of parts of a build, with dots from the whole to the part."""

from collections.abc import Iterable

from builds.spec.model import GEAR_SLOTS
from gw2optimizer.errors import InvalidInput

SKILLS = ("heal", "utility_1", "utility_2", "utility_3", "elite")
NAMES = (
    "traits", *(f"traits.{line}" for line in (1, 2, 3)),
    *(f"traits.{line}.{tier}" for line in (1, 2, 3) for tier in (1, 2, 3)),
    "lines", "skills", *(f"skills.{place}" for place in SKILLS), "legends", "pets",
    "weapons", "weapons.1", "weapons.2", "gear", *(f"gear.{slot}" for slot in GEAR_SLOTS),
    "rune", "sigils", "sigils.1", "sigils.2", "relic", "food", "utility", "infusions",
)  # fmt: skip
"""lines: which specializations, not their traits."""
NOT_IN_PVP = ("gear", "food", "utility", "infusions")
_BAR = frozenset({"skills", *(f"skills.{place}" for place in SKILLS)})


class Locks:
    def __init__(self, names: Iterable[str] = ()) -> None:
        """Raises InvalidInput for a name that is not in NAMES."""
        given = tuple(dict.fromkeys(names))
        for name in given:
            if name not in NAMES:
                text = f"There is no part “{str(name)[:40]}” to lock. The parts are {', '.join(NAMES)}."
                raise InvalidInput("This can't be locked.", fields={"locks": [text]})
        self.names = given
        # A revenant's bar is its active legend's, whatever else a lock of one of its skills could mean.
        self._held = frozenset(given) | ({"legends"} if _BAR & set(given) else frozenset())

    def touches(self, part: str) -> bool:
        """Whether a change of the part would change something that is locked."""
        return any(lock == part or lock.startswith(f"{part}.") or part.startswith(f"{lock}.") for lock in self._held)

    def of(self, wholes: Iterable[str]) -> tuple[str, ...]:
        """Those that are one of the wholes or a part of one."""
        return tuple(name for name in self.names if name.partition(".")[0] in wholes)

    def keeps_line(self, number: int) -> bool:
        """number: from 1. Whether the specialization itself must stay."""
        return "lines" in self._held or self.touches(f"traits.{number}")

    def keeps_weapons(self, number: int) -> bool:
        """number: of the set. Also where its gear is kept: another weapon may have another number of pieces."""
        parts = (f"weapons.{number}", f"gear.weapon_{number}_main", f"gear.weapon_{number}_off")
        return any(self.touches(part) for part in parts)
