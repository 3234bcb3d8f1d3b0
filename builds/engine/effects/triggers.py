"""What sets traits off, read from `triggers.json`: the facts tell what a trait gives, and seldom when."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import orjson

FILE = "triggers.json"
LEAST, MOST = "least", "most"


@dataclass(frozen=True, slots=True)
class Trigger:
    """on: events, any of which sets the trait off, in the words of `events.py`. boons: that it gives then, all where
    empty. part: of several of one boon the least or the most; seconds: else those of these lengths, the least of
    them. gap: whether the trait's own recharge or interval spaces these out. pulses: it acts with each of its pulses.
    role_decides: of effects that exclude each other the player picks the one that the build's role asks for."""

    trait: int
    on: tuple[str, ...]
    boons: frozenset[str] = frozenset()
    part: str = ""
    seconds: frozenset[float] = frozenset()
    gap: bool = True
    pulses: bool = False
    per: int = 1
    role_decides: bool = False

    @property
    def whole(self) -> bool:
        """Whether everything that the trait does comes with it."""
        return not (self.boons or self.part or self.seconds or self.role_decides)


@dataclass(frozen=True, slots=True)
class Granted:
    """A skill that a trait brings, used with each of the events."""

    trait: int
    skill: int
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """skills: by name, at hand only after the entry."""

    entry: str
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Triggers:
    """by_trait: lines in the order in which they take boons. aliases: a name in the facts to the key on which the
    skill lies, for an elite specialization may have put another there."""

    by_trait: Mapping[int, tuple[Trigger, ...]]
    grants: tuple[Granted, ...]
    forms: tuple[Form, ...]
    aliases: Mapping[str, str]


@cache
def triggers() -> Triggers:
    document = orjson.loads(resources.files("builds.engine.effects").joinpath(FILE).read_bytes())
    by_trait: dict[int, tuple[Trigger, ...]] = {}
    for line in document["triggers"]:
        trigger = Trigger(
            trait=line["trait"],
            on=tuple(line["on"]),
            boons=frozenset(line.get("boons", ())),
            part=line.get("part", ""),
            seconds=frozenset(line.get("seconds", ())),
            gap=line.get("gap", True),
            pulses=line.get("times") == "pulses",
            per=line.get("per", 1),
            role_decides=line.get("role_decides", False),
        )
        by_trait[trigger.trait] = (*by_trait.get(trigger.trait, ()), trigger)
    return Triggers(
        by_trait,
        tuple(Granted(line["trait"], line["skill"], tuple(line["on"])) for line in document["grants"]),
        tuple(Form(line["entry"], tuple(line["skills"])) for line in document["forms"]),
        document["aliases"],
    )
