"""The API, asked what its description allows and what it doesn't: no answer is a failure, and each is as described.
GW2_FUZZ is the count of examples of each route; `make fuzz` takes many."""

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.services.tokens import make_token
from teams.layout import blank_team
from teams.services.rosters import create_roster
from teams.services.teams import create_team
from tests.api import Api, description
from tests.factories import BuildFactory, UserFactory
from tests.rosters import player, plays, roster_of

EXAMPLES = int(os.environ.get("GW2_FUZZ", "4"))
CHECKS: list[Any] = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]

schema = schemathesis.openapi.from_dict(description())
bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate] if EXAMPLES > 10 else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def things() -> tuple[dict[str, Any], str]:
    """Values of parameters that exist, and a token of their owner's."""
    owner = UserFactory()
    build = BuildFactory(owner=owner)
    _, secret = make_token(user=owner, name="fuzz", scopes=["read", "write"], days=30)
    team = create_team(owner=owner, spec=blank_team("Ours", "wvw", None, 2))
    roster = create_roster(owner=owner, spec=roster_of(player("Ann", plays("Druid"))))
    values = {
        "build_id": str(build.pk),
        "team_id": str(team.pk),
        "roster_id": str(roster.pk),
        "entry_id": roster.entries.get().pk,
        "number": 1,
        "kind": "skill",
        "share_key": build.share_key,
    }
    return values, secret


def ask(case: Case, url: str, values: dict[str, Any], headers: dict[str, str]) -> None:
    # What exists says more than what doesn't; every third keeps what was made up.
    if case.operation.method.upper() != "DELETE" and len(str(case.body)) % 3:
        known = {name: values[name] for name in case.path_parameters or {} if name in values}
        case.path_parameters = {**(case.path_parameters or {}), **known}
    case.call_and_validate(base_url=url, headers=headers, checks=CHECKS, timeout=60)


@schema.parametrize()
@bounded
def test_nobody_meets_no_failure(case: Case, live_server: Any, things: tuple[dict[str, Any], str]) -> None:
    ask(case, live_server.url, things[0], {})


@schema.parametrize()
@bounded
def test_owner_meets_no_failure(case: Case, live_server: Any, things: tuple[dict[str, Any], str]) -> None:
    ask(case, live_server.url, things[0], {"Authorization": f"Bearer {things[1]}"})


def test_improving_for_another_mode_gives_up_a_weapon_and_is_no_failure() -> None:
    """What the examples above once found: the trimmed build has a weapon less than the one it is compared with."""
    build = BuildFactory()
    answer = Api().post(f"builds/{build.pk}/improve", {"role": "stability_support", "mode": "pve", "seed": 0})
    assert answer.status == 200
