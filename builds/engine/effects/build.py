"""What a whole build gives and does, estimated from what its parts do and how often."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from builds.engine.attributes import attributes
from builds.engine.effects import assumptions
from builds.engine.effects.assumptions import Circumstances
from builds.engine.effects.equipped import uses_of
from builds.engine.effects.forms import HOW_OFTEN as AT_HAND
from builds.engine.effects.forms import untold_forms
from builds.engine.effects.model import ALLIES, TO_UNKNOWN, Boon, EntityEffects, Heal, Shown
from builds.engine.effects.rates import ROLE_BOONS
from builds.engine.effects.silent import CHARGES
from builds.engine.effects.turns import Use
from builds.gamedata import Catalogue
from builds.gamedata.fact_shapes import BOONS, CONDITIONS
from builds.gamedata.model import MODES
from builds.spec.model import BuildSpec
from gw2optimizer.errors import InvalidInput

_COUNTED = (
    "conditions_removed", "conditions_converted", "conditions_transferred", "boons_removed", "boons_corrupted",
    "boons_stolen",
)  # fmt: skip
# How far and how long, not what: left to the skill's own result.
_REACH = frozenset({"Targets", "Radius", "Interval", "Duration", "Pulse", "Pulses"})
_HOW_OFTEN = "how often is not known"
PROMISED = "its role promises it, and no skill or trait in the data gives it"
# Parts of a heal that depend on something or exclude each other.
_NOT_ALWAYS = (" per ", "level ", "minimum", "maximum", " if ", " when ", "below", "above", "illuminated", "empowered")


@dataclass(frozen=True, slots=True)
class Source(Shown):
    """kind: skill or trait, or build. place and rate: as in Use. period: seconds from one use to the next, None where
    unknown."""

    kind: str
    id: int
    name: str
    place: str
    period: float | None
    rate: str = ""


@dataclass(frozen=True, slots=True)
class BoonSource(Shown):
    """seconds: of one application, with the build's boon duration. stacks: of one application; applications: of one
    use. share: of the time, or average stacks, that this source alone gives; 0 where it is not counted, for the
    reason in `not_counted`."""

    source: Source
    seconds: float
    stacks: int
    applications: int
    to: str
    share: float
    not_counted: str = ""


@dataclass(frozen=True, slots=True)
class BoonUptime(Shown):
    """uptime: fraction of the time with at least one stack, from sources whose rate is known. stacks: the average, of
    might and stability up to 25, of other boons the uptime. to: allies where a counted source reaches them. seconds: of
    the longest application. assumed: share of the time that a score adds for sources that tell no rate, by
    `assumptions`; 0 where there are none."""

    boon: str
    uptime: float
    stacks: float
    seconds: float
    to: str
    given_by: tuple[BoonSource, ...]
    assumed: float = 0.0

    @property
    def counted(self) -> bool:
        return self.uptime > 0


@dataclass(frozen=True, slots=True)
class ConditionRate(Shown):
    """stacks: the average on a foe that all uses reach; seconds: of the longest application, without expertise."""

    condition: str
    stacks: float
    seconds: float
    given_by: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class CountRate(Shown):
    """per_second: over all sources with a period. per_use: of each source, in the order of given_by."""

    effect: str
    per_second: float
    per_use: tuple[float, ...]
    given_by: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class HealRate(Shown):
    """per_second: points to each one reached. at_least: a share of healing power is not known."""

    per_second: float
    at_least: bool
    given_by: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Does(Shown):
    """An effect with nothing to sum up: an aura, a field, a block. seconds: None where it has none."""

    effect: str
    seconds: float | None
    source: Source


@dataclass(frozen=True, slots=True)
class UnknownOf(Shown):
    source: Source
    effect: str
    reason: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BuildEffects(Shown):
    """Estimates under `assumptions`, each of which is said there in words. game_mode: as asked for.
    stability: applications in 30 seconds. defiance: points in 30 seconds. Healing, barrier: points a second.
    notes: what the numbers had to do without."""

    name: str
    game_mode: str
    boons: tuple[BoonUptime, ...]
    conditions: tuple[ConditionRate, ...]
    counts: tuple[CountRate, ...]
    stability_per_30_s: float
    defiance_per_30_s: float
    control: tuple[Does, ...]
    stun_breaks: tuple[Source, ...]
    healing: HealRate
    barrier: HealRate
    regeneration_per_second: float
    combo_fields: tuple[Does, ...]
    finishers: tuple[Does, ...]
    others: tuple[Does, ...]
    unknown: tuple[UnknownOf, ...]
    boon_duration: float
    healing_power: float
    assumptions: tuple[str, ...]
    notes: tuple[str, ...] = ()


def effects(
    build: BuildSpec,
    catalogue: Catalogue,
    mode: str | None = None,
    *,
    boon_duration: float = 0.0,
    healing_power: float = 0.0,
    quickness: bool = False,
    alacrity: bool = False,
    of_boon: Mapping[str, float] | None = None,
) -> BuildEffects:
    """mode: the build's own where None. boon_duration: a fraction; of_boon: what single boons have beside it, by name.
    healing_power: points. quickness, alacrity: held all the time, by whomever.
    Raises InvalidInput for a mode that there is not and numbers that can't be."""
    mode = _checked(mode or build.game_mode, boon_duration, healing_power)
    given = Circumstances(boon_duration, healing_power, quickness, alacrity, of_boon or {})
    uses = uses_of(build, catalogue, mode, given)
    boons = _boons(uses, given)
    regeneration = next((boon.uptime for boon in boons if boon.boon == "Regeneration"), 0.0)
    return BuildEffects(
        name=build.name,
        game_mode=mode,
        boons=boons,
        conditions=_conditions(uses),
        counts=_counts(uses),
        stability_per_30_s=_stability(boons),
        defiance_per_30_s=sum(use.effects.defiance * _in_window(use) for use in uses),
        control=_does(uses, _control),
        stun_breaks=tuple(_source(use) for use in uses if use.effects.stun_break),
        healing=_heal_rate(uses, lambda effects: (*effects.healing, *effects.life_siphon), healing_power),
        barrier=_heal_rate(uses, lambda effects: effects.barrier, healing_power),
        regeneration_per_second=regeneration * regeneration_healing(healing_power),
        combo_fields=_does(uses, lambda effects: [(field, effects.duration) for field in effects.fields]),
        finishers=_does(uses, _finishers),
        others=_does(uses, _others),
        unknown=tuple(_unknown(uses, boons, build, catalogue, mode)),
        boon_duration=boon_duration,
        healing_power=healing_power,
        assumptions=assumptions.in_words(given),
        notes=_changed(uses, catalogue),
    )


