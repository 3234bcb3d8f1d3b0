"""What orjson lets pass: a name that stands twice in one object, of which it keeps the last value and says nothing."""

import json


class _TwiceError(Exception):
    pass


def repeated_name(content: bytes) -> str | None:
    """content: JSON that has been read before. The first name found twice in one object."""
    try:
        json.loads(content, object_pairs_hook=_each_once)
    except _TwiceError as found:
        return str(found)
    except RecursionError:
        pass  # nothing of ours is nested so deep: what the document is meant for refuses it
    return None


def _each_once(pairs: list[tuple[str, object]]) -> None:
    names = {name for name, _ in pairs}
    if len(names) == len(pairs):
        return
    for name, _ in pairs:
        if name not in names:
            raise _TwiceError(name)
        names.remove(name)
