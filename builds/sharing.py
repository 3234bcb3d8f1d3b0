"""A whole build in a link: what lets somebody without an account pass on what the site answered."""

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

import orjson

from builds.gamedata import Catalogue
from builds.spec import BuildSpec, parse_build, plain_json
from gw2optimizer.errors import MalformedInput

MAX_LENGTH = 6_000
MAX_PLAIN = 64 * 1024

_BROKEN = "This link is not whole: it was cut or changed on the way. Ask for it again."


def to_payload(spec: BuildSpec) -> str:
    """Letters, digits, - and _; some 400 to 1,000 of them."""
    return urlsafe_b64encode(zlib.compress(orjson.dumps(plain_json(spec)), level=9)).decode().rstrip("=")


def from_payload(payload: str, catalogue: Catalogue) -> BuildSpec:
    """Anyone may have written it, so that it is checked like any other input.
    Raises MalformedInput where it can't be read, InvalidInput where it is no build of the present game."""
    if len(payload) > MAX_LENGTH:
        raise MalformedInput(_BROKEN)
    try:
        packed = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        inflate = zlib.decompressobj()
        plain = inflate.decompress(packed, MAX_PLAIN)
        if not inflate.eof:
            raise MalformedInput(_BROKEN)
        data = orjson.loads(plain)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise MalformedInput(_BROKEN) from error
    return parse_build(data, catalogue).spec
