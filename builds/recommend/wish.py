"""What a player asks for: by fields, or in words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from builds.gamedata import Catalogue, UnknownName
from builds.gamedata.model import MODES, WVW_STYLES
from builds.gamedata.names import plain
from builds.spec.model import ROLES
from gw2optimizer.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Wish:
    """None means "any". elite: a specialization's name, or "core" for none."""

    profession: str | None = None
    role: str | None = None
    mode: str | None = None
    style: str | None = None
    elite: str | None = None


def wish_from(
    catalogue: Catalogue,
    *,
    profession: str = "",
    role: str = "",
    game_mode: str = "",
    wvw_style: str = "",
    elite_specialization: str = "",
) -> Wish:
    """Empty fields are open. Raises InvalidInput that names each field which is none of the game's or ours; a wish
    that contradicts itself is not an error."""
    errors: dict[str, list[str]] = {}

    def chosen(field: str, given: str, known: tuple[str, ...]) -> str | None:
        value = plain(given).replace(" ", "_")
        if given and value not in known:
            errors[field] = ["This is not one of " + ", ".join(known) + "."]
        return value or None

    def named(field: str, kind: str, given: str) -> str | None:
        try:
            return str(catalogue.find(kind, given[:200]).name) if given else None
        except UnknownName as error:
            errors[field] = [str(error)]
            return None

    wish = Wish(
        profession=named("profession", "profession", profession),
        role=chosen("role", role, ROLES),
        mode=chosen("game_mode", game_mode, MODES),
        style=chosen("wvw_style", wvw_style, WVW_STYLES),
        elite="core"
        if plain(elite_specialization) == "core"
        else named("elite_specialization", "specialization", elite_specialization),
    )
    if wish.elite and wish.elite != "core" and not errors:
        specialization = catalogue.find("specialization", wish.elite)
        if not specialization.elite:
            errors["elite_specialization"] = [f"{wish.elite} is a core specialization, not an elite one."]
        elif wish.profession is None:
            wish = replace(wish, profession=specialization.profession)
    if errors:
        field, texts = next(iter(errors.items()))
        raise InvalidInput(f"{field}: {texts[0]}", fields=errors)
    return wish


