"""The commander's language: what people type, and exactly what is read from it."""

import pytest

from builds.gamedata import Catalogue
from gw2optimizer.errors import InvalidInput
from teams.language import (
    AtHand,
    Change,
    GroupWish,
    Member,
    Reading,
    TeamWish,
    Want,
    Who,
    at_hand,
    read_command,
    wish_from_json,
)
from tests.packaged import packaged

FIREBRAND, DRUID = Who("Guardian", "Firebrand"), Who("Ranger", "Druid")
HARBINGER, REAPER = Who("Necromancer", "Harbinger"), Who("Necromancer", "Reaper")
SPELLBREAKER, SCRAPPER = Who("Warrior", "Spellbreaker"), Who("Engineer", "Scrapper")
DAMAGE, STAB, HEALER, BOONS, STRIP = (
    Who(role=role) for role in ("damage", "stability_support", "healer", "boon_support", "strip")
)
TEAM = AtHand(
    (
        (
            Member("Necromancer", "Reaper", "dps"),
            Member("Guardian", "Firebrand", "stability_support"),
            Member("Ranger", "Druid", "healer"),
            Member("Thief", "Daredevil", "dps"),
            Member("Necromancer", "Reaper", "condi_dps"),
        ),
    ),
    "wvw",
    "zerg",
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return packaged()


def one(*whos: Who) -> tuple[Want, ...]:
    return tuple(Want((who,)) for who in whos)


def exactly(number: int, who: Who) -> Want:
    return Want((who,), number, number)


FIVE = one(FIREBRAND, DRUID, HARBINGER, SPELLBREAKER, SCRAPPER)
EXAMPLES = {
    "2 groups of 5 with Firebrand, Druid, Harbinger, Spellbreaker, Scrapper": TeamWish(10, (GroupWish(2, 5, FIVE),)),
    "deux groupes de cinq avec Incendiaire, Druide, Augure, Brisesort et Mécatronicien": TeamWish(
        10, (GroupWish(2, 5, FIVE),)
    ),
    "Je veux 10 joueurs. Dans chaque groupe : stabeur, healer, booner, strip, dps": TeamWish(
        10, (GroupWish(2, 5, one(STAB, HEALER, BOONS, STRIP, DAMAGE)),)
    ),
    "I want 10 players. In each group: stab, healer, booner, strip, dps": TeamWish(
        10, (GroupWish(2, 5, one(STAB, HEALER, BOONS, STRIP, DAMAGE)),)
    ),
    "une équipe avec 2 Firebrands, 2 Druids, et complète avec du DPS": TeamWish(
        5, (GroupWish(1),), wants=(exactly(2, FIREBRAND), exactly(2, DRUID)), filler=(DAMAGE,)
    ),
    "a team with 2 Firebrands, 2 Druids, and fill with DPS": TeamWish(
        5, (GroupWish(1),), wants=(exactly(2, FIREBRAND), exactly(2, DRUID)), filler=(DAMAGE,)
    ),
    "team of 15, no thieves": TeamWish(15, (GroupWish(3),), excluded=(Who("Thief"),)),
    "équipe de 15, pas de voleurs": TeamWish(15, (GroupWish(3),), excluded=(Who("Thief"),)),
    "15 joueurs sans DPS condi": TeamWish(15, (GroupWish(3),), excluded=(Who(role="condi_dps"),)),
    "15 players without condi dps": TeamWish(15, (GroupWish(3),), excluded=(Who(role="condi_dps"),)),
    "10 players, not a single thief": TeamWish(10, (GroupWish(2),), excluded=(Who("Thief"),)),
    "a guild raid group of 20 with 4 fbs": TeamWish(
        20, (GroupWish(4),), "wvw", "raid_guild", wants=(exactly(4, FIREBRAND),)
    ),
    "10 players, all dps": TeamWish(10, (GroupWish(2),), filler=(DAMAGE,)),
    "10 joueurs, que du DPS": TeamWish(10, (GroupWish(2),), filler=(DAMAGE,)),
    "zerg of 50, 10 subgroups, one stab and one heal each": TeamWish(
        50, (GroupWish(10, 5, one(STAB, HEALER)),), "wvw", "zerg"
    ),
    "zerg de 50, 10 sous-groupes, un stab et un heal chacun": TeamWish(
        50, (GroupWish(10, 5, one(STAB, HEALER)),), "wvw", "zerg"
    ),
    "zerg of 50, 12 Firebrands, 8 scrappers, one stab, one heal and one strip each, max stability": TeamWish(
        50,
        (GroupWish(10, 5, one(STAB, HEALER, STRIP)),),
        "wvw",
        "zerg",
        wants=(exactly(12, FIREBRAND), exactly(8, SCRAPPER)),
        objectives=("stability",),
    ),
    "squad of 50 with 10 FBs, 10 scrappers and 5 chronos, rest dps": TeamWish(
        50,
        (GroupWish(10),),
        "wvw",
        wants=(exactly(10, FIREBRAND), exactly(10, SCRAPPER), exactly(5, Who("Mesmer", "Chronomancer"))),
        filler=(DAMAGE,),
    ),
    "raid team: 2 heal alacrity, 2 quickness, fill with power dps, max stability": TeamWish(
        10,
        (GroupWish(2),),
        "raids",
        wants=(exactly(2, Who(role="healer_alacrity")), exactly(2, Who(role="quickness"))),
        filler=(Who(role="dps"),),
        objectives=("stability",),
    ),
    "fractals with celetempest and vindi": TeamWish(
        5,
        (GroupWish(1),),
        "fractals",
        wants=one(Who("Elementalist", "Tempest", gear="Celestial"), Who("Revenant", "Vindicator")),
    ),
    "10 players, 1 stab per group, 2 strips, no thieves or rangers": TeamWish(
        10,
        (GroupWish(2, 5, one(STAB)),),
        wants=(exactly(2, STRIP),),
        excluded=(Who("Thief"), Who("Ranger")),
    ),
    "at least 2 healers and at most 3 necros in a team of 10": TeamWish(
        10, (GroupWish(2),), wants=(Want((HEALER,), 2, None), Want((Who("Necromancer"),), 0, 3))
    ),
    "10 joueurs, entre 2 et 3 soigneurs, dont 2 Druides": TeamWish(
        10, (GroupWish(2),), wants=(Want((HEALER,), 2, 3), exactly(2, DRUID))
    ),
    "10 players, between 2 and 3 healers": TeamWish(10, (GroupWish(2),), wants=(Want((HEALER,), 2, 3),)),
    "3 groupes de 5 : 1 stab, 1 heal, 3 Firebrands au total": TeamWish(
        15, (GroupWish(3, 5, one(STAB, HEALER)),), wants=(exactly(3, FIREBRAND),)
    ),
    "group 1: Firebrand, Druid; group 2: Reaper, Scrapper. 10 players": TeamWish(
        10, (GroupWish(1, 5, one(FIREBRAND, DRUID)), GroupWish(1, 5, one(REAPER, SCRAPPER)))
    ),
    "3 groups, 12 players, one healer each": TeamWish(12, (GroupWish(3, 4, one(HEALER)),)),
    "core guardian and 2 warriors": TeamWish(
        5, (GroupWish(1),), wants=(*one(Who("Guardian", "core")), exactly(2, Who("Warrior")))
    ),
    "15 players, 2 Druid or Reaper": TeamWish(15, (GroupWish(3),), wants=(Want((DRUID, REAPER), 2, 2),)),
    "Fierbrand x2, Harbingre, and Spelbreaker please": TeamWish(
        5, (GroupWish(1),), wants=(exactly(2, FIREBRAND), *one(HARBINGER, SPELLBREAKER))
    ),
    "2 groups of 5 with Firebrand and 1 group of 5 with Druid": TeamWish(
        15, (GroupWish(2, 5, one(FIREBRAND)), GroupWish(1, 5, one(DRUID)))
    ),
    "a party of 5: hfb, condi reaper, dps, dps": TeamWish(
        5,
        (
            GroupWish(
                1,
                5,
                (
                    *one(Who("Guardian", "Firebrand", "healer"), Who("Necromancer", "Reaper", "condi_dps")),
                    exactly(2, DAMAGE),
                ),
            ),
        ),
    ),
    "vingt-cinq joueurs en McM avec cinq gardiens, le plus de soins possible": TeamWish(
        25, (GroupWish(5),), "wvw", wants=(exactly(5, Who("Guardian")),), objectives=("healing",)
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", EXAMPLES)
def test_command_reads_exactly_what_is_asked_for(text: str, catalogue: Catalogue) -> None:
    reading = read_command(text, catalogue)

    assert (reading.wish, reading.unread, reading.problems) == (EXAMPLES[text], (), ())


@pytest.mark.parametrize("text", EXAMPLES)
def test_wish_comes_back_from_its_json(text: str, catalogue: Catalogue) -> None:
    wish = read_command(text, catalogue).wish

    assert wish_from_json(wish.as_json(), catalogue) == wish


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("fractals with 2 Firebrands", 5), ("raid with 2 Firebrands", 10), ("strikes, 2 Druids", 10),
        ("wvw roaming with a Reaper", 5), ("zerg with 2 Firebrands", 50), ("squad with 2 Firebrands", 50),
        ("2 Firebrands", 5), ("5 Firebrands", 5), ("5 Firebrands, fill with dps", 10), ("6 Firebrands", 10),
        ("wvw, 7 Reapers, fill", 10), ("strike squad", 10), ("wvw raid guild", 5),
    ],
)  # fmt: skip
def test_size_not_said_follows_mode_and_room(text: str, size: int, catalogue: Catalogue) -> None:
    assert read_command(text, catalogue).wish.size == size


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("remplace le Reaper par un Harbinger", (Change("replace", (REAPER,), (HARBINGER,), 1),)),
        ("replace the Reaper with a Harbinger", (Change("replace", (REAPER,), (HARBINGER,), 1),)),
        ("swap both Reapers for Harbingers", (Change("replace", (REAPER,), (HARBINGER,), 2),)),
        ("replace the Reapers by Harbingers", (Change("replace", (REAPER,), (HARBINGER,), None),)),
        ("ajoute 2 Firebrands dans le groupe 1", (Change("add", (FIREBRAND,), (), 2, 1),)),
        ("add a Druid and 2 Scrappers", (Change("add", (DRUID,), (), 1), Change("add", (SCRAPPER,), (), 2))),
        ("remove the thief", (Change("remove", (Who("Thief"),), (), 1),)),
        ("enlève tous les voleurs", (Change("remove", (Who("Thief"),), (), None),)),
        ("2 more healers", (Change("more", (HEALER,), (), 2),)),
        ("deux soigneurs de plus", (Change("more", (HEALER,), (), 2),)),
        ("moins de Reapers", (Change("less", (REAPER,), (), 1),)),
        ("sans voleurs ni rôdeurs", (Change("exclude", (Who("Thief"),)), Change("exclude", (Who("Ranger"),)))),
        ("passe à 10 joueurs", (Change("resize", count=10),)),
        ("2 Firebrands", (Change("set", (FIREBRAND,), (), 2),)),
        ("no more than 1 Reaper", (Change("less", (REAPER,), (), 1),)),
        ("change the Druid to something else", (Change("replace", (DRUID,), (), 1),)),
    ],
)
def test_follow_up_changes_the_team_at_hand(text: str, changes: tuple[Change, ...], catalogue: Catalogue) -> None:
    reading = read_command(text, catalogue, team=TEAM)

    assert (reading.wish.changes, reading.unread, reading.problems) == (changes, (), ())
    assert (reading.wish.size, reading.wish.mode, reading.wish.style) == (5, "wvw", "zerg")
    assert wish_from_json(reading.wish.as_json(), catalogue) == reading.wish


