"""Teams as rows: what services write."""

import pytest

from builds.services.builds import delete_build, update_build
from builds.spec import BuildSpec
from teams.access import editable_team, readable_team
from teams.models import Team, TeamRevision, TeamSlot
from teams.services.scores import refresh_scores
from teams.services.slots import clear_slot, move_slot, set_slot, take_newer
from teams.services.sources import GONE, NEWER, source_view
from teams.services.teams import copy_team, create_team, delete_team, restore_revision
from teams.services.writing import TeamConflict
from tests.factories import BuildFactory, UserFactory
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
