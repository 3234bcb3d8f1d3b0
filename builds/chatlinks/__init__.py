"""Codecs of the game's chat links. Plain Python, no Django."""

from builds.chatlinks.build_template import BuildTemplate, Line, decode_build_template, encode_build_template
from builds.chatlinks.links import ItemLink, Link, SkillLink, TraitLink, decode_link, encode_link
from builds.chatlinks.text import ChatLinkError, find_codes

__all__ = [
    "BuildTemplate",
    "ChatLinkError",
    "ItemLink",
    "Line",
    "Link",
    "SkillLink",
    "TraitLink",
    "decode_build_template",
    "decode_link",
    "encode_build_template",
    "encode_link",
    "find_codes",
]
