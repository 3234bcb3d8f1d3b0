"""The starter library: how gathered builds become records, and records become builds of the site."""

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from builds.library.records import (
    PACKAGED,
    LibraryRecord,
    gathered_records,
    pack,
    packaged_records,
    record_from,
    unpack,
)
from builds.models import Build, BuildRevision
from builds.services.library import load_records, source_address
from builds.spec import parse_build, plain_json
from gw2optimizer.errors import DomainError, InvalidInput, MalformedInput
from tests.specs import firebrand, minimal, packaged


def entry(**changes: Any) -> dict[str, Any]:
    return {"id": "a1", "source": "someone/builds:wvw.json", "published": "2026-05-06", "build": firebrand()} | changes


def record(**changes: Any) -> LibraryRecord:
    return record_from(entry(**changes), packaged())


# --- records ---------------------------------------------------------------------------------------
def test_packaged_records_are_all_builds_of_the_packaged_game_data() -> None:
    records = packaged_records()
    assert len(records) == len({one.key for one in records}) == 358
    for one in records:
        assert plain_json(parse_build(one.build, packaged()).spec) == plain_json(one.spec) == one.build


def test_a_record_holds_the_build_and_where_it_is_from() -> None:
    made = record(derived=["name", "skills"])
    assert (made.key, made.source, made.published) == ("a1", "someone/builds:wvw.json", "2026-05-06")
    assert (made.stale, made.derived, made.normalised) == (False, ("name", "skills"), ())
    assert made.spec == parse_build(firebrand(), packaged()).spec
    assert record(published=None).published == ""
    assert record(stale=True).stale is True


def test_a_measured_number_comes_with_its_source() -> None:
    assert record(benchmark_dps=41234).build["benchmark"] == {"dps": 41234, "source": "someone/builds:wvw.json"}
    own = firebrand(benchmark={"dps": 40000, "source": "a golem"})
    assert record(benchmark_dps=41234, build=own).build["benchmark"] == {"dps": 40000, "source": "a golem"}


def test_a_relic_that_the_game_lacks_is_left_out_and_said() -> None:
    made = record(build=firebrand(relic="Relic of Breakfast"))
    assert (made.spec.relic, made.spec.rune is None) == (None, False)
    (note,) = made.normalised
    assert note.startswith("relic was left out: There is no relic “Relic of Breakfast”")


def test_a_two_handed_weapon_loses_the_gear_of_its_off_hand_alone() -> None:
    gear = {"helm": "Minstrel's", "weapon_2_main": "Minstrel's", "weapon_2_off": "Minstrel's"}
    made = record(build=firebrand(gear=gear))
    assert set(made.spec.gear) == {"helm", "weapon_2_main"}
    assert made.normalised == ("gear.weapon_2_off was left out: The weapon of this set takes both hands.",)


def test_a_piece_with_two_mistakes_takes_no_other_piece_along() -> None:
    gear = {"helm": {"prefix": "Breakfast", "infusions": ["+5 power", "+5 power"]}, "coat": "Minstrel's"}
    made = record(build=firebrand(gear=gear, infusions={}))
    assert set(made.spec.gear) == {"coat"}
    assert [note.split(" ")[0] for note in made.normalised] == ["gear.helm.prefix", "gear.helm.infusions"]


def test_a_part_with_two_mistakes_is_left_out() -> None:
    made = record(build=firebrand(sigils=[["Breakfast"], ["Lunch"]]))
    assert made.spec.sigils == ()
    assert [note.split(" ")[0] for note in made.normalised] == ["sigils.0.0", "sigils.1.0"]


def test_gear_in_hundreds_of_slots_that_do_not_exist_is_left_out() -> None:
    made = record(build=firebrand(gear={"x" * 80 + str(number): "Minstrel's" for number in range(500)}))
    assert made.spec.gear == {}
    assert all(note.startswith("gear.xxx") for note in made.normalised)


def test_a_trait_line_that_was_laid_out_anew_makes_a_build_old() -> None:
    made = record(trait_layout_changed=["Weaver tier 2"])
    assert made.stale is True
    assert made.normalised == ("Weaver tier 2 was laid out anew since: its trait may be another one.",)


