import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builds.chatlinks import BuildTemplate, Line, decode_build_template, encode_build_template
from builds.chatlinks.describe import describe, from_description
from gw2optimizer.errors import InvalidInput
from tests.chatlinks import ENGINEER, RANGER, REVENANT, cases, library, templates
from tests.packaged import packaged


def described(code: str) -> dict[str, Any]:
    return describe(decode_build_template(code), packaged())


def skill(palette: int, id_: int) -> dict[str, Any]:
    return {"palette": palette, "id": id_, "name": packaged().skills[id_].name}


def test_describe_gives_the_whole_object() -> None:
    catalogue = packaged()
    assert described(RANGER) == {
        "profession": "Ranger",
        "specializations": [
            {"id": 8, "name": "Marksmanship", "elite": False, "traits": [1021, 1000, 1015]},
            {"id": 30, "name": "Skirmishing", "elite": False, "traits": [1067, 1700, 1888]},
            {"id": 78, "name": "Galeshot", "elite": True, "traits": [2402, 2413, 2336]},
        ],
        "skills": {
            "land": {
                "heal": skill(7508, 77271),
                "utilities": [skill(154, 12542), skill(7555, 77264), skill(7541, 76619)],
                "elite": skill(7515, 76979),
            },
            "water": {"heal": skill(121, 31914), "utilities": [None, skill(154, 12542), None], "elite": None},
        },
        "pets": {"land": [66, 55], "water": [1, 19]},
        "legends": {"land": [], "water": []},
        "inactive_utilities": {"land": [], "water": []},
        "weapons": ["Hammer", "Spear"],
        "skill_overrides": [63335, 63131, 63208],
        "byte_length": 62,
        "rest": "",
    }
    assert catalogue.skills[31914].name == '"We Heal As One!"'


def test_describe_resolves_a_revenants_skills_through_the_active_legend() -> None:
    result = described(REVENANT)
    names = [each["name"] for each in result["skills"]["land"]["utilities"]]
    assert names == ["Icerazor's Ire", "Razorclaw's Rage", "Darkrazor's Daring"]
    assert result["skills"]["water"]["elite"]["name"] == "Embrace the Darkness"
    assert result["legends"] == {"land": [5, 2], "water": [4, 3]}
    assert result["inactive_utilities"] == {"land": [4614, 4651, 4564], "water": [4614, 4651, 4564]}
    assert result["pets"] == {"land": [], "water": []}


def test_describe_keeps_old_legend_codes_as_they_were_read() -> None:
    template = decode_build_template(REVENANT)
    old = replace(template, extra=bytes([17, 13, 16, 15]) + template.extra[4:])
    result = describe(old, packaged())
    assert result["legends"] == {"land": [17, 13], "water": [16, 15]}
    assert result["skills"] == described(REVENANT)["skills"]
    assert from_description(result, packaged()) == old


def test_describe_agrees_with_the_shared_cases(shared_dir: Path) -> None:
    for case in cases(shared_dir):
        result, expected = described(case["code"]), case["expected"]
        assert result["profession"] == expected["profession"]
        for line, wanted in zip(result["specializations"], expected["specializations"], strict=True):
            assert line == {
                "id": wanted["id"],
                "name": wanted.get("name"),
                "elite": wanted.get("elite", False),
                "traits": wanted.get("trait_ids", [None] * 3),
            }
        for place, name in (("land", "terrestrial_palette"), ("water", "aquatic_palette")):
            bar = result["skills"][place]
            slots = [bar["heal"], *bar["utilities"], bar["elite"]]
            assert [each["palette"] if each else 0 for each in slots] == expected[name]
        assert result["weapons"] == expected["weapons"]
        assert result["byte_length"] == expected["byte_length"]
        assert result["rest"] == ""


def test_from_description_gives_back_every_code_that_is_known(shared_dir: Path) -> None:
    codes = [case["code"] for case in cases(shared_dir)]
    codes += [build["template_code"] for build in library(shared_dir)]
    for code in codes:
        assert encode_build_template(from_description(described(code), packaged())) == code


@settings(deadline=None, max_examples=200)
@given(templates(st.integers(1, 9)))
def test_description_loses_nothing(template: BuildTemplate) -> None:
    description = json.loads(json.dumps(describe(template, packaged())))
    assert from_description(description, packaged()) == template


def test_description_of_what_is_newer_than_our_data_loses_nothing() -> None:
    template = BuildTemplate(
        4,
        specializations=(Line(8, (1, 0, 3), 1), Line(250, (3, 2, 1), 2), Line(0, (1, 0, 0))),
        land=(60000, 0, 0, 0, 60001),
        extra=bytes(range(200, 216)),
        weapons=(5, 9999),
        skill_overrides=(4_000_000_000,),
        rest=b"new",
    )
    description = describe(template, packaged())
    assert description["specializations"][1] == {"id": 250, "name": None, "elite": False, "traits": [None] * 3}
    assert description["skills"]["land"]["heal"] == {"palette": 60000, "id": None, "name": None}
    assert description["weapons"] == ["Axe", 9999]
    assert description["rest"] == "409b01" + bytes(range(204, 216)).hex() + b"new".hex()
    assert from_description(description, packaged()) == template


def test_describe_refuses_an_unknown_profession() -> None:
    with pytest.raises(InvalidInput, match="no profession with code 0"):
        describe(BuildTemplate(0), packaged())


