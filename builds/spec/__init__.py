"""The plain value of a build, `build/1`: parse, complete, print. Plain Python, no Django."""

from builds.spec.model import ROLES, BuildSpec
from builds.spec.output import build_json, plain_json
from builds.spec.parse import ParsedBuild, parse_build
from builds.spec.stored import stored_spec
from builds.spec.template import spec_from_code, with_code

__all__ = [
    "ROLES",
    "BuildSpec",
    "ParsedBuild",
    "build_json",
    "parse_build",
    "plain_json",
    "spec_from_code",
    "stored_spec",
    "with_code",
]
