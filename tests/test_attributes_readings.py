"""The readings of traits: one table, derived from the packaged snapshot, in which nothing is silently zero."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from builds.engine.attributes import Reading, attributes, readings_of
from builds.engine.attributes.derive import derive_readings
from builds.engine.attributes.names import PANEL
from builds.engine.attributes.readings import (
    CONDITIONAL,
    KINDS,
    NO_ATTRIBUTE,
    PACKAGED,
    UNCONDITIONAL,
    UNKNOWN,
    dump,
    load,
)
from builds.gamedata.snapshot import catalogue_of, packaged_bytes, unpack
from builds.spec import parse_build
from tests.specs import minimal, packaged

SPECIAL = {"maximum_health", "signet_passives", "all attributes", "legends", "archetype of the pet"}


def every() -> list[Reading]:
    return [reading for readings in readings_of(packaged()).values() for reading in readings]


def of(trait: int, attribute: str = "") -> list[Reading]:
    return [r for r in readings_of(packaged())[trait] if not attribute or r.attribute == attribute]


def test_each_trait_of_each_specialization_has_a_reading() -> None:
    catalogue = packaged()
    in_lines = {trait for s in catalogue.specializations.values() for trait in (*s.minor_traits, *s.major_traits)}
    assert len(catalogue.specializations) == 81
    assert readings_of(catalogue).keys() == in_lines
    assert all(readings_of(catalogue).values())


def test_readings_are_of_known_kinds_and_name_their_source() -> None:
    for reading in every():
        assert reading.kind in KINDS
        assert reading.source
        if reading.kind in (UNCONDITIONAL, CONDITIONAL):
            assert reading.attribute in (*PANEL, *SPECIAL), reading
        if reading.kind in (CONDITIONAL, UNKNOWN):
            assert reading.condition, reading
        if reading.kind in (UNCONDITIONAL, CONDITIONAL) and reading.attribute not in (
            "legends",
            "archetype of the pet",
        ):
            assert reading.pve is not None or len(reading.options) > 1, reading


def test_all_kinds_occur() -> None:
    assert {reading.kind for reading in every()} == set(KINDS)


def test_rules_of_the_snapshot_are_all_in_the_table() -> None:
    for rule in packaged().trait_rules:
        amount = rule["amount"]
        share_of, number = (amount["from"], amount["share"]) if isinstance(amount, dict) else ("", amount)
        kind = UNCONDITIONAL if rule["kind"] == "unconditional" else CONDITIONAL
        fitting = [
            r for r in of(rule["trait"], rule["attribute"]) if (r.kind, r.pve, r.share_of) == (kind, number, share_of)
        ]
        assert fitting, rule


def test_facts_about_attributes_are_never_dropped() -> None:
    """Whatever the API says about an attribute of a trait stands in one of its readings or is said to be none."""
    for trait in packaged().traits.values():
        conversions = {fact["percent"] / 100 for fact in trait.facts if fact["type"] == "BuffConversion"}
        read = {amount for r in readings_of(packaged())[trait.id] for amount in (r.pve, r.wvw, r.pvp, *r.options)}
        assert conversions <= read, trait.name


@pytest.mark.parametrize(
    ("trait", "attribute", "kind", "pve", "wvw"),
    [
        (620, "condition_damage", UNCONDITIONAL, 0.07, 0.13),  # the first fact is that of WvW
        (1455, "expertise", UNCONDITIONAL, 0.07, 0.04),
        (2038, "burning_duration", UNCONDITIONAL, 0.33, 0.10),
        (2004, "concentration", UNCONDITIONAL, 180, 120),
        (1719, "critical_chance", CONDITIONAL, 0.25, 0.20),
        (1865, "expertise", CONDITIONAL, 100, None),  # three numbers, two unlabelled
        (363, "vulnerability_duration", UNCONDITIONAL, 0.33, 0.33),
        (320, "power", CONDITIONAL, 150, 150),
    ],
)
def test_numbers_are_those_of_the_mode(trait: int, attribute: str, kind: str, pve: float, wvw: float | None) -> None:
    (reading,) = of(trait, attribute)
    assert (reading.kind, reading.pve, reading.wvw) == (kind, pve, wvw)


def test_fact_in_place_of_another_counts_once() -> None:
    bleeding = of(1744, "bleeding_duration")
    assert [(r.kind, r.pve, r.with_trait) for r in bleeding] == [
        (UNCONDITIONAL, 0.1, None),
        (CONDITIONAL, 0.05, 2440),
    ]


def test_fact_whose_condition_nothing_names_is_unknown() -> None:
    assert {r.kind for r in of(1342, "critical_chance")} == {UNKNOWN}
    assert {r.kind for r in of(1502)} == {UNKNOWN}
    assert [r.kind for r in of(1070, "stun_duration")] == [UNCONDITIONAL]
    assert {r.kind for r in of(227)} == {NO_ATTRIBUTE}


def test_packaged_table_is_what_the_command_derives(tmp_path: Path) -> None:
    out = io.StringIO()
    target = tmp_path / PACKAGED
    call_command("build_trait_readings", output=target, stdout=out)
    assert out.getvalue().startswith("972 traits: ")
    call_command("build_trait_readings", output=target, check=True, stdout=io.StringIO())
    call_command("build_trait_readings", check=True, stdout=io.StringIO())


def test_check_of_an_old_table_fails(tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_bytes(b"{}")
    for path in (old, tmp_path / "none.json"):
        with pytest.raises(CommandError) as caught:
            call_command("build_trait_readings", output=path, check=True, stdout=io.StringIO())
        assert caught.value.returncode == 2


def test_table_survives_being_written() -> None:
    derived = derive_readings(packaged())
    payload = dump(derived, "of this snapshot")
    assert load(payload) == ("of this snapshot", derived)
    assert dump(derived, "of this snapshot") == payload
    assert payload.count(b"\n") > 1000  # a line a reading


def test_other_snapshot_gets_its_own_table() -> None:
    document = unpack(packaged_bytes())
    row = next(row for row in document["traits"] if row[0] == 568)  # Radiant Power
    row[-1] = row[-1].replace('"percent":10', '"percent":12')
    other = catalogue_of(document, checksum="another")
    changed = {r.attribute: r.pve for r in readings_of(other)[568]}
    assert changed == {"ferocity": 150, "critical_chance": 0.12}
    build = parse_build(
        minimal(specializations=[{"specialization": 16, "traits": [None, None, None]}, None, None]), other
    ).spec
    switch = next(s for s in attributes(build, other).switches if s.trait == 568)
    assert switch.amount == 0.12
