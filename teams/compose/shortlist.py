"""Which candidates are looked at: measuring a build takes longer than choosing it."""

from collections.abc import Sequence

from builds.gamedata import Catalogue
from builds.gamedata.model import BALANCE_OF_MODE
from builds.recommend.fit import role_closeness
from teams.compose.candidates import DOES_ALSO, Candidate, elite_of
from teams.compose.demands import Frame
from teams.language.model import DAMAGE, Who

ENOUGH = 30
"""Builds of the mode itself, from which others are only looked at for what these lack."""
# Played by the same ten.
_ALIKE = {"strikes": ("strikes", "raids"), "raids": ("raids", "strikes")}


def shortlist(
    candidates: Sequence[Candidate], frame: Frame, catalogue: Catalogue, mode: str, played: Sequence[Who] = ()
) -> list[Candidate]:
    """Those of the mode, and of other modes those whose name or role is asked for and that the mode has nobody for.
    Where every place is named, only who bears one of the names. played: names that players of a roster play."""
    demands = [frame.whole, *(place.demands for place in frame.places)]
    names = {who for one in demands for names in one.named for who in names} | {w for w in frame.filler if w.named}
    roles = {role for one in demands for roles in one.roles for role in roles}
    roles |= {role for one in demands for named in one.named.values() for roles_ in named.roles for role in roles_}
    roles |= {who.role for who in frame.filler if who.role}
    elites = {candidate.key: elite_of(candidate.build, catalogue) for candidate in candidates}

    def bears(candidate: Candidate, who: Who) -> bool:
        return who.covers(candidate.build.profession, elites[candidate.key])

    considered = list(candidates)
    if all_named(frame):
        considered = [candidate for candidate in candidates if any(bears(candidate, who) for who in names)]
    native = [c for c in considered if c.build.game_mode in _ALIKE.get(mode, (mode,))]
    if len(native) < ENOUGH:
        native = [c for c in considered if BALANCE_OF_MODE[c.build.game_mode] == BALANCE_OF_MODE[mode]]
    if not native:
        return considered
    lacking = [who for who in {*names, *played} if not any(bears(c, who) for c in native)]
    lacking_roles = [role for role in roles if role and not any(_labelled(c, role) for c in native)]
    kept = {id(candidate) for candidate in native}
    return [
        c
        for c in considered
        if id(c) in kept or any(bears(c, who) for who in lacking) or any(_labelled(c, role) for role in lacking_roles)
    ]


def all_named(frame: Frame) -> bool:
    """Whether names fill every place."""
    if frame.whole.roles or any(place.demands.roles for place in frame.places):
        return False
    everywhere = sum(sum(named.least for named in place.demands.named.values()) for place in frame.places)
    whole = sum(named.least for named in frame.whole.named.values())
    return max(everywhere, whole) >= sum(place.size for place in frame.places)


def _labelled(candidate: Candidate, role: str) -> bool:
    own = candidate.build.role or ""
    if role == DAMAGE:
        return own in ("dps", "condi_dps")
    return bool(own) and role_closeness(role, own, candidate.build.secondary_roles) >= DOES_ALSO
