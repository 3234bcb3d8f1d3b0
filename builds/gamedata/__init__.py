"""What the game is made of: a catalogue of one snapshot. Plain Python, no Django."""

from builds.gamedata.catalogue import KINDS, WEAPON_TYPE_IDS, Catalogue, UnknownName
from builds.gamedata.snapshot import SnapshotError, load_packaged

__all__ = ["KINDS", "WEAPON_TYPE_IDS", "Catalogue", "SnapshotError", "UnknownName", "load_packaged"]
