from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.core.management.base import CommandParser
from pydantic import ValidationError

from builds.catalogue import current_catalogue
from builds.engine.attributes import parse_boons
from builds.engine.optimise import OBJECTIVES, BuildOptimisation, GearChoices, Outcome, optimize_build
from builds.gamedata import Catalogue
from builds.gamedata.catalogue import UnknownName
from builds.gamedata.model import Consumable, Upgrade
from builds.spec import parse_build
from builds.spec.model import ATTRIBUTES, DamageProfile
from builds.spec.shapes import DamageProfileShape, shape_errors
from gw2optimizer.commands import OneLineErrors, read_json
from gw2optimizer.errors import DomainError, InvalidInput

# The longest build there can be is far shorter.
_MAX_BYTES = 1_000_000
_LIMITS = (
    "min_boon_duration",
    "min_quickness_duration",
    "min_critical_chance",
    "min_toughness",
    "max_toughness",
    "min_health",
    "min_healing_power",
)
_SHOWN = (*ATTRIBUTES, "health", "armor")
_SHARES = ("critical_chance", "critical_damage", "boon_duration", "condition_duration")


class Command(OneLineErrors):
    help = "Find the proven best gear of a build: prefixes by slot, and if asked for rune, sigils, relic, food ..."
    requires_system_checks = []
    quiet = ("builds.catalogue",)  # the packaged game data will do
    bad_input = (DomainError, UnknownName)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a build/1 as a JSON file, or - for standard input")
        parser.add_argument("--objective", default="damage", help=", ".join(OBJECTIVES))
        parser.add_argument("--prefixes", default="", help="such as \"Berserker's,Assassin's\"; else by the objective")
        parser.add_argument("--runes", default="", help="to choose from: ids or names, commas between")
        parser.add_argument("--sigils", default="", help="pairs to choose from, such as Force+Impact,Force+Air")
        parser.add_argument("--relics", default="", help="to choose from: ids or names, commas between")
        parser.add_argument("--foods", default="", help="to choose from: ids or names, commas between")
        parser.add_argument("--utilities", default="", help="to choose from: ids or names, commas between")
        parser.add_argument("--infusions", default="", help="attributes to choose from, such as power,precision")
        parser.add_argument("--infusion-count", type=int, default=18)
        parser.add_argument(
            "--keep-second-set", action="store_true", help="weapon set 2 keeps its prefixes; else it follows set 1"
        )
        parser.add_argument(
            "--profile", default="", help="damage_profile as a JSON file; else the build's own, else an estimate"
        )
        parser.add_argument("--boons", default=None, help="such as might=25,fury; these two if absent, none if empty")
        parser.add_argument("--mode", default="", help="pve, fractals, raids, strikes or wvw; else the build's own")
        parser.add_argument("--switch", default="", help="ids of traits whose conditional effects count")
        parser.add_argument("--weights", default="", help="such as damage=1,healing=0.5 for the objective weighted")
        for limit in _LIMITS:
            parser.add_argument(f"--{limit.replace('_', '-')}", type=float, default=None)
        parser.add_argument("--json", action="store_true", help="the object that the API answers")

    def handle(self, *args: Any, file: str, json: bool, **options: Any) -> None:
        catalogue = current_catalogue()
        parsed = parse_build(read_json(file, most=_MAX_BYTES, what="build"), catalogue)
        found = optimize_build(
            parsed.spec,
            catalogue,
            objective=options["objective"].strip().lower(),
            constraints={name: options[name] for name in _LIMITS if options[name] is not None},
            weights=_numbers("--weights", options["weights"]),
            choices=_choices(options, catalogue),
            mode=options["mode"].strip().lower() or None,
            boons=None if options["boons"] is None else parse_boons(options["boons"]),
            switches=frozenset(_whole("--switch", part) for part in _parts(options["switch"])),
            profile=_profile(options["profile"]) if options["profile"] else None,
        )
        if json:
            self.stdout.write(orjson.dumps(found.as_json(), option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write("\n".join(_lines(found, catalogue, parsed.notes)))


def _profile(file: str) -> DamageProfile:
    """The object itself, or one that holds it as damage_profile, as a build does."""
    data = read_json(file, most=_MAX_BYTES, what="build")
    if isinstance(data, dict) and "damage_profile" in data:
        data = data["damage_profile"]
    try:
        shape = DamageProfileShape.model_validate(data)
    except ValidationError as error:
        raise InvalidInput("The damage profile can't be read.", fields=shape_errors(error)) from None
    return DamageProfile(**shape.model_dump())


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _whole(option: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInput(f"{option} takes ids, not “{text[:40]}”.")
    return int(text)


def _numbers(option: str, text: str) -> dict[str, float]:
    found = {}
    for part in _parts(text):
        name, _, amount = (piece.strip() for piece in part.partition("="))
        if name in found:
            raise InvalidInput(f"{option} has {name} twice.")
        try:
            found[name] = float(amount)
        except ValueError:
            raise InvalidInput(f"{option} takes name=number, not “{part[:40]}”.") from None
    return found


def _choices(options: dict[str, Any], catalogue: Catalogue) -> GearChoices:
    def found(kind: str, text: str) -> Any:
        return catalogue.find(kind, text).id

    return GearChoices(
        prefixes=tuple(found("prefix", part) for part in _parts(options["prefixes"])),
        runes=tuple(found("rune", part) for part in _parts(options["runes"])),
        sigils=tuple(
            tuple(found("sigil", one.strip()) for one in part.split("+")) for part in _parts(options["sigils"])
        ),
        relics=tuple(found("relic", part) for part in _parts(options["relics"])),
        foods=tuple(found("food", part) for part in _parts(options["foods"])),
        utilities=tuple(found("utility", part) for part in _parts(options["utilities"])),
        infusions=tuple(part.lower().replace(" ", "_") for part in _parts(options["infusions"])),
        infusion_count=options["infusion_count"],
        keep_second_set=options["keep_second_set"],
    )


def _lines(found: BuildOptimisation, catalogue: Catalogue, notes: tuple[str, ...]) -> Iterator[str]:
    if found.status == "infeasible":
        yield "No choice of this gear meets the constraints; that is proven."
    for number, result in enumerate(found.results, 1):
        gain = "" if result.gain is None else f" ({result.gain:+.2%})"
        yield f"{number:>2}. {_number(result.objective)}{gain}  {_counted(result)}{_upgrades(found, result, catalogue)}"
    if found.results:
        yield from _comparison(found, catalogue)
    yield f"{found.combinations:,} combinations, {found.evaluated:,} scored in full, {found.seconds:.2f} s"
    for title, texts in (("Notes", (*notes, *found.notes)), ("Not counted", found.unknown)):
        if texts:
            yield title
            yield from (f"  - {text}" for text in texts)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.4f}"


def _counted(result: Outcome) -> str:
    counts: dict[str, int] = {}
    for prefix in result.gear.values():
        counts[prefix] = counts.get(prefix, 0) + 1
    return ", ".join(f"{count} {prefix}" for prefix, count in sorted(counts.items(), key=lambda one: -one[1]))


def _upgrades(found: BuildOptimisation, result: Outcome, catalogue: Catalogue) -> str:
    """What differs among the results, so that they can be told apart."""
    told = []
    every = [one.upgrades for one in found.results]
    if len({one.rune for one in every}) > 1 and result.upgrades.rune in catalogue.runes:
        told.append(catalogue.runes[result.upgrades.rune].name)
    if len({one.sigils for one in every}) > 1:
        told += [catalogue.sigils[id_].name for id_ in result.upgrades.sigils]
    kinds: tuple[tuple[int | None, set[int | None], Mapping[int, Upgrade | Consumable]], ...] = (
        (result.upgrades.relic, {one.relic for one in every}, catalogue.relics),
        (result.upgrades.food, {one.food for one in every}, catalogue.foods),
        (result.upgrades.utility, {one.utility for one in every}, catalogue.utilities),
    )
    for id_, ids, table in kinds:
        if len(ids) > 1 and id_ is not None and id_ in table:
            told.append(table[id_].name)
    for kind, count in (result.upgrades.infusions or {}).items():
        name = catalogue.infusions[kind].name if isinstance(kind, int) else f"+5 {kind.replace('_', ' ')}"
        told.append(f"{count} {name}")
    return f" | {', '.join(told)}" if told else ""


def _comparison(found: BuildOptimisation, catalogue: Catalogue) -> Iterator[str]:
    best, present = found.results[0], found.present
    yield f"Best: {', '.join(_names(best, catalogue))}"
    if best.changes:
        yield "Changes by slot, and what each is worth"
        for change in best.changes:
            worth = "" if change.worth is None else f"  {_number(change.worth):>10}"
            yield f"  {change.slot:<15}{change.before or '-':>16} -> {change.after:<16}{worth}"
    yield f"{'Attribute':<20}{'now':>10}{'best':>10}{'+5 adds':>10}"
    for name in (*_SHOWN, *_SHARES):
        more = found.sensitivity.get(name)
        yield (
            f"{name.replace('_', ' '):<20}{_shown(name, present):>10}{_shown(name, best):>10}"
            f"{'' if more is None else f'{more:.4g}':>10}"
        )


def _names(outcome: Outcome, catalogue: Catalogue) -> Iterator[str]:
    worn = outcome.upgrades
    for ids, table in (
        ((worn.rune,), catalogue.runes),
        (worn.sigils, catalogue.sigils),
        ((worn.relic,), catalogue.relics),
        ((worn.food,), catalogue.foods),
        ((worn.utility,), catalogue.utilities),
    ):
        yield from (table[id_].name for id_ in ids if id_ is not None and id_ in table)


def _shown(name: str, outcome: Outcome | None) -> str:
    if outcome is None:
        return "-"
    value = outcome.panel[name]
    return f"{value:.2%}" if name in _SHARES else f"{value:,.0f}"
