"""The attribute panel from outside: the command, the API, the page."""

import html
import io
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.models import User
from builds.catalogue import current_catalogue
from builds.engine.attributes import attributes, parse_boons
from builds.management.commands.attributes import Command
from builds.models import Build
from builds.presentation.attributes import panel_view
from builds.sharing import to_payload
from builds.spec import parse_build
from tests.api import Api
from tests.factories import AdminFactory, BuildFactory, LibraryBuildFactory, UserFactory
from tests.specs import firebrand

pytestmark = pytest.mark.django_db

FIRE = {
    "profession": "Elementalist",
    "game_mode": "pve",
    "role": "dps",
    "specializations": [{"specialization": "Fire", "traits": [None, None, None]}, None, None],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "build.json"
    path.write_bytes(orjson.dumps(firebrand()))
    return path


def printed(*arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command("attributes", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


# --- The command ---------------------------------------------------------------------------------
def test_command_prints_the_panel_of_the_engine(file: Path) -> None:
    spec = parse_build(firebrand(), current_catalogue()).spec
    for options, expected in (
        ((), attributes(spec, current_catalogue())),
        (
            ("--boons", "might=25,fury", "--mode", "WvW", "--weapon-set", "2"),
            attributes(spec, current_catalogue(), "wvw", parse_boons("might=25,fury"), weapon_set=2),
        ),
    ):
        assert orjson.loads(printed(file, "--json", *options)) == orjson.loads(orjson.dumps(expected.as_json()))


def test_command_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(orjson.dumps(firebrand())))
    monkeypatch.setattr("sys.stdin", stdin)
    spec = parse_build(firebrand(), current_catalogue()).spec
    expected = attributes(spec, current_catalogue())["health"]
    assert orjson.loads(printed("-", "--json"))["panel"]["health"]["value"] == expected


def test_command_prints_a_table_for_people(file: Path) -> None:
    text = printed(file, "--boons", "might=25")
    assert re.search(r"^Power +1,\d{3}$", text, re.MULTILINE)
    assert re.search(r"^ +750  25 × might$", text, re.MULTILINE)
    assert "Boon duration" in text
    assert "Missing\n  - gear.weapon_1_main" in text
    assert "Bleeding duration" not in text


def test_command_switches_conditional_effects_on(tmp_path: Path) -> None:
    path = tmp_path / "fire.json"
    path.write_bytes(orjson.dumps({"name": "Fire", **FIRE}))
    assert orjson.loads(printed(path, "--json", "--switch", "320"))["panel"]["power"]["value"] == 1150
    assert "attuned to fire: Empowering Flame, Power (320)" in printed(path)


@pytest.fixture
def refusal(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What stands on stderr after a call as from the shell that has to fail."""
    # The connection is the test's.
    monkeypatch.setattr(connections, "close_all", lambda: None)

    def refused(*arguments: object) -> str:
        with pytest.raises(SystemExit) as caught:
            Command().run_from_argv(["manage.py", "attributes", *map(str, arguments)])
        out, err = capfd.readouterr()
        assert (caught.value.code, out, err.count("\n")) == (2, "", 1)
        return err

    return refused


def test_command_answers_nonsense_in_one_line(file: Path, tmp_path: Path, refusal: Callable[..., str]) -> None:
    assert "Might has 0 to 25 stacks, not 26." in refusal(file, "--boons", "might=26")
    assert "stacks of might are a whole number" in refusal(file, "--boons", "might=nan")
    assert "There is no boon “bleeding”" in refusal(file, "--boons", "bleeding")
    assert "There is no game mode “pvx”" in refusal(file, "--mode", "pvx")
    assert "PvP amulets are not in the data" in refusal(file, "--mode", "pvp", "--json")
    assert "There are 1 and 2." in refusal(file, "--weapon-set", "3")
    assert "--switch takes ids of traits" in refusal(file, "--switch", "fire")
    assert "no conditional effect of trait 320" in refusal(file, "--switch", "320")
    assert "can't be read: No such file" in refusal(tmp_path / "none.json")
    broken = tmp_path / "broken.json"
    for content in (b"{", b"[]", b'{"profession": "Quaggan", "name": "x"}', b"\xff", b" " * 1_000_001):
        broken.write_bytes(content)
        refusal(broken)
    with pytest.raises(CommandError):
        call_command("attributes")


# --- The API -------------------------------------------------------------------------------------
def panel_of(build: Build, query: str = "", user: User | None = None) -> Any:
    return Api(user).get(f"builds/{build.pk}/attributes{query}")


def test_api_answers_the_panel_of_the_build() -> None:
    build = BuildFactory(**FIRE)
    answer = panel_of(build)
    assert answer.status == 200
    assert answer.body["panel"]["power"] == {"value": 1000, "parts": [{"source": "Base", "amount": 1000}]}
    assert answer.body["game_mode"] == "pve"
    assert Client().get(f"/api/v1/builds/{build.pk}/attributes/").json() == answer.body


def test_api_takes_mode_boons_weapon_set_and_switches() -> None:
    build = BuildFactory(**FIRE)
    answer = panel_of(build, "?mode=WvW&boons=might=10,fury&switches=320&weapon_set=2")
    assert answer.status == 200
    assert answer.body["panel"]["power"]["value"] == 1000 + 300 + 150
    assert answer.body["panel"]["critical_chance"]["value"] == pytest.approx(0.25)
    assert (answer.body["game_mode"], answer.body["weapon_set"]) == ("wvw", 2)
    assert answer.body["boons"] == {"might": 10, "fury": 1}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("boons=might=26", "boons"), ("boons=might=nan", "boons"), ("boons=might=-1", "boons"),
        ("boons=might=1e308", "boons"), ("boons=burning", "boons"), ("boons=" + "x" * 400, "boons"),
        ("mode=pvx", "mode"), ("weapon_set=3", "weapon_set"), ("switches=fire", "switches"),
        ("switches=568", "switches"), ("boon=fury", "boon"),
    ],
)  # fmt: skip
def test_api_refuses_what_there_is_not(query: str, field: str) -> None:
    answer = panel_of(BuildFactory(**FIRE), f"?{query}")
    assert (answer.status, answer.fields) == (422, {field})


def test_api_says_that_pvp_amulets_are_not_in_the_data() -> None:
    answer = panel_of(BuildFactory(**FIRE), "?mode=pvp")
    assert answer.status == 422
    assert "PvP amulets are not in the data" in answer.error["message"]


@pytest.mark.parametrize("visibility", ["private", "unlisted", "public"])
@pytest.mark.parametrize("who", ["anonymous", "stranger", "owner", "staff"])
def test_api_shows_panels_to_whom_it_shows_the_build(visibility: str, who: str) -> None:
    build = BuildFactory(visibility=visibility, **FIRE)
    users = {"stranger": UserFactory, "staff": AdminFactory, "owner": lambda: build.owner}
    user = users.get(who, lambda: None)()
    seen = Api(user).get(f"builds/{build.pk}/").status
    assert seen == (200 if visibility == "public" or who == "owner" else 404)
    assert panel_of(build, user=user).status == seen


def test_api_knows_no_panel_of_a_build_that_does_not_exist() -> None:
    assert Api().get(f"builds/{uuid.uuid4()}/attributes").status == 404
    assert Api(UserFactory()).post(f"builds/{BuildFactory().pk}/attributes").status == 405


# --- The page ------------------------------------------------------------------------------------
def page_of(client: Client, address: str, **query: Any) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def value_on(page: str, name: str) -> str:
    found = re.search(rf'attr-name">{name}</span>.*?attr-value">([^<]+)<', page, re.DOTALL)
    assert found is not None
    return found[1]


def test_page_shows_the_panel_with_its_parts(client: Client) -> None:
    build = BuildFactory(visibility="public", **FIRE)
    page = page_of(client, build.get_absolute_url())
    assert value_on(page, "Power") == "1,000"
    assert value_on(page, "Critical chance") == "5.0 %"
    assert 'Elementalist</span><span class="attr-value">+1,645' in page
    assert "Without weapon sets, gear, rune." in page


def test_page_counts_the_boons_and_conditions_of_its_address(client: Client) -> None:
    build = BuildFactory(visibility="public", **FIRE)
    page = page_of(client, build.get_absolute_url(), boon=["might", "fury"], **{"with": "320"})
    assert value_on(page, "Power") == "1,900"
    assert value_on(page, "Critical chance") == "30.0 %"
    assert re.search(r'value="320" checked', page)
    nonsense = page_of(client, build.get_absolute_url(), boon="burning", set="7", **{"with": ["1", "x"]})
    assert value_on(nonsense, "Power") == "1,000"


def test_page_offers_the_second_weapon_set(client: Client) -> None:
    sets = [{"main_hand": "Axe", "off_hand": "Shield"}, {"main_hand": "Staff", "off_hand": None}]
    build = BuildFactory(visibility="public", weapon_sets=sets)
    first, second = (page_of(client, build.get_absolute_url(), set=number) for number in ("1", "2"))
    assert re.search(r'name="set" value="2" checked', second)
    assert value_on(first, "Armor") == value_on(second, "Armor") == "1,000"


def test_page_of_a_pvp_build_says_why_it_has_no_panel(client: Client) -> None:
    build = BuildFactory(visibility="public", game_mode="pvp")
    assert "PvP amulets are not in the data" in page_of(client, build.get_absolute_url())


def test_answer_and_link_show_the_panel_and_keep_their_query(client: Client) -> None:
    spec = parse_build({"name": "Fire", **FIRE}, current_catalogue()).spec
    assert value_on(page_of(client, reverse("builds:open", args=[to_payload(spec)])), "Power") == "1,000"
    LibraryBuildFactory(visibility="public", **FIRE)
    page = page_of(client, "/", profession="Elementalist", boon="might")
    assert value_on(page, "Power") == "1,750"
    assert '<input type="hidden" name="profession" value="Elementalist">' in page


def test_boxes_of_the_panel_are_the_ones_that_matter_to_the_build() -> None:
    catalogue = current_catalogue()
    arms = {"name": "x", "profession": "Mesmer"} | {
        "specializations": [{"specialization": "Chaos", "traits": []}, None, None]
    }
    view = panel_view(attributes(parse_build(arms, catalogue).spec, catalogue))
    assert [tick.value for tick in view.boons] == ["might", "fury", "regeneration"]
    assert view.weapon_sets == ()
    fire = panel_view(
        attributes(parse_build({"name": "x", **FIRE}, catalogue).spec, catalogue, switches=frozenset({320}))
    )
    assert [(tick.value, tick.on) for tick in fire.conditions] == [("320", True)]
    assert fire.conditions[0].label == "Empowering Flame: +150 power (attuned to fire)"
    assert fire.conditions_open