def effects_with_panel(
    build: BuildSpec, catalogue: Catalogue, mode: str | None = None, *, quickness: bool = False, alacrity: bool = False
) -> BuildEffects:
    """With the boon duration and healing power of the build's own panel out of combat, its first weapon set in hand.
    Raises InvalidInput for a mode that there is not."""
    given = mode or build.game_mode
    _checked(given, 0.0, 0.0)
    boon_duration, healing_power, notes = 0.0, 0.0, []
    of_boon: dict[str, float] = {}
    try:
        panel = attributes(build, catalogue, given)
    except InvalidInput as error:  # the panel of PvP needs amulets, which the data lacks
        notes.append(f"{error.message} Boon duration and healing power count as nothing.")
    else:
        boon_duration, healing_power = panel["boon_duration"], panel["healing_power"]
        durations = {boon: panel.attributes.get(f"{boon.lower()}_duration") for boon in BOONS}
        of_boon = {boon: duration.value for boon, duration in durations.items() if duration}
        if panel.missing:
            notes.append("Gear is not given in whole, so that boon duration and healing power are lower bounds.")
    found = effects(
        build,
        catalogue,
        given,
        boon_duration=boon_duration,
        healing_power=healing_power,
        quickness=quickness,
        alacrity=alacrity,
        of_boon=of_boon,
    )
    return replace(found, notes=(*notes, *found.notes))


def _checked(mode: str, boon_duration: float, healing_power: float) -> str:
    if mode not in MODES:
        raise InvalidInput(
            f"There is no game mode “{mode[:40]}”.", fields={"mode": [f"Give one of {', '.join(MODES)}."]}
        )
    for name, value, most in (("boon_duration", boon_duration, 10.0), ("healing_power", healing_power, 100_000.0)):
        if not (math.isfinite(value) and 0 <= value <= most):
            raise InvalidInput("A number is out of range.", fields={name: [f"Give a number from 0 to {most:g}."]})
    return mode


