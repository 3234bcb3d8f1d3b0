"""Every write of a build: what is saved, what is history, what is refused without a trace."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from builds.access import editable_build, readable_build, shared_build
from builds.models import Build, BuildRevision
from builds.services.builds import (
    clean_tags,
    copy_build,
    create_build,
    delete_build,
    restore_revision,
    update_build,
)
from builds.spec import BuildSpec, parse_build, plain_json
from gw2optimizer.errors import Conflict, InvalidInput, NotFound
from tests.factories import UserFactory
from tests.specs import firebrand, minimal, packaged

pytestmark = pytest.mark.django_db

OLD = datetime(2024, 3, 1, tzinfo=UTC)


@pytest.fixture
def owner() -> User:
    return UserFactory()


def value(**changes: Any) -> BuildSpec:
    return parse_build(firebrand(**changes), packaged()).spec


def made(owner: User, **fields: Any) -> Build:
    spec = fields.pop("spec", None) or value()
    return create_build(owner=owner, spec=spec, **fields)


def saved(build: Build) -> Build:
    return Build.objects.get(pk=build.pk)


def history(build: Build) -> list[int]:
    return list(build.revisions.values_list("number", flat=True))


# --- create ----------------------------------------------------------------------------------------
def test_a_new_build_repeats_what_lists_ask_for(owner: User) -> None:
    spec = value(game_mode="wvw", wvw_style="zerg", name="Ünsere Firebrand's Hilfe")
    build = saved(made(owner, spec=spec, tags=[" Zerg ", "zerg", "Stab"], difficulty=3))
    assert build.value == spec
    assert build.spec == plain_json(spec)
    assert (build.name, build.profession, build.elite_specialization) == (spec.name, "Guardian", "Firebrand")
    assert (build.game_mode, build.wvw_style, build.role) == ("wvw", "zerg", "healer_quickness")
    assert (build.visibility, build.origin, build.version, build.is_fresh) == ("private", "typed", 1, True)
    assert (build.template_code, build.tags) == (spec.template_code, ["zerg", "stab"])
    assert build.name_key == "unsere firebrands hilfe"
    for word in ("unsere", "firebrand", "guardian", "healer quickness", "stability support", "wvw", "stab"):
        assert word in build.search_text
    assert build.specialization == "Firebrand"
    assert history(build) == [1]


def test_a_core_build_has_no_elite_specialization(owner: User) -> None:
    build = made(owner, spec=parse_build(minimal(), packaged()).spec)
    assert (build.elite_specialization, build.specialization, build.role, build.wvw_style) == ("", "Guardian", "", "")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("visibility", "secret"), ("origin", "stolen"), ("difficulty", 0), ("difficulty", 6), ("difficulty", "hard"),
        ("source_url", "javascript:alert(1)"), ("source_url", "https://example.com/" + "x" * 500),
        ("source_label", "x" * 301), ("source_label", "a\x00"), ("description", "x" * 10_001),
        ("description", "a\x00b"),
        ("description", "\ud800"), ("tags", ["x" * 31]), ("tags", [str(i) for i in range(11)]), ("tags", ["a\x00"]),
        ("tags", ["a\u202eb"]), ("tags", ["\u200b"]),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_is_written(owner: User, field: str, wrong: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        made(owner, **{field: wrong})
    assert list(caught.value.fields) == [field]
    build = made(owner)
    with pytest.raises((InvalidInput, TypeError)):
        update_build(build_id=build.pk, author=owner, version=1, spec=value(name="Other"), **{field: wrong})
    assert (Build.objects.count(), BuildRevision.objects.count()) == (1, 1)
    assert saved(build).name == "Firebrand"


def test_a_description_may_have_lines_and_the_full_length(owner: User) -> None:
    text = "Line\n\tindented\r\n👩‍🚒" + "ü" * 9_981
    assert saved(made(owner, description=text)).description == text


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("visibility", "secret"), ("game_mode", "sport"), ("difficulty", 9), ("wvw_style", "zerg")],
)
def test_the_database_holds_the_same_rules(owner: User, field: str, wrong: Any) -> None:
    build = made(owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Build.objects.filter(pk=build.pk).update(**{field: wrong})


# --- update ----------------------------------------------------------------------------------------
def test_each_save_of_content_is_a_revision(owner: User) -> None:
    build = made(owner)
    update_build(build_id=build.pk, author=owner, version=1, spec=value(role="healer"), note="Role")
    update_build(build_id=build.pk, author=owner, version=2, name="Another name")
    update_build(build_id=build.pk, author=owner, version=3, description="Press buttons.")
    build = saved(build)
    assert (build.version, build.name, build.role, build.description) == (4, "Another name", "healer", "Press buttons.")
    newest, *_, first = build.revisions.all()
    assert history(build) == [4, 3, 2, 1]
    assert (newest.spec, newest.description, newest.author) == (build.spec, build.description, owner)
    assert (first.name, first.value, first.note) == ("Firebrand", value(), "")
    assert build.revisions.get(number=2).note == "Role"


def test_every_change_is_a_revision_and_no_change_is_none(owner: User) -> None:
    build = made(owner)
    update_build(build_id=build.pk, author=owner, version=1, visibility="public", difficulty=2, tags=["Meta"])
    update_build(build_id=build.pk, author=owner, version=2, spec=value(), name=" Firebrand ", description="")
    build = saved(build)
    assert (build.version, history(build)) == (2, [2, 1])
    assert build.revisions.get(number=2).note == "Changed: difficulty, tags, visibility"
    assert (build.visibility, build.difficulty, build.tags) == ("public", 2, ["meta"])
    assert "meta" in build.search_text


def test_an_old_form_does_not_open_again_what_was_closed(owner: User) -> None:
    build = made(owner)
    update_build(build_id=build.pk, author=owner, version=1, visibility="public")
    update_build(build_id=build.pk, author=owner, version=2, visibility="private")
    with pytest.raises(Conflict):
        update_build(build_id=build.pk, author=owner, version=2, visibility="public", tags=["new"])
    assert saved(build).visibility == "private"


def test_a_stale_version_is_a_conflict_and_writes_nothing(owner: User) -> None:
    build = made(owner)
    update_build(build_id=build.pk, author=owner, version=1, name="First")
    with pytest.raises(Conflict) as caught:
        update_build(build_id=build.pk, author=owner, version=1, name="Second", visibility="public")
    assert caught.value.status == 409
    assert "version 2, you had 1" in caught.value.message
    build = saved(build)
    assert (build.name, build.visibility, history(build)) == ("First", "private", [2, 1])
    assert update_build(build_id=build.pk, author=owner, version=None, name="Third").version == 3


@pytest.mark.parametrize("name", ["", "   ", "\u2003", "x" * 121, "a\x00b", "x\u202e\u200b", "\ud800", 5])
def test_a_name_follows_the_rules_of_the_value(owner: User, name: Any) -> None:
    build = made(owner)
    with pytest.raises(InvalidInput) as caught:
        update_build(build_id=build.pk, author=owner, version=1, name=name, visibility="public")
    assert list(caught.value.fields) == ["name"]
    assert (saved(build).visibility, history(build)) == ("private", [1])


def test_a_build_of_older_game_data_can_be_renamed(owner: User) -> None:
    build = made(owner, spec=replace(value(), relic=1, template_code="[&DQEAAA==]"))
    assert update_build(build_id=build.pk, author=owner, version=1, name="Renamed").value.relic == 1


def test_new_content_makes_a_build_fresh_and_another_name_does_not(owner: User) -> None:
    build = made(owner, as_of=OLD, is_fresh=False)
    build = update_build(build_id=build.pk, author=owner, version=1, name="Renamed")
    assert (build.as_of, build.is_stale) == (OLD, True)
    build = update_build(build_id=build.pk, author=owner, version=2, description="Notes")
    assert (build.as_of, build.is_stale) == (OLD, True)
    build = update_build(build_id=build.pk, author=owner, version=3, spec=value(role="healer"))
    assert (build.as_of > OLD, build.is_stale) == (True, False)
    build = update_build(build_id=build.pk, author=owner, version=4, spec=value(role="tank"), as_of=OLD, is_fresh=False)
    assert (saved(build).as_of, saved(build).is_stale) == (OLD, True)


def test_a_field_that_is_not_to_be_changed_is_a_mistake_of_the_caller(owner: User) -> None:
    build = made(owner)
    with pytest.raises(TypeError, match="update_build has no owner, share_key"):
        update_build(build_id=build.pk, author=owner, version=1, owner=None, share_key="x")


def test_a_build_that_is_gone_is_not_found(owner: User) -> None:
    build = made(owner)
    key = build.pk
    delete_build(build=build)
    with pytest.raises(NotFound):
        update_build(build_id=key, author=owner, version=1, name="Late")


# --- restore, copy, delete -------------------------------------------------------------------------
def test_a_revision_is_restored_as_a_new_one(owner: User) -> None:
    build = made(owner, description="First notes")
    update_build(build_id=build.pk, author=owner, version=1, spec=value(role="tank", name="B"), description="Second")
    restored = restore_revision(build_id=build.pk, number=1, author=owner, version=2)
    assert (restored.value, restored.description, restored.version) == (value(), "First notes", 3)
    assert history(build) == [3, 2, 1]
    assert build.revisions.get(number=3).note == "Restored revision 1"
    assert build.revisions.get(number=2).value.role == "tank"


def test_a_restored_build_keeps_its_code_and_its_bare_hands(owner: User) -> None:
    code = value().template_code
    spec = value(template_code=code, weapon_sets=[])
    build = made(owner, spec=spec)
    update_build(build_id=build.pk, author=owner, version=1, spec=value(role="tank"))
    assert restore_revision(build_id=build.pk, number=1, author=owner, version=2).value == spec


def test_only_what_is_in_the_history_can_be_restored(owner: User) -> None:
    build, other = made(owner), made(owner)
    update_build(build_id=other.pk, author=owner, version=1, name="Two")
    with pytest.raises(InvalidInput) as caught:
        restore_revision(build_id=build.pk, number=2, author=owner, version=1)
    assert caught.value.fields == {"number": ["There is no such revision."]}
    with pytest.raises(Conflict):
        restore_revision(build_id=other.pk, number=1, author=owner, version=1)
    assert (history(build), history(other)) == ([1], [2, 1])


def test_a_revision_that_the_game_no_longer_knows_is_refused(owner: User) -> None:
    build = made(owner, spec=replace(value(), relic=1))
    update_build(build_id=build.pk, author=owner, version=1, spec=value())
    with pytest.raises(InvalidInput) as caught:
        restore_revision(build_id=build.pk, number=1, author=owner, version=2)
    assert caught.value.fields == {"relic": ["There is no relic “1” in the game data."]}
    assert history(build) == [2, 1]


def test_a_copy_is_private_and_says_where_it_is_from(owner: User) -> None:
    source = made(owner, visibility="public", tags=["meta"], difficulty=2, description="Notes")
    other = UserFactory()
    copy = saved(copy_build(source=source, owner=other))
    assert (copy.owner, copy.visibility, copy.origin, copy.version) == (other, "private", "imported", 1)
    assert (copy.value, copy.tags, copy.difficulty, copy.description) == (source.value, ["meta"], 2, "Notes")
    assert copy.source_label == f"Firebrand, {owner.username}"
    assert (copy.library_key, copy.pk == source.pk, copy.share_key == source.share_key) == (None, False, False)
    assert history(copy) == [1]
    assert copy_build(source=copy, owner=owner).source_label == copy.source_label


def test_a_deleted_build_takes_its_history_along(owner: User) -> None:
    build, kept = made(owner), made(owner)
    delete_build(build=build)
    assert list(Build.objects.all()) == [kept]
    assert list(BuildRevision.objects.values_list("build_id", flat=True)) == [kept.pk]


def test_the_history_outlives_its_author(owner: User) -> None:
    author = UserFactory()
    build = made(owner)
    update_build(build_id=build.pk, author=author, version=1, name="Edited")
    author.delete()
    assert build.revisions.get(number=2).author is None


def test_a_save_costs_the_same_with_a_long_history(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    build = made(owner)
    for number in (1, 2, 3):
        # Savepoint, build, update, revision, release.
        with django_assert_num_queries(5):
            update_build(build_id=build.pk, author=owner, version=number, name=f"Name {number}")


# --- tags ------------------------------------------------------------------------------------------
def test_tags_are_trimmed_and_single() -> None:
    assert clean_tags(["  Zerg", "zerg", "", "  ", "Boon Strip"]) == ["zerg", "boon strip"]
    assert clean_tags([]) == []
    assert clean_tags([str(i) for i in range(10)]) == [str(i) for i in range(10)]


# --- access ----------------------------------------------------------------------------------------
def test_who_may_see_and_change_a_build(owner: User) -> None:
    stranger, nobody = UserFactory(), AnonymousUser()
    for visibility, open_to_all, by_link in (
        ("private", False, False),
        ("unlisted", False, True),
        ("public", True, True),
    ):
        build = made(owner, visibility=visibility)
        assert readable_build(owner, build.pk) == editable_build(owner, build.pk) == build
        for user in (stranger, nobody):
            if open_to_all:
                assert readable_build(user, build.pk) == build
            else:
                with pytest.raises(NotFound):
                    readable_build(user, build.pk)
            with pytest.raises(NotFound):
                editable_build(user, build.pk)
        if by_link:
            assert shared_build(build.share_key) == build
        else:
            with pytest.raises(NotFound):
                shared_build(build.share_key)
    with pytest.raises(NotFound):
        shared_build("no such key")
