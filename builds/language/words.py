"""The words of the grammar, English and French, folded: lower case, no accents, single spaces. Longer phrases are read
before shorter ones."""

from collections.abc import Mapping

ROLES: Mapping[str, tuple[str, ...]] = {
    "damage": (
        "dps", "damage", "dommage", "dommages", "degat", "degats", "dmg", "dpser", "dpseur", "damage dealer",
        "dps any", "gros dps",
    ),
    "dps": (
        "power dps", "dps power", "power", "pdps", "power damage", "dps puissance", "puissance", "degats directs",
        "strike dps", "direct damage", "dps direct", "burst",
    ),
    "condi_dps": (
        "condi", "condi dps", "dps condi", "cdps", "condition", "condition dps", "dps condition", "condition damage",
        "degats par alteration", "degats d alteration", "alteration", "dps alteration", "alte", "dps alte",
        "conditions", "alterations", "degats alteration", "condi damage",
    ),
    "quickness": (
        "quickness", "quick", "qdps", "quickness dps", "dps quickness", "quick dps", "dps quick", "celerite",
        "quickness support", "boon dps quickness", "power quick", "condi quick", "power quickness", "condi quickness",
        "dps celerite", "quickness booner", "source of quickness",
    ),
    "alacrity": (
        "alacrity", "alac", "adps", "alacrity dps", "dps alacrity", "alac dps", "dps alac", "alacrite",
        "alacrity support", "power alac", "condi alac", "power alacrity", "condi alacrity", "dps alacrite",
        "source of alacrity",
    ),
    "healer": (
        "healer", "heal", "healing", "soigneur", "soigneuse", "soin", "soins", "heals", "heler", "heal support",
        "healeur", "heal bot", "medic", "guerisseur", "soutien soin",
    ),
    "healer_quickness": (
        "heal quickness", "quickness heal", "heal quick", "quick heal", "quick healer", "quickness healer", "hquick",
        "healer quickness", "healer quick", "heal celerite", "soigneur celerite", "qheal", "healquick",
    ),
    "healer_alacrity": (
        "heal alacrity", "alacrity heal", "heal alac", "alac heal", "alac healer", "alacrity healer", "halac",
        "healer alacrity", "healer alac", "heal alacrite", "soigneur alacrite", "aheal", "healalac",
    ),
    "boon_support": (
        "booner", "boon", "boons", "boon support", "support boon", "support", "boon giver", "boonbot", "boon bot",
        "bienfait", "bienfaits", "soutien", "avantage", "avantages", "supp", "buffer", "buffs", "support boons",
        "boons support", "supporter",
    ),
    "stability_support": (
        "stab", "stability", "stabeur", "stabber", "stabilite", "stability support", "stabilisateur", "stabs",
        "stability giver", "stabiliser", "stab support", "support stab", "stabeuse", "source of stability",
        "support stabilite",
    ),
    "strip": (
        "strip", "stripper", "stripeur", "boonstrip", "boon strip", "strip boon", "strips", "boon stripper", "corrupt",
        "boon removal", "retrait de bienfaits", "strippeur", "corruption", "corrupter", "boon corrupt",
    ),
    "cleanse": (
        "cleanse", "cleanser", "cleanses", "cleanseur", "clean", "purge", "purgeur", "condi cleanse", "cleaner",
        "condition cleanse", "nettoyage", "purification", "dissipation",
    ),
    "tank": ("tank", "tanker", "tanky"),
    "hybrid": ("hybrid", "hybride"),
    "utility": ("utility", "utilitaire"),
}  # fmt: skip

OBJECTIVE_OF_ROLE: Mapping[str, str] = {
    "damage": "damage", "dps": "damage", "condi_dps": "damage", "quickness": "quickness", "alacrity": "alacrity",
    "healer": "healing", "healer_quickness": "healing", "healer_alacrity": "healing", "boon_support": "boons",
    "stability_support": "stability", "strip": "strip", "cleanse": "cleanse",
}  # fmt: skip
OBJECTIVES: Mapping[str, tuple[str, ...]] = {
    "might": ("might", "pouvoir"),
    "control": ("control", "cc", "crowd control", "controle", "breakbar", "defiance"),
    "barrier": ("barrier", "barriere"),
}

