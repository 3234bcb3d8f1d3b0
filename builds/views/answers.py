"""What the box of the home page answers: a pasted build, or the recommendation for a wish."""

import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import orjson
from django.conf import settings
from django.urls import reverse

from builds.access import readable_build, shared_build
from builds.catalogue import current_catalogue
from builds.chatlinks import find_codes
from builds.gamedata import Catalogue
from builds.gamedata.names import with_article
from builds.icons import icon_url
from builds.models import Build
from builds.presentation import BuildView, build_view
from builds.recommend import Wish, WordsRead, read_words, wish_from
from builds.recommend.fit import MODE_WORDS, STYLE_WORDS, role_words, who_words
from builds.recommend.wish import EASY, SOLO, STURDY
from builds.services.recommend import recommend
from builds.sharing import from_payload, to_payload
from builds.spec import BuildSpec, parse_build, spec_from_code
from gw2optimizer.errors import InvalidInput, MalformedInput

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Answer:
    """kind: "pasted" or "recommended". reading: how the input was understood; left: what of it was not. payload: the
    build as a link holds it."""

    kind: str
    spec: BuildSpec
    view: BuildView
    payload: str
    reading: str
    reasons: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    given_up: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    source: Build | None = None
    others: tuple[Build, ...] = field(default=())

    @property
    def share_path(self) -> str:
        return reverse("builds:open", args=[self.payload])


def answer_to(
    text: str, *, user: "User | AnonymousUser", profession: str = "", role: str = "", mode: str = ""
) -> Answer:
    """text: a code, a link of this site or one that holds a code, `build/1` as JSON, or words.
    user: whose private builds a link of this site may show. Raises the errors of what it turns out to be."""
    catalogue = current_catalogue()
    text = text.strip()
    if "://" in text:
        if own := _behind_own_link(text, user, catalogue):
            return shown(own, catalogue, reading="Read as a link of this site.")
        # Some sites carry the code in the address.
        text = next(iter(find_codes(unquote(text))), text)
    if text.startswith(("{", "&DQ", "[&")) or find_codes(text):
        spec, notes = pasted_build(text, catalogue, game_mode=mode, role=role)
        return shown(
            spec, catalogue, reading=f"Read as the code of {with_article(spec.profession)} build.", notes=notes
        )
    if "://" in text:
        raise InvalidInput(
            "This link holds no build code, and pages of other sites are not opened from here. "
            "Open it yourself and copy the build code, which starts with [&DQ.",
            fields={"q": ["Paste the code, not the link."]},
        )
    wish = wish_from(catalogue, profession=profession, role=role, game_mode=mode)
    read = read_words(text, wish, catalogue) if text else WordsRead(wish)
    wish = read.wish
    if wish == Wish():
        message = (
            f"Nothing of “{text[:60]}” names a profession, specialization, role or game mode. "
            "Try “heal firebrand for raids”, or use the three lists."
            if text
            else "Paste a code, or choose at least one of profession, role and game mode."
        )
        raise InvalidInput(message, fields={"q": [message]})
    found = recommend(wish)
    return shown(
        found.spec,
        catalogue,
        kind="recommended",
        reading=wish_in_words(wish),
        reasons=found.reasons,
        changes=found.changes,
        given_up=found.given_up,
        left=read.left,
        source=found.source,
        others=found.others,
    )


def pasted_or_linked(text: str, *, user: "User | AnonymousUser", catalogue: Catalogue) -> BuildSpec:
    """text: a link of this site, or what `pasted_build` takes. Raises its errors, and NotFound."""
    if "://" in text:
        if own := _behind_own_link(text, user, catalogue):
            return own
        text = next(iter(find_codes(unquote(text))), text)
    return pasted_build(text, catalogue)[0]


_OWN_LINK = re.compile(
    r"(?P<site>https?://[^/\s]+)/(?:open/(?P<payload>[\w-]+)|s/(?P<key>[\w-]+)|builds/(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))(?:/|$)",
    re.ASCII,
)


def _behind_own_link(text: str, user: "User | AnonymousUser", catalogue: Catalogue) -> BuildSpec | None:
    """None for a link of another site, and for one of ours that is no build's. Raises NotFound."""
    found = _OWN_LINK.search(text)
    if found is None or found["site"] != settings.SITE_URL:
        return None
    if found["payload"]:
        return from_payload(found["payload"], catalogue)
    build = shared_build(found["key"]) if found["key"] else readable_build(user, uuid.UUID(found["id"]))
    return build.value


def draw(spec: BuildSpec, catalogue: Catalogue) -> BuildView:
    """The build as pages draw it, with the icons that are stored here."""
    return build_view(spec, catalogue, icon=icon_url)


def shown(spec: BuildSpec, catalogue: Catalogue, *, kind: str = "pasted", **facts: Any) -> Answer:
    return Answer(kind=kind, spec=spec, view=draw(spec, catalogue), payload=to_payload(spec), **facts)


def pasted_build(
    text: str, catalogue: Catalogue, *, name: str = "", game_mode: str = "", role: str = ""
) -> tuple[BuildSpec, tuple[str, ...]]:
    """text: a build code, alone or amid other words, or `build/1` as JSON. What is given beside it wins.
    Raises MalformedInput or InvalidInput."""
    text = text.strip()
    given = {key: value for key, value in (("name", name), ("game_mode", game_mode), ("role", role)) if value}
    if text.startswith("{"):
        try:
            data = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise MalformedInput(f"This begins like JSON but is none: {error}.") from error
        parsed = parse_build({**data, **given}, catalogue)
        return parsed.spec, parsed.notes
    codes = find_codes(text) or [text]
    described = template_outline(codes[0], catalogue)
    parsed = parse_build({**described, **given, "template_code": codes[0]}, catalogue)
    more = (f"{len(codes) - 1} more codes were in the text: only the first one was read.",) if len(codes) > 1 else ()
    return parsed.spec, (*parsed.notes, *more)


def template_outline(code: str, catalogue: Catalogue) -> dict[str, Any]:
    """Name and profession of a code: what `build/1` asks for at least."""
    spec = spec_from_code(code, catalogue)
    return {"name": spec.name, "profession": spec.profession}


_QUALITY_WORDS = {EASY: "easy to play", STURDY: "hard to kill", SOLO: "alone"}


def wish_in_words(wish: Wish) -> str:
    parts = [
        wish.elite if wish.elite != "core" else f"core {wish.profession or ''}".strip(),
        wish.profession if wish.elite is None else None,
        " and ".join(role_words(role) for role in (wish.role, *wish.also) if role),
        MODE_WORDS[wish.mode] if wish.mode else None,
        STYLE_WORDS[wish.style] if wish.style else None,
        *(_QUALITY_WORDS[quality] for quality in wish.qualities),
        *(f"not {who_words(who)}" for who in wish.unwanted),
        *(f"not for {MODE_WORDS[mode]}" for mode in wish.unwanted_modes),
    ]
    return "Read as: " + ", ".join(part for part in parts if part) + "."
