"""The search over a whole build, with the library at hand."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from builds.catalogue import current_catalogue
from builds.engine.improve import EVALUATIONS, Improvement, improve
from builds.engine.improve.seeds import nearest, nearest_to
from builds.gamedata import Catalogue
from builds.models import Build
from builds.spec import BuildSpec, build_json

MOST_SECONDS = 5.0
"""A worker of the web must not be held longer; the answer is then the best so far, and says so."""


def improve_build(
    build: BuildSpec | None,
    *,
    profession: str | None = None,
    role: str | None = None,
    mode: str | None = None,
    locks: Iterable[str] = (),
    seed: int = 0,
    evaluations: int = EVALUATIONS,
    seconds: float | None = None,
) -> Improvement:
    """As `builds.engine.improve.improve`, with the fresh builds of the library to take parts from."""
    catalogue = current_catalogue()
    return improve(
        build,
        catalogue,
        profession=profession,
        role=role,
        mode=mode,
        locks=locks,
        seed=seed,
        seeds=_published(build, profession, role, mode, catalogue),
        evaluations=evaluations,
        seconds=seconds,
    )


def answer_json(found: Improvement, catalogue: Catalogue) -> dict[str, Any]:
    """{"build": build/1, "template_code", ...} as the API and the command answer it."""
    return {
        "build": build_json(found.build, catalogue),
        "template_code": found.build.template_code,
        **found.as_json(),
    }


def _published(
    build: BuildSpec | None, profession: str | None, role: str | None, mode: str | None, catalogue: Catalogue
) -> list[BuildSpec]:
    whose = build.profession if build else profession or ""
    rows = Build.objects.library().filter(profession=whose, is_fresh=True).order_by("-as_of", "-id")
    specs = [row.value for row in rows]
    if build is None:
        return nearest_to(specs, profession=whose, role=role, mode=mode or "pve")
    wanted = replace(build, role=role or build.role, game_mode=mode or build.game_mode)
    return nearest(wanted, specs, catalogue)
