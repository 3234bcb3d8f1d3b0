"""How a wish was read, said back in the commander's language."""

from collections.abc import Iterable

from builds.gamedata.names import with_article
from builds.language.names import FRENCH_PROFESSIONS
from teams.language.model import CORE, Change, TeamWish, Want, Who

EN, FR = "en", "fr"

_ROLE_NOUNS = {
    "damage": {EN: ("damage dealer", "damage dealers"), FR: ("DPS", "DPS")},
    "dps": {EN: ("power damage dealer", "power damage dealers"), FR: ("DPS puissance", "DPS puissance")},
    "condi_dps": {
        EN: ("condition damage dealer", "condition damage dealers"),
        FR: ("DPS altération", "DPS altération"),
    },
    "quickness": {EN: ("quickness giver", "quickness givers"), FR: ("source de célérité", "sources de célérité")},
    "alacrity": {EN: ("alacrity giver", "alacrity givers"), FR: ("source d'alacrité", "sources d'alacrité")},
    "healer": {EN: ("healer", "healers"), FR: ("soigneur", "soigneurs")},
    "healer_quickness": {
        EN: ("healer with quickness", "healers with quickness"),
        FR: ("soigneur avec célérité", "soigneurs avec célérité"),
    },
    "healer_alacrity": {
        EN: ("healer with alacrity", "healers with alacrity"),
        FR: ("soigneur avec alacrité", "soigneurs avec alacrité"),
    },
    "boon_support": {EN: ("boon giver", "boon givers"), FR: ("booner", "booners")},
    "stability_support": {EN: ("stability giver", "stability givers"), FR: ("stabeur", "stabeurs")},
    "strip": {EN: ("boon stripper", "boon strippers"), FR: ("strip", "strips")},
    "cleanse": {EN: ("cleanser", "cleansers"), FR: ("purgeur", "purgeurs")},
    "tank": {EN: ("tank", "tanks"), FR: ("tank", "tanks")},
    "hybrid": {EN: ("hybrid", "hybrids"), FR: ("hybride", "hybrides")},
    "utility": {EN: ("utility player", "utility players"), FR: ("utilitaire", "utilitaires")},
}
_OBJECTIVES = {
    "stability": ("stability", "stabilité"), "healing": ("healing", "soins"), "cleanse": ("cleansing", "purge"),
    "strip": ("boon removal", "retrait d'avantages"), "damage": ("damage", "dégâts"), "boons": ("boons", "avantages"),
    "quickness": ("quickness", "célérité"), "alacrity": ("alacrity", "alacrité"), "might": ("might", "pouvoir"),
    "control": ("control", "contrôle"), "barrier": ("barrier", "barrière"),
}  # fmt: skip
_MODES = {
    "pve": ("PvE", "JcE"), "fractals": ("fractals", "fractales"), "raids": ("raids", "raids"),
    "strikes": ("strikes", "missions d'attaque"), "wvw": ("WvW", "McM"), "pvp": ("PvP", "JcJ"),
}  # fmt: skip
_STYLES = {"zerg": ("zerg", "zerg"), "raid_guild": ("raid guild", "raid de guilde"), "roaming": ("roaming", "roaming")}


def who_words(who: Who, language: str, number: int = 1) -> str:
    """ "Firebrands (healers)", "soigneur"."""
    plural = number != 1
    noun = _ROLE_NOUNS[who.role][language][plural] if who.role else ""
    if not who.named:
        return (
            noun + (f" ({who.gear})" if who.gear else "") if noun else ("anyone" if language == EN else "n'importe qui")
        )
    name = _name(who, language, plural)
    inner = ", ".join(part for part in (noun, who.gear) if part)
    return f"{name} ({inner})" if inner else name


def _name(who: Who, language: str, plural: bool) -> str:
    profession = FRENCH_PROFESSIONS.get(who.profession, who.profession) if language == FR else who.profession
    if who.elite == CORE:
        return f"core {_plural(profession, plural)}" if language == EN else f"{_plural(profession, plural)} de base"
    return _plural(who.elite or profession, plural)