def test_from_description_takes_ids_or_names_and_fills_what_is_absent() -> None:
    template = from_description(
        {
            "profession": "guardian",
            "specializations": [{"name": "Honor", "traits": [None, 549, None]}, None, {"id": 62}],
            "skills": {"land": {"heal": {"id": 41714}, "utilities": [{"name": "stand your ground"}, None, None]}},
            "weapons": ["short bow", "Sword", 9999],
        },
        packaged(),
    )
    assert template.profession == 1
    assert template.specializations == (Line(49, (0, 2, 0)), Line(), Line(62))
    assert template.land[:2] == (5963, packaged().palette_of("Guardian", 9153))
    assert template.weapons == (107, 90, 9999)
    assert template.long


def test_from_description_makes_the_short_form_by_its_length() -> None:
    description = described(ENGINEER)
    assert description["byte_length"] == 44
    assert not from_description(description, packaged()).long
    assert from_description({**description, "byte_length": 46}, packaged()).long


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"profession": None}, {"profession"}),
        ({"profession": "Rangr"}, {"profession"}),
        ({"profession": ["Ranger"]}, {"profession"}),
        ({"color": 1}, {"color"}),
        ({"specializations": [None, None]}, {"specializations"}),
        ({"specializations": "Fire"}, {"specializations"}),
        ({"specializations": [8, None, None]}, {"specializations.0"}),
        ({"specializations": [{"id": 256}, None, None]}, {"specializations.0.id"}),
        ({"specializations": [None, {"name": "Fyre"}, None]}, {"specializations.1.name"}),
        ({"specializations": [{"id": 8, "traits": [1, None, None]}, None, None]}, {"specializations.0.traits.0"}),
        ({"specializations": [{"id": 8, "traits": [{}, None, None]}, None, None]}, {"specializations.0.traits.0"}),
        ({"specializations": [{"id": 250, "traits": [1, None, None]}, None, None]}, {"specializations.0.traits"}),
        ({"rest": "010000" + "00" * 12}, {"rest"}),
        ({"rest": "zz"}, {"rest"}),
        ({"rest": "00"}, {"rest"}),
        ({"rest": "00" * 4000}, {"rest"}),
        ({"rest": "00", "byte_length": None}, {"byte_length"}),
        ({"byte_length": 61}, {"byte_length"}),
        ({"byte_length": 3100, "rest": "00" * (3100 - 62)}, {"byte_length"}),
        ({"byte_length": 44}, {"byte_length"}),
        ({"byte_length": "62"}, {"byte_length"}),
        ({"byte_length": 62.0}, {"byte_length"}),
        ({"skills": []}, {"skills"}),
        ({"skills": {"air": None}}, {"skills.air"}),
        ({"skills": {"land": {"heal": 121}}}, {"skills.land.heal"}),
        ({"skills": {"land": {"heal": {"palette": 65536}}}}, {"skills.land.heal.palette"}),
        ({"skills": {"land": {"heal": {"palette": 121, "id": 5}}}}, {"skills.land.heal.id"}),
        ({"skills": {"land": {"heal": {}}}}, {"skills.land.heal"}),
        ({"skills": {"land": {"elite": {"id": 5503}}}}, {"skills.land.elite"}),
        ({"skills": {"water": {"utilities": [None, {"name": "Flie"}, None]}}}, {"skills.water.utilities.1"}),
        ({"skills": {"water": {"utilities": [None]}}}, {"skills.water.utilities"}),
        ({"pets": {"land": [1, 2, 3]}}, {"pets.land"}),
        ({"pets": {"water": [1, 300]}}, {"pets.water.1"}),
        ({"pets": [1, 2]}, {"pets"}),
        ({"legends": {"land": [1, 0]}}, {"legends.land"}),
        ({"inactive_utilities": {"land": [True, 0, 0]}}, {"inactive_utilities.land.0"}),
        ({"weapons": ["Trident", "Sowrd"]}, {"weapons.0", "weapons.1"}),
        ({"weapons": {"main": "Axe"}}, {"weapons"}),
        ({"weapons": ["Axe"] * 256}, {"weapons"}),
        ({"skill_overrides": [-1, 2, 3]}, {"skill_overrides.0"}),
    ],
)
def test_from_description_names_the_field_that_is_wrong(changes: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(InvalidInput) as error:
        from_description({**described(RANGER), **changes}, packaged())
    assert fields <= set(error.value.fields)
    assert set(error.value.fields) - fields <= {"byte_length", "rest"}


@pytest.mark.parametrize("value", [None, [], "Ranger", 7, {}, {"profession": {}}])
def test_from_description_refuses_what_is_no_description(value: Any) -> None:
    with pytest.raises(InvalidInput):
        from_description(value, packaged())


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 70000) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from([RANGER, REVENANT]), st.data())
def test_from_description_of_anything_is_a_template_or_invalid_input(code: str, data: st.DataObject) -> None:
    description = described(code)
    for _ in range(data.draw(st.integers(1, 3))):
        node: Any = description
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if isinstance(node[key], dict | list) and node[key] and data.draw(st.booleans()):
                node = node[key]
                continue
            node[key] = data.draw(_json)
            break
    try:
        template = from_description(description, packaged())
    except InvalidInput as error:
        template = None
        named = len(error.fields)
    if template is None:
        assert 0 < named <= 10
    else:
        assert decode_build_template(encode_build_template(template)) == template
