"""The engine's own words in the languages of the site, where its other parts speak English only."""

from collections.abc import Mapping
from typing import Any

from ai_agents.agents.base import FR

_MEASURES: Mapping[str, tuple[str, str]] = {
    "cleanses_per_second": (
        "conditions removed a second in a full group", "altérations retirées par seconde, groupe complet",
    ),
    "strips_per_second": ("boons taken off a foe a second", "avantages retirés à un ennemi par seconde"),
    "healing_per_second": ("healing a second in a full group", "soins par seconde, groupe complet"),
    "barrier_per_second": ("barrier a second in a full group", "barrière par seconde, groupe complet"),
    "stability_per_30_s": ("applications of stability in 30 s", "applications de stabilité en 30 s"),
    "defiance_per_30_s": ("points off a defiance bar in 30 s", "points de barre de défi en 30 s"),
    "damage": ("estimated damage a second", "dégâts estimés par seconde"),
    "effective_health": ("effective health", "santé effective"),
}  # fmt: skip
_BOONS: Mapping[str, str] = {
    "Aegis": "Égide", "Alacrity": "Alacrité", "Fury": "Fureur", "Might": "Pouvoir", "Protection": "Protection",
    "Quickness": "Célérité", "Regeneration": "Régénération", "Resistance": "Résistance", "Resolution": "Résolution",
    "Stability": "Stabilité", "Swiftness": "Rapidité", "Vigor": "Vigueur",
}  # fmt: skip
_ROLES: Mapping[str, tuple[str, str]] = {
    "dps": ("power damage", "dégâts bruts"), "condi_dps": ("condition damage", "dégâts par altérations"),
    "quickness": ("quickness", "célérité"), "alacrity": ("alacrity", "alacrité"), "healer": ("healer", "soigneur"),
    "healer_quickness": ("healer with quickness", "soigneur à célérité"),
    "healer_alacrity": ("healer with alacrity", "soigneur à alacrité"),
    "boon_support": ("boon support", "soutien par avantages"),
    "stability_support": ("stability support", "soutien de stabilité"), "strip": ("boon strip", "retrait d'avantages"),
    "cleanse": ("cleanse", "purge d'altérations"), "tank": ("tank", "tank"), "hybrid": ("hybrid", "hybride"),
    "utility": ("utility", "utilitaire"),
}  # fmt: skip
_SENTENCES: Mapping[str, tuple[str, str]] = {
    "plays": ("{name}: {profession}, {role}.", "{name} : {profession}, {role}."),
    "gives": ("Alone it gives a group: {list}.", "Seul, il donne à un groupe : {list}."),
    "does": ("Measured: {list}.", "Mesuré : {list}."),
    "unsure": (
        "The game data does not show what its role {role} promises; its source says so.",
        "Les données du jeu ne montrent pas ce que promet son rôle {role} ; sa source le dit.",
    ),
    "score": (
        "The team has {total} of 100 points ({grade}).",
        "L'équipe a {total} points sur 100 ({grade}).",
    ),
    "strong": ("Strong: {list}.", "Points forts : {list}."),
    "weak": ("Weak: {list}.", "Points faibles : {list}."),
    "even": ("Nothing stands out as weak.", "Aucun point faible ne ressort."),
    "mend": (
        "{player} ({place}) could take {after} instead of {before}: {was} becomes {now}.",
        "{player} ({place}) pourrait prendre {after} au lieu de {before} : {was} devient {now}.",
    ),
    "swapped": (
        "Changes: {count}. The score goes from {was} to {now}.",
        "Changements : {count}. Le score passe de {was} à {now}.",
    ),
    "unswapped": (
        "No change that was tried raises the score of {was}.",
        "Aucun changement essayé n'augmente le score de {was}.",
    ),
    "swap": ("Place {number}: {after} instead of {before}.", "Place {number} : {after} au lieu de {before}."),
    "place": ("group {group}, place {slot}", "groupe {group}, place {slot}"),
    "is_a": ("{name}: {kind}, {profession}.", "{name} : {kind}, {profession}."),
    "facts": ("What the data says of it: {list}.", "Ce qu'en disent les données : {list}."),
    "no_facts": ("The data gives no figure for it.", "Les données n'en donnent aucun chiffre."),
    "improved": (
        "By the engine's estimate its score goes from {was} to {now}.",
        "Selon l'estimation du moteur, son score passe de {was} à {now}.",
    ),
    "kept": (
        "The engine finds nothing better; its score is {was}.",
        "Le moteur ne trouve rien de mieux ; son score est {was}.",
    ),
    "change": ("{after} instead of {before}.", "{after} au lieu de {before}."),
    "compared": ("{first} has {was}, {second} has {now} points.", "{first} a {was} points, {second} en a {now}."),
    "differs": ("They differ in {count} places.", "Ils diffèrent en {count} endroits."),
    "composed": ("A team of {size} with {was} of 100 points.", "Une équipe de {size} avec {was} points sur 100."),
    "ask": (
        "Say what you want: a build for a profession, a role or a mode, or a team.",
        "Dites ce que vous voulez : un build pour une profession, un rôle ou un mode, ou une équipe.",
    ),
}  # fmt: skip


def say(key: str, language: str, **parts: Any) -> str:
    return _SENTENCES[key][language == FR].format(**parts)


def measure_word(name: str, language: str) -> str:
    return _MEASURES[name][language == FR]


def boon_word(boon: str, language: str) -> str:
    return _BOONS[boon] if language == FR else boon


def role_word(role: str | None, language: str) -> str:
    known = _ROLES.get(role or "")
    return known[language == FR] if known else ""


def figure(measure: str, number: float) -> str:
    """share: a fraction of the time; others in their own unit."""
    if measure == "share":
        return f"{number:.0%}"
    return f"{number:,.0f}" if number >= 100 else f"{number:.2f}".rstrip("0").rstrip(".")


def listed(rows: list[dict[str, Any]], most: int = 6) -> str:
    return ", ".join(f"{row['name']} {row['figure']}" for row in rows[:most])
