"""That nothing of a player is forgotten, when they take their data along and when they leave."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from accounts.devices import Source
from accounts.models import Mail, User
from accounts.services.deletion import export_of
from accounts.services.login_tokens import open_family
from accounts.services.mails import order_mail
from tests.factories import UserFactory

# Each table that names a user: where its rows stand in the export, or why they don't.
EXPORTED = {
    "accounts.activity": "account.activity",
    "accounts.loginattempt": "account.login_history",
    "accounts.mail": "account.letters",
    "accounts.personaltoken": "account.personal_tokens",
    "accounts.report": "account.reports",
    "accounts.session": "account.sessions",
    "accounts.tokenfamily": "account.token_log_ins",
    "ai_agents.agentrun": "agent_runs",
    "builds.build": "builds",
    "builds.gearrun": "gear_runs",
    "builds.savedfilter": "saved_filters",
    "teams.roster": "rosters",
    "teams.team": "teams",
}
NOT_EXPORTED = {
    "accounts.secondfactor": "a secret",
    "accounts.staffact": "done in the name of the site",
    "accounts.user_groups": "powers of staff",
    "accounts.user_user_permissions": "powers of staff",
    "admin.logentry": "nothing is written there",
    "builds.buildrevision": "with its build",
    "teams.teamrevision": "with its team",
}


def tables_of_users() -> set[str]:
    return {
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is User
    }


@pytest.mark.django_db
def test_each_table_of_users_is_exported_or_says_why_not() -> None:
    assert tables_of_users() == EXPORTED.keys() | NOT_EXPORTED.keys()
    data = export_of(UserFactory())
    for place in EXPORTED.values():
        found: Any = data
        for name in place.split("."):
            found = found[name]
        assert isinstance(found, list)


@pytest.mark.django_db
def test_the_export_holds_log_ins_by_token_and_letters() -> None:
    user = UserFactory()
    pair = open_family(user, Source("192.0.2.1", "192.0.2.1", "a script"))
    order_mail(kind=Mail.Kind.PASSWORD_CHANGED, to="a@example.com", user=user)
    account = export_of(user)["account"]
    [family], [letter] = account["token_log_ins"], account["letters"]
    assert (family["address"], family["agent"]) == ("192.0.2.1", "a script")
    assert (letter["kind"], letter["to"], letter["sent_at"]) == ("password_changed", "a@example.com", None)
    # Nothing that opens anything.
    assert all(secret not in str(account) for secret in (pair.refresh, pair.access, Mail.objects.get().pk.hex))
