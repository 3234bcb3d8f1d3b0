"""Two to four builds beside each other, as a page draws them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builds.gamedata import Catalogue
from builds.presentation.attributes import AttributeRow
from builds.presentation.effects import BoonRow
from builds.presentation.worth import Asked, WorthView, worth_view
from builds.spec import BuildSpec
from builds.spec.compare import places

_NONE = "\N{EN DASH}"
# In the order of the page: the first words of a place of `build/1`, and under which title it stands.
_TITLES = (
    ("What for", ("Game mode", "Wvw style", "Role", "Secondary roles")),
    ("Traits", ("Specialization",)),
    ("Skills", ("Weapon sets", "Skills", "Pets", "Legends")),
    ("Gear", ("Gear", "Pvp amulet", "Rune", "Sigils", "Relic", "Food", "Utility", "Infusions", "Enrichment", "Jade")),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """bar: 0 to 100, None for what is no number."""

    text: str
    bar: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """cells: one a build, in their order. differs: whether they are not all alike."""

    place: str
    cells: tuple[Cell, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]

    @property
    def differing(self) -> int:
        return sum(line.differs for line in self.lines)


def comparison(specs: Sequence[BuildSpec], catalogue: Catalogue) -> list[Section]:
    """Sections that have a line, each build worn out of combat with its first weapon set."""
    worths = [worth_view(spec, catalogue, Asked({})) for spec in specs]
    sections = [
        *_parts(specs, catalogue),
        Section("Attributes", tuple(_numbers([_attributes(worth) for worth in worths]))),
        Section("Boons", tuple(_numbers([{row.name: row for row in worth.effects.boons} for worth in worths]))),
        Section("Damage, estimated", tuple(_numbers([{row.name: row for row in worth.damage} for worth in worths]))),
    ]
    return [section for section in sections if section.lines]


def _parts(specs: Sequence[BuildSpec], catalogue: Catalogue) -> Iterator[Section]:
    found = [places(spec, catalogue) for spec in specs]
    every = list(dict.fromkeys(place for one in found for place in one))
    for title, heads in _TITLES:
        lines = [
            _line(place, [Cell(one.get(place) or _NONE) for one in found])
            for place in sorted((p for p in every if p.startswith(heads)), key=lambda p: _rank(p, heads))
        ]
        yield Section(title, tuple(lines))


def _rank(place: str, heads: tuple[str, ...]) -> int:
    return next(number for number, head in enumerate(heads) if place.startswith(head))


def _attributes(worth: WorthView) -> dict[str, AttributeRow]:
    groups = worth.panel.groups if worth.panel else ()
    return {row.name: row for _, rows in groups for row in rows}


def _numbers(columns: Sequence[dict[str, AttributeRow] | dict[str, BoonRow]]) -> Iterator[Line]:
    for name in dict.fromkeys(name for column in columns for name in column):
        yield _line(name, [_number(column.get(name)) for column in columns])


def _number(row: AttributeRow | BoonRow | None) -> Cell:
    if row is None:
        return Cell(_NONE, 0)
    return Cell(row.amount, row.percent) if isinstance(row, BoonRow) else Cell(row.value, row.bar)


def _line(place: str, cells: list[Cell]) -> Line:
    return Line(place, tuple(cells), len({cell.text for cell in cells}) > 1)
