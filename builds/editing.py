"""Between a build and the flat texts of its editor's form. A field is named by its path in `build/1`, such as
`gear.helm.prefix` or `skills.utilities.1`, so that what is wrong there is told where it stands."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from builds.gamedata import Catalogue
from builds.spec.model import ATTRIBUTES, GEAR_SLOTS, TRINKET_SLOTS, BuildSpec, SkillBar, WeaponSet
from builds.spec.output import plain_json
from builds.spec.parse import PVP_HAS_NO, ParsedBuild, parse_build
from gw2optimizer.errors import InvalidInput

BARS = ("skills", "water_skills")
WEAPONS = ("weapon_sets", "water_weapons")
COMPANIONS = ("pets", "legends")
SIDES = ("land", "water")
TYPED = ("rune", "relic", "food", "utility", "enrichment")
"""Once a build, and found by typing a name."""
SKILL_PLACES = ("heal", "utilities.0", "utilities.1", "utilities.2", "elite")
INFUSION_ITEMS = 6
"""Most kinds of infusion items that the form has a line for: as many as differ in any gear of sense."""

# What the editor has no field for stays as it is in the build that is edited.
_KEPT = ("secondary_roles", "skill_overrides", "damage_profile", "rotation", "benchmark")
_IN_CODE = (
    "specializations", "skills", "water_skills", "weapon_sets", "pets_land", "pets_water", "legends_land",
    "legends_water", "skill_overrides",
)  # fmt: skip
_ROTATED = ("specializations", "skills", "weapon_sets", "pets_land", "legends_land")
_WORN = ("gear", "rune", "sigils", "relic", "food", "utility", "infusions", "jade_bot_core", "pvp_amulet")
_ID = re.compile(r"#(\d{1,9})$", re.ASCII)
NO_LONGER_MEASURED = "The measured damage is left out: it was of the build before this change."


def bar_fields(bar: str) -> tuple[str, ...]:
    return tuple(f"{bar}.{place}" for place in SKILL_PLACES)


def values_of(spec: BuildSpec, catalogue: Catalogue) -> dict[str, str]:
    """Every field of the form and its text; "" where the build says nothing."""
    found: dict[str, object] = {}
    for i, line in enumerate(spec.specializations):
        found[f"specializations.{i}.specialization"] = line.specialization if line else None
        for tier in range(3):
            found[f"specializations.{i}.traits.{tier}"] = line.traits[tier] if line else None
    for bar in BARS:
        skills = getattr(spec, bar) or SkillBar()
        found |= dict(zip(bar_fields(bar), skills.ids, strict=True))
    for name in WEAPONS:
        for i in range(2):
            held = getattr(spec, name)[i : i + 1]
            found[f"{name}.{i}.main_hand"] = held[0].main_hand if held else None
            found[f"{name}.{i}.off_hand"] = held[0].off_hand if held else None
    for slot in GEAR_SLOTS:
        piece = spec.gear.get(slot)
        found[f"gear.{slot}.prefix"] = piece.prefix if piece else None
        found[f"gear.{slot}.rarity"] = piece.rarity if piece else "ascended"
    for kind in TYPED:
        found[kind] = shown_name(kind, getattr(spec, kind), catalogue)
    for i in range(2):
        for j in range(2):
            given = spec.sigils[i][j : j + 1] if i < len(spec.sigils) else ()
            found[f"sigils.{i}.{j}"] = shown_name("sigil", given[0], catalogue) if given else None
    counts = infusion_counts(spec)
    found |= {f"infusions.{name}": counts.get(name) for name in ATTRIBUTES}
    items = [(id_, times) for id_, times in counts.items() if isinstance(id_, int)]
    for row in range(INFUSION_ITEMS):
        item, times = items[row] if row < len(items) else (None, None)
        found[f"infusion_items.{row}.item"] = shown_name("infusion", item, catalogue)
        found[f"infusion_items.{row}.count"] = times
    for name in COMPANIONS:
        for side in SIDES:
            given = getattr(spec, f"{name}_{side}")
            found |= {f"{name}.{side}.{i}": given[i] if i < len(given) else None for i in range(2)}
    found["pvp_amulet"] = spec.pvp_amulet
    found["jade_bot_core"] = "on" if spec.jade_bot_core else None
    return {name: "" if value is None else str(value) for name, value in found.items()}


def infusion_counts(spec: BuildSpec) -> dict[str | int, int]:
    """By attribute or id of an item, whether the build gives them as counts or by slot."""
    counts: Counter[str | int] = Counter(spec.infusions)
    for piece in spec.gear.values():
        counts.update(i.removeprefix("+5 ") if isinstance(i, str) else i for i in piece.infusions)
    return dict(counts)


def shown_name(kind: str, id_: int | None, catalogue: Catalogue) -> str | None:
    """The name, with the id behind it where the name alone would mean another thing."""
    if id_ is None:
        return None
    item = catalogue.table(kind).get(id_)
    if item is None:
        return f"#{id_}"
    return str(item.name) if catalogue.find(kind, item.name).id == id_ else f"{item.name} #{id_}"


FIELDS = frozenset(values_of(BuildSpec("", ""), None))  # type: ignore[arg-type]  # of no build nothing is looked up


INFUSIONS = tuple(name for name in FIELDS if name.startswith("infusion"))


def _together(name: str) -> str:
    """What is changed as one: a line with its traits, a weapon set, all infusions."""
    head, *rest = name.split(".")
    if head in ("specializations", *WEAPONS):
        return f"{head}.{rest[0]}"
    return "infusions" if head.startswith("infusion") else head if head in COMPANIONS else name


def carried_over(typed: Mapping[str, str], opened: Mapping[str, str], saved: Mapping[str, str]) -> dict[str, str]:
    """What was typed onto what was opened, put onto what somebody saved since: what was not touched is as saved."""
    touched = {_together(name) for name in FIELDS if typed.get(name, "").strip() != opened[name]}
    return {name: typed.get(name, "") if _together(name) in touched else saved[name] for name in FIELDS}


def _named(text: str) -> str | int:
    found = _ID.search(text)
    return int(found[1]) if found else text


def _count(text: str) -> int | str:
    """What is no whole number stays as it was typed, for `parse_build` to refuse."""
    try:
        return int(text) if len(text) < 10 else text
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor's form holds. base: the build that is edited, or one with a profession and nothing else. values:
    fields to texts; absent ones are empty. about: name, game_mode, wvw_style and role."""

    base: BuildSpec
    values: Mapping[str, str]
    about: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def parsed(self, catalogue: Catalogue) -> ParsedBuild:
        """Raises InvalidInput whose fields are those of the form; what has no field there keeps its path."""
        document = _document(self, catalogue)
        try:
            found = parse_build(document, catalogue)
        except InvalidInput as error:
            fields: dict[str, list[str]] = {}
            for path, texts in error.fields.items():
                fields.setdefault(self.field_of(path), []).extend(texts)
            raise InvalidInput(error.message, fields=fields) from error
        spec, notes = _as_it_is(found.spec, self.base)
        return ParsedBuild(spec, (*found.notes, *notes))

    def field_of(self, path: str) -> str:
        """path: of `build/1`."""
        parts = path.split(".")
        if parts[0] == "sigils" and len(parts) == 3:
            filled = [j for j in range(2) if self.text(f"sigils.{parts[1]}.{j}")]
            return f"sigils.{parts[1]}.{filled[int(parts[2])]}"
        if parts[0] == "infusions" and path not in FIELDS:
            given = path.partition(".")[2]
            rows = [row for row in range(INFUSION_ITEMS) if given and self.infusion_item(row)[:60] == given]
            return f"infusion_items.{rows[0]}.item" if rows else "infusions"
        if parts[0] == "gear" and path not in FIELDS and len(parts) > 1:
            return "infusions" if "infusions" in parts else f"gear.{parts[1]}.prefix"
        return f"{path}.land.0" if path in COMPANIONS else path

    def infusion_item(self, row: int) -> str:
        return str(_named(self.text(f"infusion_items.{row}.item")))

    def without(self, names: Iterable[str]) -> "Draft":
        """Without what was typed in these fields."""
        return replace(self, values={name: text for name, text in self.values.items() if name not in set(names)})

    def with_gear(self, slots: Iterable[str], prefix: str, catalogue: Catalogue) -> "Draft":
        """With one prefix in these slots, where the game has it."""
        known = catalogue.named("prefix", prefix)
        changed = {
            f"gear.{slot}.prefix": prefix
            for slot in slots
            if not prefix or (known and getattr(known[0], "trinket" if slot in TRINKET_SLOTS else "armor_weapon"))
        }
        return replace(self, values={**self.values, **changed})


