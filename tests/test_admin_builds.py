"""Builds and revisions in the admin: lists without a query a row, nothing written past the services."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from builds.models import Build, BuildRevision
from builds.services.builds import update_build
from tests.factories import AdminFactory, BuildFactory, UserFactory
from tests.staff import log_in_staff

pytestmark = pytest.mark.django_db

BUILDS = "admin:builds_build_changelist"
REVISIONS = "admin:builds_buildrevision_changelist"


def client_of(user: User) -> Client:
    client = Client()
    log_in_staff(client, user)
    return client


@pytest.fixture
def staff() -> Client:
    return client_of(AdminFactory(username="the_admin"))


def result_count(response: Any) -> int:
    return int(response.context["cl"].result_count)


@pytest.mark.parametrize("count", [1, 3, 100])
@pytest.mark.parametrize("address", [BUILDS, REVISIONS])
def test_admin_list_costs_the_same_for_any_number_of_rows(
    staff: Client, address: str, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        BuildFactory()
    # Session, user, count, rows.
    with django_assert_num_queries(4) as captured:
        response = staff.get(reverse(address))
    assert result_count(response) == len(response.context["cl"].result_list) == count
    assert '."spec"' not in captured[-1]["sql"]


@pytest.mark.parametrize("count", [1, 3, 100])
def test_admin_build_page_costs_the_same_for_any_history(
    staff: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    build = BuildFactory()
    for number in range(2, count + 1):
        update_build(build_id=build.pk, author=build.owner, version=None, name=f"Name {number}")
    # Asked once a process.
    ContentType.objects.get_for_model(Build)
    # Session, user, build, owner.
    with django_assert_num_queries(4):
        response = staff.get(reverse("admin:builds_build_change", args=[build.pk]))
    assert "&quot;schema&quot;: &quot;build/1&quot;" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "names"), [("wall", ["Wall"]), ("taimi", ["Wall"]), ("nothing", []), ("", ["Arrows", "Wall"])]
)
@pytest.mark.parametrize("address", [BUILDS, REVISIONS])
def test_admin_search_finds_name_and_owner(staff: Client, address: str, query: str, names: list[str]) -> None:
    BuildFactory(name="Wall", owner=UserFactory(username="Taimi"))
    BuildFactory(name="Arrows")
    response = staff.get(reverse(address, query={"q": query}))
    assert sorted(row.name for row in response.context["cl"].result_list) == names


@pytest.mark.parametrize(
    "query",
    [
        {"visibility__exact": "private"}, {"profession": "Ranger"}, {"game_mode__exact": "pvp"}, {"role__exact": "dps"},
        {"origin__exact": "pasted"}, {"is_fresh__exact": "0"},
    ],
)  # fmt: skip
def test_admin_filters(staff: Client, query: dict[str, str]) -> None:
    BuildFactory(name="Wall")
    BuildFactory(
        name="Other", visibility="private", profession="Ranger", game_mode="pvp", role="dps", origin="pasted",
        is_fresh=False,
    )  # fmt: skip
    response = staff.get(reverse(BUILDS, query=query))
    assert [row.name for row in response.context["cl"].result_list] == ["Other"]


@pytest.mark.parametrize("address", [BUILDS, REVISIONS])
def test_admin_is_for_staff_with_the_permission(address: str) -> None:
    assert client_of(UserFactory()).get(reverse(address)).status_code == 302
    assert Client().get(reverse(address)).status_code == 302
    assert client_of(UserFactory(is_staff=True)).get(reverse(address)).status_code == 403


def test_admin_changes_the_visibility_and_nothing_else(staff: Client) -> None:
    build = BuildFactory(name="Wall")
    address = reverse("admin:builds_build_change", args=[build.pk])
    sent = {"visibility": "private", "name": "Hacked", "spec": "{}", "template_code": "x", "owner": UserFactory().pk}
    assert staff.post(address, sent).status_code == 302
    changed = Build.objects.get()
    assert changed.visibility == "private"
    assert (changed.name, changed.spec, changed.owner, changed.template_code, changed.version) == (
        "Wall", build.spec, build.owner, build.template_code, 2,
    )  # fmt: skip
    assert changed.revisions.count() == 2
    before = changed.updated_at
    assert staff.post(address, {"visibility": "private"}).status_code == 302
    assert Build.objects.get().updated_at == before


def test_admin_refuses_an_unknown_visibility(staff: Client) -> None:
    build = BuildFactory()
    response = staff.post(reverse("admin:builds_build_change", args=[build.pk]), {"visibility": "open"})
    assert response.status_code == 200
    assert response.context["adminform"].errors["visibility"]
    assert Build.objects.get().visibility == "public"


def test_admin_makes_no_build_and_no_revision(staff: Client) -> None:
    for model in ("build", "buildrevision"):
        assert staff.get(reverse(f"admin:builds_{model}_add")).status_code == 403
        assert staff.post(reverse(f"admin:builds_{model}_add"), {}).status_code == 403


def test_admin_revision_can_only_be_looked_at(staff: Client) -> None:
    revision = BuildFactory(name="Wall").revisions.get()
    address = reverse("admin:builds_buildrevision_change", args=[revision.pk])
    assert "build/1" in staff.get(address).content.decode()
    assert staff.post(address, {"name": "Hacked"}).status_code == 403
    assert (
        staff.post(reverse("admin:builds_buildrevision_delete", args=[revision.pk]), {"post": "yes"}).status_code == 403
    )
    action = {"action": "delete_selected", "_selected_action": [revision.pk], "post": "yes"}
    staff.post(reverse(REVISIONS), action)
    assert BuildRevision.objects.get().name == "Wall"


def test_admin_deletes_a_build_with_its_history(staff: Client) -> None:
    one, two, three = BuildFactory(), BuildFactory(), BuildFactory()
    assert staff.post(reverse("admin:builds_build_delete", args=[one.pk]), {"post": "yes"}).status_code == 302
    action = {"action": "delete_selected", "_selected_action": [str(two.pk)], "post": "yes"}
    assert staff.post(reverse(BUILDS), action).status_code == 302
    assert list(Build.objects.all()) == [three]
    assert list(BuildRevision.objects.values_list("build", flat=True)) == [three.pk]


def test_admin_deletes_a_user_with_builds(staff: Client) -> None:
    build = BuildFactory()
    address = reverse("admin:accounts_user_delete", args=[build.owner.pk])
    assert staff.post(address, {"post": "yes"}).status_code == 302
    assert not Build.objects.exists()
    assert not User.objects.filter(pk=build.owner.pk).exists()


def test_admin_build_leads_to_its_revisions(staff: Client) -> None:
    build = BuildFactory()
    BuildFactory()
    page = staff.get(reverse("admin:builds_build_change", args=[build.pk])).content.decode()
    address = reverse(REVISIONS, query={"build": build.pk})
    assert f'href="{address}"' in page
    response = staff.get(address)
    assert [row.build_id for row in response.context["cl"].result_list] == [build.pk]


def test_admin_shows_a_value_as_text(staff: Client) -> None:
    build = BuildFactory(name="<b>Wall</b>")
    page = staff.get(reverse("admin:builds_build_change", args=[build.pk])).content.decode()
    assert "<b>Wall" not in page
    assert "&lt;b&gt;Wall&lt;/b&gt;" in page
