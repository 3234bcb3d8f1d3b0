"""How a typed name meets a name of the game."""

import re
import unicodedata

_NOT_ALNUM = re.compile(r"[^a-z0-9]+")

# Players and build sites leave these out.
_HEADS = {
    "rune": re.compile(r"^((superior|legendary) )?(runes? )?(of )?(the )?"),
    "sigil": re.compile(r"^((superior|legendary) )?(sigils? )?(of )?(the )?"),
    "relic": re.compile(r"^(legendary )?(relics? )?(of )?(the )?"),
    "pet": re.compile(r"^(juvenile )?"),
    "legend": re.compile(r"^(legendary )?"),
}
_TAILS = {
    "legend": re.compile(r" stance$"),
    "rune": re.compile(r" runes?$"),
    "sigil": re.compile(r" sigils?$"),
    "relic": re.compile(r" relics?$"),
}


def plain(text: str) -> str:
    """Lower-case words of ASCII letters and digits, single spaces between; accents and apostrophes dropped."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c) and c not in "'’‘`´ʼ")
    return _NOT_ALNUM.sub(" ", letters.replace("ß", "ss")).strip()


def name_key(text: str, kind: str = "") -> str:
    """Two names that a player would call the same have one key: no case, accents, apostrophes or spaces, and
    for upgrades no "Superior Rune of the". "" for a text without letters or digits."""
    words = plain(text)
    if kind in _HEADS:
        words = _HEADS[kind].sub("", words, count=1) or words
    if kind in _TAILS:
        words = _TAILS[kind].sub("", words, count=1) or words
    return words.replace(" ", "")


def with_article(word: str) -> str:
    return f"{'an' if word[:1] in 'AEIOU' else 'a'} {word}"


def starting_with_article(word: str) -> str:
    return f"{'An' if word[:1] in 'AEIOU' else 'A'} {word}"
