"""The packaged game data, read once for all tests of a process."""

import functools

from builds.gamedata import Catalogue, load_packaged


@functools.cache
def packaged() -> Catalogue:
    return load_packaged()
