"""What is drawn where no stored picture of the game is at hand: a symbol of static/img/icons.svg on a tinted tile.
The symbol says what the thing does (its first telling fact) or what kind it is, so that a bar can still be read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from builds.gamedata.model import Skill, Trait
from builds.gamedata.names import plain


@dataclass(frozen=True, slots=True)
class Tile:
    """glyph: a symbol's name; tone: a `tone-` class of the style sheet; icon: address of our stored picture."""

    glyph: str
    tone: str = "steel"
    icon: str | None = None


UNKNOWN = Tile("circle-question-mark", "unknown")

# Boon, condition or effect to symbol and tone.
EFFECTS: Mapping[str, tuple[str, str]] = {
    "Might": ("biceps-flexed", "gold"), "Fury": ("chevrons-up", "gold"), "Quickness": ("fast-forward", "arcane"),
    "Alacrity": ("timer-reset", "arcane"), "Protection": ("shield", "gold"), "Resolution": ("sunrise", "gold"),
    "Aegis": ("shield-half", "gold"), "Stability": ("anchor", "gold"), "Regeneration": ("leaf", "heal"),
    "Vigor": ("repeat", "heal"), "Swiftness": ("wind", "nature"), "Resistance": ("shield-check", "gold"),
    "Superspeed": ("rocket", "nature"), "Stealth": ("eye-off", "shadow"), "Burning": ("flame", "fire"),
    "Bleeding": ("droplet", "shadow"), "Torment": ("skull", "shadow"), "Confusion": ("brain", "arcane"),
    "Poisoned": ("biohazard", "nature"), "Poison": ("biohazard", "nature"), "Vulnerability": ("crosshair", "shadow"),
    "Crippled": ("bone", "nature"), "Cripple": ("bone", "nature"), "Immobile": ("unlink", "nature"),
    "Chilled": ("snowflake", "frost"), "Chill": ("snowflake", "frost"), "Weakness": ("heart-crack", "shadow"),
    "Blinded": ("eye-off", "shadow"), "Blind": ("eye-off", "shadow"), "Slow": ("turtle", "arcane"),
    "Fear": ("ghost", "shadow"), "Taunt": ("angry", "shadow"), "Revealed": ("scan-eye", "steel"),
    "Frost Aura": ("snowflake", "frost"), "Fire Aura": ("flame-kindling", "fire"),
    "Magnetic Aura": ("magnet", "storm"), "Shocking Aura": ("zap", "storm"), "Light Aura": ("sparkles", "gold"),
    "Dark Aura": ("eclipse", "shadow"), "Chaos Aura": ("orbit", "arcane"), "Distortion": ("drama", "arcane"),
    "Daze": ("bell", "gold"),
}  # fmt: skip

# Words of a fact that say more than its type: in the order in which they are looked for.
FACT_WORDS: tuple[tuple[str, str, str], ...] = (
    ("stun", "gavel", "storm"), ("knock", "gavel", "storm"), ("launch", "arrow-big-up-dash", "storm"),
    ("daze", "bell", "storm"), ("float", "arrow-big-up-dash", "storm"), ("pull", "magnet", "storm"),
    ("boons removed", "scissors", "shadow"), ("boons converted", "scissors", "shadow"),
    ("conditions removed", "sparkles", "heal"), ("barrier", "shield-plus", "gold"), ("siphon", "pipette", "shadow"),
    ("healing", "heart", "heal"), ("blocks missiles", "shield-alert", "gold"), ("endurance", "repeat", "nature"),
    ("life force", "ghost", "heal"), ("adrenaline", "flame", "fire"), ("initiative", "dices", "steel"),
    ("recharge reduced", "timer-reset", "arcane"), ("duration increase", "hourglass", "arcane"),
    ("critical", "crosshair", "fire"), ("damage increase", "swords", "fire"), ("damage reduced", "shield", "gold"),
    ("movement speed", "footprints", "nature"), ("unblockable", "target", "steel"), ("pierces", "bow-arrow", "steel"),
    ("explosion", "bomb", "fire"),
)  # fmt: skip

