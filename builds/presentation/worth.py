"""What a build is worth, as pages draw it: its panel, what it gives, and its damage, beside what it was before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from builds.engine.attributes import AttributePanel, attributes
from builds.engine.attributes.names import BOONS, STACKING
from builds.engine.effects import effects_with_panel
from builds.engine.optimise.damage import Damage, damage_of
from builds.gamedata import Catalogue
from builds.presentation.attributes import AttributeRow, PanelView, panel_view
from builds.presentation.damage import damage_rows
from builds.presentation.effects import EffectsView, effects_view
from builds.spec import BuildSpec
from gw2optimizer.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Asked:
    """Under what the panel is shown: boons to stacks, traits whose conditional effects count, and the weapon set."""

    boons: Mapping[str, int]
    traits: frozenset[str] = frozenset()
    weapon_set: int = 1

    def panel(self, spec: BuildSpec, catalogue: Catalogue) -> AttributePanel:
        """What is asked for and the build does not have is left out. Raises InvalidInput for a build of PvP."""
        number = self.weapon_set if len(spec.weapon_sets) >= self.weapon_set else 1
        plain = attributes(spec, catalogue, boons=self.boons, weapon_set=number)
        switches = frozenset(switch.trait for switch in plain.switches if str(switch.trait) in self.traits)
        if not switches:
            return plain
        return attributes(spec, catalogue, boons=self.boons, switches=switches, weapon_set=number)


def asked_for(boons: Iterable[str], traits: Iterable[str], weapon_set: str) -> Asked:
    """From the texts of a form or an address; what is none of the known ones is left out."""
    known = {name: STACKING.get(name, 1) for name in boons if name in BOONS}
    return Asked(known, frozenset(traits), 2 if weapon_set == "2" else 1)


@dataclass(frozen=True, slots=True)
class WorthView:
    """refused: why there are no attributes. damage: empty where no number can be told; lacking: why not, or what it is
    without; compared: whether there was something before."""

    panel: PanelView | None
    refused: str
    effects: EffectsView
    damage: tuple[AttributeRow, ...]
    compared: bool
    lacking: str = ""


def worth_view(spec: BuildSpec, catalogue: Catalogue, asked: Asked, before: BuildSpec | None = None) -> WorthView:
    effects = effects_view(
        effects_with_panel(spec, catalogue), None if before is None else effects_with_panel(before, catalogue)
    )
    # A profile of its own goes where the skills change; then both are estimated, so that like is compared with like.
    keep = spec.damage_profile is not None
    was = None if before is None else _numbers(before, catalogue, asked, own_profile=keep)
    try:
        panel, damage = asked.panel(spec, catalogue), damage_of(spec, catalogue, profile=spec.damage_profile)
    except InvalidInput as error:
        return WorthView(None, error.message, effects, (), before is not None)
    rows = damage_rows(damage, was[1] if was else None) if armed(spec) else ()
    view = panel_view(panel, weapon_sets=len(spec.weapon_sets), before=was[0] if was else None)
    return WorthView(view, "", effects, rows, before is not None, lacking_for_damage(spec))


def armed(spec: BuildSpec) -> bool:
    """Whether there is anything to estimate damage from: bare hands and what traits add would be a number of nothing
    that anybody plays."""
    return spec.damage_profile is not None or any(held.names for held in spec.weapon_sets)


def lacking_for_damage(spec: BuildSpec) -> str:
    if spec.damage_profile is not None:
        return ""
    missing = [] if armed(spec) else ["weapons"]
    if not any(spec.skills.ids):
        missing.append("skills")
    if not armed(spec):
        return f"No estimate yet: it has no {' and no '.join(missing)}."
    return "Of its weapons alone: it has no skills yet." if missing else ""


def _numbers(
    spec: BuildSpec, catalogue: Catalogue, asked: Asked, *, own_profile: bool
) -> tuple[AttributePanel, Damage] | None:
    """None where the build is one of PvP."""
    profile = spec.damage_profile if own_profile else None
    try:
        return asked.panel(spec, catalogue), damage_of(spec, catalogue, profile=profile)
    except InvalidInput:
        return None
