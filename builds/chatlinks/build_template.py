"""Build template links: bytes to fields and back, losing nothing. No game data is needed here, so ids that
are newer than ours, and even nonsense, survive. Layout: docs/chat-links.md."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from builds.chatlinks.text import ChatLinkError, check_range, check_size, to_bytes, to_text

HEAD = 0x0D
RANGER = 4
REVENANT = 9
SHORT_LENGTH = 44  # without weapons and skill overrides: links made before August 2023

_FIXED = struct.Struct("<BB6B10H16s")
_EXTRA_LENGTH = 16
_PETS = struct.Struct("<4B")
_LEGENDS = struct.Struct("<4B6H")
_SLOTS = ("heal", "utility 1", "utility 2", "utility 3", "elite")


class Line(NamedTuple):
    """A specialization and its traits. id: 0 for none. choices: adept, master, grandmaster; 0 for none and
    1 to 3 top to bottom. spare: the two bits (0 to 3) of the trait byte that have no meaning yet."""

    id: int = 0
    choices: tuple[int, int, int] = (0, 0, 0)
    spare: int = 0

    @property
    def trait_byte(self) -> int:
        adept, master, grandmaster = self.choices
        return adept | master << 2 | grandmaster << 4 | self.spare << 6

    @classmethod
    def of_bytes(cls, id_: int, traits: int) -> "Line":
        return cls(id_, (traits & 3, traits >> 2 & 3, traits >> 4 & 3), traits >> 6)


Palettes = tuple[int, int, int, int, int]
NO_SKILLS: Palettes = (0, 0, 0, 0, 0)
NO_LINES = (Line(), Line(), Line())


@dataclass(frozen=True, slots=True)
class BuildTemplate:
    """profession: its code. land, water: palette ids of heal, three utilities, elite; 0 is an empty slot.
    extra: sixteen bytes, pets of a Ranger, legends of a Revenant, else without a known meaning.
    weapons: weapon type ids. skill_overrides: skill ids. long: False for the form that ends before weapons.
    rest: bytes after all that is known. Raises ChatLinkError for what no link can hold."""

    profession: int
    specializations: tuple[Line, Line, Line] = NO_LINES
    land: Palettes = NO_SKILLS
    water: Palettes = NO_SKILLS
    extra: bytes = bytes(_EXTRA_LENGTH)
    weapons: tuple[int, ...] = ()
    skill_overrides: tuple[int, ...] = ()
    long: bool = True
    rest: bytes = b""

    def __post_init__(self) -> None:
        check_range("profession", self.profession, 8)
        _of_length("specializations", self.specializations, 3)
        for place, line in enumerate(self.specializations):
            check_range(f"specializations[{place}].id", line.id, 8)
            _of_length(f"specializations[{place}].choices", line.choices, 3)
            for choice in line.choices:
                check_range(f"specializations[{place}].choices", choice, 2)
            check_range(f"specializations[{place}].spare", line.spare, 2)
        for name, palettes in (("land", self.land), ("water", self.water)):
            _of_length(name, palettes, 5)
            for palette in palettes:
                check_range(name, palette, 16)
        _of_length("extra", self.extra, _EXTRA_LENGTH)
        self._check_tail()

    def _check_tail(self) -> None:
        for weapon in self.weapons:
            check_range("weapons", weapon, 16)
        for skill in self.skill_overrides:
            check_range("skill_overrides", skill, 32)
        for name, values in (("weapons", self.weapons), ("skill_overrides", self.skill_overrides)):
            if len(values) > 255:
                raise ChatLinkError(f"{name}: a chat link holds at most 255, not {len(values)}.")
        if not self.long and (self.weapons or self.skill_overrides or self.rest):
            raise ChatLinkError("A short chat link holds no weapons, skill overrides or later bytes.")
        check_size(self.byte_length)

    @property
    def byte_length(self) -> int:
        if not self.long:
            return SHORT_LENGTH
        return SHORT_LENGTH + 2 + 2 * len(self.weapons) + 4 * len(self.skill_overrides) + len(self.rest)

    @property
    def pets_land(self) -> tuple[int, ...]:
        """Two pet ids, 0 for none; empty for other professions than Ranger. So are the next three."""
        return _PETS.unpack_from(self.extra)[:2] if self.profession == RANGER else ()

    @property
    def pets_water(self) -> tuple[int, ...]:
        return _PETS.unpack_from(self.extra)[2:] if self.profession == RANGER else ()

    @property
    def legends_land(self) -> tuple[int, ...]:
        """Legend codes as they were read, active and inactive; 0 for none; empty for others than Revenant."""
        return _LEGENDS.unpack(self.extra)[:2] if self.profession == REVENANT else ()

    @property
    def legends_water(self) -> tuple[int, ...]:
        return _LEGENDS.unpack(self.extra)[2:4] if self.profession == REVENANT else ()

    @property
    def inactive_utilities_land(self) -> tuple[int, ...]:
        """Palette ids of the three utilities of the inactive legend; empty for others than Revenant."""
        return _LEGENDS.unpack(self.extra)[4:7] if self.profession == REVENANT else ()

    @property
    def inactive_utilities_water(self) -> tuple[int, ...]:
        return _LEGENDS.unpack(self.extra)[7:] if self.profession == REVENANT else ()

    @property
    def unread_extra(self) -> bytes:
        """The part of `extra` that none of the properties above gives."""
        return self.extra[used_extra(self.profession) :]


def used_extra(profession: int) -> int:
    """How many of the sixteen extra bytes have a meaning for the profession with this code."""
    return {RANGER: _PETS.size, REVENANT: _LEGENDS.size}.get(profession, 0)


def extra_of_pets(land: Sequence[int], water: Sequence[int], unread: bytes = b"") -> bytes:
    """land, water: two pet ids each."""
    return (_PETS.pack(*land, *water) + unread).ljust(_EXTRA_LENGTH, b"\0")


def extra_of_legends(
    land: Sequence[int], water: Sequence[int], inactive_land: Sequence[int], inactive_water: Sequence[int]
) -> bytes:
    """land, water: two legend codes each; inactive_land, inactive_water: three palette ids each."""
    return _LEGENDS.pack(*land, *water, *inactive_land, *inactive_water)


def decode_build_template(code: str) -> BuildTemplate:
    """code: as `builds.chatlinks.text.to_bytes` takes it. Raises ChatLinkError for all else."""
    return read_template(to_bytes(code))


def encode_build_template(template: BuildTemplate) -> str:
    return to_text(write_template(template))


def read_template(content: bytes) -> BuildTemplate:
    if content[:1] != bytes([HEAD]):
        shown = f"0x{content[0]:02X}" if content else "missing"
        raise ChatLinkError(f"Byte 0 (head): a build template begins with 0x0D, here it is {shown}.")
    if len(content) < SHORT_LENGTH:
        raise ChatLinkError(
            f"The build template is cut off at byte {len(content)}, in its {_place(len(content))}; "
            f"it has at least {SHORT_LENGTH} bytes."
        )
    _, profession, *numbers = _FIXED.unpack_from(content)
    lines = [Line.of_bytes(numbers[at], numbers[at + 1]) for at in (0, 2, 4)]
    skills = numbers[6:16]
    weapons, overrides, end = _read_tail(content)
    return BuildTemplate(
        profession=profession,
        specializations=(lines[0], lines[1], lines[2]),
        land=_five(skills[0::2]),
        water=_five(skills[1::2]),
        extra=numbers[16],
        weapons=weapons,
        skill_overrides=overrides,
        long=len(content) > SHORT_LENGTH,
        rest=content[end:],
    )


def write_template(template: BuildTemplate) -> bytes:
    lines = [byte for line in template.specializations for byte in (line.id, line.trait_byte)]
    skills = [palette for pair in zip(template.land, template.water, strict=True) for palette in pair]
    fixed = _FIXED.pack(HEAD, template.profession, *lines, *skills, template.extra)
    if not template.long:
        return fixed
    tail = _list_bytes(template.weapons, "H") + _list_bytes(template.skill_overrides, "I")
    return fixed + tail + template.rest


def _read_tail(content: bytes) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Weapons, skill overrides, and the offset of the first byte after them."""
    if len(content) == SHORT_LENGTH:
        return (), (), SHORT_LENGTH
    weapons, end = _read_list(content, SHORT_LENGTH, "weapon", "H")
    overrides, end = _read_list(content, end, "skill override", "I")
    return weapons, overrides, end