# A word in the name says what the facts do not.
NAME_WORDS: Mapping[str, tuple[str, str]] = {
    "fire": ("flame", "fire"), "flame": ("flame", "fire"), "burning": ("flame", "fire"), "lava": ("flame", "fire"),
    "phoenix": ("bird", "fire"), "meteor": ("rocket", "fire"), "ice": ("snowflake", "frost"),
    "frost": ("snowflake", "frost"), "frozen": ("snowflake", "frost"), "water": ("droplets", "frost"),
    "tidal": ("waves", "frost"), "wave": ("waves", "frost"), "geyser": ("droplets", "frost"),
    "lightning": ("zap", "storm"), "shock": ("zap", "storm"), "static": ("zap", "storm"),
    "storm": ("cloud-lightning", "storm"), "thunder": ("cloud-lightning", "storm"), "wind": ("wind", "storm"),
    "gust": ("wind", "storm"), "tornado": ("tornado", "storm"), "earth": ("mountain", "nature"),
    "stone": ("mountain", "nature"), "rock": ("mountain", "nature"), "sand": ("hourglass", "gold"),
    "shade": ("eclipse", "gold"), "blood": ("droplet", "shadow"), "bomb": ("bomb", "fire"),
    "grenade": ("bomb", "fire"), "mine": ("bomb", "fire"), "arrow": ("bow-arrow", "steel"),
    "shot": ("crosshair", "steel"), "trap": ("grip", "steel"), "wolf": ("paw-print", "nature"),
    "bear": ("paw-print", "nature"), "spider": ("bug", "nature"), "swarm": ("bug", "nature"),
    "bird": ("bird", "nature"), "song": ("music", "arcane"), "music": ("music", "arcane"),
    "time": ("hourglass", "arcane"), "mirror": ("drama", "arcane"), "portal": ("circle-dot", "arcane"),
    "blink": ("sparkles", "arcane"), "shadowstep": ("footprints", "shadow"), "charge": ("rocket", "steel"),
    "leap": ("arrow-big-up-dash", "steel"), "spirit": ("ghost", "heal"), "light": ("sparkles", "gold"),
    "sun": ("sunrise", "gold"), "moon": ("moon-star", "arcane"), "star": ("star", "arcane"),
    "tree": ("trees", "nature"), "thorn": ("sprout", "nature"), "vine": ("sprout", "nature"),
    "roots": ("sprout", "nature"),
    "bone": ("bone", "heal"), "death": ("skull", "heal"), "lich": ("crown", "heal"), "minion": ("bone", "heal"),
    "shield": ("shield", "gold"), "wall": ("castle", "gold"), "banner": ("flag", "gold"), "tome": ("book-open", "gold"),
    "supply": ("package", "steel"), "turret": ("radar", "steel"), "elixir": ("flask-conical", "nature"),
    "heal": ("heart", "heal"), "healing": ("heart", "heal"), "mend": ("bandage", "heal"),
}  # fmt: skip

CATEGORIES: Mapping[str, str] = {
    "Signet": "circle-dot", "Shout": "megaphone", "Elixir": "flask-conical", "Stance": "footprints",
    "Physical": "hand-fist", "Well": "orbit", "Meditation": "eye", "Cantrip": "wand-sparkles", "Gadget": "cog",
    "Turret": "radar", "SpiritWeapon": "ghost", "Trap": "grip", "Symbol": "sunrise", "Deception": "venetian-mask",
    "Spirit": "tree-pine", "Glamour": "eclipse", "Mantra": "scroll-text", "Banner": "flag", "Survival": "tent-tree",
    "Rage": "angry", "Arcane": "sparkles", "Manipulation": "hand", "Minion": "bone", "Corruption": "skull",
    "Trick": "dices", "Consecration": "sunrise", "Venom": "bug", "Conjure": "wand", "Spectral": "ghost",
    "Ward": "castle", "Kit": "package", "Phantasm": "drama", "Glyph": "hexagon", "Transform": "crown",
}  # fmt: skip