def test_more_of_something_is_an_objective_too(catalogue: Catalogue) -> None:
    assert read_command("plus de stabilité", catalogue, team=TEAM).wish.objectives == ("stability",)


def test_whole_new_team_is_no_follow_up(catalogue: Catalogue) -> None:
    wish = read_command("2 groups of 5 with Firebrand", catalogue, team=TEAM).wish

    assert (wish.changes, wish.groups) == ((), (GroupWish(2, 5, one(FIREBRAND)),))


@pytest.mark.parametrize(
    ("text", "codes", "part"),
    [
        ("15 players with 20 Firebrands", ["too_many"], "20 players are named, but the team has only 15."),
        ("15 joueurs avec 20 Firebrands", ["too_many"], "20 joueurs sont nommés, mais l'équipe n'en compte que 15."),
        ("2 Firebrands and no Guardians", ["excluded"], "Firebrand is asked for, but also ruled out"),
        ("2 healers, without healers", ["excluded"], "ruled out by “no healers”"),
        ("no condi dps, fill with condi dps", ["excluded"], "ruled out"),
        ("60 players", ["size_range"], "1 to 50 players, not 60"),
        ("0 players", ["size_range"], "not 0"),
        ("2 groups of 10 with Firebrand", ["group_size"], "room for 5, not 10"),
        ("10 players in 3 groups of 5", ["sizes_differ"], "the subgroups hold 15"),
        ("2 groups of 5 with 6 Firebrands", ["too_many_in_group"], "6 players are named for a subgroup"),
        ("10 groups with Firebrand. In total 3 Firebrands", ["totals_differ"], "at most 3 in the whole team"),
        ("group 4: Firebrand. 10 players", ["group_number"], "There is no subgroup 4"),
        ("replace the Reaper by a Druid", ["no_team"], "no team to change"),
        ("what about the weather tomorrow", ["nothing"], "I could read no team"),
    ],
)
def test_contradiction_is_named(text: str, codes: list[str], part: str, catalogue: Catalogue) -> None:
    problems = read_command(text, catalogue).problems

    assert [problem.code for problem in problems] == codes
    assert part in problems[0].text