def _plural(name: str, plural: bool) -> str:
    if not plural:
        return name
    if name == "Thief":
        return "Thieves"
    return name[:-1] + "ies" if name.endswith("y") else f"{name}s"


def any_of(whos: Iterable[Who], language: str, number: int = 1) -> str:
    return (" or " if language == EN else " ou ").join(who_words(who, language, number) for who in whos)


def want_words(want: Want, language: str) -> str:
    if want.most == want.least:
        return f"{want.least} {any_of(want.who, language, want.least)}"
    if want.most is None:
        word = "at least" if language == EN else "au moins"
        return f"{word} {want.least} {any_of(want.who, language, want.least)}"
    if want.least == 0:
        word = "at most" if language == EN else "au plus"
        return f"{word} {want.most} {any_of(want.who, language, want.most)}"
    between = f"{want.least} to {want.most}" if language == EN else f"{want.least} à {want.most}"
    return f"{between} {any_of(want.who, language, want.most)}"


def said_back(wish: TeamWish, language: str) -> tuple[str, ...]:
    en = language == EN
    said: list[str] = [] if wish.changes else [_size(wish, language)]
    several = len(wish.groups) > 1
    first = 1
    for group in wish.groups if not wish.changes else ():
        last = first + group.count - 1
        if group.wants:
            where = _where(first, last, several, group.count, language)
            said.append(f"{where}{', '.join(want_words(want, language) for want in group.wants)}.")
        first = last + 1
    if wish.wants:
        said.append(
            ("In the whole team: " if en else "Dans toute l'équipe : ")
            + ", ".join(want_words(want, language) for want in wish.wants)
            + "."
        )
    if wish.filler:
        said.append(f"{'The rest' if en else 'Le reste'}{': ' if en else ' : '}{any_of(wish.filler, language, 2)}.")
    said += [change_words(change, language) for change in wish.changes]
    if wish.excluded and not wish.changes:
        said.append(
            ("Without: " if en else "Sans : ") + ", ".join(who_words(who, language, 2) for who in wish.excluded) + "."
        )
    if wish.objectives:
        aims = ", ".join(_OBJECTIVES[aim][not en] for aim in wish.objectives)
        said.append(f"As much as possible of: {aims}." if en else f"Le plus possible de : {aims}.")
    if wish.mode:
        style = f" ({_STYLES[wish.style][not en]})" if wish.style else ""
        said.append(f"{'Game mode: ' if en else 'Mode de jeu : '}{_MODES[wish.mode][not en]}{style}.")
    return tuple(said)


def _size(wish: TeamWish, language: str) -> str:
    counts: dict[int, int] = {}
    for group in wish.groups:
        counts[group.size] = counts.get(group.size, 0) + group.count
    one, more, of = ("subgroup", "subgroups", "of") if language == EN else ("sous-groupe", "sous-groupes", "de")
    merged = " + ".join(f"{count} {one if count == 1 else more} {of} {size}" for size, count in counts.items())
    if language == EN:
        return f"{wish.size} {'player' if wish.size == 1 else 'players'}: {merged}."
    return f"{wish.size} {'joueur' if wish.size == 1 else 'joueurs'} : {merged}."


def _where(first: int, last: int, several: bool, count: int, language: str) -> str:
    en = language == EN
    if not several:
        if count == 1:
            return "In the subgroup: " if en else "Dans le sous-groupe : "
        return "In each subgroup: " if en else "Dans chaque sous-groupe : "
    if first == last:
        return f"In subgroup {first}: " if en else f"Dans le sous-groupe {first} : "
    return f"In each of subgroups {first} to {last}: " if en else f"Dans chacun des sous-groupes {first} à {last} : "


