"""The sync with the official API, against a real server on this machine that speaks its shapes."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command

from builds.catalogue import current_catalogue
from builds.gamedata import snapshot as files
from builds.gamedata.api import Patience
from builds.models import GameDataSnapshot
from builds.services.gamedata import KEPT_FROM_API, activate_snapshot, ensure_packaged_snapshot, store_snapshot, sync
from builds.tasks import sync_gamedata
from gw2optimizer.errors import Conflict, InvalidInput, Unavailable
from tests.game_api import Cut, GameApiServer, Reply, world_of
from tests.game_api.world import World, renamed

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = files.unpack(files.packaged_bytes())
WORLD = orjson.dumps(world_of(DOCUMENT))
NAMED_SKILLS = {skill for profession in DOCUMENT["professions"] for skill in profession["skills"]}
NAMED_SKILLS |= {skill for profession in DOCUMENT["professions"] for _, skill in profession["skills_by_palette"]}
NAMED_SKILLS |= {s[0] for profession in DOCUMENT["professions"] for w in profession["weapons"] for s in w["skills"]}
NAMED_SKILLS |= {s for legend in DOCUMENT["legends"] for s in (legend["swap"], legend["heal"], legend["elite"])}
NAMED_SKILLS |= {s for legend in DOCUMENT["legends"] for s in legend["utilities"]}
NAMED_SKILLS |= {s for pet in DOCUMENT["pets"] for s in (pet["skill"], *pet["beastmode"])}
# Facts that only this project gathered, and copies that stand in for facts which the API lacks.
GATHERED = ('"splits"', '"wvw_overrides"', '"facts_from_twin"', '"facts_mode"')
HASTY = Patience(attempts=3, first=0.001, longest=0.01)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return orjson.loads(WORLD)  # type: ignore[no-any-return]


@pytest.fixture
def api(world: World, settings: Any, tmp_path: Path) -> Iterator[GameApiServer]:
    settings.VAR_DIR = tmp_path
    with GameApiServer({"en": world}) as server:
        settings.GAME_API_URL = server.url
        yield server


def entry(world: World, endpoint: str, id_: int | str) -> dict[str, Any]:
    return next(entry for entry in world[endpoint] if entry["id"] == id_)


def active() -> GameDataSnapshot:
    return GameDataSnapshot.objects.defer("payload").get(is_active=True)


def active_document() -> dict[str, Any]:
    return files.unpack(bytes(GameDataSnapshot.objects.get(is_active=True).payload))


def packaged_row() -> GameDataSnapshot:
    return GameDataSnapshot.objects.defer("payload").get(source="packaged")


def test_sync_brings_the_amulets_and_keeps_everything_else(api: GameApiServer) -> None:
    result = sync(patience=HASTY)

    assert result.diff == {"amulet": {"added": {"count": 2, "names": ["Assassin Amulet", "Paladin Amulet"]}}}
    row = active()
    assert result.snapshot == row
    assert (row.game_build, row.source, row.previous) == (200_001, "api", packaged_row())
    assert (row.diff, row.status, row.counts["amulets"]) == (result.diff, "2 added", 2)
    catalogue = current_catalogue()
    assert catalogue.game_build == 200_001
    assert catalogue.find("amulet", "assassin amulet").attributes == {"precision": 1200, "power": 900, "ferocity": 900}
    assert catalogue.unverified == frozenset()
    assert not list((api_folder()).glob("*-en-*"))


def api_folder() -> Path:
    from django.conf import settings

    return Path(settings.VAR_DIR) / "sync"


@pytest.mark.once
def test_sync_of_the_same_facts_changes_nothing(api: GameApiServer) -> None:
    sync(patience=HASTY)
    before = list(GameDataSnapshot.objects.values_list("pk", "checksum", "is_active", "activated_at"))
    api.game_build += 1

    result = sync(patience=HASTY)

    assert (result.snapshot, result.diff) == (None, {})
    assert result.message == "Game build 200002: nothing new."
    assert list(GameDataSnapshot.objects.values_list("pk", "checksum", "is_active", "activated_at")) == before


@pytest.mark.long
@pytest.mark.once
def test_sync_asks_for_pages_of_200_ids_with_the_schema_version(api: GameApiServer) -> None:
    sync(patience=HASTY)

    lists = [request.query["ids"].split(",") for request in api.requests if request.query.get("ids", "all") != "all"]
    assert max(map(len, lists)) == 200
    assert api.asked("skills") == 1 + 13  # the list of ids, and 2562 skills
    assert {request.headers["X-Schema-Version"] for request in api.requests} == {"2024-07-20T01:00:00.000Z"}


@pytest.mark.long
@pytest.mark.once
def test_sync_marks_entries_whose_facts_changed_when_they_have_gathered_ones(api: GameApiServer, world: World) -> None:
    split = next(row[0] for row in DOCUMENT["skills"] if '"splits"' in row[-1] and '"facts":[{' in row[-1])
    unsplit = next(
        row[0]
        for row in DOCUMENT["skills"]
        if '"facts":[{' in row[-1] and '"in_api_2026":true' in row[-1] and not any(key in row[-1] for key in GATHERED)
    )
    ruled = DOCUMENT["trait_rules"][0]["trait"]
    for endpoint, id_ in (("skills", split), ("skills", unsplit), ("traits", ruled)):
        entry(world, endpoint, id_).setdefault("facts", []).append({"type": "Number", "text": "New", "value": 7})

    result = sync(patience=HASTY)

    catalogue = current_catalogue()
    assert catalogue.unverified == {f"skill:{split}", f"trait:{ruled}"}
    assert result.diff["unverified"]["added"] == {"count": 2, "names": [f"skill:{split}", f"trait:{ruled}"]}
    assert result.diff["skill"]["changed"]["count"] == 2
    assert catalogue.skills[split].facts[-1] == {"type": "Number", "text": "New", "value": 7}
    assert catalogue.skills[split].splits == files.load_packaged().skills[split].splits
    # The mark stays as long as nobody has looked at the gathered facts.
    sync(patience=HASTY)
    assert current_catalogue().unverified == {f"skill:{split}", f"trait:{ruled}"}


@pytest.mark.long
@pytest.mark.once
def test_sync_tells_added_removed_renamed_and_changed_apart(api: GameApiServer, world: World) -> None:
    legend, relic = "Relic of the Thief", next(row[0] for row in DOCUMENT["upgrades"] if row[1] == "relic")
    entry(world, "items", relic)["name"] = legend + " II"
    trait = DOCUMENT["traits"][0]
    entry(world, "traits", trait[0])["icon"] = DOCUMENT["traits"][1][7]
    gone = next(skill for skill in world["skills"] if skill["id"] not in NAMED_SKILLS)
    world["skills"].remove(gone)
    world["skills"].append(
        {"id": 999_001, "name": "Gust of Tests", "professions": ["Guardian"], "type": "Utility", "slot": "Utility",
         "weapon_type": "None", "facts": [], "icon": gone["icon"], "flags": [], "categories": []}
    )  # fmt: skip
    entry(world, "professions", "Guardian")["skills_by_palette"].append([60_001, 999_001])

    diff = sync(patience=HASTY).diff

    assert diff["skill"] == {
        "added": {"count": 1, "names": ["Gust of Tests"]},
        "removed": {"count": 1, "names": [gone["name"]], "ids": [str(gone["id"])]},
    }
    assert diff["trait"] == {"changed": {"count": 1, "names": [trait[1]], "ids": [str(trait[0])]}}
    assert diff["relic"]["renamed"]["count"] == 1
    assert diff["relic"]["renamed"]["names"][0].endswith(" → Relic of the Thief II")
    catalogue = current_catalogue()
    assert catalogue.palette_of("Guardian", 999_001) == 60_001
    assert catalogue.skills[999_001].palette == {"Guardian": 60_001}


@pytest.mark.long
@pytest.mark.once
def test_sync_finds_items_and_prefixes_that_are_newer_than_the_known(api: GameApiServer, world: World) -> None:
    icon = DOCUMENT["upgrades"][0][4]
    world["items"] += [
        {
            "id": 900_001, "name": "Superior Rune of the Test", "type": "UpgradeComponent", "rarity": "Exotic",
            "icon": icon, "details": {"type": "Rune", "bonuses": ["+25 Power", "+10% Boon Duration", "+50 Power"]},
        },
        {
            "id": 900_002, "name": "Relic of the Test", "type": "Relic", "rarity": "Exotic", "icon": icon,
            "description": "Something <c=@abilitytype>happens</c>.",
        },
        {"id": 900_003, "name": "Boots", "type": "Armor", "rarity": "Exotic", "icon": icon, "details": {}},
        {
            "id": 900_004, "name": "Bowl of Tests", "type": "Consumable", "rarity": "Fine", "level": 80, "icon": icon,
            "details": {"type": "Food", "duration_ms": 1_800_000, "description": "+100 Power\n+70 Ferocity"},
        },
    ]  # fmt: skip
    world["itemstats"] += [
        {"id": 9001, "name": "Tester's", "attributes": [{"attribute": "Power", "multiplier": 0.3, "value": 25}]},
        {"id": 9002, "name": "Tester's", "attributes": [{"attribute": "Power", "multiplier": 0.3, "value": 0}]},
        {"id": 9003, "name": "Old", "attributes": [{"attribute": "Power", "multiplier": 0, "value": 18}]},
    ]

    sync(patience=HASTY)

    catalogue = current_catalogue()
    assert [bonus.get("attribute") for bonus in catalogue.runes[900_001].bonuses] == ["Power", "BoonDuration", "Power"]
    assert catalogue.find("relic", "test").id == 900_002
    assert catalogue.foods[900_004].details["duration_s"] == 1800
    assert catalogue.foods[900_004].bonuses[1] == {
        "kind": "stat", "value": 70, "percent": False, "label": "Ferocity", "attribute": "CritDamage",
    }  # fmt: skip
    prefix = catalogue.find("prefix", "testers")
    assert prefix.armor_weapon.attributes == (("power", 0.3, 0),)
    assert prefix.trinket.attributes == (("power", 0.3, 25),)
    assert "Old" not in catalogue.prefixes
    assert catalogue.unverified == {"relic:900002", "prefix:Tester's"}
    sync(patience=HASTY)
    relic = next(row[0] for row in DOCUMENT["upgrades"] if row[1] == "relic")
    entry(world, "items", relic)["description"] = "It does something else now."
    assert sync(patience=HASTY).diff["unverified"] == {"added": {"count": 1, "names": [f"relic:{relic}"]}}
    assert current_catalogue().relics[relic].facts == files.load_packaged().relics[relic].facts


@pytest.mark.long
@pytest.mark.once
def test_sync_keeps_what_the_api_lacks(api: GameApiServer, world: World) -> None:
    world["legends"] = [legend for legend in world["legends"] if legend["id"] not in {"Legend7", "Legend8"}]
    world["skills"].remove(entry(world, "skills", DOCUMENT["legends"][-1]["heal"]))
    entry(world, "traits", DOCUMENT["traits"][5][0]).pop("facts", None)

    sync(patience=HASTY)

    before, after = files.load_packaged(), current_catalogue()
    assert after.legends == before.legends
    assert after.traits == before.traits
    assert after.prefixes == before.prefixes
    assert after.trait_rules == before.trait_rules
    assert after.supplement == before.supplement
    assert [p.armor_weight for p in after.professions.values()] == [p.armor_weight for p in before.professions.values()]
    assert {s.id: s.release for s in after.specializations.values()} == {
        s.id: s.release for s in before.specializations.values()
    }


@pytest.mark.long
@pytest.mark.once
def test_sync_waits_as_long_as_the_server_asks(api: GameApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("builds.gamedata.api.time.sleep", pauses.append)
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    api.faults["skills"] = [Reply(429, headers={"Retry-After": "7"}), Reply(429, headers={"Retry-After": later})]

    assert sync(patience=HASTY).snapshot is not None

    assert pauses[0] == 7.0
    assert 80 < pauses[1] <= 90


@pytest.mark.once
def test_sync_tries_again_after_each_kind_of_fault(api: GameApiServer) -> None:
    """Another one at each place where it asks, so that one sync meets them all."""
    limited, broken, down, no_json = Reply(429), Reply(500), Reply(503, b"down"), Reply(200, b"<html>")
    api.faults |= {
        "build": [limited, broken], "professions": [Cut(), down], "traits": [no_json, limited],
        "items": [broken, Cut()], "skills": [down, no_json],
    }  # fmt: skip

    assert sync(patience=HASTY).snapshot is not None
    assert all(not faults for faults in api.faults.values())


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize("fault", [Reply(500), Cut()], ids=["500", "cut"])
def test_sync_gives_up_and_leaves_the_active_snapshot(api: GameApiServer, fault: Reply | Cut) -> None:
    ensure_packaged_snapshot()
    api.faults["traits"] = [fault] * 50

    with pytest.raises(Unavailable, match="3 times for traits"):
        sync(patience=HASTY)

    assert active() == packaged_row()
    assert GameDataSnapshot.objects.count() == 1
    api.faults.clear()
    api.requests.clear()
    sync(patience=HASTY)
    assert api.asked("professions") == 0  # kept from the first run


@pytest.mark.once
def test_sync_refuses_to_wait_for_hours(api: GameApiServer) -> None:
    api.faults["build"] = [Reply(429, headers={"Retry-After": "86400"})]
    with pytest.raises(Unavailable, match="pause of 86400 seconds"):
        sync(patience=HASTY)


@pytest.mark.once
def test_sync_does_not_follow_redirects(api: GameApiServer) -> None:
    api.faults["professions"] = [Reply(302, headers={"Location": "http://127.0.0.1:1/v2/professions"})]
    with pytest.raises(Unavailable, match="status 302"):
        sync(patience=HASTY)


def break_weapon(world: World) -> None:
    entry(world, "professions", "Thief")["weapons"]["Dagger"]["skills"][0]["id"] = 999_999


def break_trait_tier(world: World) -> None:
    first = DOCUMENT["specializations"][0]
    entry(world, "traits", first["major_traits"][0])["tier"] = 3


def break_number(world: World) -> None:
    skill = next(skill for skill in world["skills"] if skill.get("facts"))
    skill["facts"][0]["value"] = 10**9


def lose_specializations(world: World) -> None:
    del world["specializations"][40:]


def lose_profession(world: World) -> None:
    del world["professions"][0]


def lose_skills(world: World) -> None:
    unnamed = [skill for skill in world["skills"] if skill["id"] not in NAMED_SKILLS]
    for skill in unnamed[:300]:
        world["skills"].remove(skill)


def rename_attribute(world: World) -> None:
    world["itemstats"][0]["attributes"][0]["attribute"] = "Luck"


def put_markup(world: World) -> None:
    entry(world, "specializations", DOCUMENT["specializations"][0]["id"])["name"] = "<script>alert(1)</script>"


def put_foreign_icon(world: World) -> None:
    entry(world, "pets", DOCUMENT["pets"][0]["id"])["icon"] = "https://example.org/file/AA/1.png"


def change_shape(world: World) -> None:
    entry(world, "professions", "Thief")["weapons"] = []


def absurd_amulet(world: World) -> None:
    world["pvp/amulets"][0]["attributes"]["Power"] = 90_000


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize(
    ("breaking", "sentence"),
    [
        (break_weapon, "Thief's Dagger has skills that are not in the data: 999999"),
        (break_trait_tier, "and the trait says otherwise"),
        (break_number, "absurd value: 1000000000"),
        (lose_specializations, "only 40 of kind specialization"),
        (lose_profession, "not the nine of the game"),
        (lose_skills, "skills would be gone"),
        (rename_attribute, "unknown attribute: 'Luck'"),
        (put_markup, "has no plain name"),
        (put_foreign_icon, "has an icon that is not one of the game's"),
        (change_shape, "another shape than expected"),
        (absurd_amulet, "impossible 90000"),
    ],
)
def test_sync_refuses_data_that_can_not_be(api: GameApiServer, world: World, breaking: Any, sentence: str) -> None:
    ensure_packaged_snapshot()
    breaking(world)

    with pytest.raises(InvalidInput) as caught:
        sync(patience=HASTY)

    assert sentence in caught.value.message
    assert list(GameDataSnapshot.objects.values_list("pk", "is_active")) == [(packaged_row().pk, True)]
    assert not list(api_folder().glob("*-en-*"))  # bad answers are not used again


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize(
    "body", [b"{}", b"[1, 2]", b'[{"name": "no id"}]', b'[{"id": 1}, {"id": 1}]', b"null"], ids=str
)
def test_sync_refuses_answers_that_are_no_list_of_entries(api: GameApiServer, body: bytes) -> None:
    api.faults["professions"] = [Reply(200, body)]
    with pytest.raises(Unavailable, match="something else than a list of professions"):
        sync(patience=HASTY)


@pytest.mark.long
@pytest.mark.once
def test_sync_takes_a_great_loss_only_by_force(api: GameApiServer, world: World) -> None:
    lose_skills(world)
    with pytest.raises(InvalidInput, match="300 of 2601 skills would be gone"):
        sync(patience=HASTY)

    assert sync(patience=HASTY, force=True).diff["skill"]["removed"]["count"] == 300

    lose_specializations(world)
    with pytest.raises(InvalidInput, match="only 40 of kind specialization"):  # what is not whole is refused even so
        sync(patience=HASTY, force=True)


@pytest.mark.long
@pytest.mark.once
def test_sync_dry_run_tells_and_changes_nothing(api: GameApiServer) -> None:
    result = sync(patience=HASTY, dry_run=True)

    assert result.snapshot is None
    assert result.diff["amulet"]["added"]["count"] == 2
    assert not GameDataSnapshot.objects.exists()


@pytest.mark.long
@pytest.mark.once
def test_sync_of_a_language_brings_names_alone(api: GameApiServer, world: World) -> None:
    sync(patience=HASTY)
    api.worlds["fr"] = renamed(world, "(fr)")
    entry(world, "traits", DOCUMENT["traits"][0][0])["name"] = "Changed since"

    result = sync(patience=HASTY, language="fr")

    assert set(result.diff) == {"names in fr"}
    catalogue = current_catalogue()
    trait = DOCUMENT["traits"][0]
    assert catalogue.traits[trait[0]].name == trait[1]
    assert catalogue.display_name("trait", trait[0], "fr") == f"{trait[1]} (fr)"
    assert catalogue.display_name("trait", trait[0], "de") == trait[1]
    assert catalogue.display_name("prefix", "Berserker's", "fr") == "Berserker's (fr)"
    assert catalogue.display_name("legend", "Legend1", "fr") == "Legendary Dragon Stance (fr)"
    assert set(catalogue.names["fr"]) == {
        "profession", "specialization", "trait", "skill", "prefix", "rune", "sigil", "relic", "infusion",
        "enrichment", "food", "utility", "legend", "pet", "amulet",
    }  # fmt: skip
    # The names outlive a sync of the facts.
    sync(patience=HASTY)
    assert current_catalogue().display_name("pet", 1, "fr").endswith("(fr)")


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize("language", ["xx", "", "fr; drop", "FR"])
def test_sync_knows_the_languages_of_the_game(api: GameApiServer, language: str) -> None:
    with pytest.raises(InvalidInput, match="fr, de, es"):
        sync(language=language)
    assert api.requests == []


@pytest.mark.parametrize(
    "url", ["http://example.org/v2", "ftp://127.0.0.1/", "nonsense", "http://127.0.0.1.example.org"]
)
def test_sync_trusts_https_and_this_machine_only(url: str) -> None:
    with pytest.raises(InvalidInput, match="neither https nor on this machine"):
        sync(api_url=url)


def test_sync_runs_once_at_a_time(api: GameApiServer) -> None:
    refused = []

    def another_in_the_middle(what: str, done: int, total: int) -> None:
        if what == "pets":
            with pytest.raises(Conflict, match="Another sync is running"):
                sync(patience=HASTY)
            sync_gamedata()  # the nightly task only says so
            refused.append(what)

    assert sync(patience=HASTY, progress=another_in_the_middle).snapshot is not None
    assert refused == ["pets"]
    assert sync(patience=HASTY).snapshot is None  # the lock is free again


def test_sync_does_not_undo_an_activation_made_meanwhile(api: GameApiServer) -> None:
    ensure_packaged_snapshot()
    other = store_snapshot(payload=files.pack({**DOCUMENT, "game_build": 1}), source="api")

    def activate_other(what: str, done: int, total: int) -> None:
        if what == "pets":
            activate_snapshot(snapshot=other)

    with pytest.raises(Conflict, match="activated in the meantime"):
        sync(patience=HASTY, progress=activate_other)
    assert active() == other
    assert GameDataSnapshot.objects.count() == 2


@pytest.mark.long
def test_sync_keeps_the_newest_snapshots_and_the_packaged_one(api: GameApiServer) -> None:
    rows = [
        GameDataSnapshot.objects.create(source="api", taken_on="2026-09-01", checksum=str(number), payload=b"")
        for number in range(KEPT_FROM_API + 3)
    ]

    new = sync(patience=HASTY).snapshot

    left = set(GameDataSnapshot.objects.values_list("pk", flat=True))
    assert left == {packaged_row().pk, new.pk, *(row.pk for row in rows[-KEPT_FROM_API:])}


@pytest.mark.long
@pytest.mark.once
def test_going_back_and_forth_between_snapshots_works(api: GameApiServer) -> None:
    new = sync(patience=HASTY).snapshot
    assert new is not None
    for row, amulets in ((packaged_row(), 0), (new, 2), (packaged_row(), 0)):
        activate_snapshot(snapshot=row)
        assert active() == row
        assert len(current_catalogue().amulets) == amulets


@pytest.mark.long
@pytest.mark.once
def test_command_prints_the_result_alone_on_stdout(api: GameApiServer, capfd: pytest.CaptureFixture[str]) -> None:
    call_command("sync_gamedata", "--dry-run")
    out, err = capfd.readouterr()
    assert out.splitlines() == [
        "Game build 200001: 2 added.", "amulet: 2 added: Assassin Amulet, Paladin Amulet", "Nothing was changed.",
    ]  # fmt: skip
    assert "skills: 13 of 13" in err.splitlines()


@pytest.mark.parametrize("arguments", [["--lang", "xx"], ["--api", "http://example.org"]])
def test_command_refuses_bad_input_in_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("sync_gamedata", *arguments)
    assert caught.value.returncode == 2
    assert "\n" not in str(caught.value)
    assert capsys.readouterr().out == ""


@pytest.mark.long
@pytest.mark.once
def test_command_that_was_killed_is_resumed_where_it_stood(api: GameApiServer, tmp_path: Path) -> None:
    """A real process, a real SIGKILL."""
    database = tmp_path / "own.sqlite3"
    environment = {
        **os.environ, "VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": f"sqlite:///{database}", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    command = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*command, "migrate", "builds", "-v0"], env=environment, check=True, timeout=120)
    reached, go_on = threading.Event(), threading.Event()

    def block_in_the_middle(request: Any) -> None:
        if request.endpoint == "items" and api.asked("items") == 4:
            reached.set()
            go_on.wait(60)

    api.before_answer = block_in_the_middle
    process = subprocess.Popen(
        [*command, "sync_gamedata", "--api", api.url], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        assert reached.wait(60)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        go_on.set()
    api.before_answer = lambda request: None
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("select source, is_active from builds_gamedatasnapshot").fetchall()
    assert rows == [("packaged", 1)]
    first = {(r.endpoint, r.query.get("ids")) for r in api.requests[:-1]}
    api.requests.clear()

    done = subprocess.run(
        [*command, "sync_gamedata", "--api", api.url], env=environment, capture_output=True, text=True, timeout=120
    )

    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Game build 200001: 2 added.")
    second = [(r.endpoint, r.query.get("ids")) for r in api.requests]
    assert set(second) & first == {("build", None)}
    assert len(second) < len(first)
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("select source, is_active from builds_gamedatasnapshot order by id").fetchall()
    assert rows == [("packaged", 0), ("api", 1)]


@pytest.mark.long
@pytest.mark.once
def test_kept_answers_that_are_too_old_are_asked_for_again(api: GameApiServer) -> None:
    api.faults["traits"] = [Reply(500)] * 3
    with pytest.raises(Unavailable):
        sync(patience=HASTY)
    (page,) = api_folder().glob("*-en-*/professions-*.json")
    old = time.time() - 3 * 24 * 3600
    os.utime(page, (old, old))
    api.requests.clear()

    sync(patience=HASTY)

    assert (api.asked("professions"), api.asked("specializations")) == (1, 0)
