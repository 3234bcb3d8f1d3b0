"""From what somebody sent to a TeamSpec whose builds exist in the game, or to an error that names each field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool, ValidationError

from builds.gamedata import Catalogue
from builds.spec import BuildSpec, parse_build, stored_spec
from builds.spec.shapes import MAX_ERRORS, Line, Mode, Name, Role, Shape, WvwStyle, shape_errors
from gw2optimizer.errors import InvalidInput
from teams.spec.model import GROUP_SIZE, MAX_GROUPS, MAX_PLAYERS, USUAL_PRIORITY, GroupSpec, SlotSpec, TeamSpec

_WHOLE = "build"  # how errors call what as a whole is none
_TOLD_OF_TEAM = frozenset(
    ["composition", "relaxed", "notes", "score", "grade", "parts", "reading", "roster", "run"]
)  # fmt: skip
_TOLD_OF_SLOT = frozenset({"profession", "specialization", "build_name", "template_code", "build_id"})
_NO_OBJECT = "This is not an object."


class _SlotShape(Shape):
    player: Annotated[Line, AfterValidator(lambda text: text.strip())] | None = None
    role: Role | None = None
    priority: Annotated[int, Field(strict=True, ge=1, le=5)] = USUAL_PRIORITY
    build: Any = None
    locked: StrictBool = False


class _GroupShape(Shape):
    slots: Annotated[list[_SlotShape], Field(max_length=GROUP_SIZE)] = []


class _TeamShape(Shape):
    schema_: Annotated[Literal["team/1"], Field(alias="schema")] = "team/1"
    name: Name
    game_mode: Mode = "pve"
    wvw_style: WvwStyle | None = None
    groups: list[_GroupShape] = []


@dataclass(frozen=True, slots=True)
class ParsedTeam:
    """notes: sentences about what was changed or left out on the way, each with its place."""

    spec: TeamSpec
    notes: tuple[str, ...] = ()


def parse_team(data: object, catalogue: Catalogue) -> ParsedTeam:
    """data: `team/1` as decoded from JSON; its builds are `build/1`.
    Raises InvalidInput whose fields are paths; those of a build begin as `groups.0.slots.1.build.`."""
    _check_size(data)
    try:
        shape = _TeamShape.model_validate(_without_told(data))
    except ValidationError as error:
        raise _invalid(_fields(error)) from None
    if shape.wvw_style and shape.game_mode != "wvw":
        raise _invalid({"wvw_style": ["Only a WvW team has a WvW style."]})
    builds = _Builds(catalogue)
    groups = tuple(
        GroupSpec(tuple(builds.slot(f"groups.{i}.slots.{j}", slot) for j, slot in enumerate(group.slots)))
        for i, group in enumerate(shape.groups)
    )
    if builds.errors:
        raise _invalid(builds.errors)
    return ParsedTeam(TeamSpec(shape.name, shape.game_mode, shape.wvw_style, groups), tuple(builds.notes))


def parse_slot_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a place holds beside its build, of those that are given: player, role, priority, locked. Raises
    InvalidInput."""
    try:
        shape = _SlotShape.model_validate({name: value for name, value in given.items() if name != _WHOLE})
    except ValidationError as error:
        raise _invalid(_fields(error)) from None
    return {name: getattr(shape, name) or None if name == "player" else getattr(shape, name) for name in given}


def stored_team(document: Mapping[str, Any]) -> TeamSpec:
    """document: what `plain_team_json` made; nothing is looked up, as the row was checked when it was written."""
    return TeamSpec(
        document["name"],
        document["game_mode"],
        document.get("wvw_style"),
        tuple(GroupSpec(tuple(map(_stored_slot, group["slots"]))) for group in document["groups"]),
    )


def _stored_slot(slot: Mapping[str, Any]) -> SlotSpec:
    build = slot.get("build")
    return SlotSpec(
        None if build is None else stored_spec(build),
        slot.get("player"),
        slot.get("role"),
        slot.get("priority", USUAL_PRIORITY),
        slot.get("locked", False),
    )


class _Builds:
    """Parses the builds one by one; after many errors no more, for a search for near names costs."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.errors: dict[str, list[str]] = {}
        self.notes: list[str] = []

    def slot(self, path: str, shape: _SlotShape) -> SlotSpec:
        build = None if shape.build is None else self.build(f"{path}.build", shape.build)
        return SlotSpec(build, shape.player or None, shape.role, shape.priority, shape.locked)

    def build(self, path: str, data: object) -> BuildSpec | None:
        if len(self.errors) >= MAX_ERRORS:
            return None
        try:
            parsed = parse_build(data, self.catalogue)
        except InvalidInput as error:
            for field, texts in error.fields.items():
                self.errors[path if field == _WHOLE else f"{path}.{field}"] = texts
            return None
        self.notes += [f"{path}: {note}" for note in parsed.notes]
        return parsed.spec


def _check_size(data: object) -> None:
    """Before the shape is looked at: of a thousand groups nobody wants to hear what is wrong with each."""
    groups = data.get("groups") if isinstance(data, Mapping) else None
    if not isinstance(groups, list):
        return
    if len(groups) > MAX_GROUPS:
        raise _invalid({"groups": [f"A team has at most {MAX_GROUPS} subgroups; these are {len(groups)}."]})
    slots = [group.get("slots") if isinstance(group, Mapping) else None for group in groups]
    players = sum(len(one) for one in slots if isinstance(one, list))
    if players > MAX_PLAYERS:
        raise _invalid({"groups": [f"A team has at most {MAX_PLAYERS} players; these are {players}."]})
    for i, one in enumerate(slots):
        if isinstance(one, list) and len(one) > GROUP_SIZE:
            text = f"A subgroup has at most {GROUP_SIZE} places; these are {len(one)}."
            raise _invalid({f"groups.{i}.slots": [text]})


def _without_told(data: object) -> object:
    """What a composed team tells beside `team/1` is left out, so that it may be sent back as it came. Beside a build
    that is: alone such a field means something that is not there."""
    if not isinstance(data, Mapping):
        return data
    kept = {key: value for key, value in data.items() if key not in _TOLD_OF_TEAM}
    groups = kept.get("groups")
    if isinstance(groups, list):
        kept["groups"] = [_plain_group(group) for group in groups]
    return kept


def _plain_group(group: object) -> object:
    slots = group.get("slots") if isinstance(group, Mapping) else None
    if not isinstance(group, Mapping) or not isinstance(slots, list):
        return group
    return {**group, "slots": [_plain_slot(slot) if isinstance(slot, Mapping) else slot for slot in slots]}


def _plain_slot(slot: Mapping[str, Any]) -> dict[str, Any]:
    there = slot.get("build") is not None
    return {key: value for key, value in slot.items() if key not in _TOLD_OF_SLOT or not (there or value is None)}


def _fields(error: ValidationError) -> dict[str, list[str]]:
    """The shared sentences speak of builds in two places."""
    found = shape_errors(error)
    if found.get(_WHOLE) == [_NO_OBJECT]:
        found["team"] = found.pop(_WHOLE)
    if "schema" in found:
        found["schema"] = ["This is not team/1."]
    return found


def _invalid(fields: Mapping[str, Sequence[str]]) -> InvalidInput:
    first, texts = next(iter(fields.items()))
    more = len(fields) - 1
    also = f" ({more} more {'field is' if more == 1 else 'fields are'} wrong.)" if more else ""
    return InvalidInput(f"The team can't be used: {first}: {texts[0]}{also}", fields=fields)
