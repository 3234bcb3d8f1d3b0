"""From plain data, as `describe` gives it, back to links. Ids and palettes decide; `name` and `elite` are
there for the reader, and `name` counts only where the id is missing."""

from collections.abc import Mapping, Sequence
from typing import Any

from builds.chatlinks.build_template import (
    SHORT_LENGTH,
    BuildTemplate,
    Line,
    Palettes,
    extra_of_legends,
    extra_of_pets,
    used_extra,
)
from builds.chatlinks.links import ItemLink, Link, SkillLink, TraitLink
from builds.chatlinks.parts import active_legend, palette_of_skill, palette_skill, trait_choices
from builds.chatlinks.text import MAX_BYTES, ChatLinkError
from builds.gamedata import Catalogue, UnknownName
from builds.gamedata.model import Legend, Profession, Specialization
from builds.gamedata.names import with_article
from gw2optimizer.errors import InvalidInput

# More complaints than this help nobody.
_MAX_ERRORS = 10
_MAX_NAMED = 5

_BUILD_KEYS = (
    "profession", "specializations", "skills", "pets", "legends", "inactive_utilities", "weapons", "skill_overrides",
    "byte_length", "rest",
)  # fmt: skip
_PLACES = ("land", "water")


def from_description(description: object, catalogue: Catalogue) -> BuildTemplate:
    """description: what `describe` gives; all but `profession` may be missing. Raises InvalidInput, whose
    fields name everything that is wrong."""
    fields = _Fields()
    template = _Build(fields, catalogue).template(description)
    if template is None or fields.errors:
        raise fields.error("This describes no build template.")
    return template


def link_from_description(description: object, catalogue: Catalogue) -> Link:
    """description: what `describe_link` gives: without `type` it is a build template."""
    if not isinstance(description, Mapping) or "type" not in description:
        return from_description(description, catalogue)
    fields = _Fields()
    link = _other_link(fields, description)
    if link is None or fields.errors:
        raise fields.error("This describes no chat link.")
    return link


