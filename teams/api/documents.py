"""`team/1` and what is computed of a team, as the API's description tells them."""

import uuid
from typing import Any, Literal

from pydantic import Field

from builds.api.schema import BuildDocument, Document
from builds.spec.shapes import BuildShape, Mode, Role, WvwStyle
from teams.spec import GROUP_SIZE, MAX_PLAYERS


# --- team/1 --------------------------------------------------------------------------------------
class SlotInput(Document):
    """build_id: in place of `build`; a build that you may see, which is copied in."""

    player: str | None = Field(default=None, max_length=200)
    role: Role | None = None
    priority: int = Field(default=3, ge=1, le=5)
    build: BuildShape | None = None
    build_id: uuid.UUID | None = None
    locked: bool = False


class GroupInput(Document):
    slots: list[SlotInput] = Field(default=[], max_length=GROUP_SIZE)


class TeamShape(Document):
    schema_: Literal["team/1"] = Field(default="team/1", alias="schema")
    name: str = Field(max_length=120)
    game_mode: Mode = "pve"
    wvw_style: WvwStyle | None = None
    groups: list[GroupInput] = Field(default=[], max_length=MAX_PLAYERS)


class SlotDocument(Document):
    player: str | None
    role: Role | None
    priority: int
    build: BuildDocument | None = None
    locked: bool = False


class GroupDocument(Document):
    slots: list[SlotDocument]


class TeamDocument(Document):
    """`team/1` as the API answers it: an empty place has no build."""

    schema_: Literal["team/1"] = Field(alias="schema")
    name: str
    game_mode: Mode
    wvw_style: WvwStyle | None = None
    groups: list[GroupDocument]


class SourceOfSlot(Document):
    """The build that was copied in. state: newer where it has changed since; gone where it was deleted or is closed to
    the team's owner, who keeps the copy: nothing else is told of it then. version: of the copy."""

    state: str = Field(pattern="^(current|newer|gone)$")
    version: int
    build_id: uuid.UUID | None
    name: str | None
    latest: int | None


class SlotOfTeam(Document):
    """number: through the whole team; subgroup, place: all from 1. source: null where the place has none, or where it
    is not yours to see."""

    number: int
    subgroup: int
    place: int
    player: str | None
    role: Role | None
    priority: int
    locked: bool
    profession: str | None
    specialization: str | None
    build_name: str | None
    template_code: str | None
    source: SourceOfSlot | None


class SlotWithBuild(SlotOfTeam):
    build: BuildDocument | None


class SlotsOfTeam(Document):
    version: int
    items: list[SlotOfTeam]


# --- What is computed ----------------------------------------------------------------------------
class TeamPart(Document):
    """value: 0 to 1. points: of the score. groups: the value of each subgroup; none for a part of the squad."""

    name: str
    title: str
    number: float
    target: float
    unit: str
    weight: float
    value: float
    points: float
    groups: list[float | None]
    why: str
    source: str
    sentence: str


class TeamMend(Document):
    """One change that was tried. group, slot: indices from 0. score: of the team with it. build: the changed one."""

    part: str
    kind: str = Field(pattern="^(sigil|trait|skill|build)$")
    player: str
    before: str
    after: str
    score: float
    grade: str
    gain: float
    number: float
    mended: bool
    sentence: str
    group: int
    slot: int
    build: BuildDocument


class TeamCover(Document):
    """squad, and each of groups: boons, rates, combos, damage and health; players: each one's own. docs/teams.md says
    what each number means. unknown: effects that the data do not tell; they count nothing."""

    squad: dict[str, Any]
    groups: list[dict[str, Any]]
    players: list[dict[str, Any]]
    unknown: list[dict[str, Any]]
    assumptions: list[str]


class TeamAnalysis(Document):
    """An estimate. score: 0 to 100, the sum of the points of its parts. engine: what judged."""

    name: str
    game_mode: Mode
    wvw_style: WvwStyle | None
    size: int
    score: float
    grade: str
    style: str
    engine: str
    parts: list[TeamPart]
    strengths: list[str]
    weaknesses: list[str]
    notes: list[str]
    mends: list[TeamMend]
    coverage: TeamCover


class ScoreChange(Document):
    before: float
    after: float
    gain: float


class GradeChange(Document):
    before: str
    after: str


class TeamSwap(Document):
    """One place that takes another build. number: from 1; group, slot: indices from 0. build_id: of the build that
    stands there then, null for a changed one."""

    group: int
    slot: int
    number: int
    player: str | None
    before: str | None
    after: str | None
    role: Role | None
    specialization: str | None
    template_code: str | None
    build_id: uuid.UUID | None


class TeamOptimisation(Document):
    """status: optimal is proven for the builds that there are; feasible is the best so far, at most `gap` below the
    bound; unknown: nothing was found in the time. Nothing is saved."""

    score: ScoreChange
    grade: GradeChange
    swaps: list[TeamSwap]
    status: str = Field(pattern="^(optimal|feasible|unknown|infeasible)$")
    gap: float
    seconds: float
    team: TeamDocument


class ComposedSlot(SlotDocument):
    profession: str | None
    specialization: str | None
    build_name: str | None
    template_code: str | None
    build_id: uuid.UUID | None


class ComposedGroup(Document):
    slots: list[ComposedSlot]


class CompositionOf(Document):
    status: str = Field(pattern="^(optimal|feasible|unknown|infeasible)$")
    objective: float
    bound: float
    gap: float
    seconds: float
    considered: int
    candidates: int


class ProblemOfReading(Document):
    code: str
    text: str


class ReadingOf(Document):
    """wish: to be edited and sent again. said_back: how it was read. unread: words without a meaning."""

    wish: dict[str, Any]
    language: str
    said_back: list[str]
    unread: list[str]
    problems: list[ProblemOfReading]
    notes: list[str]


class ComposedTeam(Document):
    """`team/1` and how it came about. relaxed: what of the wish could not be kept, in the order in which it was given
    up. Nothing is saved."""

    schema_: Literal["team/1"] = Field(alias="schema")
    name: str
    game_mode: Mode
    wvw_style: WvwStyle | None = None
    groups: list[ComposedGroup]
    score: float
    grade: str
    parts: list[TeamPart]
    notes: list[str]
    relaxed: list[str]
    reading: ReadingOf
    composition: CompositionOf
    roster: dict[str, Any] | None = None


class ComparedTeam(Document):
    name: str
    game_mode: Mode
    wvw_style: WvwStyle | None
    players: int
    score: float
    grade: str
    style: str


class ComparedNumber(Document):
    """difference: second less first; null where one of them is."""

    name: str
    title: str | None = None
    unit: str | None = None
    first: float | None
    second: float | None
    difference: float | None


class TeamComparison(Document):
    """parts: points of the score; null where one team is not judged by it. boons: in whole stacks or share of the
    time, of the squad."""

    first: ComparedTeam
    second: ComparedTeam
    parts: list[ComparedNumber]
    boons: list[ComparedNumber]
    rates: list[ComparedNumber]
    others: list[ComparedNumber]
