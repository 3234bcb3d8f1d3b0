"""Names in the commander's language: each of the game's, short ones, typing errors, and sentences made of them."""

import random

import pytest

from builds.gamedata import Catalogue
from builds.language.names import ENGLISH_ONLY, PROFESSION_NAMES, SPECIALIZATION_NAMES
from builds.language.near import distance
from teams.language import GroupWish, TeamWish, Want, Who, read_command
from tests.packaged import packaged

CATALOGUE = packaged()
ELITES = {s.name: Who(s.profession, s.name) for s in CATALOGUE.specializations.values() if s.elite}
CORES = {p.name: Who(p.name) for p in CATALOGUE.professions.values()}
NAMES = ELITES | CORES
SHORT = [(short, NAMES[name]) for name, shorts in (SPECIALIZATION_NAMES | PROFESSION_NAMES).items() for short in shorts]
ROLE_WORDS = {
    "en": {"stab": "stability_support", "healer": "healer", "booner": "boon_support", "strip": "strip",
           "dps": "damage", "power dps": "dps", "condi dps": "condi_dps", "quickness": "quickness",
           "alacrity": "alacrity", "cleanser": "cleanse", "tank": "tank"},
    "fr": {"stabeur": "stability_support", "soigneur": "healer", "booner": "boon_support", "strip": "strip",
           "dps": "damage", "dps puissance": "dps", "dps altération": "condi_dps", "célérité": "quickness",
           "alacrité": "alacrity", "purgeur": "cleanse", "tank": "tank"},
}  # fmt: skip
NUMBERS = {
    "en": ["no", "one", "two", "three", "four", "five"],
    "fr": ["aucun", "un", "deux", "trois", "quatre", "cinq"],
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return CATALOGUE


def meant(text: str, catalogue: Catalogue) -> list[Who]:
    return [who for want in read_command(text, catalogue).wish.wants for who in want.who]


def test_vocabulary_has_all_36_elites_and_nine_professions() -> None:
    assert (len(ELITES), len(CORES)) == (36, 9)
    assert set(SPECIALIZATION_NAMES) == set(ELITES)
    assert set(PROFESSION_NAMES) == set(CORES)


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_read_in_any_writing(name: str, catalogue: Catalogue) -> None:
    plural = {"Thief": "Thieves"}.get(name, f"{name}s")
    for text in (name, name.upper(), f"10 players with {name}", f"2 {plural}", f"joueurs : {name}", f"{name}, {name}"):
        assert set(meant(text, catalogue)) == {NAMES[name]}


@pytest.mark.parametrize(("short", "who"), SHORT)
def test_each_short_and_french_name_is_read(short: str, who: Who, catalogue: Catalogue) -> None:
    text = f"10 players with {short}" if short in ENGLISH_ONLY else f"10 joueurs avec {short}"

    assert meant(text, catalogue) == [who]


@pytest.mark.parametrize("name", CORES)
def test_core_of_a_profession_is_none_of_its_elites(name: str, catalogue: Catalogue) -> None:
    assert meant(f"core {name}", catalogue) == [Who(name, "core")]
    assert meant(f"{name} core", catalogue) == [Who(name, "core")]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("hfb", Who("Guardian", "Firebrand", "healer")),
        ("qfb", Who("Guardian", "Firebrand", "quickness")),
        ("healdruid", Who("Ranger", "Druid", "healer")),
        ("condi mirage", Who("Mesmer", "Mirage", "condi_dps")),
        ("Druid as healer", Who("Ranger", "Druid", "healer")),
        ("Druide en soigneur", Who("Ranger", "Druid", "healer")),
        ("Druid (heal)", Who("Ranger", "Druid", "healer")),
        ("power dps Reaper", Who("Necromancer", "Reaper", "dps")),
        ("Guardian Firebrand", Who("Guardian", "Firebrand")),
        ("celetempest", Who("Elementalist", "Tempest", gear="Celestial")),
        ("celestial tempest", Who("Elementalist", "Tempest", gear="Celestial")),
    ],
)
def test_role_and_gear_join_the_name(text: str, who: Who, catalogue: Catalogue) -> None:
    assert meant(text, catalogue) == [who]


def mistyped(name: str) -> set[str]:
    """One letter left out, doubled, or swapped with the next; the first stays."""
    low = name.lower()
    gone = {low[:i] + low[i + 1 :] for i in range(1, len(low))}
    doubled = {low[:i] + low[i] + low[i:] for i in range(1, len(low))}
    swapped = {low[:i] + low[i + 1] + low[i] + low[i + 2 :] for i in range(1, len(low) - 1)}
    return (gone | doubled | swapped) - {low}