def test_a_build_that_is_wrong_beyond_its_gear_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        record(build=firebrand(profession="Wizard", relic="Relic of Breakfast"))
    assert list(caught.value.fields) == ["profession"]


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (5, "It is not an object."),
        (["id"], "It is not an object."),
        ({}, "Its `id` is missing or not a text."),
        (entry(id=None), "Its `id` is missing or not a text."),
        ({"id": "a", "build": {}}, "Its `source` is missing or not a text."),
        ({"id": "a", "source": "b"}, "Its `build` is missing or not an object."),
        (entry(build="&DQ"), "Its `build` is missing or not an object."),
        (entry(published="May 2026"), "Its `published` is not a date such as 2026-05-06."),
        (entry(published=20260506), "Its `published` is not a date such as 2026-05-06."),
        (entry(derived="name"), "Its `derived` is not a list of texts."),
        (entry(trait_layout_changed=[5]), "Its `trait_layout_changed` is not a list of texts."),
        (entry(build=minimal(profession="Wizard")), "The build can't be used: profession: "),
    ],
)
def test_an_entry_of_a_wrong_shape_is_named_in_a_sentence(tmp_path: Path, wrong: object, text: str) -> None:
    path = tmp_path / "builds.json"
    path.write_bytes(orjson.dumps([entry(), wrong]))
    with pytest.raises(DomainError) as caught:
        gathered_records(path, packaged())
    assert caught.value.message.startswith(f"{path}: entry 2: {text}")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, "No such file or directory"),
        (b"{not json", "not JSON ("),
        (b"\xff", "not JSON ("),
        (b'{"id": 1}', "not a list of builds"),
        (orjson.dumps([entry(), entry()]), "entry 2: the id a1 stands twice"),
    ],
)
def test_a_file_that_can_not_be_read_is_named(tmp_path: Path, content: bytes | None, text: str) -> None:
    path = tmp_path / "builds.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MalformedInput) as caught:
        gathered_records(path, packaged())
    assert caught.value.message.startswith(f"{path}: {text}")


def test_packed_records_come_back_the_same_in_the_order_of_their_keys() -> None:
    records = [record(id="b", derived=["name"]), record(id="a", trait_layout_changed=["Weaver tier 2"])]
    assert unpack(pack(records)) == records[::-1]
    assert pack(records) == pack(records[::-1])


@pytest.mark.parametrize("payload", [b"", b"no gzip", pack([])[:-4], pack([])[:12]])
def test_a_damaged_package_is_refused(payload: bytes) -> None:
    with pytest.raises(MalformedInput, match=r"^The packed library is damaged\.$"):
        unpack(payload)


def test_build_library_makes_the_file_that_comes_with_the_project(shared_dir: Path, tmp_path: Path) -> None:
    import builds.library

    made = []
    for name in ("one.gz", "two.gz"):
        output = tmp_path / name
        source = str(shared_dir / "library" / "builds.json")
        call_command("build_library", source, "--output", str(output), stdout=StringIO())
        made.append(unpack(output.read_bytes()))
        assert output.read_bytes() == pack(made[0])
    committed = (Path(builds.library.__file__).parent / "packaged" / PACKAGED).read_bytes()
    # Not the bytes: they depend on the release of zlib that packed them.
    assert made[0] == made[1] == unpack(committed)


# --- the site's builds -----------------------------------------------------------------------------
def records() -> list[LibraryRecord]:
    return [record(id=f"key-{n}", build=firebrand(name=f"Build {n}")) for n in range(3)]


def state() -> list[tuple[Any, ...]]:
    return list(Build.objects.order_by("library_key").values_list("library_key", "name", "version", "updated_at"))


@pytest.mark.django_db
def test_loading_again_changes_nothing() -> None:
    loaded = load_records(records())
    assert (loaded.created, loaded.updated, loaded.unchanged, loaded.refused) == (3, 0, 0, ())
    before = state()
    loaded = load_records(records())
    assert (loaded.created, loaded.updated, loaded.unchanged, loaded.refused) == (0, 0, 3, ())
    assert state() == before
    assert BuildRevision.objects.count() == 3


