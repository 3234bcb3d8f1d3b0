"""Game data snapshots in the admin: readable lists that never load the data itself, activation, the sync button."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from builds import catalogue
from builds.catalogue import current_catalogue
from builds.gamedata.snapshot import pack, packaged_bytes, unpack
from builds.models import GameDataSnapshot
from builds.services.gamedata import ensure_packaged_snapshot, store_snapshot
from tests.factories import AdminFactory, UserFactory
from tests.staff import log_in_staff

pytestmark = pytest.mark.django_db

LIST = "/admin/builds/gamedatasnapshot/"
DIFF = {"trait": {"changed": {"count": 21, "names": ["Zealous Blade", "<b>Altruistic Healing</b>"]}}}


@pytest.fixture
def staff() -> Client:
    client = Client()
    log_in_staff(client, AdminFactory(username="the_admin"))
    return client


def row(number: int, **values: Any) -> GameDataSnapshot:
    given = {"taken_on": "2026-09-01", "source": "api", "payload": b"p", "checksum": f"c{number}", "game_build": number}
    return GameDataSnapshot.objects.create(**{**given, **values})


@pytest.mark.parametrize("count", [1, 3, 100])
def test_list_costs_the_same_for_any_number_of_snapshots_and_loads_no_data(
    staff: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = None
    for number in range(count):
        before = row(number, previous=before, counts={"traits": 972}, diff=DIFF)
    # Session, user, count, rows.
    with django_assert_num_queries(4) as captured:
        response = staff.get(LIST)
    assert len(response.context["cl"].result_list) == count
    assert "payload" not in " ".join(query["sql"] for query in captured)
    assert b"972 traits" in response.content
    assert b"Sync from the game now" in response.content


def test_list_is_searched_by_build_and_what_it_brought(staff: Client) -> None:
    row(191_645, status="2 added")
    row(200_001, status="14 changed")
    for query, build in (("191645", 191_645), ("14 changed", 200_001)):
        response = staff.get(LIST, {"q": query})
        assert [found.game_build for found in response.context["cl"].result_list] == [build]


def test_snapshot_shows_its_changes_escaped_and_nothing_to_edit(
    staff: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    snapshot = row(2, previous=row(1), diff=DIFF)
    ContentType.objects.get_for_model(GameDataSnapshot)  # known to a process after its first page
    # Session, user, snapshot with the one before it.
    with django_assert_num_queries(3) as captured:
        response = staff.get(f"{LIST}{snapshot.pk}/change/")
    page = response.content.decode()
    assert "trait: 21 changed: Zealous Blade, &lt;b&gt;Altruistic Healing&lt;/b&gt; and 19 more" in page
    assert "payload" not in " ".join(query["sql"] for query in captured)
    assert response.context["adminform"].form.fields == {}


def test_snapshots_are_not_added_or_deleted_by_hand(staff: Client) -> None:
    snapshot = row(1)
    assert staff.get(f"{LIST}add/").status_code == 403
    assert staff.post(f"{LIST}{snapshot.pk}/delete/", {"post": "yes"}).status_code == 403


def test_activating_another_snapshot_works_and_can_be_undone(
    staff: Client, django_capture_on_commit_callbacks: Any
) -> None:
    ensure_packaged_snapshot()
    packaged = GameDataSnapshot.objects.get()
    other = store_snapshot(payload=pack({**unpack(packaged_bytes()), "game_build": 42}), source="api")
    catalogue.reset()
    for snapshot, build in ((other, 42), (packaged, None), (other, 42)):
        with django_capture_on_commit_callbacks(execute=True):
            response = staff.post(LIST, {"action": "activate", "_selected_action": [snapshot.pk]}, follow=True)
        assert "Active now: " in response.content.decode()
        assert GameDataSnapshot.objects.get(is_active=True) == snapshot
        assert current_catalogue().game_build == build


def test_two_snapshots_are_not_activated_at_once(staff: Client) -> None:
    rows = [row(1), row(2)]
    response = staff.post(LIST, {"action": "activate", "_selected_action": [r.pk for r in rows]}, follow=True)
    assert "Choose one snapshot" in response.content.decode()
    assert not GameDataSnapshot.objects.filter(is_active=True).exists()


@pytest.mark.parametrize("may_change", [True, False])
def test_sync_button_starts_the_task_for_who_may_change_snapshots(
    may_change: bool, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    started: list[bool] = []
    monkeypatch.setattr("builds.tasks.sync_gamedata.delay", lambda: started.append(True))
    helper = UserFactory(username="helper", is_staff=True)
    codenames = ["view_gamedatasnapshot"] + ["change_gamedatasnapshot"] * may_change
    helper.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    log_in_staff(client, helper)
    assert (b"Sync from the game now" in client.get(LIST).content) is may_change

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("admin:builds_gamedatasnapshot_sync"))

    assert response["Location"] == LIST
    assert started == [True] * may_change


def test_sync_button_needs_a_post_and_a_log_in(staff: Client, client: Client) -> None:
    address = reverse("admin:builds_gamedatasnapshot_sync")
    assert staff.get(address).status_code == 405
    assert client.post(address)["Location"].startswith("/admin/login/")
