"""Teams as rows: what services write, and what the database refuses."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.registries import exports
from builds.gamedata import Catalogue
from builds.services.builds import delete_build, update_build
from builds.spec import BuildSpec
from gw2optimizer.errors import InvalidInput, NotFound
from teams.access import editable_team, readable_team
from teams.models import Team, TeamRevision, TeamSlot
from teams.services import writing
from teams.services.scores import Judged, judged, refresh_scores
from teams.services.slots import clear_slot, move_slot, set_slot, take_newer
from teams.services.sources import GONE, NEWER, source_view
from teams.services.teams import copy_team, create_team, delete_team, restore_revision, update_team
from teams.services.writing import TeamConflict
from teams.spec import TeamSpec
from tests.factories import AdminFactory, BuildFactory, UserFactory
from tests.staff import log_in_staff
from tests.teams import library, team

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def builds() -> tuple[BuildSpec, ...]:
    return tuple(build for build in library() if build.game_mode == "wvw")[:7]


def test_team_is_made_changed_copied_restored_and_deleted(builds: tuple[BuildSpec, ...]) -> None:
    owner, other = UserFactory(), UserFactory()
    made = create_team(owner=owner, spec=team(builds[:5], [*builds[5:], None]), visibility="public")
    assert (made.size, made.filled, made.version) == (8, 7, 1)
    assert made.value == team(builds[:5], [*builds[5:], None])
    source = BuildFactory()
    with_ann = set_slot(team_id=made.pk, author=owner, version=1, number=8, source=source, player="Ann", priority=1)
    assert with_ann.layout.at(8).slot.player == "Ann"
    with pytest.raises(TeamConflict) as refused:
        clear_slot(team_id=made.pk, author=owner, version=1, number=8)
    assert (refused.value.present, refused.value.seen) == (2, 1)
    assert "version 2, you had 1" in refused.value.message

    update_build(build_id=source.pk, author=source.owner, version=None, name="Another name")
    seen = readable_team(owner, made.pk)
    told = source_view(seen.slots.all()[7], seen, owner)
    assert told is not None
    assert (told.state, told.version, told.latest, told.build_id) == (NEWER, 1, 2, source.pk)
    newer = take_newer(team_id=made.pk, author=owner, version=2)
    assert [placed.slot.build.name for placed in newer.layout.groups[1] if placed.slot.build][-1] == "Another name"

    swapped = move_slot(team_id=made.pk, author=owner, version=3, number=1, subgroup=2, place=3)
    assert swapped.layout.at(1) == newer.layout.at(8)
    assert swapped.layout.at(8) == newer.layout.at(1)
    spread = move_slot(team_id=made.pk, author=owner, version=4, number=1, subgroup=3)
    assert [len(group) for group in spread.layout.groups] == [4, 3, 1]
    copied = copy_team(source=spread, owner=other)
    assert (copied.value, copied.visibility) == (spread.value, "private")

    delete_build(build=source)
    left = readable_team(owner, made.pk)
    row = left.slots.all()[7]
    assert row.build is not None
    gone = source_view(row, left, owner)
    assert gone is not None
    assert (gone.state, gone.build_id) == (GONE, None)
    assert source_view(row, left, other) is None
    restored = restore_revision(team_id=made.pk, number=2, author=owner, version=5)
    assert restored.value == with_ann.value
    assert TeamRevision.objects.filter(team=made).count() == 6
    delete_team(team=editable_team(owner, made.pk))
    assert list(Team.objects.all()) == [copied]
    assert TeamSlot.objects.count() == 8


def test_scores_of_another_engine_are_made_anew_and_nothing_else(builds: tuple[BuildSpec, ...]) -> None:
    owner = UserFactory()
    made = create_team(owner=owner, spec=team(builds[:5]))
    fresh = create_team(owner=owner, spec=team(builds[:1]))
    assert made.synergy_score > fresh.synergy_score
    Team.objects.filter(pk=made.pk).update(engine_version="0", synergy_score=1.0, grade="D")
    assert refresh_scores() == 1
    again = Team.objects.get(pk=made.pk)
    assert (again.synergy_score, again.grade, again.engine_version, again.version, again.updated_at) == (
        made.synergy_score, made.grade, fresh.engine_version, 1, made.updated_at
    )  # fmt: skip
    assert refresh_scores() == 0


# --- What the database holds ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields",
    [
        {"subgroup": 1, "place": 1},  # there is one
        {"subgroup": 1, "place": 6},
        {"subgroup": 0, "place": 1},
        {"subgroup": 51, "place": 1},
        {"subgroup": 1, "place": 2, "priority": 0},
        {"subgroup": 1, "place": 2, "priority": 6},
        {"subgroup": 1, "place": 2, "source_version": 1},
    ],
)
def test_database_refuses_a_place_that_cannot_be(fields: dict[str, int]) -> None:
    made = create_team(owner=UserFactory(), spec=team([None]))
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamSlot.objects.create(team=made, **fields)
    assert TeamSlot.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"size": 0}, {"size": 51}, {"filled": 2}, {"synergy_score": 100.5}, {"synergy_score": -0.5}, {"grade": "E"},
        {"visibility": "secret"}, {"game_mode": "golf"}, {"game_mode": "raids", "wvw_style": "zerg"},
        {"hidden_reason": "nobody hid it"},
    ],
)  # fmt: skip
def test_database_refuses_a_team_that_cannot_be(fields: dict[str, Any]) -> None:
    made = create_team(owner=UserFactory(), spec=team([None]))
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.filter(pk=made.pk).update(**fields)


def test_services_refuse_what_is_no_team(builds: tuple[BuildSpec, ...]) -> None:
    owner = UserFactory()
    made = create_team(owner=owner, spec=team([None]))
    for groups in ((), ((builds[0],) * 6,), ((builds[0],) * 5,) * 11):
        with pytest.raises(InvalidInput):
            create_team(owner=owner, spec=team(*groups))
        with pytest.raises(InvalidInput):
            update_team(team_id=made.pk, author=owner, version=None, spec=team(*groups))
    with pytest.raises(NotFound):
        update_team(team_id=uuid.uuid4(), author=owner, version=None, name="Gone")
    assert Team.objects.get().version == 1


# --- Two editors at once -------------------------------------------------------------------------
def save_in_between(monkeypatch: pytest.MonkeyPatch, save: Callable[[], object]) -> None:
    """Another editor saves while this one's team is being judged."""

    def judged_meanwhile(spec: TeamSpec, catalogue: Catalogue) -> Judged:
        monkeypatch.setattr(writing, "judged", judged)
        save()
        return judged(spec, catalogue)

    monkeypatch.setattr(writing, "judged", judged_meanwhile)