@pytest.mark.django_db
def test_the_whole_packaged_library_loads_once() -> None:
    loaded = load_records(packaged_records())
    assert (loaded.created, loaded.refused) == (358, ())
    loaded = load_records(packaged_records())
    assert (loaded.created, loaded.updated, loaded.unchanged, loaded.refused) == (0, 0, 358, ())
    assert BuildRevision.objects.count() == 358


@pytest.mark.django_db
def test_loaded_builds_are_public_and_say_where_they_are_from() -> None:
    load_records([record(derived=["skills"], trait_layout_changed=["Weaver tier 2"])])
    build = Build.objects.get(library_key="a1")
    assert (build.visibility, build.origin, build.is_stale) == ("public", "imported", True)
    assert (build.source_label, build.source_url) == ("someone/builds:wvw.json", "https://github.com/someone/builds")
    assert build.as_of.date().isoformat() == "2026-05-06"
    assert "skills" in build.description
    assert not User.objects.get(pk=build.owner_id).has_usable_password()


@pytest.mark.django_db
def test_a_changed_record_is_a_new_revision_of_the_same_build() -> None:
    first, *rest = records()
    load_records([first, *rest])
    key = Build.objects.get(library_key=first.key).pk
    changed = replace(first, build=record(build=firebrand(name="Build 0", role="tank")).build, published="2026-06-01")
    loaded = load_records([changed, *rest])
    assert (loaded.created, loaded.updated, loaded.unchanged, loaded.refused) == (0, 1, 2, ())
    build = Build.objects.get(pk=key)
    assert (build.role, build.version, build.as_of.date().isoformat()) == ("tank", 2, "2026-06-01")
    assert list(build.revisions.values_list("number", flat=True)) == [2, 1]


@pytest.mark.django_db
def test_a_record_that_the_game_no_longer_knows_is_listed_and_the_rest_loads() -> None:
    first, second, third = records()
    unknown = replace(second, build={**second.build, "relic": 1})
    loaded = load_records([first, unknown, third])
    assert (loaded.created, len(loaded.refused)) == (2, 1)
    assert "Build 1" in loaded.refused[0]
    assert "There is no relic “1” in the game data." in loaded.refused[0]
    assert list(Build.objects.order_by("name").values_list("name", flat=True)) == ["Build 0", "Build 2"]


@pytest.mark.django_db
def test_an_unexpected_error_loads_nothing() -> None:
    def breaking_off() -> Iterator[LibraryRecord]:
        yield from records()[:2]
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError):
        load_records(breaking_off())
    assert not Build.objects.exists()


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("someone/some-builds:data/wvw.json", "https://github.com/someone/some-builds"),
        ("guildjen.com/power-reaper/ (copied in May)", "https://guildjen.com/power-reaper/"),
        ("a friend told me", ""),
    ],
)
def test_a_source_leads_to_its_page(source: str, address: str) -> None:
    assert source_address(source) == address


# --- the command -----------------------------------------------------------------------------------
def output_of(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("load_library", *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_load_library_prints_counts_and_what_was_left_out(tmp_path: Path) -> None:
    path = tmp_path / "builds.json"
    path.write_bytes(orjson.dumps([entry(), entry(id="a2", build=firebrand(relic="Relic of Breakfast"))]))
    printed = output_of(str(path)).splitlines()
    assert printed[-1] == "Library: 2 new, 0 changed, 0 as they were, 0 refused."
    assert any("relic was left out" in line for line in printed)
    again = output_of(str(path)).splitlines()
    assert again[-1] == "Library: 0 new, 0 changed, 2 as they were, 0 refused."
    assert output_of(str(path), verbosity=0) == ""


@pytest.mark.django_db
def test_load_library_tells_of_a_wrong_file_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "builds.json"
    path.write_bytes(b'[{"id": "a1"}]')
    with pytest.raises(CommandError) as caught:
        output_of(str(path))
    assert str(caught.value) == f"{path}: entry 1: Its `source` is missing or not a text."
    assert caught.value.returncode == 2
    assert not Build.objects.exists()
