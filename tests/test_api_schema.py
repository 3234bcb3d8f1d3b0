"""The description of the API: it is valid, and says of every route what the project's rules ask for."""

from typing import Any

import pytest
from drf_spectacular.validation import validate_schema

from tests.api import Api, description, misfits

OPERATIONS = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for path, operations in description()["paths"].items()
    for method, operation in operations.items()
]


def test_description_is_valid_and_names_each_operation_once() -> None:
    validate_schema(description())  # type: ignore[no-untyped-call]
    names = [case.id for case in OPERATIONS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_operation_has_a_summary_and_our_error_body(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    answers = operation["responses"]
    assert any(status < "300" for status in answers)
    for status, answer in answers.items():
        if status >= "400":
            (content,) = answer["content"].values()
            assert content["schema"] == {"$ref": "#/components/schemas/ErrorBody"}
    if method == "post":
        assert "429" in answers


def test_description_of_a_build_knows_the_forms_that_input_may_have() -> None:
    shape = {"$ref": "#/components/schemas/BuildShapeRequest"}
    build: dict[str, Any] = {
        "name": "A",
        "profession": {"id": "Ranger", "name": "Ranger"},
        "gear": {"helm": "Minstrel's", "coat": {"prefix": "Giver's", "rarity": "exotic"}},
        "pets": [59, "Juvenile Moa"],
        "skills": {"heal": 5503, "utilities": [None, "Muddy Terrain"]},
    }
    assert misfits(shape, build) == []
    assert misfits(shape, {**build, "owner": 1}) != []
    assert misfits(shape, {**build, "gear": {"hat": "Minstrel's"}}) != []
    assert misfits(shape, {**build, "pets": [{"name": "Juvenile Moa"}]}) != []


@pytest.mark.django_db
def test_description_is_served() -> None:
    api = Api()
    response = api.client.get("/api/v1/schema/", headers={"Accept": "application/json"})
    assert response.status_code == 200
    assert api.client.get("/api/v1/docs/").status_code == 200
