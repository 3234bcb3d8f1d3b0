"""The search box of the library: what it forgives, what it understands, what it never shows."""

import pytest
from django.db import connection
from django.test import Client

from accounts.services.moderation import hide, show_again
from accounts.services.staff_acts import BY_COMMAND
from builds.models import Build, LibraryCount, LibraryEntry, LibraryWord
from builds.search import holding, search
from builds.services.builds import delete_build, update_build
from builds.services.index import mend_library
from gw2optimizer.errors import MalformedInput
from tests.factories import BuildFactory, UserFactory

pytestmark = pytest.mark.django_db

FIREBRAND = [None, None, {"specialization": "Firebrand", "traits": [None, None, None]}]
REAPER = [None, None, {"specialization": "Reaper", "traits": [None, None, None]}]


def named(words: str, order: str = "best", **filters: str) -> list[str]:
    return [build.name for build in search(words, filters, order=order).page.items]


@pytest.fixture
def builds() -> None:
    owner = UserFactory()
    BuildFactory(owner=owner, name="Tome Keeper", specializations=FIREBRAND, role="healer", tags=["Blob"])
    BuildFactory(owner=owner, name="Cold Blade", profession="Necromancer", specializations=REAPER, role="condi_dps",
                 game_mode="fractals")  # fmt: skip
    BuildFactory(owner=owner, name="Old Shout", profession="Warrior", role="tank", game_mode="pve")
    BuildFactory(owner=owner, name="Secret Firebrand", specializations=FIREBRAND, visibility="private")
    BuildFactory(owner=owner, name="Linked Firebrand", specializations=FIREBRAND, visibility="unlisted")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("tome", ["Tome Keeper"]),
        ("KEEP", ["Tome Keeper"]),
        ("firebrand", ["Tome Keeper"]),
        ("fb", ["Tome Keeper"]),
        ("blob", ["Tome Keeper"]),
        ("firbrand", ["Tome Keeper"]),
        ("fierbrand healer", ["Tome Keeper"]),
        ("soigneur", ["Tome Keeper"]),
        ("incendiaire", ["Tome Keeper"]),
        ("guerrier", ["Old Shout"]),
        ("nécromant", ["Cold Blade"]),
        ("necromencer", ["Cold Blade"]),
        ("reapr fractales", ["Cold Blade"]),
        ("condi", ["Cold Blade"]),
        ("power dps", []),
        ("tank wvw", []),
        ("kepeer", ["Tome Keeper"]),
        ("xylophone", []),
        ('% _ " OR', []),
    ],
)
def test_words_find_what_a_player_means_by_them(builds: None, words: str, expected: list[str]) -> None:
    assert named(words) == expected


def test_filters_hold_beside_words(builds: None) -> None:
    assert named("o", order="name") == []
    assert named("old", profession="Warrior", mode="pve") == ["Old Shout"]
    assert named("old", profession="Guardian") == []
    assert named("cold", elite="Reaper", role="condi_dps") == ["Cold Blade"]
    assert named("old", elite="core", order="name") == ["Old Shout"]


def test_the_better_match_stands_first() -> None:
    owner = UserFactory()
    for name in ("Stormcaller", "Calm Storm", "Storm", "Strom", "The Storm Beyond"):
        BuildFactory(owner=owner, name=name)
    assert named("storm") == ["Storm", "The Storm Beyond", "Calm Storm", "Stormcaller", "Strom"]
    assert search("strom").forgiven == {"strom": ("storm",)}


def test_pages_of_a_search_show_each_build_once() -> None:
    owner = UserFactory()
    for number in range(7):
        BuildFactory(owner=owner, name=f"Storm {number % 3}")
    for order in ("best", "newest", "name"):
        seen, cursor = [], ""
        while True:
            found = search("storm", order=order, cursor=cursor, size=3)
            assert (found.count, found.more) == (7, False)
            seen += [build.pk for build in found.page.items]
            if found.page.next_cursor is None:
                break
            cursor = found.page.next_cursor
        assert len(seen) == len(set(seen)) == 7
    for broken in ("x", "W10", cursor):
        with pytest.raises(MalformedInput):
            search("storm", order="best", cursor=broken)


