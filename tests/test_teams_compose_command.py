"""`compose_team`: a wish in words, a team with its score on standard output."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from builds.catalogue import current_catalogue
from builds.chatlinks import decode_build_template, find_codes

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("compose_team", *arguments, stdout=out)
    return out.getvalue()


def composed(*arguments: str) -> dict[str, Any]:
    document = json.loads(run(*arguments, "--json"))
    assert isinstance(document, dict)
    return document


def test_command_prints_team_with_score_and_reading() -> None:
    document = composed("2 groups of 5 with Firebrand, Druid, Harbinger, Spellbreaker, Scrapper", "--mode", "wvw")

    assert (document["schema"], document["game_mode"], document["grade"] in "SABCD") == ("team/1", "wvw", True)
    assert document["score"] == pytest.approx(sum(part["points"] for part in document["parts"]), abs=0.01)
    assert document["reading"]["said_back"][0] == "10 players: 2 subgroups of 5."
    for group in document["groups"]:
        names = sorted(slot["specialization"] for slot in group["slots"])
        assert names == ["Druid", "Firebrand", "Harbinger", "Scrapper", "Spellbreaker"]
        for slot in group["slots"]:
            template = decode_build_template(find_codes(slot["template_code"])[0])
            elite = current_catalogue().specializations[template.specializations[2].id]
            assert (elite.name, elite.profession) == (slot["specialization"], slot["profession"])
            assert slot["build_name"] == slot["build"]["name"]


def test_command_tells_contradictions_and_what_it_could_not_read() -> None:
    document = composed("5 players with 7 Firebrands and a frobnicator", "--mode", "wvw")

    assert document["reading"]["unread"] == ["frobnicator"]
    assert document["notes"][0] == "7 players are named, but the team has only 5."
    assert any("2 of the 7 Firebrands could not be had" in note for note in document["relaxed"])
    assert [slot["specialization"] for slot in document["groups"][0]["slots"]] == ["Firebrand"] * 5


def test_command_without_json_reads_as_lines() -> None:
    lines = run("5 joueurs : 2 Firebrands, 3 Druides", "--mode", "wvw").splitlines()

    assert lines[1] == "  5 joueurs : 1 sous-groupe de 5."
    assert sum(line.startswith(("  Firebrand", "  Druid")) for line in lines) == 5
    assert lines[-1].startswith("Proven best of")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["hello there"], "could read no team"),
        ([""], "Say what the team should be"),
        (["x" * 10_000], "2000 is the most"),
        (["replace the Reaper by a Druid"], "no team to change"),
        (["10 players", "--mode", "chess"], "There is no game mode"),
        (["10 players", "--seconds", "0"], "out of range"),
        (["10 players", "--seconds", "soon"], "--seconds"),
        (["10 players", "--seed", "-1"], "--seed"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], part: str) -> None:
    with pytest.raises(CommandError) as caught:
        run(*arguments)

    assert part in str(caught.value)
    assert "\n" not in str(caught.value)
