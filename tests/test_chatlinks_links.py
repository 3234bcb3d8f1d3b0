import pytest
from hypothesis import given, settings

from builds.chatlinks import ChatLinkError, ItemLink, Link, SkillLink, TraitLink, decode_link, encode_link
from builds.chatlinks.build_template import read_template
from builds.chatlinks.describe import describe_link, link_from_description
from builds.chatlinks.text import to_bytes
from gw2optimizer.errors import InvalidInput
from tests.chatlinks import RANGER, other_links
from tests.packaged import packaged


@pytest.mark.parametrize(
    ("code", "link"),
    [
        ("[&B98AAAA=]", TraitLink(223)),
        ("[&BucCAAA=]", SkillLink(743)),
        ("[&AgEAWgAA]", ItemLink(23040)),
        ("[&AgGqtgDgfQ4AAP9fAAAnYAAA]", ItemLink(46762, 1, skin=3709, upgrade_1=24575, upgrade_2=24615)),
        ("[&AgGqtgBA/18AAA==]", ItemLink(46762, 1, upgrade_1=24575)),
    ],
)
def test_links_are_read_and_written(code: str, link: Link) -> None:
    assert decode_link(code) == link
    assert encode_link(link) == code


def test_decode_link_reads_build_templates_too() -> None:
    assert decode_link(RANGER) == read_template(to_bytes(RANGER))
    assert encode_link(decode_link(RANGER)) == RANGER


@settings(deadline=None)
@given(other_links)
def test_decode_link_undoes_encode_link(link: Link) -> None:
    assert decode_link(encode_link(link)) == link


@settings(deadline=None)
@given(other_links)
def test_description_of_a_link_loses_nothing(link: Link) -> None:
    assert link_from_description(describe_link(link, packaged()), packaged()) == link


@pytest.mark.parametrize(
    ("code", "where"),
    [
        ("[&BDgAAAA=]", "a place on the map"),
        ("[&/w==]", "Byte 0 (head): 0xFF"),
        ("[&Bg==]", "cut off at byte 1, in its id"),
        ("[&B98A]", "cut off at byte 3, in its id"),
        ("[&AgEA]", "cut off at byte 3, in its item id"),
        ("[&AgEAWgA=]", "cut off at byte 5, in its flags"),
        ("[&AgEAWgCAAA==]", "cut off at byte 7, in its skin"),
    ],
)
def test_decode_link_says_where_a_link_is_wrong(code: str, where: str) -> None:
    with pytest.raises(ChatLinkError) as error:
        decode_link(code)
    assert where in error.value.message


def test_links_refuse_what_they_cant_hold() -> None:
    for make in (
        lambda: ItemLink(1 << 24),
        lambda: ItemLink(1, 256),
        lambda: ItemLink(1, skin=1 << 32),
        lambda: ItemLink(1, spare=32),
        lambda: SkillLink(1 << 32),
        lambda: TraitLink(-1),
        lambda: TraitLink(1, bytes(4000)),
    ):
        with pytest.raises(ChatLinkError):
            make()


def test_describe_link_names_what_the_catalogue_has() -> None:
    catalogue = packaged()
    assert describe_link(TraitLink(223), catalogue)["name"] == catalogue.traits[223].name
    assert describe_link(SkillLink(5503), catalogue)["name"] == catalogue.skills[5503].name
    assert describe_link(ItemLink(24615), catalogue)["name"] == "Superior Sigil of Force"
    assert describe_link(ItemLink(1), catalogue)["name"] is None
    assert describe_link(SkillLink(4_000_000_000), catalogue)["name"] is None


@pytest.mark.parametrize(
    ("description", "fields"),
    [
        ({"type": "map", "id": 1}, {"type"}),
        ({"type": ["item"]}, {"type"}),
        ({"type": "skill"}, {"id"}),
        ({"type": "trait", "id": "223"}, {"id"}),
        ({"type": "trait", "id": 223, "count": 1}, {"count"}),
        ({"type": "item", "id": 1 << 24}, {"id"}),
        ({"type": "item", "id": 1, "upgrades": [1]}, {"upgrades"}),
        ({"type": "item", "id": 1, "upgrades": [None, -1], "skin": True}, {"upgrades.1", "skin"}),
        ({"type": "skill", "id": 1, "rest": "xyz"}, {"rest"}),
        ({"type": "skill", "id": 1, "rest": "00" * 3069}, {"rest"}),
    ],
)
def test_link_from_description_names_the_field_that_is_wrong(description: dict[str, object], fields: set[str]) -> None:
    with pytest.raises(InvalidInput) as error:
        link_from_description(description, packaged())
    assert set(error.value.fields) == fields
