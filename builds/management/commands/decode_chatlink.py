from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.core.management.base import CommandParser

from builds.catalogue import current_catalogue
from builds.chatlinks import decode_link
from builds.chatlinks.describe import describe_link
from builds.chatlinks.legends import legend_of_code
from builds.gamedata import Catalogue
from gw2optimizer.commands import OneLineErrors


class Command(OneLineErrors):
    help = "Tell what a chat link says: a build template, or a link to an item, a skill or a trait."
    requires_system_checks = []
    quiet = ("builds.catalogue",)  # a link needs no database: the packaged game data will do

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the link, such as [&DQYf...]; mind the shell and put it in quotes")
        parser.add_argument("--json", action="store_true", help="the object that encode_chatlink reads")

    def handle(self, *args: Any, code: str, json: bool, **options: Any) -> None:
        link = decode_link(code)
        catalogue = current_catalogue()
        description = describe_link(link, catalogue)
        if json:
            self.stdout.write(orjson.dumps(description, option=orjson.OPT_INDENT_2).decode())
        elif "type" in description:
            self.stdout.write(f"{description['type']} {description['id']}: {description['name'] or 'unknown'}")
        else:
            self.stdout.write("\n".join(_lines(description, catalogue)))


def _lines(description: Mapping[str, Any], catalogue: Catalogue) -> Iterator[str]:
    yield description["profession"]
    for line in description["specializations"]:
        if line["id"]:
            traits = ", ".join(catalogue.traits[trait].name if trait else "-" for trait in line["traits"])
            yield f"  {line['name'] or 'specialization ' + str(line['id'])}: {traits}"
    for place in ("land", "water"):
        bar = description["skills"][place]
        skills = [bar["heal"], *bar["utilities"], bar["elite"]]
        if any(skills):
            yield f"  Skills, {place}: " + ", ".join(_skill(skill) for skill in skills)
    for place in ("land", "water"):
        if any(pets := description["pets"][place]):
            named = (catalogue.pets[pet].name if pet in catalogue.pets else str(pet or "-") for pet in pets)
            yield f"  Pets, {place}: " + ", ".join(named)
        if any(codes := description["legends"][place]):
            legends = (legend_of_code(code, catalogue) for code in codes)
            yield f"  Legends, {place}: " + ", ".join(legend.name if legend else "-" for legend in legends)
    if description["weapons"]:
        yield "  Weapons: " + ", ".join(map(str, description["weapons"]))
    if description["skill_overrides"]:
        yield "  Skill overrides: " + ", ".join(map(str, description["skill_overrides"]))


def _skill(skill: Mapping[str, Any] | None) -> str:
    if skill is None:
        return "-"
    return skill["name"] or f"unknown (palette {skill['palette']})"
