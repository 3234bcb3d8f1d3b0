"""An engine with a small library, and agents that ask a scripted model."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from builds.catalogue import current_catalogue
from builds.library.records import packaged_records
from builds.services.library import load_records
from builds.spec import parse_build
from tests.ollama_server.scripted import ScriptedOllama

PLAYED = ("Guardian", "Mesmer")


def load_some(*professions: str, mode: str = "wvw", most: int = 6) -> list[dict[str, Any]]:
    """The library's first builds of each profession for the mode. Returns them as `build/1`."""
    found = [
        record
        for profession in professions or PLAYED
        for record in [
            one
            for one in packaged_records()
            if one.build["profession"] == profession and one.build["game_mode"] == mode and one.build.get("weapon_sets")
        ][:most]
    ]
    load_records(found)
    return [dict(record.build) for record in found]


@contextmanager
def scripted_model(settings: Any) -> Iterator[ScriptedOllama]:
    with ScriptedOllama() as server:
        settings.OLLAMA_URL, settings.OLLAMA_MODEL = server.url, "mistral:7b"
        yield server


def texts_in(value: Any) -> Iterator[str]:
    """Every text of a result, keys too."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, str):
        yield value


def assert_sound(result: dict[str, Any], answered_by: str) -> None:
    """What a model adds are sentences of plain words and tokens; the builds in it are builds."""
    assert result["answered_by"] == answered_by
    assert result["prose"]
    for sentence in result["prose"]:
        plain = "".join(part["text"] for part in sentence["parts"] if "kind" not in part)
        if answered_by == "model":
            assert not re.search(r"[^A-Za-zÀ-ÿœŒ ,;:.!?()'’…–—-]", plain), plain
    if "build" in result:
        assert parse_build(result["build"], current_catalogue()).spec.profession
