"""The engine's own recommendation: the nearest published build, in fitting gear, changed where that is well founded,
with its reasons."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import astuple, dataclass, replace
from typing import Any

from django.core.cache import caches
from django.db.models import Count, Max

from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from builds.gamedata.model import BALANCE_OF_MODE
from builds.gamedata.names import with_article
from builds.models import Build
from builds.recommend import (
    CONSUMED,
    PART_WORDS,
    Better,
    Candidate,
    Fit,
    Wish,
    best_fit,
    bettered,
    completed,
    gear_kind,
    missing_parts,
    regear,
    without_gear,
)
from builds.recommend.fit import MODE_WORDS, mode_closeness, role_closeness, role_words
from builds.recommend.qualities import quality_words, skills_to_press, sturdiness
from builds.spec import BuildSpec, build_json, plain_json, stored_spec, with_code
from builds.spec.template import specialization_name
from gw2optimizer.errors import Unavailable

ANSWERED_BY_ENGINE = "engine"
CACHE_SECONDS = 24 * 3600
MOST_TRIED = 2
"""Builds that are changed for a wish which none was published for: somebody waits."""
ROLE_INCLUDED, MODE_BALANCED_ALIKE = 0.7, 0.85
"""Of builds.recommend.fit."""
_TEXTS = ("reasons", "given_up", "changes")
CHOOSE_AMULET = "Choose an amulet in the game; rune, sigils and relic are those of the source."


@dataclass(frozen=True, slots=True)
class Recommendation:
    """spec: complete, with its code. source: the library build it came from. changes: what of it is not as there."""

    spec: BuildSpec
    source: Build
    reasons: tuple[str, ...]
    given_up: tuple[str, ...]
    others: tuple[Build, ...]
    changes: tuple[str, ...] = ()
    answered_by: str = ANSWERED_BY_ENGINE

    def as_json(self, catalogue: Catalogue) -> dict[str, Any]:
        return {
            "build": build_json(self.spec, catalogue),
            "template_code": self.spec.template_code,
            "reasons": [*self.reasons, *self.changes],
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
    """The nearest possible build; what of the wish it does not keep is in `given_up`. Remembered as long as game data
    and library stay the same.
    Raises Unavailable where the library is empty."""
    catalogue = current_catalogue()
    key = _cache_key(wish, catalogue)
    known = caches["default"].get(key)
    found = _remembered(known) if known is not None else None
    if found is None:
        found = _found(wish, catalogue)
        caches["default"].set(key, _memory(found), CACHE_SECONDS)
    return found


def _found(wish: Wish, catalogue: Catalogue) -> Recommendation:
    wish, contradictions = _possible(wish, catalogue)
    builds: dict[object, Build] = {
        row.pk: row for row in (_library(profession=wish.profession) if wish.profession else _library())
    }
    measured = catalogue if wish.qualities else None
    fits = best_fit(wish, (candidate_of(row, measured) for row in builds.values()), limit=4)
    if not fits:
        raise Unavailable("The library holds no build to start from. `manage.py load_library` fills it.")
    tried = [_made(fit, builds, wish, catalogue) for fit in _equals(fits, wish)]
    fit, made, better, given_up = max(tried, key=lambda one: one[2].total)
    source = builds[fit.candidate.key]
    spec = _named(better, source, catalogue)
    has, lacks = quality_words(wish, spec, catalogue)
    return Recommendation(
        spec=with_code(spec, catalogue) if not spec.template_code else spec,
        source=source,
        reasons=(*fit.reasons, *has, *made),
        given_up=(*contradictions, *fit.given_up, *lacks, *given_up),
        others=tuple(builds[other.candidate.key] for other in fits if other is not fit),
        changes=better.texts,
    )


def _named(better: Better, source: Build, catalogue: Catalogue) -> BuildSpec:
    """With a name of its own where it is no longer the published build, so that nobody takes it for that one."""
    spec = better.spec
    if not better.texts and BALANCE_OF_MODE[spec.game_mode] == BALANCE_OF_MODE[source.game_mode]:
        return spec
    role = f" {role_words(spec.role)}" if spec.role else ""
    return replace(spec, name=f"{specialization_name(spec, catalogue)}{role}, changed for {MODE_WORDS[spec.game_mode]}")


def _equals(fits: Sequence[Fit], wish: Wish) -> list[Fit]:
    """Those to choose from by what they are worth once they are changed. Of builds that were published for the wish
    the order of the library stands."""
    best = fits[0]
    if _as_published(best, wish):
        return [best]
    return [fit for fit in fits[:MOST_TRIED] if abs(fit.score - best.score) < 1e-6]


def _as_published(fit: Fit, wish: Wish) -> bool:
    """Whether the build was published for the role, or one that includes it, in a mode of the same balance."""
    found = fit.candidate
    alike = role_closeness(wish.role, found.role, found.secondary_roles) >= ROLE_INCLUDED
    return alike and mode_closeness(wish.mode, found.mode) >= MODE_BALANCED_ALIKE


def _made(
    fit: Fit, builds: Mapping[object, Build], wish: Wish, catalogue: Catalogue
) -> tuple[Fit, tuple[str, ...], Better, tuple[str, ...]]:
    """The build made for the wish, with what was done, and what could not be."""
    spec, reasons, given_up = _adapted(builds[fit.candidate.key].value, wish, catalogue)
    spec, filled, lacking = _completed(spec, wish, catalogue)
    of_profession = [row.value for row in builds.values() if row.profession == spec.profession and row.is_fresh]
    better = bettered(spec, of_profession, catalogue, role=wish.role, as_published=_as_published(fit, wish))
    if better.spec.weapon_sets and not spec.weapon_sets:
        # Sigils of weapons that nobody had.
        armed, more, still = _completed(better.spec, wish, catalogue)
        better, filled, lacking = replace(better, spec=armed), [*filled, *more], still
    if not better.spec.weapon_sets:
        lacking.append("Its source gives no weapons: choose them in the game.")
    return fit, (*reasons, *filled), better, (*given_up, *lacking)


def _cache_key(wish: Wish, catalogue: Catalogue) -> str:
    state = Build.objects.library().aggregate(count=Count("pk"), last=Max("updated_at"))
    told = repr((astuple(wish), catalogue.checksum, state["count"], state["last"]))
    return f"recommend:{hashlib.sha256(told.encode()).hexdigest()}"


def _memory(found: Recommendation) -> dict[str, Any]:
    return {
        "spec": plain_json(found.spec),
        "source": found.source.pk,
        "others": [build.pk for build in found.others],
        "texts": {name: getattr(found, name) for name in _TEXTS},
    }


def _remembered(memory: Mapping[str, Any]) -> Recommendation | None:
    """None where a build of it is gone."""
    pks = [memory["source"], *memory["others"]]
    rows = Build.objects.library().select_related("owner").in_bulk(pks)
    if len(rows) != len(pks):
        return None
    source, *others = (rows[pk] for pk in pks)
    return Recommendation(spec=stored_spec(memory["spec"]), source=source, others=tuple(others), **memory["texts"])


def _library(**filters: Any) -> list[Build]:
    rows = Build.objects.library().filter(**filters).select_related("owner")
    return list(rows.order_by("-is_fresh", "-as_of", "-id"))


def candidate_of(build: Build, measured: Catalogue | None = None) -> Candidate:
    """measured: where its qualities matter, too."""
    spec, value = build.spec, build.value
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
        complete=bool(spec.get("weapon_sets")) and missing_parts(value) <= CONSUMED,
        as_of=build.as_of,
        dated=build.is_dated,
        benchmark=(spec.get("benchmark") or {}).get("dps") or 0.0,
        skills=skills_to_press(value, measured) if measured else 0,
        sturdiness=sturdiness(value, measured) if measured else 0.0,
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