def test_hidden_and_closed_builds_are_in_no_search_and_no_count() -> None:
    build = BuildFactory(name="Thunderous", tags=["peculiar"])

    def state() -> tuple[list[str], int]:
        return named("thunderos"), sum(LibraryCount.objects.values_list("builds", flat=True))

    assert state() == (["Thunderous"], 1)
    hide(target=build, by=BY_COMMAND, reason="For the test")
    assert state() == ([], 0)
    assert search("peculair").forgiven == {}
    show_again(target=build, by=BY_COMMAND)
    assert state() == (["Thunderous"], 1)
    update_build(build_id=build.pk, author=build.owner, version=None, visibility="private")
    assert state() == ([], 0)
    assert not LibraryEntry.objects.exists()
    update_build(build_id=build.pk, author=build.owner, version=None, visibility="public", name="Lightning")
    assert (named("thunderous"), named("lightnin")) == ([], ["Lightning"])
    delete_build(build=Build.objects.get())
    assert (named("lightning"), state()[1], LibraryEntry.objects.count()) == ([], 0, 0)


def test_a_drift_is_mended(builds: None) -> None:
    right = sorted(LibraryCount.objects.values_list("profession", "role", "builds"))
    words = sorted(LibraryWord.objects.values_list("padded", flat=True))
    assert mend_library() == (0, 0, 0)
    LibraryCount.objects.filter(profession="Warrior").update(builds=9)
    LibraryCount.objects.create(profession="Ranger", game_mode="pve", builds=2)
    LibraryEntry.objects.filter(build__name="Tome Keeper").delete()
    LibraryEntry.objects.filter(build__name="Cold Blade").update(text=" something else ")
    Build.objects.filter(name="Old Shout").update(visibility="private")
    LibraryWord.objects.filter(padded=" keeper ").delete()
    LibraryWord.objects.create(padded=" leftover ")
    assert named("tome") == []
    assert min(mend_library()) > 0
    assert (named("tome"), named("cold"), named("shout")) == (["Tome Keeper"], ["Cold Blade"], [])
    assert sorted(LibraryCount.objects.values_list("profession", "role", "builds")) == [
        row for row in right if row[0] != "Warrior"
    ]
    assert sorted(LibraryWord.objects.values_list("padded", flat=True)) == [
        word for word in words if word not in (" shout ", " warrior ", " tank ")
    ]
    assert mend_library() == (0, 0, 0)


def test_candidates_come_from_the_trigrams_alone(builds: None) -> None:
    """No table is read row by row for its text, neither for words nor for what they may be mistyped for."""
    words = LibraryWord.objects.all()
    entries = LibraryEntry.objects.all()
    for rows in (
        holding(entries, "text", [[("fierbrand",), (" p:guardian ", " r:healer ")], [(" m:wvw ",)]], 10),
        holding(words, "padded", [[(" fi",), ("fie",), ("nd ",)]], None),
    ):
        sql, parameters = rows.query.sql_with_params()
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN (COSTS OFF)"
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # Three rows are read faster without any index.
                cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"{explain} {sql}", parameters)
            plan = "\n".join(str(line[-1]) for line in cursor.fetchall())
        if connection.vendor == "sqlite":
            assert "VIRTUAL TABLE INDEX" in plan
            assert "SEARCH builds_library" in plan
        else:
            assert "_trigrams" in plan
            assert "Seq Scan" not in plan


def test_page_and_api_search_alike(builds: None, client: Client) -> None:
    api = client.get("/api/v1/builds/?q=firbrand").json()
    assert [item["name"] for item in api["items"]] == ["Tome Keeper"]
    page = client.get("/builds/?q=firbrand").content.decode()
    assert "Tome Keeper" in page
    assert "Cold Blade" not in page
    assert client.get("/builds/?q=firbrand&cursor=nonsense").status_code == 400
