"""What somebody asks of the gear optimiser, as a value that a row can hold."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from builds.engine.gear import Progress
from builds.engine.optimise import BuildOptimisation, GearChoices, optimize_build
from builds.gamedata import Catalogue
from builds.spec.model import BuildSpec, DamageProfile


@dataclass(frozen=True, slots=True)
class GearWish:
    """As `optimize_build` takes it."""

    objective: str = "damage"
    constraints: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    choices: GearChoices = field(default_factory=GearChoices)
    mode: str | None = None
    boons: Mapping[str, float] | None = None
    switches: tuple[int, ...] = ()
    profile: DamageProfile | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """data: as `as_json` gave it and a row kept it, perhaps before this release."""
        known = _known(cls, data)
        choices = {name: _frozen(value) for name, value in _known(GearChoices, known.pop("choices", {})).items()}
        profile = known.pop("profile", None)
        return cls(
            **{name: _frozen(value) for name, value in known.items()},
            choices=GearChoices(**choices),
            profile=profile and DamageProfile(**profile),
        )

    def optimised(
        self,
        spec: BuildSpec,
        catalogue: Catalogue,
        *,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> BuildOptimisation:
        return optimize_build(
            spec,
            catalogue,
            objective=self.objective,
            constraints=self.constraints,
            weights=self.weights,
            choices=self.choices,
            mode=self.mode,
            boons=self.boons,
            switches=frozenset(self.switches),
            profile=self.profile,
            progress=progress,
            cancelled=cancelled,
        )


def _known(shape: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(shape)}
    return {name: value for name, value in data.items() if name in names}


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
