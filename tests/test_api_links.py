"""Chat links by the API. Every answer is held against the description (tests.api)."""

from typing import Any

import pytest

from builds.catalogue import current_catalogue
from builds.chatlinks import decode_link
from builds.chatlinks.describe import describe_link
from builds.library.records import packaged_records
from tests.api import Api

pytestmark = pytest.mark.django_db

CODE = "[&DQENPi47PhpLF0sXFgE2AUsBFgE2AS0BGBYYFgAAAAAAAAAAAAAAAAAAAAAEBQBXADUAMQAA]"
TRAIT = "[&B98AAAA=]"
SKILL = "[&Bg4VAAA=]"
ITEM = "[&AgGqtgBgrFgAANw8AAA=]"


def test_decode_tells_what_the_command_prints_and_the_kind() -> None:
    answer = Api().post("chatlinks/decode/", {"code": f"  {CODE}\n"})
    catalogue = current_catalogue()
    assert (answer.status, answer.body) == (200, {"kind": "build", **describe_link(decode_link(CODE), catalogue)})
    assert answer.body["weapons"] == ["Axe", "Shield", "Mace", "Focus"]


@pytest.mark.parametrize(("code", "kind"), [(TRAIT, "trait"), (SKILL, "skill"), (ITEM, "item"), (CODE, "build")])
def test_encode_takes_what_decode_gives_to_the_byte(code: str, kind: str) -> None:
    decoded = Api().post("chatlinks/decode/", {"code": code}).body
    assert decoded["kind"] == kind
    assert Api().post("chatlinks/encode/", decoded).body == {"code": code}
    del decoded["kind"]
    assert Api().post("chatlinks/encode/", decoded).body == {"code": code}


def test_encode_and_decode_keep_codes_of_all_professions() -> None:
    codes = {record.build["profession"]: record.build["template_code"] for record in packaged_records()}
    assert len(codes) == 9
    for code in codes.values():
        decoded = Api().post("chatlinks/decode/", {"code": code}).body
        assert Api().post("chatlinks/encode/", decoded).body == {"code": code}


def test_encode_takes_the_kind_for_the_type() -> None:
    assert Api().post("chatlinks/encode/", {"kind": "trait", "id": 223}).body == {"code": TRAIT}


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 422, {"code"}),
        ({"code": None}, 422, {"code"}),
        ({"code": ""}, 422, {"code"}),
        ({"code": ["x"]}, 422, {"code"}),
        ({"code": CODE, "kind": "build"}, 422, {"kind"}),
        ({"code": "[&!]"}, 400, set()),
        ({"code": "[&AAAA]"}, 400, set()),
        ({"code": CODE[:30]}, 400, set()),
        ({"code": "[&" + "A" * 5000 + "]"}, 400, set()),
        ({"code": "\U0001f409"}, 400, set()),
        (b'{"code": "a\\u0000"}', 400, set()),
        (b"null", 400, set()),
    ],
)
def test_decode_names_what_it_can_not_read(body: Any, status: int, fields: set[str]) -> None:
    answer = Api().post("chatlinks/decode/", body)
    assert (answer.status, answer.fields) == (status, fields)


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({}, 422, {"profession"}),
        ({"profession": "Gardian"}, 422, {"profession"}),
        ({"profession": "Guardian", "owner": 1}, 422, {"owner"}),
        ({"profession": "Guardian", "weapons": ["Bazooka"]}, 422, {"weapons.0"}),
        ({"profession": "Guardian", "kind": "dance"}, 422, {"type"}),
        ({"type": "trait", "kind": "skill", "id": 223}, 422, {"kind"}),
        ({"type": "trait", "kind": [], "id": 223}, 422, {"kind"}),
        ({"type": "trait", "id": -1}, 422, {"id"}),
        ({"type": "trait", "id": "223"}, 422, {"id"}),
        (b"[]", 400, set()),
    ],
)
def test_encode_names_what_it_can_not_write(body: Any, status: int, fields: set[str]) -> None:
    answer = Api().post("chatlinks/encode/", body)
    assert (answer.status, answer.fields) == (status, fields)


@pytest.mark.parametrize("route", ["chatlinks/decode/", "chatlinks/encode/"])
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_links_are_only_posted(route: str, method: str) -> None:
    assert Api().call(method, route).status == 405
