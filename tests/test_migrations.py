"""The way back of every migration of ours, with rows in the tables, and forwards again."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Activity, Mail, User
from accounts.services.activity import record_activity
from accounts.services.mails import order_mail
from accounts.services.moderation import hide, report
from accounts.services.staff_acts import BY_COMMAND
from tests.factories import BuildFactory, UserFactory

OURS = ("accounts", "builds", "teams", "ai_agents", "learning", "gw2optimizer")
BEFORE_MODERATION = [("builds", "0004_gear_runs"), ("accounts", "0004_login_tokens")]
# The first migration of these two makes tables and nothing else; without it there would be no rows to look at.
KEPT = {("accounts", "0001_initial"), ("builds", "0001_initial")}


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def applied() -> set[tuple[str, str]]:
    return {key for key in MigrationExecutor(connection).loader.applied_migrations if key[0] in OURS}


@pytest.mark.once
@pytest.mark.django_db
def test_every_operation_has_a_way_back() -> None:
    migrations = MigrationExecutor(connection).loader.graph.nodes
    ours = [migrations[key] for key in migrations if key[0] in OURS]
    assert len(ours) > 10
    assert [str(one) for one in ours if not all(operation.reversible for operation in one.operations)] == []


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_all_migrations_go_back_and_forth_with_rows_in_them() -> None:
    old = UserFactory(username="Old", email="old@example.com")
    UserFactory(username="Claims", email=None, claimed_email="OLD@example.com", is_verified=False)
    UserFactory(username="New", email=None, claimed_email="new@example.com", is_verified=False)
    boss = UserFactory(username="Boss", is_superuser=True)
    for name in ("Hidden", "Open"):
        build = BuildFactory(name=name, owner=boss)
        report(target=build, reporter=old, text="Look at this")
        if name == "Hidden":
            hide(target=build, by=BY_COMMAND, reason="A reason")
    record_activity(user=old, verb=Activity.Verb.PLAYED, target_kind="build")
    order_mail(kind=Mail.Kind.RECOVERY_USED, to=old.mail_address, user=old)
    there = applied()
    try:
        MigrationExecutor(connection).migrate(BEFORE_MODERATION)
        # What was hidden must not become public by the loss of the mark.
        assert sorted(rows("SELECT name, visibility FROM builds_build")) == [("Hidden", "private"), ("Open", "public")]
        assert {verb for (verb,) in rows("SELECT verb FROM accounts_activity")} == {"saved"}
        assert rows("SELECT kind FROM accounts_mail WHERE kind IN ('hidden', 'recovery_used')") == []
        others = sorted({app for app, _ in there} - {app for app, _ in KEPT})
        MigrationExecutor(connection).migrate([*sorted(KEPT), *((app, None) for app in others)])
        assert applied() == KEPT
        emails = dict(rows("SELECT username, email FROM accounts_user"))
        assert (emails["Old"], emails["New"]) == ("old@example.com", "new@example.com")
        assert emails["Claims"].endswith("@unverified.invalid")
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert applied() == there
    assert dict(User.objects.values_list("username", "is_verified")) == {
        "Old": False, "Claims": False, "New": False, "Boss": True,
    }  # fmt: skip
