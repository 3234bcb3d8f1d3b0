"""Recommendations for professions and roles: each decodes, is legal, and says of each role whether it is confirmed."""

import os
from typing import Any

import pytest

from ai_agents.agents import run_agent
from ai_agents.agents.facts import measured
from builds.catalogue import current_catalogue
from builds.chatlinks import decode_build_template
from builds.library.records import packaged_records
from builds.services.library import load_records
from builds.spec import parse_build
from builds.spec.model import ROLES
from tests.test_agents import NOBODY

PROFESSIONS = (
    "Guardian", "Warrior", "Engineer", "Ranger", "Thief", "Elementalist", "Mesmer", "Necromancer", "Revenant",
)  # fmt: skip


def pairs() -> list[tuple[str, str]]:
    """All with GW2_DEEP=1, which takes minutes; else one role of two professions."""
    every = [(profession, role) for profession in PROFESSIONS for role in ROLES]
    return every if os.environ.get("GW2_DEEP") == "1" else [("Guardian", "quickness"), ("Mesmer", "alacrity")]


def of_profession(profession: str) -> list[Any]:
    return [record for record in packaged_records() if record.build["profession"] == profession]


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize(("profession", "role"), pairs())
def test_recommendation_decodes_is_legal_and_its_claims_are_measured(settings: Any, profession: str, role: str) -> None:
    settings.OLLAMA_URL = ""
    load_records(of_profession(profession))
    result = run_agent("recommender", {"profession": profession, "role": role}, user=NOBODY, language="en").result
    build = parse_build(result["build"], current_catalogue()).spec
    assert build.profession == profession
    assert decode_build_template(result["template_code"]).profession
    found = measured(build, current_catalogue())
    assert result["claims"] == [
        {"role": one, "confirmed": found.confirms(one)} for one in (build.role, *build.secondary_roles) if one
    ]
    refuted = [claim["role"] for claim in result["claims"][:1] if claim["confirmed"] is False]
    said = " ".join(sentence["text"] for sentence in result["prose"])
    assert ("does not show what its role" in said) is bool(refuted)
    assert {row["name"] for row in result["gives"]} >= set(found.boons)