def change_words(change: Change, language: str) -> str:
    en = language == EN
    number = change.count or 2
    who = any_of(change.who, language, number)
    some = f"{change.count} {who}" if change.count else (f"all {who}" if en else f"tous les {who}")
    where = "" if change.group is None else (f" in subgroup {change.group}" if en else f" (sous-groupe {change.group})")
    if change.kind == "replace":
        if change.by:
            by = any_of(change.by, language, number)
            return f"Replace {some} by {by}{where}." if en else f"Remplacer {some} par {by}{where}."
        return f"Replace {some} by somebody else{where}." if en else f"Remplacer {some} par quelqu'un d'autre{where}."
    if change.kind == "resize":
        return f"Make it {change.count} players." if en else f"Passer à {change.count} joueurs."
    words = {
        "add": ("Add", "Ajouter"), "remove": ("Remove", "Retirer"), "set": ("Exactly", "Exactement"),
        "more": ("More: ", "Plus : "), "less": ("Fewer: ", "Moins : "), "exclude": ("Without:", "Sans :"),
    }  # fmt: skip
    verb = words[change.kind][not en].strip()
    told = who if change.kind == "exclude" else some
    return f"{verb} {told}{where}."


# --- problems and notes --------------------------------------------------------------------------
_TEXTS = {
    "nothing": (
        "I could read no team in this. Say for example “2 groups of 5 with Firebrand, Druid and Scrapper”.",
        "Je n'ai lu aucune équipe ici. Dites par exemple « 2 groupes de 5 avec Firebrand, Druid et Scrapper ».",
    ),
    "size_range": (
        "A team has 1 to {most} players, not {number}: read as {read}.",
        "Une équipe compte de 1 à {most} joueurs, pas {number} : lu comme {read}.",
    ),
    "group_size": (
        "A subgroup has room for 5, not {number}: the {total} players stand in subgroups of 5.",
        "Un sous-groupe a 5 places, pas {number} : les {total} joueurs sont en sous-groupes de 5.",
    ),
    "sizes_differ": (
        "You asked for {size} players, but the subgroups hold {total}: read as {read} players.",
        "Vous demandez {size} joueurs, mais les sous-groupes en comptent {total} : lu comme {read} joueurs.",
    ),
    "too_many": (
        "{number} players are named, but the team has only {size}.",
        "{number} joueurs sont nommés, mais l'équipe n'en compte que {size}.",
    ),
    "too_many_in_group": (
        "{number} players are named for a subgroup that has only {size} places.",
        "{number} joueurs sont nommés pour un sous-groupe qui n'a que {size} places.",
    ),
    "totals_differ": (
        "{who}: at most {most} in the whole team, but the subgroups ask for {number}.",
        "{who} : au plus {most} dans toute l'équipe, mais les sous-groupes en demandent {number}.",
    ),
    "excluded": (
        "{who} is asked for, but also ruled out by “no {excluded}”.",
        "{who} est demandé, mais aussi exclu par « sans {excluded} ».",
    ),
    "group_number": (
        "There is no subgroup {number}: the team has {size}.",
        "Il n'y a pas de sous-groupe {number} : l'équipe en compte {size}.",
    ),
    "no_team": (
        "There is no team to change yet: first say what the team should be.",
        "Il n'y a pas encore d'équipe à changer : dites d'abord ce qu'elle doit être.",
    ),
    "not_in_team": (
        "The team at hand has {number} {who}, not {count}.",
        "L'équipe actuelle a {number} {who}, pas {count}.",
    ),
    "full": (
        "The team would have {number} players, and {most} is the most.",
        "L'équipe aurait {number} joueurs, et {most} est le maximum.",
    ),
    "other_mode": (
        "“{word}” belongs to another game mode than the one that holds: {mode}.",
        "« {word} » est d'un autre mode de jeu que celui retenu : {mode}.",
    ),
    "default_size": (
        "You named no size: read as {size} players.",
        "Aucune taille n'est dite : lu comme {size} joueurs.",
    ),
    "mode_limit": (
        "{mode} are played by at most {most}.",
        "{mode} : {most} joueurs au plus.",
    ),
}  # fmt: skip


def text_of(code: str, language: str, **parts: object) -> str:
    sentence = _TEXTS[code][language != EN].format(**parts)
    return sentence[:1].upper() + sentence[1:]


def mode_words(mode: str, language: str) -> str:
    return _MODES[mode][language != EN]


def one_of(whos: Iterable[Who], language: str) -> str:
    named = any_of(whos, language)
    return with_article(named) if language == EN else named
