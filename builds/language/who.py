"""One player as words name him."""

from dataclasses import dataclass

CORE = "core"
DAMAGE = "damage"
"""Either kind: what a player means by "dps". `dps` is power damage, as in `build/1`."""


@dataclass(frozen=True, slots=True, order=True)
class Who:
    """What a player may be; an empty field is open. elite: a specialization's name, or "core" for none.
    gear: name of a prefix, a preference."""

    profession: str = ""
    elite: str = ""
    role: str = ""
    gear: str = ""

    @property
    def named(self) -> bool:
        """Whether it says what is played, not only what for."""
        return bool(self.profession)

    def covers(self, profession: str, elite: str) -> bool:
        """elite: "core" for none."""
        return (not self.profession or self.profession == profession) and (not self.elite or self.elite == elite)