def _read_list(content: bytes, start: int, name: str, form: str) -> tuple[tuple[int, ...], int]:
    if start >= len(content):
        raise ChatLinkError(f"The build template is cut off at byte {start}, before its {name} count.")
    count = content[start]
    layout = struct.Struct(f"<{count}{form}")
    left = len(content) - start - 1
    if layout.size > left:
        raise ChatLinkError(
            f"Byte {start} ({name} count): it announces {count} in {layout.size} bytes, but {left} follow."
        )
    return layout.unpack_from(content, start + 1), start + 1 + layout.size


def _list_bytes(values: Sequence[int], form: str) -> bytes:
    return struct.pack(f"<B{len(values)}{form}", len(values), *values)


def _place(offset: int) -> str:
    if offset < 2:
        return "profession"
    if offset < 8:
        return f"{'traits' if offset % 2 else 'id'} of specialization {(offset - 2) // 2 + 1}"
    if offset < 28:
        number = (offset - 8) // 2
        return f"{'water' if number % 2 else 'land'} skill palette of {_SLOTS[number // 2]}"
    return "pets or legends"


def _five(values: Sequence[int]) -> Palettes:
    heal, one, two, three, elite = values
    return heal, one, two, three, elite


def _of_length(name: str, values: Sequence[object], length: int) -> None:
    if len(values) != length:
        raise ChatLinkError(f"{name}: there must be {length}, not {len(values)}.")