def test_follow_up_names_who_is_not_there(catalogue: Catalogue) -> None:
    problems = read_command("remplace le Scrapper par un Druid", catalogue, team=TEAM).problems

    assert [problem.code for problem in problems] == ["not_in_team"]


def test_unread_words_are_named_in_order(catalogue: Catalogue) -> None:
    reading = read_command("10 players with frobnicate Firebrand and zqx, zqx", catalogue)

    assert reading.unread == ("frobnicate", "zqx")
    assert reading.wish.wants == one(FIREBRAND)
    spared = read_command("10 players, no necromancers except Reapers", catalogue)
    assert (spared.unread, spared.wish.excluded) == (("except", "Reapers"), (Who("Necromancer"),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "zerg of 50, 10 subgroups, one stab and one heal each",
            (
                "50 players: 10 subgroups of 5.",
                "In each subgroup: 1 stability giver, 1 healer.",
                "Game mode: WvW (zerg).",
            ),
        ),
        (
            "une équipe avec 2 Firebrands, 2 Gardiens, et complète avec du DPS, sans voleurs",
            (
                "5 joueurs : 1 sous-groupe de 5.",
                "Dans toute l'équipe : 2 Firebrands, 2 Gardiens.",
                "Le reste : DPS.",
                "Sans : Voleurs.",
            ),
        ),
    ],
)
def test_reading_is_said_back_in_the_language_of_the_user(
    text: str, said: tuple[str, ...], catalogue: Catalogue
) -> None:
    assert read_command(text, catalogue).said_back == said