WEAPONS: Mapping[str, str] = {
    "Axe": "axe", "Longbow": "bow-arrow", "Shortbow": "bow-arrow", "Dagger": "sword", "Focus": "lamp",
    "Greatsword": "sword", "Hammer": "hammer", "Mace": "gavel", "Pistol": "target", "Rifle": "crosshair",
    "Scepter": "wand", "Shield": "shield", "Staff": "wand-sparkles", "Sword": "sword", "Torch": "flame-kindling",
    "Warhorn": "megaphone", "Spear": "arrow-big-up-dash", "Trident": "arrow-big-up-dash", "Speargun": "crosshair",
}  # fmt: skip

SPECIALIZATIONS: Mapping[str, str] = {
    "Valor": "shield", "Radiance": "sunrise", "Dragonhunter": "bow-arrow", "Zeal": "flame", "Virtues": "scale",
    "Honor": "heart-handshake", "Firebrand": "book-open", "Willbender": "rocket", "Luminary": "lamp",
    "Strength": "biceps-flexed", "Tactics": "megaphone", "Berserker": "angry", "Defense": "shield-half",
    "Arms": "axe", "Discipline": "swords", "Spellbreaker": "shield-off", "Bladesworn": "sword", "Paragon": "flag",
    "Explosives": "bomb", "Tools": "wrench", "Alchemy": "flask-conical", "Firearms": "crosshair",
    "Scrapper": "hammer", "Inventions": "lightbulb", "Holosmith": "hexagon", "Mechanist": "cog", "Amalgam": "syringe",
    "Druid": "moon-star", "Marksmanship": "target", "Nature Magic": "leaf", "Skirmishing": "footprints",
    "Beastmastery": "paw-print", "Wilderness Survival": "tent-tree", "Soulbeast": "squirrel", "Untamed": "sprout",
    "Galeshot": "wind",
    "Daredevil": "dumbbell", "Shadow Arts": "eye-off", "Deadly Arts": "biohazard", "Critical Strikes": "crosshair",
    "Trickery": "dices", "Acrobatics": "accessibility", "Deadeye": "scan-eye", "Specter": "ghost",
    "Antiquary": "gem",
    "Water": "droplets", "Earth": "mountain", "Fire": "flame", "Arcane": "sparkles", "Air": "zap",
    "Tempest": "tornado", "Weaver": "infinity", "Catalyst": "orbit", "Evoker": "squirrel",
    "Dueling": "swords", "Domination": "crown", "Inspiration": "lightbulb", "Illusions": "drama",
    "Chronomancer": "hourglass", "Chaos": "orbit", "Mirage": "venetian-mask", "Virtuoso": "fan",
    "Troubadour": "music",
    "Death Magic": "bone", "Blood Magic": "droplet", "Reaper": "shovel", "Curses": "skull",
    "Soul Reaping": "ghost", "Spite": "heart-crack", "Scourge": "hourglass", "Harbinger": "pill",
    "Ritualist": "flame-kindling",
    "Invocation": "eye", "Retribution": "anchor", "Salvation": "heart", "Corruption": "skull",
    "Devastation": "axe", "Herald": "crown", "Renegade": "bow-arrow", "Vindicator": "scale", "Conduit": "infinity",
}  # fmt: skip

LEGENDS: Mapping[str, tuple[str, str]] = {
    "dragon": ("crown", "arcane"), "assassin": ("sword", "shadow"), "dwarf": ("hammer", "steel"),
    "demon": ("skull", "shadow"), "renegade": ("bow-arrow", "fire"), "centaur": ("heart", "heal"),
    "alliance": ("scale", "gold"), "entity": ("infinity", "storm"),
}  # fmt: skip

