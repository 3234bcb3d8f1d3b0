"""Filters of the library: counts beside them, and those that a player keeps."""

import pytest
from django.test import Client

from builds.facets import facets
from builds.models import SavedFilter
from builds.services.filters import MOST, delete_filter, save_filter
from gw2optimizer.errors import InvalidInput, NotFound
from tests.factories import BuildFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_each_filter_says_what_it_leaves(client: Client) -> None:
    owner = UserFactory()
    for profession, mode, role in (
        ("Guardian", "wvw", "healer"),
        ("Guardian", "wvw", "dps"),
        ("Guardian", "pve", "dps"),
        ("Warrior", "wvw", "dps"),
    ):
        BuildFactory(owner=owner, profession=profession, game_mode=mode, role=role)
    BuildFactory(owner=owner, visibility="unlisted")
    told = facets({"profession": "Guardian", "mode": "wvw"})
    assert told.total == 2
    assert told.of == {
        "profession": {"": 3, "Guardian": 2, "Warrior": 1},
        "mode": {"": 3, "wvw": 2, "pve": 1},
        "role": {"": 2, "healer": 1, "dps": 1},
        "elite": {"": 2, "core": 2},
    }
    page = client.get("/builds/?profession=Guardian&mode=wvw").content.decode()
    for text in ("2 builds", "Warrior (1)", "PvE (1)", "Healer (1)", "Thief (0)", "Any (3)"):
        assert text in page
    part = client.get("/builds/?mode=pve", headers={"HX-Request": "true"}).content.decode()
    assert 'id="counted" hx-swap-oob="true"' in part
    assert "Guardian (1)" in part
    assert "(1)" not in client.get("/builds/?q=build").content.decode()


def test_a_filter_is_kept_used_and_deleted(client: Client) -> None:
    owner = UserFactory()
    client.force_login(owner)
    BuildFactory(owner=owner, name="Shown", game_mode="pve")
    answer = client.post("/builds/filters/", {"name": " My  own ", "q": "show & tell", "mode": "pve", "role": ""})
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query) == ("My own", "q=show+%26+tell&mode=pve")
    assert answer["Location"] == f"/builds/?{saved.query}"
    save_filter(owner=owner, name="My own", asked={"mode": "pve"})
    page = client.get("/builds/").content.decode()
    assert 'href="/builds/?mode=pve"' in page
    assert "My own" in page
    with pytest.raises(NotFound):
        delete_filter(owner=UserFactory(), filter_id=saved.pk)
    assert client.post(f"/builds/filters/{saved.pk}/delete/").status_code == 302
    assert not SavedFilter.objects.exists()


def test_a_filter_needs_a_name_a_choice_and_room() -> None:
    owner = UserFactory()
    for name, asked in (("", {"mode": "pve"}), ("x" * 61, {"mode": "pve"}), ("a\u0000", {"mode": "pve"}), ("Name", {})):
        with pytest.raises(InvalidInput):
            save_filter(owner=owner, name=name, asked=asked)
    for number in range(MOST):
        save_filter(owner=owner, name=str(number), asked={"mode": "pve"})
    with pytest.raises(InvalidInput):
        save_filter(owner=owner, name="more", asked={"mode": "pve"})
    save_filter(owner=owner, name="3", asked={"mode": "wvw"})
    assert SavedFilter.objects.filter(owner=owner).count() == MOST
