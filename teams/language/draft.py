"""What the parser gathers before sizes and contradictions are settled."""

from dataclasses import dataclass, field

from teams.language.model import Change, Want, Who


@dataclass(slots=True)
class Phrase:
    """ "2 groups of 5 with ...". size: None where the text does not say."""

    count: int
    size: int | None = None
    wants: list[Want] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    mode: str = ""
    style: str = ""
    other_mode: str = ""  # named in the text, against the one that was given
    size: int | None = None
    group_size: int | None = None
    squad: bool = False
    phrases: list[Phrase] = field(default_factory=list)
    every: list[Want] = field(default_factory=list)
    numbered: dict[int, list[Want]] = field(default_factory=dict)
    whole: list[Want] = field(default_factory=list)
    excluded: list[Who] = field(default_factory=list)
    filler: list[Who] = field(default_factory=list)
    fill_asked: bool = False
    objectives: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    understood: bool = False