# Mode, style. A style of None keeps the one that is there.
MODES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("pve", ""): ("pve", "jce", "open world", "openworld", "monde ouvert", "meta event"),
    ("fractals", ""): ("fractal", "fractals", "fractale", "fractales", "t4", "cm fractals"),
    ("raids", ""): ("raid", "raids", "wing", "raid boss"),
    ("strikes", ""): (
        "strike", "strikes", "strike mission", "strike missions", "mission d attaque", "missions d attaque",
        "mission d assaut", "missions d assaut",
    ),
    ("pvp", ""): ("pvp", "spvp", "jcj"),
    ("wvw", ""): ("wvw", "mcm", "world versus world", "world vs world", "monde contre monde", "w v w", "wvwvw", "3w"),
    ("wvw", "zerg"): ("zerg", "zergs", "blob", "zergling", "bus"),
    ("wvw", "raid_guild"): (
        "raid guild", "guild raid", "raid de guilde", "guilde raid", "gvg", "raid guilde", "guild group",
    ),
    ("wvw", "roaming"): (
        "roaming", "roam", "roamer", "roamers", "small scale", "smallscale", "havoc", "petit groupe mobile",
    ),
}  # fmt: skip

STRUCTURE: Mapping[str, tuple[str, ...]] = {
    "players": (
        "player", "players", "joueur", "joueurs", "joueuse", "joueuses", "people", "persons", "person", "personne",
        "personnes", "guys", "gars", "mecs", "slots", "places", "members", "membres", "man", "men", "characters",
        "toons", "persos", "personnages", "spots", "players total", "heads",
    ),
    "groups": (
        "group", "groups", "groupe", "groupes", "subgroup", "subgroups", "sub group", "sub groups", "sous groupe",
        "sous groupes", "subs", "party", "parties", "subsquad", "subsquads", "sousgroupe", "sousgroupes", "grp", "grps",
        "subparty", "subparties", "gp", "lines",
    ),
    "team": (
        "team", "equipe", "comp", "compo", "composition", "formation", "teams", "roster", "setup", "team comp",
    ),
    "squad": ("squad", "escouade", "warband"),
    "each": (
        "each", "every", "each group", "each subgroup", "each party", "every group", "every subgroup", "every party",
        "in each group", "in each subgroup", "in each party", "in every group", "in every subgroup", "in each",
        "per group", "per subgroup", "per party", "per sub group", "in each sub group",
        "dans chaque groupe", "dans chaque sous groupe", "chaque groupe", "chaque sous groupe", "par groupe",
        "par sous groupe", "pour chaque groupe", "pour chaque sous groupe", "chacun", "chacune", "chaque",
        "for each group", "for every group", "by group", "each of them", "in both groups", "both groups",
        "dans les deux groupes", "par party", "each of the groups", "in all groups", "in all subgroups",
        "dans tous les groupes", "each one", "with each", "per sub", "each sub", "par sub", "apiece",
        "each line", "per line",
    ),
    "not": (
        "no", "without", "not", "sans", "pas de", "pas d", "aucun", "aucune", "except", "sauf", "hors", "exclude",
        "excluding", "excluez", "exclure", "exclus", "avoid", "evite", "eviter", "evitez", "ni", "pas", "zero",
        "don t want", "do not want", "ne veux pas de", "ne veux pas", "veux pas de", "veux pas", "but no", "no more",
        "never", "jamais", "ban", "bannir", "banned", "interdit", "n importe quoi sauf", "anything but", "nor",
        "don t use", "do not use", "non", "plus aucun", "plus aucune", "don t take", "pas non plus de",
    ),
    "fill": (
        "fill", "fill up", "fill the rest", "fill rest", "fill it", "filled", "filler", "fillers", "complete",
        "completer", "completez", "completes", "remplis", "remplir", "remplissez", "comble", "combler", "finish",
        "the rest", "rest", "le reste", "reste", "everyone else", "everybody else", "the others", "les autres",
        "others", "tous les autres", "remaining", "the remaining", "remainder", "the remainder", "completed",
        "fill in", "fill the remaining", "round out", "on complete", "full", "nothing but",
        "rien que du", "rien que des", "que du", "que des",
    ),
    "most": (
        "max", "maximum", "maximal", "maximale", "maximise", "maximize", "maximiser", "maxi", "most", "as much",
        "le plus", "le plus possible", "focus", "focus on", "focused on", "lots of", "a lot of", "beaucoup de",
        "beaucoup", "best", "strong", "heavy", "priorite", "prioritize", "priority", "optimise", "optimize",
        "meilleur", "meilleure", "much", "as many", "axe sur", "un max", "plein de", "highest",
    ),
    "at least": ("at least", "au moins", "minimum", "min", "no less than", "no fewer than", "minimum of"),
    "at most": ("at most", "au plus", "up to", "jusqu a", "no more than", "maximum of", "pas plus de", "au maximum"),
    "exactly": ("exactly", "exactement", "just", "only", "seulement", "juste", "precisely", "uniquement"),
    "and": ("and", "et", "plus", "as well as", "ainsi que", "avec aussi", "then", "puis", "also", "aussi", "n"),
    "or": ("or", "ou", "or a", "ou un", "ou une", "ou bien", "either", "soit"),
    "to": ("to", "a"),
    "between": ("between", "entre"),
    "with": (
        "with", "avec", "containing", "contenant", "comprenant", "compose de", "composes de", "composed of",
        "consisting of", "made of", "including", "incluant", "has", "have", "having", "contains", "w", "comportant",
        "qui contient", "dont", "among them", "parmi eux", "qui contiennent", "constitue de", "consist of",
        "il y a", "there is", "there are", "of which",
    ),
    "as": ("as", "en", "comme", "for", "pour", "role", "playing", "on", "in"),
    "of": ("of", "de", "d", "du", "des", "par", "per"),
    "total": (
        "in total", "total", "au total", "en tout", "overall", "in the team", "dans l equipe", "in all", "whole team",
        "in the whole team", "dans toute l equipe", "altogether", "in the squad", "dans l escouade", "over the squad",
        "across the squad", "in the whole squad", "of them",
    ),
    "core": ("core", "base", "vanilla", "de base", "no elite", "sans elite"),
    "celestial": ("celestial", "cele", "celeste"),
    "pair": ("a couple of", "a couple", "couple of", "couple", "a pair of", "pair of", "une paire de", "both"),
    "all": ("all", "all the", "tous les", "toutes les", "tout les", "tous", "toutes", "every one of"),
    "possible": ("possible", "as possible", "que possible", "possibles"),
}  # fmt: skip

