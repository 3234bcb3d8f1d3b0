"""A team as text for a chat, and as a table. Plain Python, no Django."""

import csv
import io
import re

from builds.gamedata import Catalogue
from teams.compose.compose import slot_facts
from teams.spec import SlotSpec, TeamSpec

DISCORD_LIMIT = 2_000
"""Characters of one message."""
_COLUMNS = (
    "subgroup", "place", "player", "role", "profession", "specialization", "build_name", "template_code", "priority",
    "locked",
)  # fmt: skip
# What a table calculator would take for a formula.
_FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
_MARKS = re.compile(r"([\\*_~`|>#\[\]()<])")


def csv_text(team: TeamSpec, catalogue: Catalogue) -> str:
    """One line a place, numbers from 1, after a line of names."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(_COLUMNS)
    for place, slot in team.places():
        facts = slot_facts(slot.build, catalogue)
        row = [
            place.group + 1, place.slot + 1, slot.player, _role(slot), facts["profession"], facts["specialization"],
            facts["build_name"], facts["template_code"], slot.priority, "yes" if slot.locked else "no",
        ]  # fmt: skip
        table.writerow([_harmless(value) for value in row])
    return out.getvalue()


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def discord_messages(team: TeamSpec, catalogue: Catalogue, *, score: float, grade: str) -> list[str]:
    """The team in messages of at most DISCORD_LIMIT characters, each of whole subgroups where they fit."""
    mode = " ".join(filter(None, (team.game_mode, team.wvw_style))).replace("_", " ")
    blocks = [f"**{_plain(team.name)}** ({mode}, {team.size} players, score {score:.1f}, {grade})"]
    for number, group in enumerate(team.groups, start=1):
        lines = [f"**Group {number}**", *(_line(slot, catalogue) for slot in group.slots)]
        blocks.append("\n".join(lines))
    messages = [""]
    for block in blocks:
        longer = f"{messages[-1]}\n\n{block}".strip()
        if len(longer) <= DISCORD_LIMIT:
            messages[-1] = longer
        else:
            messages += _parts(block)
    return [message for message in messages if message]


def _parts(block: str) -> list[str]:
    """By lines, of which none is longer than a message."""
    parts = [""]
    for line in block.split("\n"):
        longer = f"{parts[-1]}\n{line}".strip()
        if len(longer) <= DISCORD_LIMIT:
            parts[-1] = longer
        else:
            parts.append(line)
    return parts


def _line(slot: SlotSpec, catalogue: Catalogue) -> str:
    who = f"{_plain(slot.player)}: " if slot.player else ""
    if slot.build is None:
        return f"- {who}(empty)"
    facts = slot_facts(slot.build, catalogue)
    role = f", {_role(slot).replace('_', ' ')}" if _role(slot) else ""
    return f"- {who}{facts['specialization']}{role}, {_plain(slot.build.name)}"


def _role(slot: SlotSpec) -> str:
    return slot.role or (slot.build.role if slot.build else None) or ""


def _plain(text: str) -> str:
    """As it is, without marks that a chat would read, and without calling anybody."""
    return _MARKS.sub(r"\\\1", text).replace("@", "@\u200b")
