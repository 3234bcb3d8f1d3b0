"""The form of a search for gear. What the engine takes is the engine's to judge; here the input only gets its shape."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from builds.engine.attributes import AttributePanel, attributes
from builds.engine.attributes.names import BOONS, STACKING
from builds.engine.gear.names import DAMAGING_CONDITIONS
from builds.engine.optimise import OBJECTIVES, GearChoices
from builds.engine.optimise.choices import DEFAULT_PREFIXES, MOST_INFUSED, MOST_PREFIXES, WEIGHTED
from builds.engine.optimise.estimate import estimated_profile
from builds.gamedata import Catalogue
from builds.gear_wish import GearWish
from builds.presentation.attributes import panel_view
from builds.presentation.gear_offer import food_choices, upgrade_choices, utility_choices
from builds.spec import BuildSpec
from builds.spec.model import ATTRIBUTES, MAX_INFUSIONS, DamageProfile
from gw2optimizer.errors import DomainError

OBJECTIVE_WORDS = {
    "damage": "Damage: strikes and conditions",
    "power": "Strike damage alone",
    "condition": "Condition damage alone",
    "healing": "Healing",
    "boon_support": "Healing, keeping boon duration",
    "survivability": "Survivability: health and armor",
    "weighted": "A mix of damage, healing, survivability",
}
_OF_ROLE = {
    "healer": "healing", "healer_quickness": "boon_support", "healer_alacrity": "boon_support",
    "boon_support": "boon_support", "stability_support": "boon_support", "cleanse": "healing",
    "tank": "survivability", "hybrid": "weighted",
}  # fmt: skip
_GIVES_BOONS = frozenset({"quickness", "alacrity"})
# Field: the constraint, and how much of it is one in the form.
LIMITS = {
    "min_boon_duration": ("Boon duration at least, %", 100),
    "min_critical_chance": ("Critical chance at least, %", 100),
    "min_health": ("Health at least", 1),
    "min_healing_power": ("Healing power at least", 1),
    "min_toughness": ("Toughness at least", 1),
    "max_toughness": ("Toughness at most", 1),
}
_USUAL_BOONS = ("might", "fury")
_PROFILE_FIELDS = ("power_coefficient", "power2_coefficient", "skill_attack_rate")
UPGRADES = {"runes": "rune", "sigils": "sigil", "relics": "relic"}
# Where the engine's own name of what is wrong is no field of the form.
_PLACES = {"constraints": "min_boon_duration", "weights": "weight_damage", "profile": "power_coefficient"}


class Ticks(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label=label, required=False, **options)


def _of_range(least: float, most: float, kind: str) -> dict[str, str]:
    text = f"Give a {kind} from {least:,.0f} to {most:,.0f}."
    return dict.fromkeys(("invalid", "min_value", "max_value"), text)


class Amount(forms.FloatField):
    def __init__(self, label: str, most: float = 1e6) -> None:
        attrs = {"step": "any", "inputmode": "decimal"}
        super().__init__(
            label=label,
            required=False,
            min_value=0,
            max_value=most,
            widget=forms.NumberInput(attrs=attrs),
            error_messages=_of_range(0, most, "number"),
        )


def usual_objective(spec: BuildSpec) -> str:
    return _OF_ROLE.get(spec.role or "", "damage")


class GearForm(forms.Form):
    objective = forms.ChoiceField(choices=[(name, OBJECTIVE_WORDS[name]) for name in OBJECTIVES])
    prefixes = Ticks("Prefixes", help_text=f"Up to {MOST_PREFIXES}. With none, those usual for the objective.")
    runes = Ticks("Runes")
    sigils = Ticks("Sigils", help_text="Every pair of those you tick is tried, on weapon set 1.")
    relics = Ticks("Relics")
    foods = Ticks("Food")
    utilities = Ticks("Utility items")
    infusions = Ticks("Infusions", help_text=f"Up to {MOST_INFUSED} attributes, in place of the build's own infusions.")
    keep_second_set = forms.BooleanField(label="Weapon set 2 keeps its prefixes", required=False)
    infusion_count = forms.IntegerField(
        label="How many infusions",
        min_value=1,
        max_value=MAX_INFUSIONS,
        required=False,
        initial=18,
        error_messages=_of_range(1, MAX_INFUSIONS, "whole number"),
    )
    boons = Ticks("Boons")
    switches = Ticks("Only under conditions")
    own_profile = forms.BooleanField(label="Use these numbers", required=False)

    def __init__(self, *args: Any, spec: BuildSpec, catalogue: Catalogue, **kwargs: Any) -> None:
        """spec: not of PvP."""
        super().__init__(*args, **kwargs)
        self.spec, self.catalogue = spec, catalogue
        self.offered: dict[str, list[tuple[str, str]]] = {}
        for name, (label, _) in LIMITS.items():
            self.fields[name] = Amount(label)
        for name in WEIGHTED:
            self.fields[f"weight_{name}"] = Amount(name.capitalize(), 100)
        for name in (*_PROFILE_FIELDS, *DAMAGING_CONDITIONS):
            self.fields[name] = Amount(_profile_label(name))
        plain = attributes(spec, catalogue, boons={name: STACKING.get(name, 1) for name in _USUAL_BOONS})
        panel = panel_view(plain)
        self._offer("prefixes", ((name, name) for name in catalogue.prefixes))
        for field, kind in UPGRADES.items():
            self._offer(field, upgrade_choices(catalogue, kind))
        self._offer("foods", food_choices(catalogue, spec))
        self._offer("utilities", utility_choices(catalogue, spec))
        self._offer("infusions", ((name, name.replace("_", " ").capitalize()) for name in ATTRIBUTES))
        self._offer("boons", _boon_choices(plain))
        self._offer("switches", ((tick.value, tick.label) for tick in panel.conditions))

    def _offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, Ticks)
        field.choices = self.offered[name] = list(choices)

    @property
    def own(self) -> dict[str, frozenset[str]]:
        """Field to what the build has of it now."""
        spec = self.spec
        sigils = spec.sigils[0] if spec.sigils else ()
        worn = {"runes": (spec.rune,), "sigils": sigils, "relics": (spec.relic,), "foods": (spec.food,)}
        worn["utilities"] = (spec.utility,)
        return {name: frozenset(str(id_) for id_ in ids) for name, ids in worn.items()}

    @property
    def limits(self) -> list[forms.BoundField]:
        return [self[name] for name in LIMITS]

    @property
    def weights(self) -> list[forms.BoundField]:
        return [self[f"weight_{name}"] for name in WEIGHTED]

    @property
    def profile(self) -> list[forms.BoundField]:
        return [self[name] for name in (*_PROFILE_FIELDS, *DAMAGING_CONDITIONS)]

    @property
    def options(self) -> list[forms.BoundField]:
        return [self[name] for name in (*UPGRADES, "foods", "utilities")]

    def ticked(self, name: str) -> list[str]:
        return [str(value) for value in self[name].value() or ()]

    @property
    def profile_source(self) -> str:
        given = self.spec.damage_profile
        return "estimated from the facts of the build's skills" if given is None else given.source or "given"

    def wish(self) -> GearWish:
        """Of a valid form."""
        data = self.cleaned_data
        limits = {name: data[name] / scale for name, (_, scale) in LIMITS.items() if data[name] is not None}
        weights = {name: data[f"weight_{name}"] for name in WEIGHTED if data[f"weight_{name}"]}
        sigils = [int(one) for one in data["sigils"]]
        return GearWish(
            objective=data["objective"],
            constraints=limits,
            weights=weights if data["objective"] == "weighted" else {},
            choices=GearChoices(
                prefixes=tuple(data["prefixes"]),
                runes=tuple(map(int, data["runes"])),
                sigils=tuple(itertools.combinations(sigils, 2)) if len(sigils) > 1 else tuple((one,) for one in sigils),
                relics=tuple(map(int, data["relics"])),
                foods=tuple(map(int, data["foods"])),
                utilities=tuple(map(int, data["utilities"])),
                infusions=tuple(data["infusions"]),
                infusion_count=data["infusion_count"] or 18,
                keep_second_set=data["keep_second_set"],
            ),
            boons={name: STACKING.get(name, 1) for name in data["boons"]},
            switches=tuple(map(int, data["switches"])),
            profile=self._profile() if data["own_profile"] else None,
        )

    def _profile(self) -> DamageProfile:
        data = self.cleaned_data
        conditions = {name: data[name] for name in DAMAGING_CONDITIONS if data[name]}
        return DamageProfile(
            data["power_coefficient"] or 0.0,
            data["power2_coefficient"] or 0.0,
            conditions,
            data["skill_attack_rate"] or 0.0,
            "given",
        )

    def add_errors(self, error: DomainError) -> None:
        """Each at its field where the form has one, else above the form."""
        told = False
        for field, texts in error.fields.items():
            place = _PLACES.get(field.partition(".")[0], field)
            if place in self.fields:
                told = True
                for text in texts:
                    self.add_error(place, text)
        if not told:
            texts = [text for found in error.fields.values() for text in found]
            self.add_error(None, " ".join([error.message, *texts]))


def initial_of(spec: BuildSpec, catalogue: Catalogue, objective: str = "") -> dict[str, Any]:
    """What the form begins with for a build; objective: as asked for, else usual for its role."""
    chosen = objective if objective in OBJECTIVES else usual_objective(spec)
    initial: dict[str, Any] = {
        "objective": chosen,
        "prefixes": list(DEFAULT_PREFIXES[chosen]),
        "boons": list(_USUAL_BOONS),
        "infusion_count": 18,
        **{f"weight_{name}": 1 for name in WEIGHTED},
        **_profile_initial(spec.damage_profile or estimated_profile(spec, catalogue, spec.game_mode)),
    }
    if spec.role in _GIVES_BOONS:
        # Who brings boons to a group may not lose them to damage.
        owned = attributes(spec, catalogue)["boon_duration"]
        initial["min_boon_duration"] = int(100 * min(1.0, owned) + 1e-6)
    return initial


def initial_again(spec: BuildSpec, catalogue: Catalogue, wish: GearWish) -> dict[str, Any]:
    """What the form holds that asked for this."""
    choices = wish.choices
    found: dict[str, Any] = {
        "objective": wish.objective,
        "prefixes": list(choices.prefixes or DEFAULT_PREFIXES.get(wish.objective, ())),
        "runes": [str(id_) for id_ in choices.runes],
        "sigils": [str(id_) for id_ in dict.fromkeys(one for pair in choices.sigils for one in pair)],
        "relics": [str(id_) for id_ in choices.relics],
        "foods": [str(id_) for id_ in choices.foods],
        "utilities": [str(id_) for id_ in choices.utilities],
        "infusions": list(choices.infusions),
        "infusion_count": choices.infusion_count,
        "keep_second_set": choices.keep_second_set,
        "boons": list(_USUAL_BOONS if wish.boons is None else wish.boons),
        "switches": [str(id_) for id_ in wish.switches],
        "own_profile": wish.profile is not None,
        **{f"weight_{name}": _tidy(wish.weights.get(name, 0.0 if wish.weights else 1.0)) for name in WEIGHTED},
        **{
            name: _tidy(wish.constraints[name] * scale)
            for name, (_, scale) in LIMITS.items()
            if name in wish.constraints
        },
    }
    profile = wish.profile or spec.damage_profile or estimated_profile(spec, catalogue, spec.game_mode)
    return found | _profile_initial(profile)


def _profile_initial(profile: DamageProfile) -> dict[str, Any]:
    conditions: Mapping[str, float] = profile.condition_coefficients
    return {
        **{name: _tidy(getattr(profile, name)) for name in _PROFILE_FIELDS},
        **{name: _tidy(conditions.get(name, 0.0)) for name in DAMAGING_CONDITIONS},
    }


def _tidy(value: float) -> float:
    """No more digits than anybody meant."""
    return int(value) if value == int(value) else round(value, 4)


def _profile_label(name: str) -> str:
    return {
        "power_coefficient": "Strikes: strength × coefficient a second",
        "power2_coefficient": "The same of phantasms or a second weapon",
        "skill_attack_rate": "Skills the target uses a second",
    }.get(name) or f"{name.capitalize()}: stacks at a time"


def _boon_choices(panel: AttributePanel) -> Iterable[tuple[str, str]]:
    needed = {switch.boon for switch in panel.switches}
    for name in BOONS:
        if name in needed or name in _USUAL_BOONS:
            stacks = STACKING.get(name, 1)
            yield name, f"{stacks} {name}" if stacks > 1 else name.capitalize()