def test_given_mode_stands_against_the_text(catalogue: Catalogue) -> None:
    reading = read_command("raid team of 10", catalogue, mode="wvw")

    assert reading.wish.mode == "wvw"
    assert any("another game mode" in note for note in reading.notes)


def test_long_empty_and_foreign_input_is_refused_or_named(catalogue: Catalogue) -> None:
    with pytest.raises(InvalidInput, match="10000 characters; 2000 is the most"):
        read_command("a" * 10_000, catalogue)
    with pytest.raises(InvalidInput, match="Say what the team should be"):
        read_command(" \n ", catalogue)
    with pytest.raises(InvalidInput, match="no game mode"):
        read_command("10 players", catalogue, mode="chess")


@pytest.mark.parametrize(
    "text",
    [
        "9" * 2000, "2 " * 1000, "firebrand " * 200, "(" * 2000, "no " * 660, "\x00\u202e" * 900, "ﷺ" * 2000,
        "each " * 400, "fill with " * 190, "2-" * 1000, "group 1 " * 240, "or " * 660, "firebrand or " * 150,
        "١٢ players", "replace " * 240, "x" * 2000, "".join(f"{chr(97 + i % 26)}{i}zqvw " for i in range(280)),
        "a\u0301" * 900, "🔥" * 1000, "max " * 500, "-1 players with -2 Firebrands", "1e9 players",
    ],
)  # fmt: skip
def test_hostile_text_is_read_without_failing(text: str, catalogue: Catalogue) -> None:
    for team in (None, TEAM):
        reading = read_command(text[:2000], catalogue, team=team)

        assert isinstance(reading, Reading)
        assert 1 <= reading.wish.size <= 50
        assert sum(group.count * group.size for group in reading.wish.groups) == reading.wish.size


