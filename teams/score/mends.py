"""The smallest changes that would mend a team's weaknesses: each was tried, and comes with the score it makes."""

from collections.abc import Iterable, Iterator, Sequence
from math import fsum

from builds.gamedata import Catalogue
from builds.spec import BuildSpec
from teams.coverage import PlayerEffects, coverage, player_effects
from teams.coverage.sums import in_group
from teams.coverage.team import Memo
from teams.score.model import Mend, PartScore, TeamScore
from teams.score.options import BUILD, KINDS, Option, small_changes
from teams.score.score import WEAK, score, weaknesses
from teams.score.targets import BOON, WITHOUT_BEST, Part, packaged_targets
from teams.spec import Place, SlotSpec, TeamSpec

EVALUATIONS = 120
"""Teams that are tried at most: some two seconds with 50 players."""
WEAKNESSES = 5
READ = 60
"""Changed builds that are looked at for one weakness, before the most promising are tried in the team."""
PLAYERS = 5
"""Whose small changes are looked at for one weakness: those of the weakest subgroups who may be changed first."""
LEAST_GAIN = 0.05
"""Points of the score below which nobody would change anything."""


def mends(
    team: TeamSpec,
    catalogue: Catalogue,
    candidates: Sequence[BuildSpec] = (),
    *,
    evaluations: int = EVALUATIONS,
    most: int = WEAKNESSES,
) -> tuple[Mend, ...]:
    """For each of the greatest weaknesses the best change of each kind (sigil, trait, skill, build) that raises both
    the part and the score; those that mend it first, then the smallest. candidates: builds that a player could take
    instead. Locked places stay. The same team gives the same answer."""
    before = score(coverage(team, catalogue))
    weak = weaknesses(before.parts)[: min(most, evaluations)]
    if not weak or not any(slot.build and not slot.locked for _, slot in team.places()):
        return ()
    search = _Search(team, catalogue, candidates, before)
    return tuple(mend for part in weak for mend in search.of(part, evaluations // len(weak)))


class _Search:
    def __init__(
        self, team: TeamSpec, catalogue: Catalogue, candidates: Sequence[BuildSpec], before: TeamScore
    ) -> None:
        self.team, self.catalogue, self.before = team, catalogue, before
        self.candidates = tuple(candidates)
        self.memo = Memo()

    def of(self, weak: PartScore, evaluations: int) -> list[Mend]:
        part = packaged_targets().parts[weak.name]
        best: dict[str, Mend] = {}
        for place, slot, option in self._promising(part, weak, evaluations):
            mend = self._tried(weak, place, slot, option)
            if mend is not None and (option.kind not in best or _rank(mend) < _rank(best[option.kind])):
                best[option.kind] = mend
        return sorted(best.values(), key=lambda mend: (not mend.mended, KINDS.index(mend.kind)))

    def _tried(self, weak: PartScore, place: Place, slot: SlotSpec, option: Option) -> Mend | None:
        after = score(coverage(self.team.with_build(place, option.build), self.catalogue, memo=self.memo))
        part = after.part(weak.name)
        gain = after.total - self.before.total
        if gain < LEAST_GAIN or part.value <= weak.value:
            return None
        who = slot.player or (slot.build.name if slot.build else "")
        return Mend(
            part=weak.name,
            kind=option.kind,
            place=place,
            player=who,
            before=option.before,
            after=option.after,
            score=after.total,
            grade=after.grade,
            gain=gain,
            number=part.number,
            mended=part.value >= WEAK,
            sentence=(
                f"{weak.title}: {who} ({place}) takes {option.after} instead of {option.before}: "
                f"the score goes from {self.before.total:.1f} to {after.total:.1f}."
            ),
            build=option.build,
        )

    # --- What to try -------------------------------------------------------------------------------
    def _promising(self, part: Part, weak: PartScore, evaluations: int) -> Iterator[tuple[Place, SlotSpec, Option]]:
        """Of each kind those that add most to the part by themselves, in turn until the evaluations are used up."""
        found: dict[str, list[tuple[float, int, Place, SlotSpec, Option]]] = {kind: [] for kind in KINDS}
        for number, (place, slot, option) in enumerate(self._options(part, weak)):
            assert slot.build is not None
            more = self._worth(option.build, part) - self._worth(slot.build, part)
            if more > 0:
                found[option.kind].append((-more, number, place, slot, option))
        ranked = [sorted(options, key=lambda one: one[:2]) for options in found.values()]
        for turn in range(max(map(len, ranked))):
            for options in ranked:
                if turn < len(options) and evaluations:
                    evaluations -= 1
                    yield options[turn][2:]

    def _options(self, part: Part, weak: PartScore) -> Iterator[tuple[Place, SlotSpec, Option]]:
        players = self._weakest(weak)
        read = 0
        for place, slot in players[:PLAYERS]:
            assert slot.build is not None
            for option in small_changes(slot.build, part, self.catalogue, self.team.game_mode):
                if read < READ:
                    read += 1
                    yield place, slot, option
        for place, slot in players:
            assert slot.build is not None
            for candidate in self._best_candidates(part, slot.build):
                yield place, slot, Option(BUILD, candidate, slot.build.name, candidate.name)

    def _weakest(self, weak: PartScore) -> list[tuple[Place, SlotSpec]]:
        """Players who may be changed: of the weakest subgroup for the part, in it those who are given up first."""

        def order(one: tuple[Place, SlotSpec]) -> tuple[float, int, Place]:
            value = weak.groups[one[0].group] if weak.groups else 0.0
            return value if value is not None else 1.0, -one[1].priority, one[0]

        return sorted(((p, s) for p, s in self.team.places() if s.build is not None and not s.locked), key=order)

    def _best_candidates(self, part: Part, present: BuildSpec) -> Iterable[BuildSpec]:
        others = [build for build in self.candidates if build != present]
        ranked = sorted(range(len(others)), key=lambda i: (-self._worth(others[i], part), i))
        return [others[i] for i in ranked[:3]]

    def _worth(self, build: BuildSpec, part: Part) -> float:
        return worth(player_effects(build, self.catalogue, self.team.game_mode), part)


def worth(effects: PlayerEffects, part: Part) -> float:
    """What one build adds to the part by itself, in its unit: to choose by what to try."""
    if part.measure in (BOON, WITHOUT_BEST):
        return fsum(gift.amount * in_group(gift) for gift in effects.boons.get(part.of, ()))
    if part.measure == "damage":
        return effects.damage.total if effects.damage else 0.0
    if part.measure == "effective_health":
        return effects.effective_health or 0.0
    if part.measure == "ranged":
        return float(effects.ranged)
    if part.measure == "mobility":
        gifts = (*effects.boons.get("Swiftness", ()), *effects.rates.get("superspeed", ()))
        return fsum(gift.amount * in_group(gift) for gift in gifts)
    return fsum(gift.amount * max(1, gift.targets) for gift in effects.rates.get(part.of, ()))


def _rank(mend: Mend) -> tuple[bool, float, Place, str]:
    return not mend.mended, -mend.gain, mend.place, mend.after
