"""A wish in words, English and French: what is played, what for, where, how it should feel, and what it must not be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from builds.gamedata import Catalogue
from builds.language.lexicon import Entries, Meaning, lexicon_of
from builds.language.tokens import Lexeme, language_of, lexemes
from builds.language.who import CORE, DAMAGE, Who
from builds.language.words import ARTICLES
from builds.recommend.wish import EASY, SOLO, STURDY, Wish

LONGEST_READ = 500
_QUALITY_WORDS: Mapping[str, tuple[str, ...]] = {
    EASY: (
        "easy", "easier", "easiest", "beginner", "beginners", "for beginners", "beginner friendly", "newbie", "newbies",
        "noob", "noobs", "simple", "simplest", "low intensity", "li", "low apm", "low effort", "chill", "relaxed",
        "relaxing", "lazy", "new player", "new players", "easy to play", "few buttons", "one button", "starter",
        "facile", "faciles", "facile a jouer", "debutant", "debutants", "debutante", "nouveau joueur",
        "nouveaux joueurs", "tranquille", "peu de boutons", "pas complique", "pas compliquee", "not hard",
        "not complicated", "not difficult", "pas difficile", "pas trop dur", "pas dur",
    ),
    STURDY: (
        "tanky", "sturdy", "durable", "survivable", "survivability", "survival", "bunker", "bulky", "beefy",
        "defensive", "hard to kill", "unkillable", "resistant", "resistante", "robuste", "solide", "survie",
        "survivabilite", "defensif", "defensive build", "increvable", "immortal", "immortel",
    ),
    SOLO: ("solo", "alone", "by myself", "on my own", "soloing", "seul", "seule", "tout seul", "toute seule"),
}  # fmt: skip
_HEALING = ("soigne", "soigner", "soignant", "heals allies", "heal others", "heal people")
_EMPTY = (
    "gives", "giving", "give", "provides", "provide", "brings", "does", "doing", "friendly", "very", "really", "quite",
    "group", "squad", "team", "allies", "group content", "donne", "donner", "donnant", "apporte", "tres", "vraiment",
    "who", "whose", "assez", "groupe", "escouade", "equipe", "allies", "plutot",
)  # fmt: skip
_OWN: Entries = (
    *((phrase, Meaning("quality", quality)) for quality, phrases in _QUALITY_WORDS.items() for phrase in phrases),
    *((phrase, Meaning("role", "healer")) for phrase in _HEALING),
    *((phrase, Meaning("noise")) for phrase in _EMPTY),
)
# Say nothing of a single build, or only how its parts hang together.
_PASSED = frozenset(
    {
        "noise", "of", "as", "with", "and", "or", "to", "comma", "stop", "colon", "open", "close", "hyphen", "most",
        "possible", "exactly", "players", "end",
    }
)  # fmt: skip
_HEALS = ("healer", "healer_quickness", "healer_alacrity")
_GIVEN = {"quickness": "healer_quickness", "alacrity": "healer_alacrity"}
# Named beside another role they only say more of it.
_GENERAL = ("boon_support", "utility", "tank", "hybrid")
_END = Lexeme("end", "", "")


@dataclass(frozen=True, slots=True)
class WordsRead:
    """unread: words without a meaning here. beside: what was understood, but is more than one build can be."""

    wish: Wish
    unread: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def left(self) -> tuple[str, ...]:
        """In sentences what the answer does not heed."""
        texts = (("Not understood", self.unread), ("More than one build can be, so left out", self.beside))
        return tuple(f"{start}: {', '.join(dict.fromkeys(words))}." for start, words in texts if words)


def read_words(text: str, wish: Wish, catalogue: Catalogue) -> WordsRead:
    """Fills what the wish leaves open with what the text names; what the wish says stays."""
    text = text[:LONGEST_READ]
    lexicon = lexicon_of(catalogue, language_of(text), _OWN)
    reader = _Reader(lexemes(text, lexicon))
    reader.read()
    return WordsRead(_filled(wish, reader), tuple(reader.unread), tuple(reader.beside))


@dataclass(slots=True)
class _Reader:
    found: Sequence[Lexeme]
    name: Who = field(default_factory=Who)
    roles: list[str] = field(default_factory=list)
    mode: tuple[str, str] = ("", "")
    qualities: list[str] = field(default_factory=list)
    unwanted: list[Who] = field(default_factory=list)
    unwanted_modes: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)

    def at(self, i: int) -> Lexeme:
        return self.found[i] if 0 <= i < len(self.found) else _END

    def read(self) -> None:
        i = 0
        while i < len(self.found):
            i = self._refusal(i) if self.at(i).kind == "not" else self._one(i)

    def _one(self, i: int) -> int:
        one = self.at(i)
        match one.kind:
            case "name":
                self._named(one)
            case "core":
                self._named(replace(one, value=Who(elite=CORE)))
            case "role":
                self.roles += roles_of(one)
            case "mode":
                self._placed(one)
            case "quality":
                self.qualities.append(one.value)
            case _ if not _says_nothing(one):
                self.unread.append(one.text)
        return i + 1

    def _named(self, one: Lexeme) -> None:
        who: Who = one.value
        if who.role:
            self.roles.append(who.role)
        if who.gear:
            self.unread.append(who.gear)
        professions = {who.profession, self.name.profession} - {""}
        elites = {who.elite, self.name.elite} - {""}
        if len(professions) > 1 or len(elites) > 1:
            self.beside.append(one.text)
            return
        self.name = Who("".join(professions), "".join(elites))

    def _placed(self, one: Lexeme) -> None:
        mode, style = one.value
        if self.mode[0] in ("", mode):
            self.mode = (mode, self.mode[1] or style)
        else:
            self.beside.append(one.text)

    # --- what it must not be -----------------------------------------------------------------
    def _refusal(self, i: int) -> int:
        """i: of the "not". "No condi reaper" is a Reaper that is none; "not a condi reaper" is any build but that."""
        refused, i = self.at(i), i + 1
        article = False
        while _says_nothing(self.at(i)) and self.at(i).kind in ("noise", "of", "as", "number", "with"):
            article |= self.at(i).kind == "number"
            i += 1
        before, kind = i, self.at(i).kind
        while (end := self._refused(i, refused, whole=article)) > i:
            i = end
            follows = self._next_of_list(i, kind)
            if follows is None:
                break
            i = follows
        if i == before:
            self.unread.append(refused.text)
        return i

    def _refused(self, i: int, refused: Lexeme, *, whole: bool) -> int:
        one = self.at(i)
        if one.kind == "mode":
            self.unwanted_modes.append(one.value[0])
            return i + 1
        if one.kind == "quality":
            self.unread.append(f"{refused.text} {one.text}")
            return i + 1
        who = Who()
        start = i
        while (part := _part(self.at(i), who)) is not None:
            if self.at(i).kind == "name" and who.role and not who.profession and not whole:
                break
            who, i = part, i + 1
        if i > start:
            self.unwanted.append(who)
        return i

    def _next_of_list(self, i: int, kind: str) -> int | None:
        """Where the list of what is refused goes on: after "or", and after "and" or a comma with its like."""
        joint, after = self.at(i).kind, i + 1
        while self.at(after).kind in ("noise", "of", "number") and _says_nothing(self.at(after)):
            after += 1
        alike = self.at(after).kind == kind
        if joint == "or" or (joint == "and" and alike):
            return after
        return after if joint == "comma" and alike and self.at(after + 1).kind in ("or", "and", "comma") else None


def _says_nothing(one: Lexeme) -> bool:
    if one.kind == "number":
        return one.folded in ARTICLES
    return one.kind in _PASSED or (one.kind == "change" and one.value == "more")


def _part(one: Lexeme, who: Who) -> Who | None:
    """who with what the lexeme adds; None where it is nothing of a player, or of another one."""
    if one.kind == "role" and not who.role:
        return replace(who, role=one.value)
    if one.kind == "core" and not who.elite:
        return replace(who, elite=CORE)
    if one.kind != "name" or who.profession:
        return None
    return Who(one.value.profession, one.value.elite or who.elite, one.value.role or who.role)


def roles_of(one: Lexeme) -> list[str]:
    """A "condi quick" is a quickness that does condition damage."""
    kinds = {"condi": "condi_dps", "power": "dps"}
    more = [role for word, role in kinds.items() if word in one.folded.split() and one.value in _GIVEN]
    return [one.value, *more]


def role_and_more(roles: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """One role of all that were named, wherever they stood, and what else was asked for."""
    named = list(dict.fromkeys(roles))
    heals = [role for role in named if role in _HEALS]
    gives = [role for role in named if role in _GIVEN]
    if heals and gives:
        first = _GIVEN[gives[0]] if heals[0] == "healer" else heals[0]
        covered = {"healer", first, *(boon for boon, healer in _GIVEN.items() if healer == first)}
    else:
        strong = [role for role in named if role not in _GENERAL and role != DAMAGE]
        # Who gives quickness does damage besides, and who does it by conditions gives quickness first.
        strong.sort(key=lambda role: role in ("dps", "condi_dps"))
        first = (strong or [role for role in named if role != DAMAGE] or named or [""])[0]
        covered = {first}
    if first == DAMAGE:
        return "dps", ()
    damages = bool({first, *named} & {"dps", "condi_dps", *_GIVEN})
    more = (role for role in named if role not in covered and not (role == DAMAGE and damages))
    return first or None, tuple("dps" if role == DAMAGE else role for role in more)


def _filled(wish: Wish, reader: _Reader) -> Wish:
    name = reader.name
    if reader.roles and wish.role is None:
        role, also = role_and_more(reader.roles)
        wish = replace(wish, role=role, also=also)
    mode, style = reader.mode
    if not mode and SOLO in reader.qualities and not wish.style:
        mode = "pve"
    if mode and wish.mode in (None, mode):
        wish = replace(wish, mode=mode, style=wish.style or style or None)
    return replace(
        wish,
        profession=wish.profession or name.profession or None,
        elite=wish.elite or name.elite or None,
        qualities=tuple(dict.fromkeys((*wish.qualities, *reader.qualities))),
        unwanted=tuple(dict.fromkeys((*wish.unwanted, *reader.unwanted))),
        unwanted_modes=tuple(dict.fromkeys((*wish.unwanted_modes, *reader.unwanted_modes))),
    )
