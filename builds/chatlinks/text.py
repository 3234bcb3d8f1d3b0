"""The outside of every chat link: `[&` + base64 + `]`, and how it is found in a pasted text."""

import re
from base64 import b64decode, b64encode
from string import ascii_letters, digits

from gw2optimizer.errors import MalformedInput

MAX_CHARACTERS = 4096
MAX_BYTES = (MAX_CHARACTERS - len("[&]")) // 4 * 3

# A pasted page may be long; nobody means more codes than this.
MAX_SEARCHED = 1_000_000
MAX_FOUND = 100

_ALPHABET = frozenset(ascii_letters + digits + "+/")
# The head byte 0x0D and any profession code give a D and one of these sixteen letters.
_BUILD_CODE = re.compile(r"\[&D[Q-Za-f][A-Za-z0-9+/]{1,4094}={0,2}\]")


class ChatLinkError(MalformedInput):
    """The message says where: characters count from 1, bytes from 0."""


def to_bytes(code: object) -> bytes:
    """code: a chat link, with or without blanks around it, brackets and padding. Bits that base64 leaves
    over are ignored: of a link, the bytes count and not the text. Raises ChatLinkError."""
    if not isinstance(code, str):
        raise ChatLinkError(f"A chat link is a text; this is of type {type(code).__name__}.")
    text = code.strip()
    if len(text) > MAX_CHARACTERS:
        raise ChatLinkError(f"A chat link has at most {MAX_CHARACTERS} characters; this one has {len(text)}.")
    start = code.index(text) if text else 0
    inner = text.removeprefix("[")
    inner = inner.removeprefix("&")
    start += len(text) - len(inner)
    inner = inner.removesuffix("]")
    body = inner.rstrip("=")
    if not body:
        raise ChatLinkError("There is no chat link: nothing stands between [& and ].")
    for position, character in enumerate(body, start=start + 1):
        if character not in _ALPHABET:
            raise ChatLinkError(
                f"Character {position} ({character!a}) can't stand in a chat link: "
                "between [& and ] there are only A-Z, a-z, 0-9, + and /, and = at the end."
            )
    if len(body) % 4 == 1:
        raise ChatLinkError(f"The chat link is cut off after character {start + len(body)}, within a byte.")
    padding = -len(body) % 4
    if len(inner) - len(body) > padding:
        raise ChatLinkError(f"Character {start + len(body) + padding + 1}: one = more than the length calls for.")
    return b64decode(body + "=" * padding)


def to_text(content: bytes) -> str:
    """The canonical text of a link: in brackets, padded."""
    return f"[&{b64encode(content).decode('ascii')}]"


def check_range(name: str, value: int, bits: int) -> None:
    """Raises ChatLinkError for a value that an unsigned field of so many bits can't hold."""
    if not 0 <= value < 1 << bits:
        raise ChatLinkError(f"{name}: a chat link holds 0 to {(1 << bits) - 1} there, not {value}.")


def check_size(byte_length: int) -> None:
    """Raises ChatLinkError for a link that `to_bytes` would not take back."""
    if byte_length > MAX_BYTES:
        raise ChatLinkError(f"A chat link has at most {MAX_BYTES} bytes, not {byte_length}.")


def find_codes(text: str) -> list[str]:
    """Build template codes in brackets, in the order of the text, each once. Only the first million
    characters are searched and a hundred codes given; what looks like a code may still be broken."""
    found: dict[str, None] = {}
    for match in _BUILD_CODE.finditer(text, 0, MAX_SEARCHED):
        found.setdefault(match.group())
        if len(found) == MAX_FOUND:
            break
    return list(found)