def _document(draft: Draft, catalogue: Catalogue) -> dict[str, Any]:
    kept = {name: value for name, value in plain_json(draft.base).items() if name in _KEPT}
    document: dict[str, Any] = {**kept, "profession": draft.base.profession, **draft.about}
    document["specializations"] = [_line(draft, i) for i in range(3)]
    for bar in BARS:
        heal, *utilities, elite = (draft.text(name) or None for name in bar_fields(bar))
        document[bar] = {"heal": heal, "utilities": utilities, "elite": elite}
    for name in WEAPONS:
        sets = [
            {hand: draft.text(f"{name}.{i}.{hand}") or None for hand in ("main_hand", "off_hand")} for i in range(2)
        ]
        document[name] = _without_last(sets, lambda held: any(held.values()))
    sigils = [[_named(t) for j in range(2) if (t := draft.text(f"sigils.{i}.{j}"))] for i in range(2)]
    document["sigils"] = _without_last(sigils, bool)
    document |= {kind: _named(draft.text(kind)) for kind in TYPED if draft.text(kind)}
    document |= _gear(draft, catalogue)
    document |= _companions(draft)
    document["jade_bot_core"] = bool(draft.text("jade_bot_core"))
    if document.get("game_mode") == "pvp":
        document = {name: value for name, value in document.items() if name not in PVP_HAS_NO}
        document["pvp_amulet"] = draft.text("pvp_amulet") or None
    return document


