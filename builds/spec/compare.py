"""What differs between two builds, place by place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from builds.gamedata import Catalogue
from builds.spec.model import BuildSpec
from builds.spec.output import build_json

_TIERS = ("adept", "master", "grandmaster")


@dataclass(frozen=True, slots=True)
class Difference:
    """place: such as "Gear, helm" or "Skills, utility 2". before, after: what stands there; "" for nothing."""

    place: str
    before: str
    after: str


def differences(before: BuildSpec, after: BuildSpec, catalogue: Catalogue) -> list[Difference]:
    """In the order of `build/1`; empty for equal builds."""
    old, new = (places(spec, catalogue) for spec in (before, after))
    return [
        Difference(place, old.get(place, ""), new.get(place, ""))
        for place in dict.fromkeys([*old, *new])
        if old.get(place, "") != new.get(place, "")
    ]


def places(spec: BuildSpec, catalogue: Catalogue) -> dict[str, str]:
    """Place such as "Gear, helm" to what stands there, in the order of `build/1`."""
    return dict(_places(build_json(spec, catalogue)))


def _places(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in document.items():
        if key == "schema":
            continue
        if key == "specializations":
            yield from _specializations(value)
        else:
            yield from _walk(_words(key).capitalize(), value)


def _specializations(lines: list[dict[str, Any] | None]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines, start=1):
        if line is None:
            continue
        yield f"Specialization {number}", _text(line["specialization"])
        for tier, trait in zip(_TIERS, line["traits"], strict=False):
            yield f"Specialization {number}, {tier} trait", _text(trait)


def _walk(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and not set(value) <= {"id", "name"}:
        for key, item in value.items():
            yield from _walk(f"{place}, {_words(key)}", item)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _walk(f"{place} {number}", item)
    elif value is not None:
        yield place, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return value["name"] or f"unknown, id {value['id']}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _words(key: str) -> str:
    return key.replace("_", " ")