def _source(use: Use) -> Source:
    return Source(use.effects.kind, use.entity.id, use.entity.name, use.place, use.period, use.rate)


def _unknown(
    uses: list[Use], boons: Iterable[BoonUptime], build: BuildSpec, catalogue: Catalogue, mode: str
) -> Iterator[UnknownOf]:
    for use in uses:
        for entry in use.effects.unknown:
            if entry.effect not in _REACH and entry.effect != CHARGES:
                yield UnknownOf(_source(use), entry.effect, entry.reason, entry.candidates)
    for use, skill, effect in untold_forms(uses, build, catalogue, mode):
        yield UnknownOf(Source("skill", skill.id, skill.name, f"of {use.entity.name}", None), effect, AT_HAND, ())
    promised = ROLE_BOONS.get(build.role or "")
    if promised and not any(one.boon == promised for one in boons):
        yield UnknownOf(Source("build", 0, build.name, "", None), promised, PROMISED, ())


def _changed(uses: Iterable[Use], catalogue: Catalogue) -> tuple[str, ...]:
    """Names what the game has changed since the values of modes were gathered."""
    changed = [use.entity.name for use in uses if f"{use.effects.kind}:{use.entity.id}" in catalogue.unverified]
    if not changed:
        return ()
    names = ", ".join(dict.fromkeys(changed))
    return (f"The game has changed these since their values by mode were gathered: {names}.",)


def _in_window(use: Use) -> float:
    return assumptions.STABILITY_WINDOW * use.per_second


