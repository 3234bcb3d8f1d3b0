"""The best gear by the API; each answer is held against the description."""

import uuid
from typing import Any

import pytest

from accounts.models import User
from builds.engine.optimise import GearChoices, optimize_build
from builds.models import Build
from tests.api import Api
from tests.factories import BuildFactory, UserFactory
from tests.specs import packaged

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PREFIXES = ["Berserker's", "Dragon's"]
PROFILE = {"power_coefficient": 3000, "condition_coefficients": {"burning": 2}}


def asked(build: Build, api: Api | None = None, **wish: Any) -> Any:
    wish = {"prefixes": PREFIXES, "profile": PROFILE, **wish}
    return (api or Api()).post(f"builds/{build.pk}/optimize-gear", wish)


def test_answer_is_that_of_the_engine() -> None:
    build = BuildFactory(visibility="public")
    answer = asked(build, objective="survivability", boons={"might": 3})
    assert answer.status == 200
    expected = optimize_build(
        build.value,
        packaged(),
        objective="survivability",
        choices=GearChoices(prefixes=tuple(PREFIXES)),
        boons={"might": 3},
    )
    assert [one["gear"] for one in answer.body["results"]] == [dict(one.gear) for one in expected.results]
    assert answer.body["status"] == "optimal"


def test_relics_and_the_second_set_are_asked_for_by_fields() -> None:
    build = BuildFactory(visibility="public")
    eagle = packaged().find("relic", "Relic of the Eagle").id
    answer = asked(build, prefixes=["Berserker's"], relics=[str(eagle), "Relic of Antitoxin"], keep_second_set=True)
    assert answer.status == 200
    assert answer.body["results"][0]["upgrades"]["relic"] == eagle
    assert not any(slot.startswith("weapon_2") for slot in answer.body["results"][0]["gear"])
    assert any("Relic of Antitoxin" in text for text in answer.body["unknown"])


@pytest.mark.parametrize(
    ("visibility", "who", "status"),
    [("private", "anyone", 404), ("private", "owner", 200), ("public", "anyone", 200)],
)
def test_only_who_may_read_a_build_may_optimise_it(visibility: str, who: str, status: int) -> None:
    owner: User = UserFactory()  # type: ignore[no-untyped-call,assignment]
    build = BuildFactory(owner=owner, visibility=visibility)
    assert asked(build, Api(owner if who == "owner" else None)).status == status


def test_build_that_is_not_there_is_not_found() -> None:
    assert Api().post(f"builds/{uuid.uuid4()}/optimize-gear", {}).status == 404


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"objective": "luck"}, "objective"),
        ({"prefixes": ["Lucky"]}, "prefixes"),
        ({"prefixes": ["Berserker's"] * 7}, "prefixes"),
        ({"runes": ["Lucky"]}, "runes"),
        ({"relics": ["Lucky"]}, "relics"),
        ({"relics": ["1"] * 10_000}, "relics"),
        ({"keep_second_set": "perhaps"}, "keep_second_set"),
        ({"profile": {"power_coefficient": -1}}, "profile.power_coefficient"),
        ({"constraints": {"min_luck": 1}}, "constraints"),
        ({"weights": {"damage": 1}}, "weights"),
        ({"boons": {"luck": 1}}, "boons"),
        ({"infusion_count": 10_000}, "infusion_count"),
        ({"luck": 1}, "luck"),
    ],
)
def test_wrong_wish_names_its_field(wish: dict[str, Any], field: str) -> None:
    answer = asked(BuildFactory(visibility="public"), **wish)
    assert answer.status == 422
    assert field in answer.fields


def test_too_many_variants_are_refused() -> None:
    runes, foods = [str(id_) for id_ in packaged().runes][:50], [str(id_) for id_ in packaged().foods][:41]
    answer = asked(BuildFactory(visibility="public"), runes=runes, foods=foods)
    assert (answer.status, answer.fields) == (422, {"variants"})