ATTUNEMENTS: Mapping[str, tuple[str, str]] = {
    "Fire": ("flame", "fire"), "Water": ("droplets", "frost"), "Air": ("zap", "storm"), "Earth": ("mountain", "nature"),
}  # fmt: skip

ITEMS: Mapping[str, tuple[str, str]] = {
    "rune": ("hexagon", "gold"), "sigil": ("gem", "storm"), "relic": ("crown", "arcane"),
    "food": ("utensils", "nature"), "utility": ("wrench", "steel"),
    "enrichment": ("badge-plus", "gold"),
    "infusion": ("circle-dot", "frost"),
    "jade bot core": ("cog", "heal"), "amulet": ("gem", "gold"),
}  # fmt: skip

# A place where something is worn; drawn by ourselves where the set of symbols has none.
SLOTS: Mapping[str, str] = {
    "helm": "slot-helm", "shoulders": "slot-shoulders", "coat": "slot-coat", "gloves": "hand",
    "leggings": "slot-leggings", "boots": "footprints", "amulet": "slot-amulet", "ring_1": "slot-ring",
    "ring_2": "slot-ring", "accessory_1": "star", "accessory_2": "star", "back": "feather", "breather": "fish",
}  # fmt: skip


def slot_tile(slot: str) -> Tile:
    """Of a piece of gear, whichever it is."""
    off = slot.endswith("off")
    return Tile(SLOTS.get(slot) or ("shield" if off else "sword"), "steel")


def _from_name(name: str) -> tuple[str, str] | None:
    for word in plain(name).split():
        if found := NAME_WORDS.get(word) or NAME_WORDS.get(word.removesuffix("s")):
            return found
    return None


def _from_facts(facts: Iterable[Mapping[str, Any]]) -> tuple[str, str] | None:
    facts = list(facts)
    texts = [str(fact.get("text", "")).casefold() for fact in facts]
    for word, glyph, tone in FACT_WORDS[:10]:
        if any(text.startswith(word) for text in texts):
            return glyph, tone
    for fact in facts:
        if found := EFFECTS.get(str(fact.get("status"))):
            return found
    for word, glyph, tone in FACT_WORDS[10:]:
        if any(word in text for text in texts):
            return glyph, tone
    return None


def trait_tile(trait: Trait, specialization: str, icon: str | None) -> Tile:
    """In the colour of the profession: nine tones in one band would else be a fair.
    specialization: its name, whose symbol stands in where neither facts nor name tell anything."""
    drawn = _from_facts(trait.facts) or _from_name(trait.name)
    return Tile(drawn[0] if drawn else SPECIALIZATIONS.get(specialization, "hexagon"), "prof", icon)


def skill_tile(skill: Skill, icon: str | None) -> Tile:
    effect = _from_name(skill.name) or _from_facts(skill.facts)
    if skill.type == "Weapon":
        glyph, tone = effect or (WEAPONS.get(skill.weapon_type or "", "sword"), "steel")
        return Tile(glyph, tone, icon)
    kind = next((CATEGORIES[category] for category in skill.categories if category in CATEGORIES), None)
    if skill.slot == "Heal":
        return Tile(kind or "heart", "heal", icon)
    tone = effect[1] if effect else "steel"
    return Tile(kind or (effect[0] if effect else "star"), tone, icon)


def specialization_tile(name: str, icon: str | None) -> Tile:
    return Tile(SPECIALIZATIONS.get(name, "hexagon"), "prof", icon)


def legend_tile(name: str, icon: str | None) -> Tile:
    words = plain(name).split()
    glyph, tone = next((LEGENDS[word] for word in words if word in LEGENDS), ("infinity", "steel"))
    return Tile(glyph, tone, icon)


def item_tile(kind: str, icon: str | None = None) -> Tile:
    glyph, tone = ITEMS.get(kind, ("circle-dot", "steel"))
    return Tile(glyph, tone, icon)
