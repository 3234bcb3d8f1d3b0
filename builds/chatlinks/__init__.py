"""Codecs of the game's chat links. Plain Python, no Django."""

from builds.chatlinks.build_template import BuildTemplate, Line, decode_build_template, encode_build_template
from builds.chatlinks.text import ChatLinkError, find_codes

__all__ = [
    "BuildTemplate",
    "ChatLinkError",
    "Line",
    "decode_build_template",
    "encode_build_template",
    "find_codes",
]
