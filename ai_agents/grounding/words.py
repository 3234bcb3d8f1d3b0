"""Words that decide whether a sentence may stand: numbers, beginnings, and what is written with a capital letter."""

import re
from collections.abc import Mapping

from builds.gamedata.names import plain


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Of both languages at once: the model mixes them, and a few good sentences more are not worth a figure.
_NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty",
    "fourty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million", "billion", "trillion",
    "once", "twice", "thrice", "first", "second", "third", "fifth", "eighth", "ninth", "twelfth", "half", "halve",
    "halves", "halved", "halving", "quarter", "double", "doubled", "doubling", "triple", "tripled", "tripling",
    "quadruple", "quadrupled", "quintuple", "dozen", "score", "couple", "pair", "duo", "trio", "quartet", "percent",
    "percentage", "cent", "twentieth", "thirtieth", "fortieth", "fiftieth", "nil", "naught", "nought", "single", "both",
    "deux", "trois", "quatre", "cinq", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze",
    "seize", "vingt", "trente", "quarante", "cinquante", "soixante", "septante", "octante", "huitante", "nonante",
    "mille", "millier", "milliard", "demi", "demie", "moitie", "tiers", "quart", "premier", "premiere", "seconde",
    "dizaine", "douzaine", "quinzaine", "vingtaine", "trentaine", "quarantaine", "cinquantaine", "soixantaine",
    "centaine", "pourcent", "pourcentage", "doubler", "doublent", "doublant", "tripler", "triplent", "triplant",
    "quadrupler", "zeros", "deuxieme", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme", "huitieme",
    "neuvieme", "dixieme", "onzieme", "douzieme", "centieme", "millieme", "vingtieme", "trentieme", "dizaines",
    "jumeau", "jumelle", "infinity", "infinite", "infini", "infinie", "googol", "umpteen", "myriad",
)  # fmt: skip
_ENDS = "(s|th|ths|fold|ieme|iemes|e|ies|ish|er|ers)?"
_ONE = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_WRITTEN = re.compile(rf"({_ONE})({_ONE})*{_ENDS}")
_ROMAN = re.compile(r"(?=[ivxlcdm]{2})(x{0,3})(ix|iv|v?i{0,3})")
_UNITS = frozenset({"x", "k", "v"})
"""Left of such as "x10" when its digits are gone, or a Roman numeral of one letter."""


def is_number_word(word: str) -> bool:
    folded = plain(word)
    return folded in _UNITS or _WRITTEN.fullmatch(folded) is not None or _ROMAN.fullmatch(folded) is not None


STARTS: Mapping[str, frozenset[str]] = {
    "en": words_of(
        "a after again all allies also although always an and another any as at because before besides between but "
        "by choose each either enemies even every everybody everyone few fights for foes from given good groups "
        "have having he hence here how however if in instead it its just keep less like longer many members more "
        "most much near neither no nobody none nothing now of often on only or other others otherwise our over "
        "overall play players pick prefer rather she short since so some still stronger such swapping switching "
        "take taking than thanks that the their them then there therefore these they this those though through "
        "thus to together too under until use using we weaker what when where whether which while who why with "
        "within without yet you your"
    ),
    "fr": words_of(
        "a ca etre afin ainsi alors apres au aucun aucune aussi autant autour aux avant avec bien c ce ceci cela "
        "celle celles celui cependant certaines certains ces cet cette ceux chacun chacune chaque chez choisir "
        "choisis choisissez comme comment contre d dans davantage de depuis des donc du elle elles en encore enfin "
        "ensemble ensuite entre est et grace garde gardez il ils ici j je jouer jouez l la le les leur leurs lors "
        "lorsque mais meilleur meme mieux moins ne ni nos notre nous on or ou par parce parmi pas pendant personne "
        "peu plus plutot pour pourtant prendre prends prenez presque puis puisque quand que quel quelle quelques "
        "qui quoi rien sa sans se selon ses si sinon son sous souvent sur surtout ta tant tel telle tes ton "
        "toujours tous tout toute toutes tres trop tu un une utiliser utilisez voici vos votre vous y"
    ),
}
"""With what a sentence may begin: a first word has a capital letter, so that an invented name would go unseen there."""

CAPITALISED: Mapping[str, frozenset[str]] = {"en": frozenset({"I"}), "fr": frozenset()}
"""What stands with a capital letter wherever it stands."""
