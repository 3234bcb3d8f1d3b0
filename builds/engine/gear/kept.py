"""Where compiled code is kept. Numba looks at one file to see whether its copy is old, and the functions here
call across files: so each state of the sources has a folder of its own."""

import compileall
import hashlib
import importlib.util
import os
import shutil
import sys
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent


@cache
def folder() -> Path | None:
    """None where NUMBA_CACHE_DIR is not set: numba then chooses a place itself."""
    base = os.environ.get("NUMBA_CACHE_DIR")
    if not base:
        return None
    digest = hashlib.sha256(sys.version.encode())
    for name in ("numba", "numpy"):
        digest.update(_release(name))
    for path in (HERE.parent / "formulas.py", *sorted(HERE.glob("*.py"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return Path(base) / f"gear-{digest.hexdigest()[:16]}"


def _release(package: str) -> bytes:
    """Changes with the installation of a package; its metadata would take ten times as long to read."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return b""
    facts = Path(spec.origin).stat()
    return f"{spec.origin} {facts.st_size} {facts.st_mtime_ns}".encode()


def remove_others() -> None:
    """Folders of older sources."""
    mine = folder()
    if mine is None or not mine.parent.is_dir():
        return
    for other in mine.parent.glob("gear-*"):
        if other != mine:
            shutil.rmtree(other, ignore_errors=True)


def keep_bytecode() -> None:
    """Some installers leave packages uncompiled; numba then takes half a second longer to start each time."""
    for name in ("numba", "llvmlite", "numpy"):
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        if not Path(importlib.util.cache_from_source(spec.origin)).exists():
            compileall.compile_dir(Path(spec.origin).parent, quiet=2)
