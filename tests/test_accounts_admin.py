"""Users in the admin: who gets in, what is shown, who may change whom."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Mail, User
from accounts.services import system_owner
from tests.factories import PASSWORD, AdminFactory, UserFactory
from tests.staff import log_in_staff

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/user/"


def change_address(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def admin_client() -> Client:
    client = Client()
    log_in_staff(client, AdminFactory(username="boss"))
    return client


def helper_client() -> Client:
    """Staff that may look after users and is no superuser."""
    helper = UserFactory(username="helper", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client = Client()
    log_in_staff(client, helper)
    return client


def form_of(response: Any) -> dict[str, Any]:
    """What a browser would send back for the page unchanged."""
    form = response.context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in values.items() if value not in (None, False, [], "") and name != "password"}


def names_in(response: Any) -> list[str]:
    return [user.username for user in response.context["cl"].result_list]


def test_admin_sends_strangers_to_the_login_of_the_site(client: Client) -> None:
    first = client.get(LIST)
    assert first["Location"] == "/admin/login/?next=/admin/accounts/user/"
    second = client.get(first["Location"])
    assert (second.status_code, second["Location"]) == (302, "/login/?next=%2Fadmin%2Faccounts%2Fuser%2F")


def test_admin_has_no_login_of_its_own(client: Client) -> None:
    user = AdminFactory()
    response = client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert response["Location"] == "/login/?next=%2Fadmin%2F"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_admin_login_never_leads_elsewhere(there: str) -> None:
    assert Client().get("/admin/login/", {"next": there})["Location"] == "/login/?next=%2Fadmin%2F"
    assert admin_client().get("/admin/login/", {"next": there})["Location"] == "/admin/"


@pytest.mark.parametrize("address", ["/admin/", LIST, f"{LIST}add/"])
def test_admin_is_for_staff_only(client: Client, address: str) -> None:
    client.force_login(UserFactory())
    assert client.get(address)["Location"].startswith("/admin/login/?next=")
    assert admin_client().get(address).status_code == 200


def test_staff_without_rights_sees_no_users() -> None:
    client = Client()
    log_in_staff(client, UserFactory(is_staff=True))
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_user_list_costs_the_same_for_any_number(rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = admin_client()
    UserFactory.create_batch(rows - 1)
    with django_assert_num_queries(4):
        response = client.get(LIST)
    assert len(names_in(response)) == rows


def test_user_list_shows_newest_first_and_no_hash() -> None:
    client = admin_client()
    users = UserFactory.create_batch(2)
    response = client.get(LIST)
    assert names_in(response) == [users[1].username, users[0].username, "boss"]
    page = response.content.decode()
    assert users[0].email in page
    assert "argon2" not in page
    assert users[0].password not in page


@pytest.mark.parametrize("text", ["aim", "TAIMI", "taimi@rata", "RATA-SUM"])
def test_user_list_finds_by_name_and_address(text: str) -> None:
    client = admin_client()
    UserFactory(username="Taimi", email="taimi@rata-sum.example")
    UserFactory(username="Canach")
    assert names_in(client.get(LIST, {"q": text})) == ["Taimi"]


@pytest.mark.parametrize("column", ["is_active", "is_staff", "is_superuser"])
def test_user_list_filters(column: str) -> None:
    client = admin_client()
    UserFactory(username="Taimi", is_active=False)
    picked = {"is_active": ["Taimi"], "is_staff": ["Taimi"], "is_superuser": ["Taimi"]}[column]
    assert names_in(client.get(LIST, {f"{column}__exact": "0"})) == picked


def test_user_page_hides_the_hash() -> None:
    user = UserFactory()
    page = admin_client().get(change_address(user)).content.decode()
    assert user.email in page
    assert user.password not in page
    assert user.password.rsplit("$", 1)[1] not in page


def test_user_page_of_nobody_leads_back() -> None:
    assert admin_client().get(f"{LIST}not-an-id/change/").status_code == 302


def test_admin_adds_a_user_with_a_checked_password() -> None:
    client = admin_client()
    form = {"username": "Taimi", "email": "Taimi@Example.com", "password1": "short", "password2": "short"}
    response = client.post(f"{LIST}add/", form)
    assert response.status_code == 200
    assert "This password is too short." in response.content.decode()
    response = client.post(f"{LIST}add/", form | {"password1": PASSWORD, "password2": PASSWORD})
    assert response.status_code == 302
    assert User.objects.get(username="Taimi").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("username", "BOSS", "This name is taken."),
        ("username", "gw2OPTIMIZER", "This name is reserved."),
        ("email", "BOSS@example.com", "This address has an account already."),
    ],
)
def test_admin_is_told_the_field_that_is_taken(field: str, value: str, text: str) -> None:
    client = admin_client()
    user = UserFactory(username="Taimi")
    form = form_of(client.get(change_address(user)))
    response: Any = client.post(change_address(user), form | {field: value})
    assert response.status_code == 200
    assert dict(response.context["adminform"].form.errors) == {field: [text]}
    user.refresh_from_db()
    assert user.username == "Taimi"


def test_admin_makes_a_user_inactive() -> None:
    client = admin_client()
    user = UserFactory()
    form = form_of(client.get(change_address(user)))
    assert form.pop("is_active") is True
    assert client.post(change_address(user), form).status_code == 302
    user.refresh_from_db()
    assert not user.is_active


def test_staff_cannot_hand_out_rights() -> None:
    client = helper_client()
    helper = User.objects.get(username="helper")
    form = form_of(client.get(change_address(helper)))
    response = client.post(change_address(helper), form | {"is_superuser": "on", "email": "new@example.com"})
    assert response.status_code == 302
    helper.refresh_from_db()
    assert (helper.email, helper.is_superuser) == ("new@example.com", False)


@pytest.mark.parametrize("page", ["change", "delete", "password"])
@pytest.mark.parametrize("whose", ["superuser", "system owner"])
def test_staff_cannot_touch(page: str, whose: str) -> None:
    target = AdminFactory() if whose == "superuser" else system_owner()
    before = User.objects.filter(pk=target.pk).values().get()
    response = helper_client().post(
        f"{LIST}{target.pk}/{page}/",
        {"post": "yes", "email": "new@example.com", "password1": PASSWORD[::-1], "password2": PASSWORD[::-1]},
    )
    assert response.status_code == 403
    assert User.objects.filter(pk=target.pk).values().get() == before


def test_staff_cannot_delete_a_superuser_among_others() -> None:
    user, boss = UserFactory(), AdminFactory()
    client = helper_client()
    wish = {"action": "delete_selected", "post": "yes"}
    client.post(LIST, wish | {"_selected_action": [user.pk, boss.pk]})
    assert set(User.objects.filter(pk__in=[user.pk, boss.pk])) == {user, boss}
    client.post(LIST, wish | {"_selected_action": [user.pk]})
    assert list(User.objects.filter(pk__in=[user.pk, boss.pk])) == [boss]


def test_nobody_edits_the_owner_of_the_library() -> None:
    owner = system_owner()
    client = admin_client()
    assert client.get(change_address(owner)).status_code == 200
    assert client.post(change_address(owner), {"username": "mine"}).status_code == 403
    assert client.post(f"{LIST}{owner.pk}/delete/", {"post": "yes"}).status_code == 403


def test_admin_sets_a_password() -> None:
    user = UserFactory()
    address = f"{LIST}{user.pk}/password/"
    client = admin_client()
    form = {"password1": "short", "password2": "short", "set-password": "1", "usable_password": "true"}
    assert client.post(address, form).status_code == 200
    form |= {"password1": "another good one", "password2": "another good one"}
    assert client.post(address, form).status_code == 302
    user.refresh_from_db()
    assert user.check_password("another good one")


def test_users_deleted_by_admins_leave_like_others(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []
    monkeypatch.setattr("accounts.registries._farewells", {"test": lambda user: left.append(user.username)})
    [one, two, three] = [UserFactory(username=name, email=f"{name}@example.com") for name in ("one", "two", "three")]
    boss = admin_client()
    boss.post(f"{LIST}{one.pk}/delete/", {"post": "yes"})
    wish = {"action": "delete_selected", "post": "yes", "_selected_action": [str(two.pk), str(three.pk)]}
    boss.post(LIST, wish)
    assert sorted(left) == ["one", "three", "two"]
    assert list(User.objects.values_list("username", flat=True)) == ["boss"]
    letters = Mail.objects.order_by("to").values_list("kind", "to", "user")
    assert list(letters) == [("deleted", f"{name}@example.com", None) for name in ("one", "three", "two")]