# --- Boons ---------------------------------------------------------------------------------------
def applications(effects: EntityEffects) -> int:
    """Of its boons in one use: a pulse's worth each interval, where the data names one that fits its duration."""
    if effects.kind == "trait" or effects.interval is None:
        return 1
    if effects.pulses:
        return effects.pulses
    return max(1, int(effects.duration // effects.interval)) if effects.duration else 1


def lasting(boon: str, seconds: float, boon_duration: float) -> float:
    """Seconds of one application: base x (1 + boon duration), as much as can be stored. Source: in-game."""
    cap = assumptions.SWIFTNESS_CAP if boon == "Swiftness" else assumptions.DURATION_CAP
    return min(seconds * (1.0 + boon_duration), cap)


def _boons(uses: Iterable[Use], given: Circumstances) -> tuple[BoonUptime, ...]:
    sources: dict[str, list[BoonSource]] = {}
    for use in uses:
        for boon in use.effects.boons:
            sources.setdefault(boon.name, []).append(_boon_source(use, boon, given))
    found = [_uptime(name, sources[name], given) for name in BOONS if name in sources]
    return tuple(sorted(found, key=lambda boon: (-boon.uptime, boon.boon)))


def _boon_source(use: Use, boon: Boon, given: Circumstances) -> BoonSource:
    seconds = lasting(boon.name, boon.seconds, given.duration_of(boon.name))
    times = applications(use.effects)
    reason = f"only with {boon.when}" if boon.when else "" if use.period else _HOW_OFTEN
    share = 0.0 if reason else use.per_second * times * boon.stacks * seconds
    return BoonSource(_source(use), seconds, boon.stacks, times, boon.to, share, reason)


def _uptime(name: str, sources: list[BoonSource], given: Circumstances) -> BoonUptime:
    counted = [source for source in sources if not source.not_counted]
    total = sum(source.share for source in counted)
    if name in assumptions.INTENSITY_BOONS:
        stacks = min(total, assumptions.STACK_CAP)
        uptime = min(1.0, sum(source.share / source.stacks for source in counted))
    else:
        stacks = uptime = min(1.0, total)
    reaches = any(source.to == ALLIES for source in counted or sources)
    return BoonUptime(
        name,
        uptime,
        stacks,
        max(source.seconds for source in sources),
        ALLIES if reaches else TO_UNKNOWN,
        tuple(sorted(sources, key=lambda source: (-source.share, source.source.name))),
        assumptions.open_uptime(name, given.duration_of(name)) if len(counted) < len(sources) else 0.0,
    )


def _stability(boons: Iterable[BoonUptime]) -> float:
    """Applications in 30 seconds, of all stacks of a use or pulse at once."""
    return sum(
        assumptions.STABILITY_WINDOW / source.source.period * source.applications
        for boon in boons
        if boon.boon == "Stability"
        for source in boon.given_by
        if source.source.period and not source.not_counted
    )


# --- The rest ------------------------------------------------------------------------------------
def _conditions(uses: Iterable[Use]) -> tuple[ConditionRate, ...]:
    found: dict[str, tuple[float, float, list[Source]]] = {}
    for use in uses:
        for condition in use.effects.conditions:
            stacks, longest, sources = found.get(condition.name, (0.0, 0.0, []))
            if not condition.when:
                stacks += use.per_second * condition.stacks * condition.seconds
            source = _source(use)
            sources = sources if source in sources else [*sources, source]
            found[condition.name] = stacks, max(longest, condition.seconds), sources
    rates = [
        ConditionRate(name, stacks, longest, tuple(sources))
        for name in CONDITIONS
        for stacks, longest, sources in ([found[name]] if name in found else [])
    ]
    return tuple(sorted(rates, key=lambda rate: (-rate.stacks, rate.condition)))


def _counts(uses: Iterable[Use]) -> tuple[CountRate, ...]:
    rates = []
    for effect in _COUNTED:
        giving = [(use, number) for use in uses if (number := getattr(use.effects, effect))]
        if giving:
            per_second = sum(use.per_second * number for use, number in giving)
            numbers = tuple(number for _, number in giving)
            rates.append(CountRate(effect, per_second, numbers, tuple(_source(use) for use, _ in giving)))
    return tuple(rates)


def healed(heal: Heal, effects: EntityEffects, healing_power: float) -> float:
    """Points of one use: amount + coefficient x healing power, as often as the part says that it comes."""
    label = heal.label.casefold()
    times = 1.0
    if "per second" in label:
        times = effects.duration or 1.0
    elif "pulse" in label:
        times = float(applications(effects))
    return times * (heal.amount + (heal.coefficient or 0.0) * healing_power)


def heals_always(label: str) -> bool:
    """Whether a part comes with each use, whatever else is so."""
    folded = f" {label.casefold()}"
    return " per second" in folded or not any(word in folded for word in _NOT_ALWAYS)


def regeneration_healing(healing_power: float) -> float:
    """Points a second of the boon, of which only one stack heals."""
    return assumptions.REGENERATION_BASE + assumptions.REGENERATION_COEFFICIENT * healing_power


def _heal_rate(uses: Iterable[Use], part: Callable[[EntityEffects], Iterable[Heal]], healing_power: float) -> HealRate:
    per_second, at_least, sources = 0.0, False, []
    for use in uses:
        always = [heal for heal in part(use.effects) if heals_always(heal.label)]
        if not always:
            continue
        sources.append(_source(use))
        per_second += use.per_second * sum(healed(heal, use.effects, healing_power) for heal in always)
        at_least = at_least or any(heal.coefficient is None for heal in always)
    return HealRate(per_second, at_least, tuple(sources))


def _does(uses: Iterable[Use], part: Callable[[EntityEffects], Iterable[tuple[str, float | None]]]) -> tuple[Does, ...]:
    return tuple(Does(name, seconds, _source(use)) for use in uses for name, seconds in part(use.effects))


def _control(effects: EntityEffects) -> list[tuple[str, float | None]]:
    return [(control.effect, control.seconds) for control in effects.cc]


def _finishers(effects: EntityEffects) -> list[tuple[str, float | None]]:
    return [
        (one.finisher if one.percent == 100 else f"{one.finisher} ({one.percent} %)", None) for one in effects.finishers
    ]


def _others(effects: EntityEffects) -> list[tuple[str, float | None]]:
    found: list[tuple[str, float | None]] = [(one.effect, one.seconds) for one in (*effects.auras, *effects.others)]
    for name in ("superspeed", "stealth", "evade", "block"):
        if (seconds := getattr(effects, name)) is not None:
            found.append((name.capitalize(), seconds))
    found += [("Blocks missiles", None)] if effects.blocks_missiles else []
    found += [("Reflects missiles", None)] if effects.reflects_missiles else []
    found += [("Unblockable", None)] if effects.unblockable else []
    return found
