"""What a field and a finisher make together, and what a boon becomes when it is corrupted.

Neither is among the facts of the official API. Source: the game's wiki, as special-place-ai-heaven/GW2_Build_Optimizer
summarises it for combos (combos.json, read 2026-09-04; guildjen.com's combo guide agrees) and as its "Boons" page of
before 2021 gives it for corruption; Retaliation has been Resolution since."""

from dataclasses import dataclass

from gw2optimizer.errors import NotFound

AREA_TARGETS = 5  # of a blast, within 360 units


@dataclass(frozen=True, slots=True)
class Combo:
    """effect: in the game's words. to: self, allies, foe or foes. max_targets: None where it is one."""

    field: str
    finisher: str
    effect: str
    stacks: int | None
    seconds: float | None
    to: str
    max_targets: int | None

    @property
    def text(self) -> str:
        """As "Might 3 stacks 20 s, area allies"."""
        parts = [self.effect]
        parts += [f"{self.stacks} stacks"] if self.stacks and self.stacks > 1 else []
        parts += [f"{self.seconds:g} s"] if self.seconds else []
        where = {"allies": ", area allies", "self": ", self"}.get(self.to, "")
        return " ".join(parts) + where


@dataclass(frozen=True, slots=True)
class Corruption:
    boon: str
    condition: str
    stacks: int
    seconds: float


# Field to finisher to (effect, stacks, seconds, to).
_COMBOS: dict[str, dict[str, tuple[str, int | None, float | None, str]]] = {
    "Fire": {
        "Blast": ("Might", 3, 20, "allies"),
        "Leap": ("Fire Aura", None, 5, "self"),
        "Projectile": ("Burning", 1, 1, "foe"),
        "Whirl": ("Burning", None, None, "foe"),
    },
    "Water": {
        "Blast": ("healing", None, None, "allies"),
        "Leap": ("healing", None, None, "self"),
        "Projectile": ("Regeneration", None, 2, "ally"),
        "Whirl": ("Regeneration", None, None, "ally"),
    },
    "Light": {
        "Blast": ("one condition removed", None, None, "allies"),
        "Leap": ("Light Aura", None, 5, "self"),
        "Projectile": ("one condition removed", None, None, "ally"),
        "Whirl": ("one condition removed", None, None, "ally"),
    },
    "Dark": {
        "Blast": ("Dark Aura", None, 3, "allies"),
        "Leap": ("Dark Aura", None, 5, "self"),
        "Projectile": ("life steal", None, None, "foe"),
        "Whirl": ("life steal", None, None, "foe"),
    },
    "Ethereal": {
        "Blast": ("Chaos Aura", None, 3, "allies"),
        "Leap": ("Chaos Aura", None, 5, "self"),
        "Projectile": ("Confusion", 1, 5, "foe"),
        "Whirl": ("Confusion", None, None, "foe"),
    },
    "Ice": {
        "Blast": ("Frost Aura", None, 3, "allies"),
        "Leap": ("Frost Aura", None, 5, "self"),
        "Projectile": ("chilled", None, 1, "foe"),
        "Whirl": ("chilled", None, None, "foe"),
    },
    "Lightning": {
        "Blast": ("Swiftness", None, 10, "allies"),
        "Leap": ("daze", None, 1, "foe"),
        "Projectile": ("Vulnerability", 2, 5, "foe"),
        "Whirl": ("Vulnerability", None, None, "foe"),
    },
    "Poison": {
        "Blast": ("weakness", None, 3, "foes"),
        "Leap": ("weakness", None, 8, "foe"),
        "Projectile": ("Poisoned", None, 2, "foe"),
        "Whirl": ("Poisoned", None, None, "foe"),
    },
    "Smoke": {
        "Blast": ("stealth", None, 3, "allies"),
        "Leap": ("stealth", None, 3, "self"),
        "Projectile": ("blinded", None, 3, "foe"),
        "Whirl": ("blinded", None, None, "foe"),
    },
}
_CORRUPTIONS: dict[str, tuple[str, int, float]] = {
    "Aegis": ("Burning", 1, 3),
    "Alacrity": ("Chilled", 1, 3),
    "Fury": ("Blinded", 1, 5),
    "Might": ("Weakness", 1, 5),
    "Protection": ("Vulnerability", 3, 8),
    "Quickness": ("Slow", 1, 3),
    "Regeneration": ("Poisoned", 1, 6),
    "Resistance": ("Chilled", 1, 3),
    "Resolution": ("Confusion", 3, 5),
    "Stability": ("Fear", 1, 1),
    "Swiftness": ("Crippled", 1, 10),
    "Vigor": ("Bleeding", 2, 8),
}


def combo(field: str, finisher: str) -> Combo:
    """By the API's words, in any case. Raises NotFound."""
    try:
        effect, stacks, seconds, to = _COMBOS[field.title()][finisher.title()]
    except KeyError as error:
        raise NotFound(f"There is no combo of “{field[:40]}” and “{finisher[:40]}”.") from error
    return Combo(field.title(), finisher.title(), effect, stacks, seconds, to, AREA_TARGETS if to == "allies" else None)


def corruption(boon: str) -> Corruption:
    """Raises NotFound for what is no boon."""
    try:
        return Corruption(boon.title(), *_CORRUPTIONS[boon.title()])
    except KeyError as error:
        raise NotFound(f"“{boon[:40]}” is no boon.") from error