CHANGE_VERBS: Mapping[str, tuple[str, ...]] = {
    "replace": (
        "replace", "remplace", "remplacer", "remplacez", "swap", "swap out", "switch", "exchange", "echange",
        "echanger", "echangez", "change", "changer", "changez", "substitute", "replacing", "turn", "transforme",
    ),
    "add": ("add", "ajoute", "ajouter", "ajoutez", "rajoute", "rajouter", "rajoutez", "adding", "append", "bring in"),
    "remove": (
        "remove", "enleve", "enlever", "enlevez", "retire", "retirer", "retirez", "supprime", "supprimer", "supprimez",
        "drop", "kick", "take out", "delete", "vire", "virer", "virez", "get rid of", "removing", "degage", "ote",
        "lose", "take away",
    ),
    "more": ("more", "plus de", "plus d", "davantage de", "davantage", "another", "encore un", "encore une", "encore"),
    "less": ("less", "fewer", "moins de", "moins d", "moins"),
}  # fmt: skip
# Between what goes and what comes.
INSTEAD = frozenset({"by", "with", "par", "for", "pour", "contre", "into", "en", "avec", "to", "instead"})

NUMBERS: Mapping[str, int] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "dozen": 12,
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11,
    "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "dix sept": 17, "dix huit": 18,
    "dix neuf": 19, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "dizaine": 10, "quinzaine": 15,
    "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50, "douzaine": 12, "single": 1, "solo": 1,
}  # fmt: skip
ARTICLES = frozenset({"a", "an", "un", "une", "une seule", "un seul"})
TENS = frozenset({20, 30, 40})

ORDINALS: Mapping[str, int] = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "premier": 1, "premiere": 1, "deuxieme": 2,
    "troisieme": 3, "quatrieme": 4, "cinquieme": 5,
}  # fmt: skip