def test_save_in_between_is_a_conflict_for_who_saw_the_older_version(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = UserFactory()
    made = create_team(owner=owner, spec=team([None, None]))
    save_in_between(
        monkeypatch,
        lambda: set_slot(team_id=made.pk, author=owner, version=1, number=1, player="Ann"),
    )
    with pytest.raises(TeamConflict) as refused:
        set_slot(team_id=made.pk, author=owner, version=1, number=2, player="Bob")
    assert (refused.value.present, refused.value.seen) == (2, 1)
    assert [slot.player for slot in TeamSlot.objects.order_by("place")] == ["Ann", ""]


def test_save_in_between_is_built_upon_by_who_named_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = UserFactory()
    made = create_team(owner=owner, spec=team([None, None]))
    save_in_between(
        monkeypatch,
        lambda: set_slot(team_id=made.pk, author=owner, version=1, number=1, player="Ann"),
    )
    saved = set_slot(team_id=made.pk, author=owner, version=None, number=2, player="Bob")
    assert [placed.slot.player for placed in saved.layout.placed()] == ["Ann", "Bob"]
    assert saved.version == 3


def test_export_holds_all_of_ones_teams_in_three_queries(
    builds: tuple[BuildSpec, ...], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = UserFactory()
    for number in range(3):
        create_team(owner=owner, spec=team([builds[number], None]), notes="Ours")
    create_team(owner=UserFactory(), spec=team([None]))
    with django_assert_num_queries(3):
        told = exports()["teams"](owner)
    assert [entry["team"]["groups"][0]["slots"][0]["build"]["name"] for entry in told] == [
        build.name for build in builds[:3]
    ]
    assert [revision["number"] for revision in told[0]["revisions"]] == [1]


def test_staff_see_teams_and_their_revisions(client: Client) -> None:
    made = create_team(owner=UserFactory(), spec=team([library()[0]]))
    log_in_staff(client, AdminFactory())
    for address in (
        "teams_team_changelist", "teams_teamrevision_changelist"
    ):  # fmt: skip
        assert made.name in client.get(reverse(f"admin:{address}")).content.decode()
    page = client.get(reverse("admin:teams_team_change", args=[made.pk])).content.decode()
    assert "team/1" in page
    revision = made.revisions.get()
    assert client.get(reverse("admin:teams_teamrevision_change", args=[revision.pk])).status_code == 200
    assert client.post(reverse("admin:teams_team_delete", args=[made.pk]), {"post": "yes"}).status_code == 302
    assert not Team.objects.exists()
