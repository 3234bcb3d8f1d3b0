"""What a skill, a trait or a whole build gives and does, as values. Seconds are before boon or condition duration."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

ALLIES, TO_UNKNOWN = "allies", "unknown"


def plain(value: float) -> float | int:
    """3.0 as 3, so that numbers print as the game writes them."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def _json(value: Any) -> Any:
    if hasattr(value, "as_json"):
        return value.as_json()
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, float | int):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [_json(item) for item in value]
    return str(value)


class Shown:
    """Prints its fields by name."""

    __slots__ = ()

    def as_json(self) -> dict[str, Any]:
        return {field.name: _json(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Applied(Shown):
    """A boon or condition. stacks: applications of `seconds` each.
    to: of a boon, allies (the giver among them) or unknown, for no fact ever says "only oneself".
    when: what has to be so, such as an attunement, "" for always. trait: id of the one that adds or changes it.
    source: which of the snapshot's sources says it holds in this mode."""

    name: str
    seconds: float
    stacks: int
    to: str = ""
    when: str = ""
    trait: int | None = None
    source: str = "api"


@dataclass(frozen=True, slots=True)
class Boon(Applied):
    def as_json(self) -> dict[str, Any]:
        return _named(self, "boon")


@dataclass(frozen=True, slots=True)
class Condition(Applied):
    def as_json(self) -> dict[str, Any]:
        told = _named(self, "condition")
        del told["to"]
        return told


def _named(applied: Applied, word: str) -> dict[str, Any]:
    told: dict[str, Any] = {word: applied.name}
    told |= {field.name: _json(getattr(applied, field.name)) for field in fields(applied) if field.name != "name"}
    return {key: value for key, value in told.items() if key not in {"when", "trait"} or value}


@dataclass(frozen=True, slots=True)
class Control(Shown):
    """A hard control effect. seconds or distance: None where it has none. defiance: points of a defiance bar.
    when: the part of the skill, such as "Level 2 stun", "" for what it does always."""

    effect: str
    seconds: float | None
    distance: int | None
    defiance: int
    when: str = ""

    def __str__(self) -> str:
        length = f" {plain(self.seconds)} s" if self.seconds is not None else ""
        return f"{self.effect}{length} {self.defiance}"


@dataclass(frozen=True, slots=True)
class Heal(Shown):
    """amount: points without healing power. coefficient: of healing power, None where the data does not say."""

    label: str
    amount: float
    coefficient: float | None = None


@dataclass(frozen=True, slots=True)
class Finisher(Shown):
    """percent: chance."""

    finisher: str
    percent: int


@dataclass(frozen=True, slots=True)
class Lasting(Shown):
    """An effect that is neither boon nor condition: an aura, stealth, superspeed."""

    effect: str
    seconds: float
    stacks: int
    when: str = ""


@dataclass(frozen=True, slots=True)
class Count(Shown):
    """What is removed, converted, transferred or stolen at one application. label: the fact's own words."""

    effect: str
    count: float
    label: str


@dataclass(frozen=True, slots=True)
class Unknown(Shown):
    """An effect that exists, or may, and of which the data does not say how much. candidates: what it may be."""

    effect: str
    reason: str
    candidates: tuple[str, ...] = ()
    trait: int | None = None


@dataclass(frozen=True, slots=True)
class EntityEffects(Shown):
    """kind: skill or trait. mode: the balance that was asked for: pve, wvw or pvp.

    targets: players or foes at most, None where no fact names it; targets_of: allies, or unknown where the fact may
    mean foes. recharge: seconds; of a trait how often it may happen. ammo and count_recharge: charges, and seconds
    until one returns. pulses and interval: where facts name them. Counts are of one application, None for none.
    defiance: hard control in points; soft_defiance: of conditions that hold a bar down, over their whole duration.
    evade and block: seconds. Whatever is in `unknown` is counted nowhere else."""

    kind: str
    id: int
    name: str
    mode: str
    boons: tuple[Boon, ...] = ()
    conditions: tuple[Condition, ...] = ()
    targets: int | None = None
    targets_of: str = TO_UNKNOWN
    radius: int | None = None
    recharge: float | None = None
    ammo: int | None = None
    count_recharge: float | None = None
    pulses: int | None = None
    interval: float | None = None
    duration: float | None = None
    stun_break: bool = False
    unblockable: bool = False
    conditions_removed: float | None = None
    conditions_converted: float | None = None
    conditions_transferred: float | None = None
    boons_removed: float | None = None
    boons_corrupted: float | None = None
    boons_stolen: float | None = None
    counts: tuple[Count, ...] = ()
    cc: tuple[Control, ...] = ()
    defiance: float = 0
    soft_defiance: float = 0
    field: str | None = None
    fields: tuple[str, ...] = ()
    finishers: tuple[Finisher, ...] = ()
    healing: tuple[Heal, ...] = ()
    barrier: tuple[Heal, ...] = ()
    life_siphon: tuple[Heal, ...] = ()
    auras: tuple[Lasting, ...] = ()
    others: tuple[Lasting, ...] = ()
    superspeed: float | None = None
    stealth: float | None = None
    evade: float | None = None
    block: float | None = None
    blocks_missiles: bool = False
    reflects_missiles: bool = False
    unknown: tuple[Unknown, ...] = ()

    def as_json(self) -> dict[str, Any]:
        told = Shown.as_json(self)
        told["cc"] = _control_json(self)
        return told


def _control_json(effects: EntityEffects) -> dict[str, Any] | None:
    """One effect with its own numbers; several in words, with their sum."""
    if not effects.cc:
        return None
    if len(effects.cc) == 1:
        return {key: value for key, value in effects.cc[0].as_json().items() if value not in (None, "")}
    return {"defiance": plain(effects.defiance), "parts": [str(control) for control in effects.cc]}