def test_team_at_hand_is_read_from_its_document(catalogue: Catalogue) -> None:
    document = {
        "schema": "team/1",
        "game_mode": "wvw",
        "wvw_style": "zerg",
        "groups": [
            {
                "slots": [
                    {
                        "role": "healer",
                        "build": {
                            "profession": "Ranger",
                            "specializations": [None, None, {"specialization": {"id": 5, "name": "Druid"}}],
                        },
                    },
                    {"role": None, "build": {"profession": "Warrior", "role": "dps"}},
                    {"player": "Ann", "locked": True},
                ]
            }
        ],
    }

    found = at_hand(document, catalogue)

    assert found == AtHand(((Member("Ranger", "Druid", "healer"), Member("Warrior", "core", "dps")),), "wvw", "zerg")


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"groups": []}, "groups"),
        ({"groups": [{"count": 11}]}, "groups"),
        ({"groups": [{"count": 1, "size": 6}]}, "groups.0.size"),
        ({"groups": [{"count": 1}], "size": 7}, "size"),
        ({"groups": [{"count": 1}], "excluded": [{"elite": "Dragonrider"}]}, "excluded.0.elite"),
        ({"groups": [{"count": 1}], "excluded": [{"profession": "Thief", "elite": "Druid"}]}, "excluded.0.elite"),
        ({"groups": [{"count": 1}], "wants": [{"who": [{"role": "king"}]}]}, "wants.0.who.0.role"),
        ({"groups": [{"count": 1}], "objectives": ["gold"]}, "objectives.0"),
        ({"groups": [{"count": 1}], "colour": 1}, "colour"),
        ({"groups": [{"count": True}]}, "groups.0.count"),
        ({"groups": "x"}, "groups"),
    ],
)
def test_edited_wish_names_its_wrong_field(document: object, field: str, catalogue: Catalogue) -> None:
    with pytest.raises(InvalidInput) as caught:
        wish_from_json(document, catalogue)

    assert field in caught.value.fields