# What players type, as words of `plain`. Longer phrases are read before shorter ones.
_ROLE_WORDS: Mapping[str, str] = {
    "condi dps": "condi_dps", "condition dps": "condi_dps", "condition damage": "condi_dps", "condi": "condi_dps",
    "condi quickness": "quickness", "condi alacrity": "alacrity", "condi quick": "quickness", "condi alac": "alacrity",
    "power quickness": "quickness", "power alacrity": "alacrity", "power quick": "quickness", "power alac": "alacrity",
    "quickness dps": "quickness", "dps quickness": "quickness", "quick dps": "quickness", "dps quick": "quickness",
    "alacrity dps": "alacrity", "dps alacrity": "alacrity", "alac dps": "alacrity", "dps alac": "alacrity",
    "power dps": "dps", "power": "dps", "dps": "dps", "damage": "dps",
    "heal quickness": "healer_quickness", "quickness heal": "healer_quickness", "heal quick": "healer_quickness",
    "quick heal": "healer_quickness", "quick healer": "healer_quickness", "quickness healer": "healer_quickness",
    "hquick": "healer_quickness",
    "heal alacrity": "healer_alacrity", "alacrity heal": "healer_alacrity", "heal alac": "healer_alacrity",
    "alac heal": "healer_alacrity", "alac healer": "healer_alacrity", "alacrity healer": "healer_alacrity",
    "halac": "healer_alacrity",
    "quickness": "quickness", "quick": "quickness", "qdps": "quickness", "alacrity": "alacrity", "alac": "alacrity",
    "adps": "alacrity", "healer": "healer", "heal": "healer", "healing": "healer", "boon support": "boon_support",
    "booner": "boon_support", "boons": "boon_support", "support": "boon_support",
    "stability support": "stability_support", "stability": "stability_support", "stab": "stability_support",
    "stabber": "stability_support", "strip": "strip", "stripper": "strip", "boonstrip": "strip", "cleanse": "cleanse",
    "cleanser": "cleanse", "tank": "tank", "hybrid": "hybrid", "utility": "utility",
}  # fmt: skip
_MODE_WORDS: Mapping[str, tuple[str, str | None]] = {
    "pve": ("pve", None), "open world": ("pve", None), "openworld": ("pve", None), "fractal": ("fractals", None),
    "fractals": ("fractals", None), "raid": ("raids", None), "raids": ("raids", None), "strike": ("strikes", None),
    "strikes": ("strikes", None), "pvp": ("pvp", None), "spvp": ("pvp", None), "wvw": ("wvw", None),
    "zerg": ("wvw", "zerg"), "wvw zerg": ("wvw", "zerg"), "roaming": ("wvw", "roaming"), "roam": ("wvw", "roaming"),
    "roamer": ("wvw", "roaming"), "wvw roaming": ("wvw", "roaming"), "raid guild": ("wvw", "raid_guild"),
    "guild raid": ("wvw", "raid_guild"), "wvw roamer": ("wvw", "roaming"),
}  # fmt: skip
_SPEC_WORDS: Mapping[str, str] = {
    "fb": "Firebrand", "chrono": "Chronomancer", "vindi": "Vindicator", "mech": "Mechanist", "holo": "Holosmith",
    "virt": "Virtuoso", "ren": "Renegade", "dh": "Dragonhunter", "wb": "Willbender", "sb": "Soulbeast",
    "slb": "Soulbeast", "harb": "Harbinger", "cata": "Catalyst", "zerker": "Berserker", "spb": "Spellbreaker",
    "guard": "Guardian", "ele": "Elementalist", "mes": "Mesmer", "necro": "Necromancer", "rev": "Revenant",
    "engi": "Engineer", "war": "Warrior", "scrap": "Scrapper", "troub": "Troubadour",
}  # fmt: skip
_FILLERS = frozenset(
    [
        "a", "an", "the", "i", "want", "to", "play", "something", "build", "for", "with", "and", "in", "as", "me",
        "please", "give", "my", "some", "good", "best", "of", "on", "like", "is", "that", "would", "need", "it",
        "player",
    ]
)  # fmt: skip


def read_words(text: str, wish: Wish, catalogue: Catalogue) -> tuple[Wish, list[str]]:
    """Fills what the wish leaves open with what the text names; what the wish says stays.
    Returns the wish and the words that were not understood."""
    words = plain(text[:500]).split()
    names = {plain(p.name): ("profession", p.name) for p in catalogue.professions.values()}
    names |= {plain(s.name): ("elite", s.name) for s in catalogue.specializations.values() if s.elite}
    names["core"] = ("elite", "core")
    names |= {short: names[plain(full)] for short, full in _SPEC_WORDS.items() if plain(full) in names}
    unread: list[str] = []
    i = 0
    while i < len(words):
        for length in (3, 2, 1):
            phrase = " ".join(words[i : i + length])
            single = phrase.removesuffix("s")
            if len(words[i : i + length]) == length and (
                phrase in names or single in names or phrase in _ROLE_WORDS or phrase in _MODE_WORDS
            ):
                found = names.get(phrase) or names.get(single)
                if found:
                    wish = _with_name(wish, found, catalogue)
                elif phrase in _ROLE_WORDS:
                    wish = replace(wish, role=wish.role or _ROLE_WORDS[phrase])
                elif wish.mode in (None, _MODE_WORDS[phrase][0]):
                    mode, style = _MODE_WORDS[phrase]
                    wish = replace(wish, mode=mode, style=wish.style or style)
                i += length
                break
        else:
            if words[i] not in _FILLERS:
                unread.append(words[i])
            i += 1
    return wish, unread


def _with_name(wish: Wish, found: tuple[str, str], catalogue: Catalogue) -> Wish:
    kind, name = found
    if kind == "profession":
        return replace(wish, profession=wish.profession or name)
    if name == "core":
        return replace(wish, elite=wish.elite or name)
    own = catalogue.find("specialization", name).profession
    return replace(wish, elite=wish.elite or name, profession=wish.profession or own)
