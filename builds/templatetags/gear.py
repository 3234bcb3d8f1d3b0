"""The choices of the form of a search for gear, as its page draws them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template

from builds.engine.optimise.choices import DEFAULT_PREFIXES
from builds.gear_form import GearForm
from builds.presentation.gear_offer import prefix_words

register = template.Library()


@dataclass(frozen=True, slots=True)
class Offered:
    """One choice. title: what more is known of it."""

    value: str
    label: str
    on: bool
    title: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    choices: tuple[Offered, ...]

    @property
    def count(self) -> int:
        return sum(choice.on for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Chips:
    """near: at hand at once, the rest on demand."""

    near: tuple[Offered, ...]
    far: tuple[Offered, ...]


def _choices(form: GearForm, name: str) -> Iterable[tuple[str, str, bool]]:
    ticked = set(form.ticked(name))
    for value, label in form.offered[name]:
        yield value, label, value in ticked


@register.simple_tag
def offers(form: GearForm, name: str) -> Offers:
    """First those that are ticked, and then what the build has now, so that they are seen."""
    own = form.own.get(name, frozenset())
    found = [
        Offered(value, f"{label} (its own)" if value in own else label, on) for value, label, on in _choices(form, name)
    ]
    return Offers(tuple(sorted(found, key=lambda choice: (not choice.on, choice.value not in own))))


@register.simple_tag
def prefix_chips(form: GearForm) -> Chips:
    """At hand are those usual for the objective, those that the build wears, and those that are ticked."""
    usual = DEFAULT_PREFIXES.get(str(form["objective"].value()), ())
    worn = {piece.prefix for piece in form.spec.gear.values()}
    near: list[Offered] = []
    far: list[Offered] = []
    for value, label, on in _choices(form, "prefixes"):
        chip = Offered(value, label, on, prefix_words(form.catalogue.prefixes[value]))
        (near if on or value in usual or value in worn else far).append(chip)
    return Chips(tuple(near), tuple(far))
