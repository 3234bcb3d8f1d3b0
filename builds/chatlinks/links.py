"""Links to items, skills and traits, and the one entrance for links of every kind."""

import struct
from dataclasses import dataclass

from builds.chatlinks.build_template import HEAD as BUILD_HEAD
from builds.chatlinks.build_template import BuildTemplate, read_template, write_template
from builds.chatlinks.text import ChatLinkError, check_range, check_size, to_bytes, to_text

ITEM_HEAD, SKILL_HEAD, TRAIT_HEAD = 0x02, 0x06, 0x07

# What the flags byte of an item link announces, in the order in which the ids follow.
_SKIN, _UPGRADE_1, _UPGRADE_2 = 0x80, 0x40, 0x20
_SPARE_FLAGS = 0x1F

# Heads that the game uses and that are not read here.
_OTHER_HEADS = {
    0x01: "an amount of coins",
    0x03: "a text",
    0x04: "a place on the map",
    0x05: "a player versus player match",
    0x08: "a user",
    0x09: "a recipe",
    0x0A: "a wardrobe skin",
    0x0B: "an outfit",
    0x0C: "an objective of World versus World",
    0x0E: "an achievement",
}


@dataclass(frozen=True, slots=True)
class ItemLink:
    """id: at most 24 bits. skin, upgrade_1, upgrade_2: ids, None where the link announces none.
    spare: the five flags without a known meaning, as a number. rest: bytes after all that is known."""

    id: int
    count: int = 1
    skin: int | None = None
    upgrade_1: int | None = None
    upgrade_2: int | None = None
    spare: int = 0
    rest: bytes = b""

    def __post_init__(self) -> None:
        check_range("id", self.id, 24)
        check_range("count", self.count, 8)
        check_range("spare", self.spare, 5)
        for _, value in self.announced:
            check_range("skin, upgrade_1, upgrade_2", value or 0, 32)
        check_size(len(write_link(self)))

    @property
    def announced(self) -> tuple[tuple[int, int | None], ...]:
        return (_SKIN, self.skin), (_UPGRADE_1, self.upgrade_1), (_UPGRADE_2, self.upgrade_2)


@dataclass(frozen=True, slots=True)
class SkillLink:
    id: int
    rest: bytes = b""

    def __post_init__(self) -> None:
        check_range("id", self.id, 32)
        check_size(len(write_link(self)))


@dataclass(frozen=True, slots=True)
class TraitLink:
    id: int
    rest: bytes = b""

    def __post_init__(self) -> None:
        check_range("id", self.id, 32)
        check_size(len(write_link(self)))


Link = BuildTemplate | ItemLink | SkillLink | TraitLink


def decode_link(code: str) -> Link:
    """code: as `builds.chatlinks.text.to_bytes` takes it. Raises ChatLinkError for all else."""
    content = to_bytes(code)
    head = content[0]
    if head == BUILD_HEAD:
        return read_template(content)
    if head == ITEM_HEAD:
        return _read_item(content)
    if head in (SKILL_HEAD, TRAIT_HEAD):
        kind = SkillLink if head == SKILL_HEAD else TraitLink
        return kind(_number(content, 1, 4, "id"), content[5:])
    what = _OTHER_HEADS.get(head, "nothing that is known")
    raise ChatLinkError(f"Byte 0 (head): 0x{head:02X} links to {what}; builds, items, skills and traits are read here.")


def encode_link(link: Link) -> str:
    return to_text(write_link(link))


def write_link(link: Link) -> bytes:
    if isinstance(link, BuildTemplate):
        return write_template(link)
    if isinstance(link, ItemLink):
        flags = link.spare | sum(flag for flag, value in link.announced if value is not None)
        ids = [value for _, value in link.announced if value is not None]
        start = struct.pack("<BB", ITEM_HEAD, link.count) + link.id.to_bytes(3, "little")
        return start + struct.pack(f"<B{len(ids)}I", flags, *ids) + link.rest
    head = SKILL_HEAD if isinstance(link, SkillLink) else TRAIT_HEAD
    return struct.pack("<BI", head, link.id) + link.rest


def _read_item(content: bytes) -> ItemLink:
    count = _number(content, 1, 1, "count")
    id_ = _number(content, 2, 3, "item id")
    flags = _number(content, 5, 1, "flags")
    end = 6
    found: list[int | None] = []
    for flag, name in ((_SKIN, "skin"), (_UPGRADE_1, "first upgrade"), (_UPGRADE_2, "second upgrade")):
        if flags & flag:
            found.append(_number(content, end, 4, name))
            end += 4
        else:
            found.append(None)
    skin, first, second = found
    return ItemLink(id_, count, skin, first, second, flags & _SPARE_FLAGS, content[end:])


def _number(content: bytes, start: int, length: int, name: str) -> int:
    if start + length > len(content):
        raise ChatLinkError(f"The link is cut off at byte {len(content)}, in its {name}.")
    return int.from_bytes(content[start : start + length], "little")
