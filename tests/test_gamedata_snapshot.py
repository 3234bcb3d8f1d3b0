"""The packaged snapshot, and what may be a snapshot at all."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command

from builds.gamedata import Catalogue, SnapshotError, load_packaged
from builds.gamedata.diff import compare, lines, same_content, summary
from builds.gamedata.packaging import document_from_folder
from builds.gamedata.snapshot import checksum, load, pack, packaged_bytes, unpack
from builds.gamedata.validation import losses, validate
from builds.models import GameDataSnapshot

Document = dict[str, Any]


@pytest.fixture
def document() -> Document:
    return unpack(packaged_bytes())


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if isinstance(value, str) and value.startswith("{"):
        return texts(orjson.loads(value))
    return [value] if isinstance(value, str) else []


def test_packaged_snapshot_is_what_the_command_builds(shared_dir: Path) -> None:
    assert unpack(packaged_bytes()) == document_from_folder(shared_dir / "gamedata")
    assert gzip.decompress(packaged_bytes()) == gzip.decompress(pack(document_from_folder(shared_dir / "gamedata")))


def test_packaged_snapshot_holds_the_whole_game(document: Document) -> None:
    assert validate(document) == []
    catalogue = load_packaged()
    assert (len(catalogue.professions), len(catalogue.specializations), len(catalogue.traits)) == (9, 81, 972)
    assert catalogue.find("prefix", "Berserker").trinket is not None
    assert catalogue.checksum == checksum(packaged_bytes())


def test_packaged_snapshot_holds_facts_and_no_prose(document: Document) -> None:
    found = texts(document)
    assert [text for text in found if re.search(r"<[a-z/!]|\[\[|\]\]|\n", text)] == []
    assert [text for text in found if text.endswith(".") and text.count(" ") > 1] == []
    assert max(len(text) for text in found if not text.startswith("http")) <= 72


def test_packing_gives_the_same_bytes_for_the_same_document(document: Document) -> None:
    backwards = dict(reversed(document.items()))
    assert pack(backwards) == pack(document)
    assert checksum(gzip.compress(gzip.decompress(pack(document)), 1)) == checksum(pack(document))


@pytest.mark.parametrize(
    "payload",
    [b"", b"text", packaged_bytes()[:999], *(gzip.compress(text) for text in (b"[]", b"{", b'{"format": 2}'))],
    ids=["empty", "text", "cut", "list", "no JSON", "other format"],
)
def test_loading_refuses_what_is_no_snapshot(payload: bytes) -> None:
    with pytest.raises(SnapshotError):
        load(payload)


def change(path: str, value: Any) -> Callable[[Document], None]:
    """path: keys and places, dot between them; the last is set."""

    def apply(document: Document) -> None:
        *way, last = (int(part) if part.lstrip("-").isdigit() else part for part in path.split("."))
        target: Any = document
        for part in way:
            target = target[part]
        target[last] = value

    return apply


def repeat(kind: str) -> Callable[[Document], None]:
    return lambda document: document[kind].append(document[kind][0])


@pytest.mark.parametrize(
    ("breaking", "sentence"),
    [
        (repeat("traits"), "traits: "),
        (repeat("skills"), "occurs 2 times"),
        (change("pets", {}), "The pets are missing."),
        (change("professions.0.code", 4), "not the nine of the game"),
        (change("professions.0.armor_weight", None), "no known armor weight"),
        (change("professions.0.specializations.0", 4), "belongs to another profession"),
        (change("professions.0.weapons.0.hands", ["Foot"]), "held in no known hand"),
        (change("professions.0.weapons.0.skills", []), "has no skills"),
        (change("professions.0.weapons", []), "has only 0 weapons"),
        (change("professions.0.skills_by_palette.0", [70_000, 9_000]), "which no link can hold"),
        (change("professions.0.skills_by_palette.0.1", 1), "leads to skill 1, which is not in the data"),
        (change("professions.0.skills_by_palette", []), "palettes for only 0 skills of slot Heal"),
        (change("specializations.0.id", 300), "an id that no link can hold"),
        (change("specializations.0.major_traits.0", 1), "lists trait 1, which is not in the data"),
        (change("specializations.0.minor_traits", []), "three minor and nine major"),
        (change("traits.0.4", 7), "the trait says otherwise"),
        (change("skills.0.10", float("inf")), "impossible recharge of inf"),
        (change("skills.0.2", ["Bard"]), "professions that do not exist: Bard"),
        (change("skills.0.6", 250), "needs specialization 250"),
        (change("skills.0.1", "A\nB"), "has no plain name"),
        (change("skills.0.1", None), "has no plain name"),
        (change("skills.0.12", "javascript:alert(1)"), "not one of the game's"),
        (change("skills.0.13", '{"facts":[{"type":"Buff","duration":1e9}]}'), "absurd duration"),
        (change("skills.0.13", '{"facts":[5]}'), "another shape"),
        (change("skills.0.13", "{"), "another shape"),
        (change("prefixes.0.trinket.attributes.0.1", 40), "impossible numbers"),
        (change("prefixes.0.trinket.attributes.0.0", "luck"), "unknown attribute"),
        (change("legends.0.code", 2), "The legend code 2 occurs 2 times"),
        (change("legends.0.utilities", []), "has 0 utilities"),
        (change("pets.0.skill", 1), "skills that are not in the data: 1"),
        (change("amulets", [{"id": 1, "name": "A", "icon": "", "attributes": {"power": 9000}}]), "impossible 9000"),
        (change("trait_rules.0.trait", 1), "rule is about trait 1"),
        (change("names", {"xx": {}}), "unknown language: 'xx'"),
        (change("names", {"fr": {"trait": {"1": "<b>"}}}), "in fr are not plain"),
        (change("taken_on", "yesterday"), "can't be read"),
        (change("traits.0", [1, 2]), "can't be read"),
    ],
)  # fmt: skip
def test_validation_refuses(document: Document, breaking: Callable[[Document], None], sentence: str) -> None:
    breaking(document)
    assert sentence in " ".join(validate(document))


def test_losses_tells_which_kind_shrank(document: Document) -> None:
    assert losses(document, document) == []
    assert losses(document, {**document, "pets": document["pets"][7:]}) == ["7 of 66 pets would be gone."]
    assert losses(document, {**document, "pets": document["pets"][6:]}) == []


def test_diff_shows_the_first_twenty_names_and_counts_all(document: Document) -> None:
    fewer = {**document, "pets": document["pets"][:40], "taken_on": "2030-01-01", "game_build": 5}
    diff = compare(document, fewer)
    assert set(diff) == {"pet"}
    assert (diff["pet"]["removed"]["count"], len(diff["pet"]["removed"]["names"])) == (26, 20)
    assert lines(diff)[0].endswith(" and 6 more")
    assert summary(diff) == "26 removed"
    assert same_content(document, {**document, "taken_on": "2030-01-01", "game_build": 5})
    assert not same_content(document, fewer)


def test_build_snapshot_writes_the_file_whole(shared_dir: Path, tmp_path: Path, capsys: Any) -> None:
    target = tmp_path / "seed.json.gz"
    call_command("build_snapshot", str(shared_dir / "gamedata"), "--output", str(target))
    out = capsys.readouterr().out
    assert target.read_bytes() == packaged_bytes()
    assert "   972 traits\n" in out
    assert [path.name for path in tmp_path.iterdir()] == ["seed.json.gz"]


def test_build_snapshot_refuses_bad_input_in_one_line(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "mode_splits.json").write_text("{")
    for arguments in ([str(tmp_path / "nowhere")], [str(tmp_path)]):
        with pytest.raises(CommandError) as caught:
            call_command("build_snapshot", *arguments, "--output", str(tmp_path / "out.gz"))
        assert caught.value.returncode == 2
        assert "\n" not in str(caught.value)
    assert not (tmp_path / "out.gz").exists()
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_load_snapshot_loads_a_file_and_activates_it(tmp_path: Path, document: Document, capsys: Any) -> None:
    call_command("load_snapshot")
    call_command("load_snapshot")
    assert capsys.readouterr().out.splitlines() == [
        "The packaged snapshot was loaded.", "The packaged snapshot is known already.",
    ]  # fmt: skip
    file = tmp_path / "other.json.gz"
    file.write_bytes(pack({**document, "game_build": 123}))
    call_command("load_snapshot", str(file))
    assert GameDataSnapshot.objects.get(is_active=True).game_build == 123


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"nonsense", None], ids=["empty", "nonsense", "broken"])
def test_load_snapshot_refuses_bad_files_in_one_line(content: bytes | None, tmp_path: Path, document: Document) -> None:
    document["pets"] = []
    file = tmp_path / "bad.json.gz"
    file.write_bytes(pack(document) if content is None else content)
    for path in (file, tmp_path / "absent"):
        with pytest.raises(CommandError) as caught:
            call_command("load_snapshot", str(path))
        assert caught.value.returncode == 2
    assert not GameDataSnapshot.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "reason"), [("absent", "No such file or directory"), ("", "Is a directory")])
def test_load_snapshot_says_plainly_why_a_file_cant_be_read(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("load_snapshot", str(tmp_path / name))
    assert str(caught.value) == f"{tmp_path / name} can't be read: {reason}."


def test_search_finds_names_of_another_language(document: Document) -> None:
    trait = document["traits"][0]
    catalogue = Catalogue({**document, "names": {"fr": {"trait": {str(trait[0]): "Éclair zéphyr"}}}})
    assert [found.id for found in catalogue.search("trait", "zephyr ecl", language="fr")] == [trait[0]]
    assert catalogue.search("trait", "éclair zéphyr") == []
    assert trait[0] in [found.id for found in catalogue.search("trait", trait[1], language="fr")]
