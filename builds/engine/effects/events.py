"""How often what sets traits off happens in a build: uses of its own skills, swaps, dodges.

Words for an event: `heal`, `elite`, `toolbelt`, `toolbelt:heal`, `mech`, `chant`, `burst`, `shatter`, `steal`,
`shroud`, `energy`; `category:Shout`, `skill:Berserk`, `weapon:Focus`, `key:4`, `legend:...`, `form:...`; by what
skills do: `aura`, `barrier`, `disable`, `cleanse`, `stun break`, `boon:Fury`; and without a skill: `swap:weapon`,
`swap:attunement`, `swap:legend`, `swap:pet`, `attune:Air`, `dodge`, `facets`, `clone`, `familiar`, `morph`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from builds.engine.effects import assumptions
from builds.engine.effects.assumptions import Circumstances
from builds.engine.effects.forms import OVERLOAD
from builds.engine.effects.model import EntityEffects
from builds.engine.effects.triggers import triggers
from builds.engine.effects.turns import Use, cast_seconds
from builds.gamedata import Catalogue
from builds.gamedata.model import Skill
from builds.gamedata.weapon_skills import ATTUNEMENTS
from builds.spec.model import BuildSpec

_SHATTERS = frozenset({"Profession_1", "Profession_2", "Profession_3", "Profession_4"})
_BAR = frozenset({"Heal", "Utility", "Elite"})
_PROTOCOL = "Protocol:"
_ATTUNED = "Elementalist"


@dataclass(frozen=True, slots=True)
class Rate:
    """per_second: at best, of what is known. open: more of it may happen, and nothing says how often. words: of it."""

    per_second: float
    open: bool
    words: str = ""


_NEVER = Rate(0.0, open=False)
_Fits = Callable[[Skill, Use], bool]
_Does = Callable[[EntityEffects], bool]
_BY_WORD: dict[str, _Fits] = {
    "heal": lambda skill, use: skill.slot == "Heal",
    "elite": lambda skill, use: skill.slot == "Elite",
    "toolbelt": lambda skill, use: use.place == "Tool belt",
    "mech": lambda skill, use: use.place == "Mech",
    "chant": lambda skill, use: skill.name.startswith("Chant of "),
    "burst": lambda skill, use: bool({"Burst", "PrimalBurst"} & {*skill.categories}) or skill.name == "Dragon Trigger",
    "shatter": lambda skill, use: skill.slot in _SHATTERS and use.place == "Profession",
    "steal": lambda skill, use: "Thief" in skill.professions and skill.slot == "Profession_1",
    "shroud": lambda skill, use: "Necromancer" in skill.professions and skill.name.endswith(" Shroud"),
    "energy": lambda skill, use: "Revenant" in skill.professions and bool(skill.details.get("cost")),
}
_BY_EFFECT: dict[str, _Does] = {
    "aura": lambda effects: bool(effects.auras),
    "barrier": lambda effects: bool(effects.barrier),
    "disable": lambda effects: bool(effects.cc),
    "cleanse": lambda effects: bool(effects.conditions_removed or effects.conditions_converted),
    "stun break": lambda effects: effects.stun_break,
}
_BY_KIND: dict[str, Callable[[str], _Fits]] = {
    "category": lambda name: lambda skill, use: name in skill.categories,
    "skill": lambda name: lambda skill, use: skill.name == name,
    "weapon": lambda name: lambda skill, use: skill.weapon_type == name and (skill.slot or "").startswith("Weapon_"),
    "key": lambda name: lambda skill, use: skill.slot == f"Profession_{name}",
    "legend": lambda name: lambda skill, use: use.place == name,
}


def _gives(boon: str) -> _Does:
    return lambda effects: any(one.name == boon and not one.when for one in effects.boons)


class Events:
    """skills: uses of the build's skills. Traits that were rated already may be added, for some set off others."""

    def __init__(self, build: BuildSpec, catalogue: Catalogue, given: Circumstances, skills: Sequence[Use]) -> None:
        self.build = build
        self.catalogue = catalogue
        self.given = given
        self.skills = [(use.entity, use) for use in skills if isinstance(use.entity, Skill)]
        self.traits: list[Use] = []
        self.attunements = len(ATTUNEMENTS) if build.profession == _ATTUNED else 1
        self.overloads = any(OVERLOAD in skill.categories for skill, _ in self.skills)

    def of(self, words: Iterable[str]) -> Rate:
        """Of any of the events; a skill that is two of them counts once."""
        found: dict[int, Use] = {}
        per_second, names, is_open = 0.0, [], False
        for word in words:
            uses = self._uses(word)
            if uses is None:
                rate = self._without_skill(word)
                per_second, is_open = per_second + rate.per_second, is_open or rate.open
                names += [rate.words] if rate.per_second else []
                continue
            is_open = is_open or (not uses and self._may_be_there(word))
            found |= {id(use): use for use in uses}
        is_open = is_open or any(use.period is None for use in found.values())
        names += [use.entity.name for use in found.values() if use.period]
        per_second += sum(use.per_second for use in found.values())
        return Rate(per_second, is_open, ", ".join(dict.fromkeys(names)))

    def named(self, name: str) -> Rate:
        """name: of a skill, as the facts say what an effect needs; it may be at hand only in a form."""
        alias = triggers().aliases.get(name)
        rate = self.of([alias] if alias else [f"skill:{name}"])
        if rate.per_second:
            return rate
        for form in triggers().forms:
            if name in form.skills and (often := self._in_form(form.entry, [name])):
                return Rate(often, open=False, words=f"{name}, after {form.entry}")
        return rate

    # --- With skills -----------------------------------------------------------------------------
    def _uses(self, word: str) -> list[Use] | None:
        """None for an event that is no use of a skill."""
        kind, _, name = word.partition(":")
        if word == "toolbelt:heal":
            heal = self.catalogue.skills.get(self.build.skills.heal or 0)
            belt = heal.details.get("toolbelt_skill") if heal else None
            return [use for skill, use in self.skills if skill.id == belt]
        if does := _gives(name) if kind == "boon" else _BY_EFFECT.get(word):
            return [use for use in (*(use for _, use in self.skills), *self.traits) if does(use.effects)]
        fits = _BY_WORD.get(word) or (_BY_KIND[kind](name) if kind in _BY_KIND else None)
        return None if fits is None else [use for skill, use in self.skills if fits(skill, use)]

    def _may_be_there(self, word: str) -> bool:
        """Whether a skill that was not found may be at hand all the same: one of the bar would have been found."""
        kind, _, name = word.partition(":")
        if kind != "skill":
            return word in {"shroud", "mech", "chant"}
        slots = {skill.slot for skill in self.catalogue.skills.values() if skill.name == name}
        return not slots & _BAR

    # --- Without ---------------------------------------------------------------------------------
    def _without_skill(self, word: str) -> Rate:
        kind, _, name = word.partition(":")
        if kind == "form":
            names = next((form.skills for form in triggers().forms if form.entry == name), ())
            often = self._in_form(name, names)
            return Rate(often, open=not often, words=f"skills of {name}")
        if kind == "attune":
            return self._spaced(
                self._attunement() * self.attunements, self.attunements > 1, f"attuning to {name.lower()}"
            )
        simple: dict[str, Callable[[], Rate]] = {
            "swap:weapon": lambda: self._spaced(assumptions.WEAPON_SET_SECONDS, self._sets() > 1, "swapping weapons"),
            "swap:pet": lambda: self._spaced(
                assumptions.WEAPON_SET_SECONDS, len(self.build.pets_land) > 1, "swapping pets"
            ),
            "swap:legend": lambda: self._spaced(
                assumptions.LEGEND_SECONDS, len(self.build.legends_land) > 1, "invoking a legend"
            ),
            "swap:attunement": lambda: self._spaced(self._attunement(), self.attunements > 1, "attuning"),
            "dodge": lambda: Rate(1.0 / assumptions.DODGE_SECONDS, open=False, words="dodging"),
            "facets": self._facets,
            "clone": self._clones,
            "familiar": self._familiar,
            "morph": self._morphs,
        }
        return simple[word]()

    def _spaced(self, seconds: float, there: bool, words: str) -> Rate:
        return Rate(1.0 / seconds, open=False, words=words) if there else _NEVER

    def _sets(self) -> int:
        return sum(bool(held.names) for held in self.build.weapon_sets)

    def _attunement(self) -> float:
        return assumptions.OVERLOAD_SECONDS if self.overloads else assumptions.ATTUNEMENT_SECONDS

    def _in_form(self, entry: str, names: Sequence[str]) -> float:
        """Each of the skills is used once after each entry, where its own recharge lets it."""
        often = self.of([f"skill:{entry}"]).per_second
        return sum(min(often, self._ready(name)) for name in names) if often else 0.0

    def _ready(self, name: str) -> float:
        """Uses a second that the recharge of a skill of a form allows."""
        recharges = [
            skill.recharge for skill in self.catalogue.skills.values() if skill.name == name and skill.recharge
        ]
        shortest = min(recharges, default=0.0) * (assumptions.ALACRITY_RECHARGE if self.given.alacrity else 1.0)
        return 1.0 / (shortest + cast_seconds(self.given))

    def _facets(self) -> Rate:
        """Each second of the legend whose facets are held; without them other skills with an upkeep may do."""
        held = [use.place for skill, use in self.skills if skill.name.startswith("Facet of ") and use.period]
        turns = max(1, len(self.build.legends_land))
        return Rate(1.0 / turns if held else 0.0, open=not held, words="holding facets")

    def _clones(self) -> Rate:
        """Shattered are those that skills make, three at a time at most; a phantasm becomes one."""
        made = [use for skill, use in self.skills if {"Clone", "Phantasm"} & {*skill.categories}]
        shattered = assumptions.MOST_CLONES * self.of(["shatter"]).per_second
        often = min(shattered, sum(use.per_second for use in made))
        names = ", ".join(dict.fromkeys(use.entity.name for use in made))
        return Rate(often, open=not often, words=f"shattering the clones of {names}")

    def _familiar(self) -> Rate:
        """Each weapon skill gives the familiar a charge, and the heal Rejuvenate all; skills without a recharge,
        which give more, are left out."""
        charges = sum(use.per_second for skill, use in self.skills if (skill.slot or "").startswith("Weapon_"))
        often = charges / assumptions.FAMILIAR_CHARGES + self.of(["skill:Rejuvenate"]).per_second
        return Rate(often, open=not often, words="charging the familiar with weapon skills")

    def _morphs(self) -> Rate:
        """The build does not say which skills lie on the keys, but all of them have one recharge."""
        recharges = {skill.recharge for skill in self.catalogue.skills.values() if _PROTOCOL in skill.name}
        keys = sum(skill.name == "Locked" and use.place == "Profession" for skill, use in self.skills)
        if len(recharges) != 1 or not keys:
            return Rate(0.0, open=True)
        ready = (recharges.pop() or 0.0) * (assumptions.ALACRITY_RECHARGE if self.given.alacrity else 1.0)
        return Rate(keys / (ready + cast_seconds(self.given)), open=False, words="morph skills")