@pytest.mark.parametrize("name", NAMES)
def test_mistyped_name_is_itself_or_nobody(name: str, catalogue: Catalogue) -> None:
    seen = [(typed, meant(f"10 players: {typed}", catalogue)) for typed in sorted(mistyped(name))]

    assert [pair for pair in seen if pair[1] not in ([], [NAMES[name]])] == []
    # Too short a word, as "drud", may be anything.
    assert sum(found == [NAMES[name]] for _, found in seen) >= 0.6 * len(seen)


def test_distance_counts_neighbouring_swaps_once() -> None:
    assert [distance("reaper", other, 3) for other in ("reaper", "repaer", "reapr", "raeperx", "druid")] == [
        0,
        1,
        1,
        2,
        4,
    ]


@pytest.mark.parametrize("word", ["conduct", "reader", "weaker", "leader", "relevant", "mechanics", "range"])
def test_ordinary_word_near_a_name_is_no_name(word: str, catalogue: Catalogue) -> None:
    assert meant(f"10 players {word}", catalogue) == []


def _list(parts: list[str], language: str, dice: random.Random) -> str:
    joint = {"en": " and ", "fr": " et "}[language]
    if len(parts) == 1:
        return parts[0]
    return ", ".join(parts[:-1]) + dice.choice([joint, ", ", joint]) + parts[-1]


def _generated(seed: int) -> tuple[str, TeamWish]:
    """A sentence and the wish that it was made from."""
    dice = random.Random(seed)
    language = dice.choice(["en", "fr"])
    en = language == "en"
    groups = dice.randint(2, 10)
    by_number = dice.random() < 0.5
    names = dice.sample(sorted(NAMES), dice.randint(1, 3))
    roles = dice.sample(sorted(ROLE_WORDS[language]), dice.randint(0, 4 - len(names)))
    wants: list[Want] = []
    parts = []
    for name in names:
        number = 1 if len(wants) else dice.randint(1, 2)
        plural = {"Thief": "Thieves"}.get(name, f"{name}s") if number > 1 else name
        said = (str(number) if by_number else NUMBERS[language][number]) if number > 1 or dice.random() < 0.5 else ""
        parts.append(f"{said} {plural}".strip())
        wants.append(Want((NAMES[name],), number, number))
    for role in roles:
        parts.append(f"{dice.choice(['1 ', ''])}{role}")
        wants.append(Want((Who(role=ROLE_WORDS[language][role]),)))
    inside = _list(parts, language, dice)
    excluded = dice.choice(sorted(set(CORES) - {NAMES[name].profession for name in names}))
    plural = {"Thief": "thieves"}.get(excluded, f"{excluded.lower()}s")
    forms = {
        "en": [
            f"{groups} groups of 5 with {inside}. No {plural}, please.",
            f"I want {groups * 5} players. In each group: {inside}. Without {plural}",
            f"team of {groups * 5}, no {plural}, each subgroup has {inside}",
            f"{groups} subgroups, {inside} in each group; no {plural}",
        ],
        "fr": [
            f"{groups} groupes de 5 avec {inside}. Sans {plural}.",
            f"Je veux {groups * 5} joueurs. Dans chaque groupe : {inside}. Pas de {plural}",
            f"équipe de {groups * 5}, sans {plural}, chaque sous-groupe avec {inside}",
            f"{groups} sous-groupes, {inside} par groupe ; aucun {plural}",
        ],
    }
    text = dice.choice(forms[language])
    wish = TeamWish(groups * 5, (GroupWish(groups, 5, tuple(wants)),), excluded=(CORES[excluded],))
    return (text.upper() if dice.random() < 0.1 and en else text), wish


@pytest.mark.parametrize("batch", range(10))
def test_generated_sentence_reads_as_what_it_was_made_from(batch: int, catalogue: Catalogue) -> None:
    for seed in range(batch * 50, batch * 50 + 50):
        text, wish = _generated(seed)
        reading = read_command(text, catalogue)
        assert (text, reading.wish, reading.unread) == (text, wish, ())


def test_same_text_reads_the_same_each_time(catalogue: Catalogue) -> None:
    texts = [_generated(seed)[0] for seed in range(20)]

    assert [read_command(t, catalogue) for t in texts] == [read_command(t, catalogue) for t in texts]
