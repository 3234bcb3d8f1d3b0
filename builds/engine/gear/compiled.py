"""Numba's decorators, after telling numba where compiled code is kept. A division by nothing gives infinity or
NaN, as in the C of it, instead of an exception: no divisor here can be 0, and the checks cost code and time."""

from collections.abc import Callable
from typing import Any, cast

import numba

from builds.engine.gear import kept

_folder = kept.folder()
if _folder is not None:
    cast(Any, numba.config).CACHE_DIR = str(_folder)


def njit[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compiles a function that compiled functions call."""
    return cast(Callable[P, R], cast(Any, numba).njit(error_model="numpy")(function))


def entry[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compiles a function that Python calls, with all that it calls, and keeps the code for later processes."""
    return cast(Callable[P, R], cast(Any, numba).njit(cache=True, error_model="numpy")(function))


@entry
def _nothing() -> int:
    return 0


# With the first function of a process, numba loads all that it knows of types: part of importing it, not of a call.
_nothing()