class _Fields:
    """Reads values of plain data; what is wrong is noted under the field's path, and a harmless value goes
    on."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def error(self, message: str) -> InvalidInput:
        return InvalidInput(message, fields=self.errors)

    def fail(self, field: str, text: str) -> None:
        if len(self.errors) < _MAX_ERRORS:
            self.errors.setdefault(field, []).append(text)

    def mapping(self, value: object, field: str, keys: Sequence[str]) -> Mapping[str, Any]:
        """An object with no other keys than these; an absent one is empty."""
        if value is None and field:
            return {}
        if not isinstance(value, Mapping):
            self.fail(field, f"This must be an object with {', '.join(keys)}; it is {_shown(value)}.")
            return {}
        unknown = [str(key)[:40] for key in value if key not in keys]
        if unknown:
            # One entry for all of them: the list of the known ones is long.
            others = "".join(f", nor is {key}" for key in unknown[1:_MAX_NAMED])
            more = f", nor are {len(unknown) - _MAX_NAMED} more" if len(unknown) > _MAX_NAMED else ""
            path = f"{field}.{unknown[0]}" if field else unknown[0]
            self.fail(path, f"This field is not known{others}{more}; there are {', '.join(keys)}.")
        return value

    def items(
        self, value: object, field: str, *, exactly: int | None = None, blank: int | None = None
    ) -> Sequence[Any]:
        """A list; with `exactly`, an absent or wrong one is that many blanks."""
        if isinstance(value, list | tuple):
            if len(value) == exactly or (exactly is None and len(value) <= 255):
                return value
            wanted = f"There must be {exactly} entries" if exactly else "A chat link holds at most 255"
            self.fail(field, f"{wanted}, not {len(value)}.")
        elif value is not None:
            self.fail(field, f"This must be a list; it is {_shown(value)}.")
        return [blank] * (exactly or 0)

    def number(self, value: object, field: str, bits: int) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << bits:
            return value
        self.fail(field, f"This must be a number from 0 to {(1 << bits) - 1}; it is {_shown(value)}.")
        return 0

    def numbers(self, value: object, field: str, bits: int, *, exactly: int | None = None) -> list[int]:
        items = self.items(value, field, exactly=exactly, blank=0)
        return [self.number(item, f"{field}.{place}", bits) for place, item in enumerate(items)]

    def hex(self, value: object, field: str) -> bytes:
        if value is None:
            return b""
        if isinstance(value, str) and len(value) <= 2 * MAX_BYTES:
            try:
                return bytes.fromhex(value)
            except ValueError:
                pass
        self.fail(field, f"This must be bytes in hexadecimal, two digits each; it is {_shown(value)}.")
        return b""


class _Build:
    def __init__(self, fields: _Fields, catalogue: Catalogue) -> None:
        self.fields, self.catalogue = fields, catalogue

    def template(self, description: object) -> BuildTemplate | None:
        given = self.fields.mapping(description, "", _BUILD_KEYS)
        owner = self.profession(given)
        if owner is None:
            return None
        legends = self.per_place(given, "legends", 8, 2, owner.id == "Revenant")
        weapons, overrides = self.weapons(given), self.overrides(given)
        length = self.length(given, weapons, overrides)
        bits, unread, tail = self.rest(given, owner, length - 46 - 2 * len(weapons) - 4 * len(overrides))
        lines = self.lines(given, owner, bits)
        skills = self.fields.mapping(given.get("skills"), "skills", _PLACES)
        land, water = (self.palettes(skills.get(place), f"skills.{place}", owner, legends[place]) for place in _PLACES)
        extra = self.sixteen(given, owner, legends, unread)
        if self.fields.errors:
            return None
        try:
            return BuildTemplate(owner.code, lines, land, water, extra, weapons, overrides, length > SHORT_LENGTH, tail)
        except ChatLinkError as error:
            self.fields.fail("byte_length", str(error))
            return None

    def profession(self, given: Mapping[str, Any]) -> Profession | None:
        if given.get("profession") is None:
            self.fields.fail("profession", "This field is needed: the profession's name.")
            return None
        try:
            found = self.catalogue.find("profession", given["profession"])
        except UnknownName as error:
            self.fields.fail("profession", str(error))
            return None
        return found  # type: ignore[no-any-return]

    def per_place(self, given: Mapping[str, Any], field: str, bits: int, count: int, has: bool) -> dict[str, list[int]]:
        """{"land": [...], "water": [...]} with `count` numbers each, zeros where nothing is given."""
        value = self.fields.mapping(given.get(field), field, _PLACES)
        found = {}
        for place in _PLACES:
            path = f"{field}.{place}"
            if has:
                numbers = value.get(place)
                found[place] = self.fields.numbers(None if numbers == [] else numbers, path, bits, exactly=count)
            else:
                found[place] = [0] * count
                if any(self.fields.numbers(value.get(place), path, bits)):
                    self.fields.fail(path, "This profession has none.")
        return found

    def weapons(self, given: Mapping[str, Any]) -> tuple[int, ...]:
        return tuple(
            self.weapon(weapon, f"weapons.{place}")
            for place, weapon in enumerate(self.fields.items(given.get("weapons"), "weapons"))
        )

    def weapon(self, value: object, field: str) -> int:
        if not isinstance(value, str):
            return self.fields.number(value, field, 16)
        try:
            weapon = self.catalogue.find("weapon", value)
        except UnknownName as error:
            self.fields.fail(field, str(error))
            return 0
        if weapon.code is None:
            self.fields.fail(field, f"A build template can't hold the weapon {weapon.name}.")
        return weapon.code or 0

    def overrides(self, given: Mapping[str, Any]) -> tuple[int, ...]:
        return tuple(self.fields.numbers(given.get("skill_overrides"), "skill_overrides", 32))

    def length(self, given: Mapping[str, Any], weapons: Sequence[int], overrides: Sequence[int]) -> int:
        least = SHORT_LENGTH + 2 + 2 * len(weapons) + 4 * len(overrides)
        value = given.get("byte_length")
        if value is None:
            if given.get("rest"):
                self.fields.fail("byte_length", "This must be given with `rest`, which can't be placed else.")
            return least
        length = self.fields.number(value, "byte_length", 16)
        if length < least and (length != SHORT_LENGTH or weapons or overrides):
            self.fields.fail(
                "byte_length",
                f"The weapons and skill overrides given make {least} bytes, not {_shown(value)}; "
                "leave the field out to have it counted.",
            )
        return length

    def rest(self, given: Mapping[str, Any], owner: Profession, tail: int) -> tuple[bytes, bytes, bytes]:
        """Bits of the three trait bytes, unread bytes of the sixteen, and the tail of so many bytes."""
        content = self.fields.hex(given.get("rest"), "rest")
        tail = max(tail, 0)
        unread = 16 - used_extra(owner.code)
        if len(content) == 3 + unread + tail:
            return content[:3], content[3 : 3 + unread], content[3 + unread :]
        if len(content) == unread + tail:
            return bytes(3), content[:unread], content[unread:]
        if len(content) != tail and "byte_length" not in self.fields.errors:
            lengths = sorted({tail, unread + tail, 3 + unread + tail})
            wanted = " or ".join(map(str, lengths))
            self.fields.fail("rest", f"By the other fields, there must be {wanted} bytes, not {len(content)}.")
        return bytes(3), bytes(unread), content

    def lines(self, given: Mapping[str, Any], owner: Profession, bits: bytes) -> tuple[Line, Line, Line]:
        values = self.fields.items(given.get("specializations"), "specializations", exactly=3)
        first, second, third = (
            self.line(value, f"specializations.{place}", owner, bits[place]) for place, value in enumerate(values)
        )
        return first, second, third

    def line(self, value: object, field: str, owner: Profession, bits: int) -> Line:
        given = self.fields.mapping(value, field, ("id", "name", "elite", "traits"))
        traits = self.fields.items(given.get("traits"), f"{field}.traits", exactly=3)
        id_ = self.specialization_id(given, field, owner)
        specialization = self.catalogue.specializations.get(id_)
        if all(trait is None for trait in traits):
            return Line.of_bytes(id_, bits)
        if specialization is None:
            self.fields.fail(f"{field}.traits", "Without a known specialization there are no traits.")
        elif bits & 0x3F:
            self.fields.fail("rest", f"It holds traits of {field}, which has traits of its own.")
        else:
            return Line(id_, self.choices(specialization, traits, f"{field}.traits"), bits >> 6)
        return Line(id_)

    def specialization_id(self, given: Mapping[str, Any], field: str, owner: Profession) -> int:
        id_, name = given.get("id"), given.get("name")
        if id_ is not None:
            return self.fields.number(id_, f"{field}.id", 8)
        if name is None:
            return 0
        try:
            found = self.catalogue.find("specialization", name, profession=owner.id)
        except UnknownName as error:
            self.fields.fail(f"{field}.name", str(error))
            return 0
        return self.fields.number(found.id, f"{field}.name", 8)

    def choices(self, specialization: Specialization, traits: Sequence[Any], field: str) -> tuple[int, int, int]:
        for place, trait in enumerate(traits):
            if trait is not None:
                self.fields.number(trait, f"{field}.{place}", 32)
        if self.fields.errors:
            return 0, 0, 0
        try:
            return trait_choices(self.catalogue, specialization, traits, field)
        except InvalidInput as error:
            for path, texts in error.fields.items():
                self.fields.fail(path, " ".join(texts))
            return 0, 0, 0

    def palettes(self, value: object, field: str, owner: Profession, legends: Sequence[int]) -> Palettes:
        given = self.fields.mapping(value, field, ("heal", "utilities", "elite"))
        legend = active_legend(legends, self.catalogue)
        one, two, three = (
            self.palette(skill, f"{field}.utilities.{place}", owner, legend, "Utility")
            for place, skill in enumerate(self.fields.items(given.get("utilities"), f"{field}.utilities", exactly=3))
        )
        heal = self.palette(given.get("heal"), f"{field}.heal", owner, legend, "Heal")
        return (
            heal,
            one,
            two,
            three,
            self.palette(given.get("elite"), f"{field}.elite", owner, legend, "Elite"),
        )

    def palette(self, value: object, field: str, owner: Profession, legend: Legend | None, slot: str) -> int:
        if value is None:
            return 0
        given = self.fields.mapping(value, field, ("palette", "id", "name"))
        palette, id_, name = given.get("palette"), given.get("id"), given.get("name")
        if palette is not None:
            return self.checked_palette(palette, id_, field, owner, legend)
        try:
            skill = self.catalogue.find("skill", (name or "") if id_ is None else id_, profession=owner.id, slot=slot)
        except UnknownName as error:
            self.fields.fail(field, str(error))
            return 0
        found = palette_of_skill(self.catalogue, owner, skill.id, legend)
        if found is None:
            who = with_article(owner.name)
            self.fields.fail(field, f"A build template of {who} can't hold {skill.name} ({skill.id}).")
        return found or 0

    def checked_palette(
        self, palette: object, id_: object, field: str, owner: Profession, legend: Legend | None
    ) -> int:
        number = self.fields.number(palette, f"{field}.palette", 16)
        skill = palette_skill(owner, number, legend, self.catalogue)
        if id_ is not None and (skill is None or skill.id != id_):
            meant = f"skill {skill.id}" if skill else "no skill that is known"
            self.fields.fail(
                f"{field}.id", f"Palette {number} is {meant}, not {_shown(id_)}; leave one of the two out."
            )
        return number

    def sixteen(
        self, given: Mapping[str, Any], owner: Profession, legends: Mapping[str, list[int]], unread: bytes
    ) -> bytes:
        pets = self.per_place(given, "pets", 8, 2, owner.id == "Ranger")
        inactive = self.per_place(given, "inactive_utilities", 16, 3, owner.id == "Revenant")
        if owner.id == "Ranger":
            return extra_of_pets(pets["land"], pets["water"], unread)
        if owner.id == "Revenant":
            return extra_of_legends(legends["land"], legends["water"], inactive["land"], inactive["water"])
        return unread


def _other_link(fields: _Fields, given: Mapping[str, Any]) -> Link | None:
    kind = given["type"]
    if kind not in ("item", "skill", "trait"):
        fields.fail("type", f"This must be item, skill or trait, or left out for a build; it is {_shown(kind)}.")
        return None
    more = ("count", "skin", "upgrades", "spare") if kind == "item" else ()
    fields.mapping(given, "", ("type", "id", "name", *more, "rest"))
    id_ = fields.number(given.get("id"), "id", 24 if kind == "item" else 32)
    rest = fields.hex(given.get("rest"), "rest")
    try:
        if kind == "item":
            return _item(fields, given, id_, rest)
        return SkillLink(id_, rest) if kind == "skill" else TraitLink(id_, rest)
    except ChatLinkError as error:
        fields.fail("rest", str(error))
        return None


def _item(fields: _Fields, given: Mapping[str, Any], id_: int, rest: bytes) -> ItemLink:
    skin, first, second = (
        value if value is None else fields.number(value, field, 32)
        for field, value in zip(
            ("skin", "upgrades.0", "upgrades.1"),
            (given.get("skin"), *fields.items(given.get("upgrades"), "upgrades", exactly=2)),
            strict=True,
        )
    )
    count = fields.number(given.get("count", 1), "count", 8)
    spare = fields.number(given.get("spare", 0), "spare", 5)
    return ItemLink(id_, count, skin, first, second, spare, rest)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "missing"
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
