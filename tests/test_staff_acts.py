"""The log of what staff did: written with every deed, cut by no deletion, changed by nobody."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from accounts.audited import Audited
from accounts.models import SecondFactor, StaffAct, User
from accounts.models.append_only import AppendOnlyError
from accounts.services.staff_acts import BY_COMMAND, acts_of, record_staff_act
from builds.models import Build
from tests.factories import PASSWORD, AdminFactory, BuildFactory, UserFactory
from tests.staff import log_in_staff
from tests.test_accounts_admin import change_address, form_of

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/staffact/"
USERS = "/admin/accounts/user/"


@pytest.fixture
def boss() -> User:
    return AdminFactory(username="boss")


@pytest.fixture
def staff(boss: User) -> Client:
    client = Client(headers={"X-Request-ID": "the-request-of-the-test"})
    log_in_staff(client, boss)
    return client


def newest() -> StaffAct:
    act = StaffAct.objects.order_by("-pk").first()
    assert act is not None
    return act


def told(act: StaffAct) -> tuple[Any, ...]:
    return act.verb, act.target_kind, act.target_id, act.before, act.after


def test_every_admin_of_the_site_writes_down_what_it_does() -> None:
    assert {model for model, found in admin.site._registry.items() if not isinstance(found, Audited)} == set()
    assert {User, Build, Group, StaffAct} <= admin.site._registry.keys()


def test_changing_a_user_tells_flags_and_no_texts(staff: Client, boss: User) -> None:
    user = UserFactory(username="Taimi")
    form = form_of(staff.get(change_address(user)))
    sent = form | {"is_moderator": "on", "email": "secret@example.com", "bio": "a text"}
    assert staff.post(change_address(user), sent).status_code == 302
    user.refresh_from_db()
    assert user.role == "moderator"
    act = newest()
    assert told(act) == (
        "changed", "accounts.user", str(user.pk), {"is_moderator": False},
        {"is_moderator": True, "email": "changed", "bio": "changed"},
    )  # fmt: skip
    assert (act.actor, act.source, act.address, act.request_id) == (
        boss, "admin", "127.0.0.1", "the-request-of-the-test",
    )  # fmt: skip
    assert staff.post(change_address(user), form_of(staff.get(change_address(user)))).status_code == 302
    assert StaffAct.objects.count() == 1


def test_a_password_set_by_staff_is_told_without_it(staff: Client) -> None:
    user = UserFactory()
    new = "another good one"
    form = {"password1": new, "password2": new, "set-password": "1", "usable_password": "true"}
    assert staff.post(f"{USERS}{user.pk}/password/", form).status_code == 302
    assert told(newest()) == ("changed", "accounts.user", str(user.pk), {}, {"password": "changed"})
    added = {"username": "Zojja", "email": "z@example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert staff.post(f"{USERS}add/", added).status_code == 302
    assert newest().target_id == str(User.objects.get(username="Zojja").pk)
    assert all(text not in str(told(newest())) for text in (*added.values(), new))


def test_powers_given_by_groups_are_told(staff: Client) -> None:
    right = Permission.objects.get(codename="delete_build")
    assert staff.post("/admin/auth/group/add/", {"name": "Helpers", "permissions": [right.pk]}).status_code == 302
    act = newest()
    assert (act.verb, act.target_kind) == ("added", "auth.group")
    assert act.after == {"name": "set", "permissions": [str(right)]}


def test_deletions_are_told_by_page_and_by_action(staff: Client) -> None:
    user, build = UserFactory(), BuildFactory()
    assert staff.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}).status_code == 302
    assert told(newest()) == ("deleted", "accounts.user", str(user.pk), {}, {})
    wish = {"action": "delete_selected", "post": "yes", "_selected_action": [str(build.pk)]}
    assert staff.post(reverse("admin:builds_build_changelist"), wish).status_code == 302
    assert told(newest()) == ("deleted", "builds.build", str(build.pk), {}, {})


def change(staff: Client, build: Build, user: User) -> None:
    staff.post(reverse("admin:builds_build_change", args=[build.pk]), {"visibility": "private"})


def hide(staff: Client, build: Build, user: User) -> None:
    sent = {"action": "hide", "reason": "A reason", "_selected_action": [str(build.pk)]}
    staff.post(reverse("admin:builds_build_changelist"), sent)


def remove(staff: Client, build: Build, user: User) -> None:
    sent = {"action": "delete_selected", "post": "yes", "_selected_action": [str(build.pk)]}
    staff.post(reverse("admin:builds_build_changelist"), sent)


def set_password(staff: Client, build: Build, user: User) -> None:
    form = {"password1": "another good one", "password2": "another good one", "set-password": "1"}
    staff.post(f"{USERS}{user.pk}/password/", form | {"usable_password": "true"})


@pytest.mark.parametrize("deed", [change, hide, remove, set_password])
def test_what_can_not_be_written_down_is_not_done(
    staff: Client, deed: Callable[[Client, Build, User], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    build, user = BuildFactory(), UserFactory()

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("the log is full")

    with monkeypatch.context() as patched:
        patched.setattr(StaffAct, "save", refuse)
        with pytest.raises(DatabaseError, match="the log is full"):
            deed(staff, build, user)
    assert Build.objects.values_list("visibility", "hidden_at", "version").get() == ("public", None, 1)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    deed(staff, build, user)
    assert StaffAct.objects.count() == 1


def test_the_log_survives_its_actor_and_its_object(staff: Client, boss: User) -> None:
    user = UserFactory()
    form = form_of(staff.get(change_address(user)))
    staff.post(change_address(user), form | {"is_moderator": "on"})
    key, boss_id = newest().actor_key, boss.pk
    user.delete()
    boss.delete()
    act = newest()
    assert (act.actor, act.actor_key, act.after) == (None, key, {"is_moderator": True})
    assert list(acts_of(boss_id)) == [act]
    assert "boss" not in str(StaffAct.objects.values().get())
    client = Client()
    log_in_staff(client, AdminFactory())
    assert f"gone ({key[:8]})" in client.get(LIST).content.decode()


def test_the_log_is_changed_by_nobody(staff: Client) -> None:
    record_staff_act(by=BY_COMMAND, verb=StaffAct.Verb.STARTED, target="x")
    act = newest()
    for attempt in (
        act.delete,
        act.save,
        StaffAct.objects.all().delete,
        lambda: StaffAct.objects.update(verb="shown"),
        lambda: StaffAct.objects.bulk_update([act], ["verb"]),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    address = f"{LIST}{act.pk}"
    assert staff.get(f"{address}/change/").status_code == 200
    for path, sent in ((f"{address}/change/", {"verb": "shown"}), (f"{address}/delete/", {"post": "yes"})):
        assert staff.post(path, sent).status_code == 403
    assert staff.post(f"{LIST}add/", {}).status_code == 403
    staff.post(LIST, {"action": "delete_selected", "post": "yes", "_selected_action": [act.pk]})
    assert told(newest())[:2] == ("started", "x")


def test_the_log_is_read_by_admins_alone() -> None:
    helper = UserFactory(is_staff=True, is_moderator=True)
    helper.user_permissions.set(Permission.objects.all())
    client = Client()
    log_in_staff(client, helper)
    assert client.get(USERS).status_code == 200
    assert client.get(LIST).status_code == 403
    assert LIST not in client.get("/admin/").content.decode()


def test_the_history_of_an_object_is_its_part_of_the_log(staff: Client) -> None:
    one, two = BuildFactory(), BuildFactory()
    for build in (one, two):
        record_staff_act(by=BY_COMMAND, verb=StaffAct.Verb.CHANGED, target=build)
    response: Any = staff.get(reverse("admin:builds_build_history", args=[one.pk]), follow=True)
    assert [act.target_id for act in response.context["cl"].result_list] == [str(one.pk)]


def test_commands_that_act_on_accounts_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    monkeypatch.setenv("LOGNAME", "operator")
    call_command("createsuperuser", "--noinput", username="Mai", email="mai@example.com", stdout=io.StringIO())
    user = User.objects.get(username="Mai")
    act = newest()
    assert told(act) == (
        "admin_made", "accounts.user", str(user.pk), {}, {"is_superuser": True, "run_by": "operator"},
    )  # fmt: skip
    assert (act.actor, act.source, act.address) == (None, "command", None)
    SecondFactor.objects.create(user=user, secret="x")
    call_command("reset_second_factor", "Mai", stdout=io.StringIO())
    assert told(newest())[:3] == ("factor_removed", "accounts.user", str(user.pk))


def test_starting_a_sync_of_the_game_data_is_told(staff: Client) -> None:
    assert staff.post(reverse("admin:builds_gamedatasnapshot_sync")).status_code == 302
    assert told(newest())[:2] == ("started", "builds.sync_gamedata")
