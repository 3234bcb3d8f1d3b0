"""What stands beside a build as similar, and why."""

import pytest
from django.test import Client

from accounts.services.moderation import hide
from accounts.services.staff_acts import BY_COMMAND
from builds.similar import similar_to
from tests.factories import BuildFactory, UserFactory

pytestmark = pytest.mark.django_db


def line(*traits: str) -> list[object]:
    return [{"specialization": "Honor", "traits": list(traits)}, None, None]


def test_the_nearest_build_stands_first_with_its_reasons(client: Client) -> None:
    owner = UserFactory()
    traits = line("Invigorated Bulwark", "Empowering Might", "Writ of Persistence")
    build = BuildFactory(owner=owner, name="Mine", role="healer", specializations=traits)
    twin = BuildFactory(owner=owner, name="Twin", role="healer", specializations=traits)
    cousin = BuildFactory(owner=owner, name="Cousin", role="dps", specializations=traits, game_mode="pve")
    BuildFactory(owner=owner, name="Stranger", role="tank", game_mode="pve")
    BuildFactory(owner=owner, name="Warrior", profession="Warrior", role="healer")
    BuildFactory(owner=owner, name="Closed", role="healer", specializations=traits, visibility="private")
    hidden = BuildFactory(owner=owner, name="Hidden", role="healer", specializations=traits)
    hide(target=hidden, by=BY_COMMAND, reason="For the test")
    found = similar_to(build)
    assert [near.build for near in found] == [twin, cousin]
    assert found[0].why == "3 of 3 traits, same specialization, role and game mode"
    assert found[1].why == "3 of 3 traits, same specialization"
    text = client.get(f"/builds/{build.pk}/").content.decode()
    assert "Similar builds" in text
    assert f"/builds/compare/?a={build.pk}&amp;b={twin.pk}" in text
