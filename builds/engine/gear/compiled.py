"""`njit` of numba, after telling it where compiled code is kept."""

from numba import config, njit

from builds.engine.gear import kept

_folder = kept.folder()
if _folder is not None:
    config.CACHE_DIR = str(_folder)

__all__ = ["njit"]