NOISE_EN = frozenset(
    [
        "i", "want", "need", "would", "like", "the", "please", "give", "me", "my", "us", "we", "our", "is", "are", "it",
        "its", "that", "this", "make", "build", "create", "compose", "good", "some", "any", "which", "should", "must",
        "be", "can", "could", "you", "your", "let", "lets", "s", "m", "ll", "re", "ve", "x", "there", "has", "do",
        "at", "from", "by", "but", "so", "hi", "hello", "hey", "thanks", "thank", "get", "looking", "game", "mode",
        "new", "man", "them", "they", "t", "something", "somebody", "anybody", "else", "run", "running", "play",
        "content", "specs", "build", "builds", "type",
        "types", "classes", "class", "professions", "of", "in", "on", "for", "to", "an", "kind", "per", "him", "her",
        "keep", "other", "instead", "will", "wish", "having", "use", "take", "put", "i d", "using", "someone",
        "source", "sources", "go", "even",
    ]
)  # fmt: skip
NOISE_FR = frozenset(
    [
        "je", "j", "tu", "il", "elle", "on", "nous", "vous", "ils", "veux", "voudrais", "veut", "voulons", "aimerais",
        "ai", "besoin", "faut", "faudrait", "la", "le", "les", "l", "de", "du", "des", "d", "au", "aux", "moi", "mon",
        "ma", "mes", "notre", "nos", "votre", "vos", "est", "sont", "soit", "soient", "qui", "que", "qu", "ce", "cette",
        "ca", "c", "s", "plait", "stp", "svp", "merci", "bonjour", "salut", "fais", "fait", "faire", "faites", "donne",
        "donnez", "cree", "creer", "creez", "compose", "construis", "bon", "bonne", "bons", "bonnes", "mais", "dans",
        "sur", "se", "ne", "n", "y", "a", "leur", "leurs", "type", "mode", "jeu", "jouer", "classe", "classes", "sera",
        "par", "pour", "en", "tout", "passe", "passer", "passez", "passons", "source", "sources", "toute",
        "monte", "prepare", "propose", "met", "mets", "mettre", "mettez",
        "dedans", "si", "possible", "et", "m", "garde", "autre", "chose", "quelque", "quelqu un", "place",
        "lieu", "veuillez", "prends", "prenez",
    ]
)  # fmt: skip
# Words that tell the language; names of the game tell nothing.
FRENCH_SIGNS = frozenset(
    [
        "je", "veux", "voudrais", "avec", "sans", "une", "et", "dans", "chaque", "groupe", "groupes", "joueur",
        "joueurs", "equipe", "le", "la", "les", "des", "du", "par", "pour", "remplace", "ajoute", "enleve", "retire",
        "complete", "sous", "de", "au", "moins", "pas", "ni", "ou", "un", "deux", "trois", "quatre", "cinq", "quinze",
        "vingt", "cinquante", "dix", "escouade", "voleur", "voleurs", "gardien", "gardiens", "guerrier", "guerriers",
        "rodeur", "rodeurs", "ingenieur", "ingenieurs", "necromancien", "necromanciens", "envouteur", "envouteurs",
        "soigneur", "soigneurs", "stabeur", "stabeurs", "reste", "tous", "davantage", "aucun", "fractales", "mcm",
        "elementaliste", "elementalistes", "faut", "il", "en", "soin", "soins", "maximum de", "chacun", "degats",
        "stabilite", "celerite", "alacrite", "sept", "huit", "neuf", "onze", "douze", "treize", "trente", "quarante",
    ]
)  # fmt: skip
ENGLISH_SIGNS = frozenset(
    [
        "i", "want", "need", "with", "without", "and", "the", "of", "each", "group", "groups", "player", "players",
        "team", "in", "every", "replace", "add", "remove", "fill", "subgroups", "subgroup", "no", "or", "a", "an",
        "one", "two", "three", "four", "five", "ten", "fifteen", "twenty", "fifty", "squad", "thief", "thieves",
        "guardian", "guardians", "warrior", "warriors", "ranger", "rangers", "engineer", "engineers", "per", "party",
        "rest", "all", "at", "least", "most", "more", "less", "fewer", "by", "for", "seven", "eight", "nine", "to",
        "please", "necromancer", "mesmer", "elementalist", "stability", "healer", "healers", "everyone", "make",
    ]
)  # fmt: skip