def _line(draft: Draft, i: int) -> dict[str, Any] | None:
    specialization = draft.text(f"specializations.{i}.specialization")
    if not specialization:
        return None
    traits = [draft.text(f"specializations.{i}.traits.{tier}") or None for tier in range(3)]
    return {"specialization": specialization, "traits": traits}


def _without_last[T](entries: list[T], holds: Any) -> list[T]:
    return entries[: max((i for i, entry in enumerate(entries, start=1) if holds(entry)), default=0)]


def _gear(draft: Draft, catalogue: Catalogue) -> dict[str, Any]:
    # Infusions by slot, and runes by piece, stay where they are as long as nobody says otherwise.
    before_it = values_of(draft.base, catalogue)
    by_slot = not draft.base.infusions and all(draft.text(name) == before_it[name] for name in INFUSIONS)
    same_rune = draft.text("rune") == before_it["rune"]
    gear: dict[str, Any] = {}
    for slot in GEAR_SLOTS:
        before = draft.base.gear.get(slot)
        prefix = draft.text(f"gear.{slot}.prefix")
        if not prefix and (before is None or before.prefix is not None):
            continue
        piece: dict[str, Any] = {"prefix": prefix or None}
        piece["rarity"] = draft.text(f"gear.{slot}.rarity") or "ascended"
        if before and by_slot:
            piece["infusions"] = list(before.infusions)
        if before and same_rune and before.upgrade:
            piece["upgrade"] = before.upgrade
        gear[slot] = piece
    return {"gear": gear, "infusions": {} if by_slot else _infusions(draft)}


def _infusions(draft: Draft) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    for name in ATTRIBUTES:
        if text := draft.text(f"infusions.{name}"):
            counts[name] = _count(text)
    for row in range(INFUSION_ITEMS):
        if item := draft.infusion_item(row):
            counts[item] = _count(draft.text(f"infusion_items.{row}.count") or "1")
    return counts


def _companions(draft: Draft) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in COMPANIONS:
        given = {side: [draft.text(f"{name}.{side}.{i}") or None for i in range(2)] for side in SIDES}
        if any(any(ids) for ids in given.values()):
            found[name] = given
    return found


def _as_it_is(spec: BuildSpec, base: BuildSpec) -> tuple[BuildSpec, tuple[str, ...]]:
    """A code is kept to the byte while it says what the build says; what was measured, only while that is played."""
    if base.template_code and _same(spec, base, _IN_CODE):
        spec = replace(spec, template_code=base.template_code)
    notes: tuple[str, ...] = ()
    rotated = _same(spec, base, _ROTATED)
    if spec.benchmark_dps is not None and not (rotated and _same(spec, base, _WORN)):
        spec = replace(spec, benchmark_dps=None, benchmark_source="")
        notes = (NO_LONGER_MEASURED,)
    if not rotated:
        spec = replace(spec, damage_profile=None)
    return spec, notes


def _same(spec: BuildSpec, base: BuildSpec, names: Iterable[str]) -> bool:
    return all(_held(getattr(spec, name)) == _held(getattr(base, name)) for name in names)


def _held(part: Any) -> Any:
    """An empty weapon set at the end is none."""
    empty = (WeaponSet(), ())
    return _without_last(list(part), lambda one: one not in empty) if isinstance(part, tuple) else part
