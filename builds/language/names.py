"""What players call the specializations and professions. Folded: lower case, no accents, single spaces."""

from collections.abc import Mapping

# French names of the game, for a catalogue that carries none; English short names of the community.
SPECIALIZATION_NAMES: Mapping[str, tuple[str, ...]] = {
    "Dragonhunter": ("dh", "draconnier", "dragon hunter"),
    "Firebrand": ("fb", "fbrand", "incendiaire", "fire brand"),
    "Willbender": ("wb", "subjugueur", "will bender"),
    "Luminary": ("lumi", "luminaire"),
    "Berserker": ("zerker", "berzerker", "bers", "zerk"),
    "Spellbreaker": ("spb", "spellb", "brisesort", "brise sort", "spell breaker"),
    "Bladesworn": ("bs", "bsw", "jurelame", "blade sworn"),
    "Paragon": ("parangon",),
    "Scrapper": ("scrap", "mecatronicien"),
    "Holosmith": ("holo", "holographiste"),
    "Mechanist": ("mech", "mecha", "mechamancien"),
    "Amalgam": ("amalgame", "amal"),
    "Druid": ("druide",),
    "Soulbeast": ("sb", "slb", "animorphe", "soul beast"),
    "Untamed": ("indomptable",),
    "Galeshot": ("gale shot", "gale"),
    "Daredevil": ("dd", "fracasseur", "dare devil"),
    "Deadeye": ("sniper", "dead eye"),
    "Specter": ("spectre",),
    "Antiquary": ("antiquaire", "antiq"),
    "Tempest": ("cataclyste",),
    "Weaver": ("tissesort", "tisse sort"),
    "Catalyst": ("cata", "catalyseur"),
    "Evoker": ("evo", "evocateur"),
    "Chronomancer": ("chrono", "chronomancien"),
    "Mirage": (),
    "Virtuoso": ("virt", "virtu", "virtuose"),
    "Troubadour": ("troub", "trouba", "bard", "barde"),
    "Reaper": ("faucheur",),
    "Scourge": ("fleau",),
    "Harbinger": ("harb", "harbi", "augure"),
    "Ritualist": ("ritu", "ritualiste"),
    "Herald": ("heraut",),
    "Renegade": ("ren", "renegat"),
    "Vindicator": ("vindi", "vind", "justicier"),
    "Conduit": ("cond",),
}
PROFESSION_NAMES: Mapping[str, tuple[str, ...]] = {
    "Guardian": ("guard", "gardien", "gardienne"),
    "Warrior": ("war", "guerrier", "guerriere", "warr"),
    "Engineer": ("engi", "eng", "ingenieur", "inge"),
    "Ranger": ("rodeur", "rodeuse"),
    "Thief": ("thieves", "voleur", "voleuse"),
    "Elementalist": ("ele", "elem", "elementaliste"),
    "Mesmer": ("mes", "mesm", "envouteur", "envouteuse", "envout"),
    "Necromancer": ("necro", "necromancien", "necromant"),
    "Revenant": ("rev",),
}
FRENCH_PROFESSIONS: Mapping[str, str] = {
    "Guardian": "Gardien", "Warrior": "Guerrier", "Engineer": "Ingénieur", "Ranger": "Rôdeur", "Thief": "Voleur",
    "Elementalist": "Élémentaliste", "Mesmer": "Envoûteur", "Necromancer": "Nécromancien", "Revenant": "Revenant",
}  # fmt: skip

# English short names that are another word in French.
ENGLISH_ONLY = frozenset({"mes"})

# Written in one word with a name, as in "celetempest", "hfb" or "condifirebrand". "": what gear, not what for.
PREFIXED_ROLES: Mapping[str, str] = {
    "heal": "healer", "healing": "healer", "h": "healer", "quick": "quickness", "q": "quickness", "alac": "alacrity",
    "a": "alacrity", "condi": "condi_dps", "c": "condi_dps", "power": "dps", "p": "dps", "dps": "damage",
    "stab": "stability_support", "support": "boon_support", "supp": "boon_support", "boon": "boon_support",
    "strip": "strip", "tank": "tank", "cele": "", "celestial": "",
}  # fmt: skip
CELESTIAL = frozenset({"cele", "celestial"})
