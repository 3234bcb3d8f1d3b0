"""A published build changed for the wish: by the search, and only where its estimate may be believed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from builds.engine.improve import Change, Improvement, improve, score
from builds.engine.improve.seeds import nearest
from builds.gamedata import Catalogue
from builds.recommend.fit import MODE_WORDS, role_words
from builds.spec.model import BuildSpec

EVALUATIONS, EVALUATIONS_OF_PUBLISHED = 80, 40
"""Judged builds: somebody waits for the page. One that was published for the wish will hardly change."""
CEILING = 120.0
"""A score that this short search reaches for few builds: one that would have to exceed it to pass the margin is not
searched at all."""
LEAST = 2.0
"""Points of the score that a single change has to bring: less is noise."""
MARGIN = 0.6
"""Share of its score that a build which was published for this role and mode must gain before it is changed at all.
Such builds are near their best in truth, and still the search claims to gain so much on nine of ten of them, or less
(`python -m tests.bench.improve --claims`): that is the error of the estimate, not a better build."""
KIT = ("rune", "sigils", "relic", "food", "utility", "infusions", "pets")
"""Taken from published builds as it is."""
PLAYED = ("traits", "skills", "legends")
MOST_TOLD = 6
_WORDS = {
    "traits": "Trait", "skills": "Skill", "legends": "Legends", "weapons": "Weapons", "gear": "Gear",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Better:
    """texts: what was changed and why, for the player; empty where nothing was. total: the score, 0 where the build
    could not be judged."""

    spec: BuildSpec
    texts: tuple[str, ...] = ()
    total: float = 0.0


def bettered(
    spec: BuildSpec, published: Sequence[BuildSpec], catalogue: Catalogue, *, role: str | None, as_published: bool
) -> Better:
    """spec in its mode, for the role: its own where None. published: builds of the profession. as_published: the build
    was published for this role and mode, which is evidence that the estimate does not have.
    A build that its source leaves without traits or skills stays as it is, and so does one for PvP: no published build
    and no panel speaks for a change there."""
    role = role or spec.role
    known = all(line and any(line.traits) for line in spec.specializations) and any(spec.skills.ids)
    if role is None or not known or spec.game_mode == "pvp":
        return Better(spec)
    if as_published and not spec.weapon_sets:
        found = searched(spec, published, catalogue, role, locks=(*KIT, *PLAYED))
        return _told(found, spec, "Its source gives no weapons")
    if as_published and (total := score(spec, catalogue, role=role).total) * (1 + MARGIN) > CEILING:
        return Better(spec, (), total)
    evaluations = EVALUATIONS_OF_PUBLISHED if as_published else EVALUATIONS
    found = searched(spec, published, catalogue, role, evaluations=evaluations)
    assert found.before is not None
    if as_published and found.gain <= MARGIN * found.before.total:
        return Better(spec, (), found.before.total)
    return _told(found, spec, f"Changed for {role_words(role)} in {MODE_WORDS[spec.game_mode]}")


def searched(
    spec: BuildSpec,
    published: Sequence[BuildSpec],
    catalogue: Catalogue,
    role: str,
    *,
    locks: Sequence[str] = KIT,
    evaluations: int = EVALUATIONS,
) -> Improvement:
    """Only skills, legends and weapons that published builds have, first of the mode and where there are none of
    any."""
    alike = nearest(replace(spec, role=role), published, catalogue)
    if not alike:
        alike = [replace(one, game_mode=spec.game_mode) for one in published if one.profession == spec.profession]
    return improve(
        spec, catalogue, role=role, locks=locks, seeds=alike, evaluations=evaluations, least=LEAST, familiar=True
    )


def _told(found: Improvement, spec: BuildSpec, why: str) -> Better:
    if not found.changes or found.before is None:
        return Better(spec, (), found.after.total)
    told = [_text(change) for change in found.changes[:MOST_TOLD]]
    rest = len(found.changes) - len(told)
    more = f" {rest} smaller changes are in the build." if rest > 1 else " One smaller change is in it." if rest else ""
    scores = f"from {found.before.total:.0f} to {found.after.total:.0f}"
    first = f"{why}: by the engine's estimate its score goes {scores}.{more}"
    return Better(found.build, (first, *told), found.after.total)


def _text(change: Change) -> str:
    kind, _, rest = change.part.partition(".")
    word = "Specialization" if kind == "traits" and "." not in rest else _WORDS[kind]
    instead = f" instead of {change.before}" if change.before else ""
    return f"{word}: {change.after or 'none'}{instead}. {change.why}"
