"""/api/v1/catalogue/: what there is, how it is found, and that an unchanged answer is not sent twice."""

from typing import Any

import pytest
from django.test import Client

from builds import catalogue
from builds.gamedata import KINDS, Catalogue
from builds.gamedata.snapshot import packaged_bytes, unpack
from tests.api import Api

BASE = "/api/v1/catalogue/"


def get(client: Client, path: str = "", status: int = 200, **query: Any) -> Any:
    response = client.get(BASE + path, query)
    assert response.status_code == status, response.content
    return response.json()


@pytest.fixture
def in_french() -> None:
    document = unpack(packaged_bytes())
    names = {"fr": {"trait": {"585": "Guérison altruiste"}}}
    catalogue.reset(Catalogue({**document, "names": names, "unverified": ["skill:9083"]}, checksum="f" * 64))


def test_overview_tells_the_snapshot_and_the_kinds(client: Client) -> None:
    body = get(client)
    assert (body["game_build"], body["taken_on"], body["languages"]) == (None, "2026-08-11", [])
    assert [kind["kind"] for kind in body["kinds"]] == list(KINDS)
    assert {"kind": "trait", "count": 972} in body["kinds"]


def test_list_finds_by_words_and_profession(client: Client) -> None:
    body = get(client, "trait/", q="altruistic heal", profession="guardian")
    assert body == {
        "items": [
            {
                "id": 585, "name": "Altruistic Healing", "icon": None, "profession": "Guardian", "specialization": 13,
                "tier": 3, "slot": "Major",
            }
        ]
    }  # fmt: skip
    assert get(client, "trait/", q="altruistic heal", profession="thief") == {"items": []}


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (200, 200)])
def test_list_gives_as_many_as_asked_for(client: Client, limit: int, count: int) -> None:
    assert len(get(client, "skill/", limit=limit)["items"]) == count


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_listed_as_described_and_each_thing_once(kind: str) -> None:
    items = Api().get(f"catalogue/{kind}/?limit=200").body["items"]
    assert len(items) == len({item["id"] for item in items})
    for item in items[:: max(1, len(items) // 3)]:
        assert Api().get(f"catalogue/{kind}/{item['id']}/").body["name"] == item["name"]


def test_elite_of_a_legend_is_a_skill_among_its_fields(client: Client) -> None:
    body = get(client, "legend/Legend1/")
    assert "elite" not in body
    assert get(client, f"skill/{body['fields']['elite']}/")["slot"] == "Elite"


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"limit": "x"}, {"lang": "xx"}, {"q": "x" * 101}])
def test_list_refuses_a_query_out_of_bounds(client: Client, query: dict[str, Any]) -> None:
    body = get(client, "skill/", status=422, **query)
    assert list(body["error"]["fields"]) == list(query)


def test_list_refuses_an_unknown_profession_with_a_suggestion(client: Client) -> None:
    body = get(client, "skill/", status=422, profession="Guardien")
    assert "“Guardian”" in body["error"]["fields"]["profession"][0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_listed_and_every_entry_can_be_asked_for(client: Client, kind: str) -> None:
    items = get(client, f"{kind}/", limit=3)["items"]
    assert bool(items) is (kind != "amulet")  # those come with a sync
    for item in items:
        whole = get(client, f"{kind}/{item['id']}/")
        assert whole["kind"] == kind
        assert {key: whole[key] for key in item} == item


def test_one_thing_has_its_facts_by_balance(client: Client) -> None:
    loaded = catalogue.current_catalogue()
    skill = next(s for s in loaded.skills.values() if s.splits and s.wvw_overrides and s.facts)
    body = get(client, f"skill/{skill.id}/")
    assert body["facts"] == skill.facts
    assert body["splits"] == skill.splits
    assert body["wvw_overrides"] == skill.wvw_overrides
    assert body["unverified"] is False
    assert "detail" not in body["fields"]


def test_one_thing_is_found_by_name(client: Client) -> None:
    body = get(client, "prefix/berserkers/")
    assert body["name"] == "Berserker's"
    assert body["fields"]["trinket"]["attributes"][0] == ["power", 0.35, 32]
    assert get(client, "rune/superior rune of the scholar/")["id"] == get(client, "rune/Scholar/")["id"]


def test_unknown_thing_is_not_found_with_suggestions(client: Client) -> None:
    error = get(client, "trait/Altruistic Heeling/", status=404)["error"]
    assert error["code"] == "not_found"
    assert "“Altruistic Healing”" in error["message"]
    assert error["request_id"]


@pytest.mark.parametrize("path", ["spell/", "spell/1/", "trait/99999999999999999999/", "trait/%00/", "skill/../"])
def test_unknown_kinds_and_ids_are_not_found(client: Client, path: str) -> None:
    assert client.get(BASE + path).status_code in {400, 404}


@pytest.mark.usefixtures("in_french")
def test_names_come_in_the_language_asked_for(client: Client) -> None:
    assert get(client, "trait/585/", lang="fr")["name"] == "Guérison altruiste"
    assert get(client, "trait/585/")["name"] == "Altruistic Healing"
    assert get(client, "trait/585/", lang="de")["name"] == "Altruistic Healing"
    assert [item["id"] for item in get(client, "trait/", q="guerison", lang="fr")["items"]] == [585]
    assert get(client)["languages"] == ["fr"]


@pytest.mark.usefixtures("in_french")
def test_unverified_things_say_so(client: Client) -> None:
    assert get(client, "skill/9083/")["unverified"] is True


@pytest.mark.parametrize("path", ["", "trait/?q=might", "trait/585/"])
def test_unchanged_answers_are_not_sent_again(client: Client, path: str) -> None:
    first = client.get(BASE + path)
    etag = first.headers["ETag"]

    again = client.get(BASE + path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert client.get(BASE + path, headers={"If-None-Match": f'"other", W/{etag}'}).status_code == 304

    document = unpack(packaged_bytes())
    catalogue.reset(Catalogue(document, checksum="0" * 64))
    assert client.get(BASE + path, headers={"If-None-Match": etag}).status_code == 200


def test_things_that_are_not_there_are_not_unchanged(client: Client) -> None:
    etag = client.get(BASE).headers["ETag"]
    assert client.get(BASE + "trait/nope/", headers={"If-None-Match": etag}).status_code == 404


def test_catalogue_is_read_only(client: Client) -> None:
    for method in (client.post, client.put, client.delete):
        assert method(BASE + "trait/").status_code == 405
