"""The exact gear optimiser: `optimize(parse_problem(document))`.

Numba is loaded with the name `optimize`, not with this package: most processes never need it, and those that do can
load it when they start (`from builds.engine.gear import optimize`, `warm`) and not when somebody waits."""

import logging
import time
from typing import TYPE_CHECKING, Any

from builds.engine.gear import kept
from builds.engine.gear.problem import GearProblem, parse_problem
from builds.engine.gear.result import Choice, GearResult, Progress, StoppedError, Watch

if TYPE_CHECKING:
    from builds.engine.gear.optimiser import optimize

__all__ = [
    "Choice",
    "GearProblem",
    "GearResult",
    "Progress",
    "StoppedError",
    "Watch",
    "optimize",
    "parse_problem",
    "warm",
    "warm_if_compiled",
    "warm_once",
]

logger = logging.getLogger(__name__)

# Every entry of the compiled code takes part in solving this one, but for that which only large spaces need.
SMALLEST = {
    "schema": "gear-problem/1",
    "profession": "Guardian",
    "objective": "damage",
    "constraints": {"min_boon_duration": 0.01},
    "slots": [
        {
            "slot": slot,
            "options": [
                {"prefix": "Berserker's", "attributes": {"power": 60 + more, "precision": 45, "ferocity": 45}},
                {"prefix": "Diviner's", "attributes": {"power": 54, "precision": 30, "concentration": 54 + more}},
            ],
        }
        for more, slot in enumerate(("helm", "coat", "boots"))
    ],
    "variants": [
        {
            "name": "one",
            "scenarios": [{"weight": 1.0, "base": {"power": 1000, "precision": 1500, "power_coefficient": 3000}}],
        }
    ],
}


def __getattr__(name: str) -> Any:
    if name == "optimize":
        from builds.engine.gear.optimiser import optimize

        return optimize
    raise AttributeError(name)


def warm() -> None:
    """Loads all compiled code into this process, and compiles what no process has: a minute at the worst."""
    from builds.engine.gear.optimiser import optimize
    from builds.engine.gear.parts import warm_sifting

    optimize(parse_problem(SMALLEST))
    warm_sifting()


def _is_compiled() -> bool:
    folder = kept.folder()
    return folder is not None and (folder / "warm").exists()


def warm_if_compiled() -> None:
    """For processes that start: half a second, and nothing where set-up has not compiled, for compiling would keep them
    from answering for a minute."""
    if _is_compiled():
        warm()


def warm_once() -> None:
    """For set-up: compiles what later processes load. Costs nothing where that has been done."""
    if _is_compiled():
        return
    logger.info("gear_optimiser_compiling minutes=1-5 again=false")
    began = time.perf_counter()
    kept.keep_bytecode()
    warm()
    kept.remove_others()
    folder = kept.folder()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "warm").touch()
    logger.info("gear_optimiser_compiled seconds=%.1f", time.perf_counter() - began)
