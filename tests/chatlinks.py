"""Values for the tests of chat links."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from builds.chatlinks import BuildTemplate, ItemLink, Line, SkillLink, TraitLink

# A Ranger with three skill overrides, a Revenant, an Engineer in the short form.
RANGER = "[&DQQIKR46TilUHXkAmgAAAIMdmgB1HQAAWx0AAEI3ARMAAAAAAAAAAAAAAAACMwAJAQNn9wAAm/YAAOj2AAA=]"
REVENANT = "[&DQkDJg8qPz3cEdwRKxIrEgYSBhLUEdQRyhHKEQUCBAMGEisS1BEGEisS1BE=]"
ENGINEER = "[&DQMvOR0fRioAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=]"


def cases(shared_dir: Path) -> list[dict[str, Any]]:
    return json.loads((shared_dir / "cases" / "template_codes.json").read_bytes())


def library(shared_dir: Path) -> list[dict[str, Any]]:
    return [entry["build"] for entry in json.loads((shared_dir / "library" / "builds.json").read_bytes())]


def numbers(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, (1 << bits) - 1)


_lines = st.builds(Line, numbers(8), st.tuples(*[numbers(2)] * 3), numbers(2))
_palettes = st.tuples(*[numbers(16)] * 5)


def templates(profession: st.SearchStrategy[int] | None = None) -> st.SearchStrategy[BuildTemplate]:
    """Any template that a link can hold; few of them make sense in the game."""
    fields = {
        "profession": numbers(8) if profession is None else profession,
        "specializations": st.tuples(_lines, _lines, _lines),
        "land": _palettes,
        "water": _palettes,
        "extra": st.one_of(st.just(bytes(16)), st.binary(min_size=16, max_size=16)),
    }
    long = st.builds(
        BuildTemplate,
        **fields,
        weapons=st.lists(numbers(16), max_size=255).map(tuple),
        skill_overrides=st.lists(numbers(32), max_size=255).map(tuple),
        rest=st.binary(max_size=40),
    )
    return st.one_of(long, st.builds(BuildTemplate, **fields, long=st.just(False)))


_ids = st.none() | numbers(32)
other_links = st.one_of(
    st.builds(ItemLink, numbers(24), numbers(8), _ids, _ids, _ids, numbers(5), st.binary(max_size=9)),
    st.builds(SkillLink, numbers(32), st.binary(max_size=9)),
    st.builds(TraitLink, numbers(32), st.binary(max_size=9)),
)
