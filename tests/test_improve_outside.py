"""The search by command and by API, with the library at hand."""

import io
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from builds.engine.improve import improve
from builds.library.records import packaged_records
from builds.models import Build
from builds.services.improve import improve_build
from builds.services.library import load_records
from builds.spec import parse_build, plain_json
from tests.api import Api
from tests.factories import BuildFactory, UserFactory
from tests.specs import firebrand, packaged

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ROOT = Path(__file__).resolve().parent.parent
GUARDIANS = [record for record in packaged_records() if record.build["profession"] == "Guardian"]
FEW = ("--evaluations", "40")


@pytest.fixture
def build(tmp_path: Path) -> Path:
    file = tmp_path / "build.json"
    file.write_bytes(orjson.dumps(firebrand()))
    return file


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("improve", *arguments, stdout=out)
    return out.getvalue()


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as raised:
        printed(*arguments)
    assert "\n" not in str(raised.value)
    return str(raised.value)


# --- the command -----------------------------------------------------------------------------------
def test_json_is_the_answer_of_the_engine(build: Path) -> None:
    told = orjson.loads(printed(str(build), "--lock", "traits.1", "--lock", "weapons,rune", *FEW, "--json"))
    spec = parse_build(firebrand(), packaged()).spec
    expected = improve(spec, packaged(), locks=["traits.1", "weapons", "rune"], evaluations=40)
    assert told.pop("seconds") >= 0
    document = orjson.loads(orjson.dumps(expected.as_json()))
    del document["seconds"]
    assert {name: told[name] for name in document} == document
    assert parse_build(told["build"], packaged()).spec == expected.build
    assert told["template_code"] == expected.build.template_code


def test_lines_tell_score_changes_and_what_is_taken_for_granted(build: Path) -> None:
    told = printed(str(build), "--role", "Healer", "--mode", "wvw", *FEW)
    assert "(Guardian, healer, wvw)" in told
    assert "Score " in told
    assert ", before " in told
    assert "  Healing and barrier: " in told
    assert " -> " in told
    assert "seed 0" in told
    assert "Taken for granted" in told


def test_profession_and_role_are_enough_for_the_command() -> None:
    load_records(GUARDIANS)
    told = orjson.loads(
        printed("--profession", "guardian", "--role", "dps", "--mode", "raids", "--seed", "3", *FEW, "--json")
    )
    assert told["before"] is None
    assert told["started_from"] in {record.spec.name for record in GUARDIANS}
    assert (told["build"]["profession"], told["build"]["role"], told["seed"]) == ("Guardian", "dps", 3)


def test_bad_input_of_the_command_is_one_line(build: Path, tmp_path: Path) -> None:
    load_records(GUARDIANS)  # where there is nothing to sort, nothing looks at the mode
    assert "Give either" in refused()
    assert "Give either" in refused(str(build), "--profession", "Thief")
    assert "no part “luck”" in refused(str(build), "--lock", "luck")
    assert "no role “luck”" in refused(str(build), "--role", "luck")
    assert "no game mode “luck”" in refused(str(build), "--mode", "luck")
    assert "no profession “Bard”" in refused("--profession", "Bard", "--role", "dps")
    assert "Say for which role" in refused("--profession", "Thief")
    assert "evaluations" in refused(str(build), "--evaluations", "0")
    assert "invalid int value" in refused(str(build), "--seed", "x")
    assert "can't be read" in refused(str(tmp_path / "none.json"))
    (tmp_path / "bad.json").write_bytes(b"{")
    assert "is not JSON" in refused(str(tmp_path / "bad.json"))


@pytest.mark.once
def test_from_the_shell_an_error_is_one_line_and_status_2() -> None:
    done: Any = subprocess.run(
        [sys.executable, "manage.py", "improve", "/none.json"], cwd=ROOT, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert len(done.stderr.splitlines()) == 1


# --- the API ---------------------------------------------------------------------------------------
def test_answer_for_a_saved_build_is_that_of_the_service() -> None:
    load_records(GUARDIANS)
    saved = Build.objects.get(library_key=GUARDIANS[0].key)
    answer = Api().post(f"builds/{saved.pk}/improve", {"locks": ["weapons", "traits"]})
    assert answer.status == 200
    expected = improve_build(saved.value, locks=["weapons", "traits"])
    assert answer.body["after"]["total"] == pytest.approx(expected.after.total, abs=1e-3)
    assert answer.body["build"]["weapon_sets"] == plain_json(saved.value)["weapon_sets"]
    assert answer.body["after"]["total"] >= answer.body["before"]["total"]
    assert [change["part"] for change in answer.body["changes"]] == [change.part for change in expected.changes]


@pytest.mark.parametrize(
    ("visibility", "who", "status"),
    [("private", "anyone", 404), ("private", "owner", 200), ("public", "anyone", 200)],
)
def test_only_who_may_read_a_build_may_improve_it(visibility: str, who: str, status: int) -> None:
    owner: User = UserFactory()  # type: ignore[no-untyped-call,assignment]
    saved = BuildFactory(owner=owner, visibility=visibility)
    wish = {"locks": ["traits", "skills", "weapons", "gear", "rune", "food", "utility", "relic", "sigils"]}
    assert Api(owner if who == "owner" else None).post(f"builds/{saved.pk}/improve", wish).status == status


def test_build_that_is_not_there_is_not_found() -> None:
    assert Api().post(f"builds/{uuid.uuid4()}/improve", {}).status == 404


def test_build_that_is_sent_is_improved_and_not_saved() -> None:
    wish = {"build": firebrand(), "locks": ["traits", "skills", "weapons"], "role": "healer", "mode": "wvw"}
    answer = Api().post("builds/improve", wish)
    assert answer.status == 200
    assert (answer.body["build"]["role"], answer.body["build"]["game_mode"]) == ("healer", "wvw")
    assert answer.body["status"] == "done"
    assert answer.body["changes"]
    assert Build.objects.count() == 0


def test_profession_and_role_are_enough_for_the_api() -> None:
    load_records(GUARDIANS)
    answer = Api().post("builds/improve", {"profession": "guardian", "role": "dps", "mode": "raids"})
    assert answer.status == 200
    assert answer.body["before"] is None
    assert answer.body["build"]["profession"] == "Guardian"
    assert parse_build(answer.body["build"], packaged()).notes == ()


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"role": "luck"}, "role"),
        ({"mode": "luck"}, "mode"),
        ({"locks": ["luck"]}, "locks"),
        ({"locks": "traits"}, "locks"),
        ({"mode": "pvp", "locks": ["rune", "gear.helm"]}, "locks"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"luck": 1}, "luck"),
    ],
)
def test_bad_wish_names_its_field(wish: dict[str, Any], field: str) -> None:
    saved = BuildFactory(visibility="public")
    answer = Api().post(f"builds/{saved.pk}/improve", wish)
    assert answer.status == 422
    assert field in answer.fields


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"profession": "Bard", "role": "dps"}, "profession"),
        ({"profession": "Thief"}, "role"),
        ({"build": {"name": "x", "profession": "Bard"}}, "profession"),
    ],
)
def test_bad_sent_wish_names_its_field(wish: dict[str, Any], field: str) -> None:
    answer = Api().post("builds/improve", wish)
    assert answer.status == 422
    assert field in answer.fields


def test_neither_build_nor_profession_and_both_are_refused() -> None:
    for wish in ({}, {"profession": "Thief", "build": firebrand()}):
        answer = Api().post("builds/improve", wish)
        assert (answer.status, answer.error["message"]) == (422, "Give either `build` or `profession`.")
