"""The engine's own recommendation: the nearest published build, in fitting gear, with its reasons."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from typing import Any

from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from builds.gamedata.model import BALANCE_OF_MODE
from builds.gamedata.names import with_article
from builds.models import Build
from builds.recommend import (
    CONSUMED,
    PART_WORDS,
    Candidate,
    Wish,
    best_fit,
    completed,
    gear_kind,
    missing_parts,
    regear,
    without_gear,
)
from builds.recommend.fit import MODE_WORDS, role_closeness
from builds.spec import BuildSpec, build_json, with_code
from gw2optimizer.errors import Unavailable

ANSWERED_BY_ENGINE = "engine"
CHOOSE_AMULET = "Choose an amulet in the game; rune, sigils and relic are those of the source."


@dataclass(frozen=True, slots=True)
class Recommendation:
    """build: complete, with its code. source: the library build it came from."""

    spec: BuildSpec
    source: Build
    reasons: tuple[str, ...]
    given_up: tuple[str, ...]
    others: tuple[Build, ...]
    answered_by: str = ANSWERED_BY_ENGINE

    def as_json(self, catalogue: Catalogue) -> dict[str, Any]:
        return {
            "build": build_json(self.spec, catalogue),
            "template_code": self.spec.template_code,
            "reasons": list(self.reasons),
            "given_up": list(self.given_up),
            "answered_by": self.answered_by,
            "source": {
                "id": str(self.source.pk),
                "name": self.source.name,
                "label": self.source.source_label,
                "as_of": self.source.as_of.date().isoformat() if self.source.is_dated else None,
                "stale": self.source.is_stale,
            },
        }


def recommend(wish: Wish) -> Recommendation:
    """The nearest possible build; what of the wish it does not keep is in `given_up`.
    Raises Unavailable where the library is empty."""
    catalogue = current_catalogue()
    wish, contradictions = _possible(wish, catalogue)
    builds: dict[object, Build] = {
        row.pk: row for row in (_library(profession=wish.profession) if wish.profession else _library())
    }
    fits = best_fit(wish, (candidate_of(row) for row in builds.values()), limit=4)
    if not fits:
        raise Unavailable("The library holds no build to start from. `manage.py load_library` fills it.")
    best, *others = fits
    source = builds[best.candidate.key]
    spec, reasons, given_up = _adapted(source.value, wish, catalogue)
    spec, filled, lacking = _completed(spec, wish, catalogue)
    return Recommendation(
        spec=with_code(spec, catalogue) if not spec.template_code else spec,
        source=source,
        reasons=(*best.reasons, *reasons, *filled),
        given_up=(*contradictions, *best.given_up, *given_up, *lacking),
        others=tuple(builds[fit.candidate.key] for fit in others),
    )


def _library(**filters: Any) -> list[Build]:
    rows = Build.objects.library().filter(**filters).select_related("owner")
    return list(rows.order_by("-is_fresh", "-as_of", "-id"))


def candidate_of(build: Build) -> Candidate:
    spec = build.spec
    return Candidate(
        key=build.pk,
        name=build.name,
        profession=build.profession,
        elite=build.elite_specialization,
        mode=build.game_mode,
        style=build.wvw_style,
        role=build.role,
        secondary_roles=tuple(spec.get("secondary_roles", ())),
        fresh=build.is_fresh,
        complete=bool(spec.get("weapon_sets")) and missing_parts(build.value) <= CONSUMED,
        as_of=build.as_of,
        dated=build.is_dated,
        benchmark=(spec.get("benchmark") or {}).get("dps") or 0.0,
    )


def _possible(wish: Wish, catalogue: Catalogue) -> tuple[Wish, list[str]]:
    """The wish without what contradicts the rest of it."""
    given_up: list[str] = []
    if wish.elite and wish.elite != "core" and wish.profession:
        owner = catalogue.find("specialization", wish.elite).profession
        if owner != wish.profession:
            given_up.append(f"{wish.elite} belongs to the {owner}; {with_article(wish.profession)} can't play it.")
            wish = replace(wish, elite=None)
    if wish.style and wish.mode is None:
        wish = replace(wish, mode="wvw")
    if wish.style and wish.mode != "wvw":
        given_up.append(f"“{wish.style.replace('_', ' ')}” is a style of WvW and says nothing in another mode.")
        wish = replace(wish, style=None)
    return wish, given_up


def _adapted(spec: BuildSpec, wish: Wish, catalogue: Catalogue) -> tuple[BuildSpec, list[str], list[str]]:
    """spec made for the mode of the wish, with what was done and what could not be."""
    if wish.mode in (None, spec.game_mode):
        return spec, [], []
    assert wish.mode is not None
    if BALANCE_OF_MODE[wish.mode] == BALANCE_OF_MODE[spec.game_mode]:
        return replace(spec, game_mode=wish.mode), [], []
    if wish.mode == "pvp":
        return (
            without_gear(spec),
            [],
            [("" if catalogue.amulets else "PvP amulets are not in the data. ") + CHOOSE_AMULET],
        )
    moved = replace(spec, game_mode=wish.mode, wvw_style=wish.style, jade_bot_core=False, pvp_amulet=None)
    donor = _donor(moved, wish, catalogue)
    if donor is None:
        return moved, [], [f"No published {MODE_WORDS[wish.mode]} build shows gear for this role: it keeps its own."]
    return (
        regear(moved, donor.value, catalogue),
        [f"Its gear is that of “{donor.name}” ({donor.specialization}), published for {MODE_WORDS[donor.game_mode]}."],
        [],
    )


def _completed(spec: BuildSpec, wish: Wish, catalogue: Catalogue) -> tuple[BuildSpec, list[str], list[str]]:
    """spec with what its source leaves open taken from other published builds, and what nobody shows named."""
    filled: list[str] = []
    wanted = missing_parts(spec)
    while wanted and (donor := _donor(spec, wish, catalogue, wanted)):
        taken = wanted - missing_parts(donor.value)
        spec = completed(spec, donor.value, taken, catalogue)
        filled.append(f"Its source gives no {_listed(taken)}: taken from “{donor.name}” ({donor.specialization}).")
        wanted -= taken
    lacking = [f"Its source gives no {_listed(wanted)}, and no published build for this role does."] if wanted else []
    if not spec.weapon_sets:
        lacking.append("Its source gives no weapons: choose them in the game.")
    return spec, filled, lacking


def _listed(parts: Iterable[str]) -> str:
    words = [PART_WORDS[part] for part in PART_WORDS if part in set(parts)]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _donor(spec: BuildSpec, wish: Wish, catalogue: Catalogue, wanted: Set[str] = frozenset({"gear"})) -> Build | None:
    """The published build of the mode that has most of what is wanted and fits best: gear of the same kind, for the
    role, of the same profession. None if no fitting one has any of it."""
    alike = [mode for mode, balance in BALANCE_OF_MODE.items() if balance == BALANCE_OF_MODE[spec.game_mode]]
    role, kind = spec.role or wish.role, gear_kind(spec, catalogue)
    scored = [
        (
            has,
            closeness,
            row.game_mode == spec.game_mode,
            row.profession == spec.profession,
            wish.style in (None, row.wvw_style),
            row.is_fresh,
            row.as_of,
            str(row.pk),
            row,
        )
        for row in _library(game_mode__in=alike)
        if (closeness := role_closeness(role, row.role, row.spec.get("secondary_roles", ()))) >= 0.4
        and (has := len(wanted - missing_parts(value := row.value)))
        and (kind is None or gear_kind(value, catalogue) == kind)
    ]
    best = max(scored, default=None, key=lambda entry: entry[:-1])
    return best[-1] if best is not None else None
