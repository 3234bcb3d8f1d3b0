"""Drawn things and small words for templates."""

import re
from functools import lru_cache
from typing import Any

from django import template
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Widget
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from builds.presentation.glyphs import Tile

register = template.Library()

MODE_NAMES = {
    "pve": "PvE", "fractals": "Fractals", "raids": "Raids", "strikes": "Strikes", "wvw": "WvW", "pvp": "PvP",
}  # fmt: skip
STYLE_NAMES = {"zerg": "zerg", "raid_guild": "raid guild", "roaming": "roaming"}
ROLE_NAMES = {
    "dps": "Power damage", "condi_dps": "Condition damage", "quickness": "Quickness", "alacrity": "Alacrity",
    "healer": "Healer", "healer_quickness": "Healer, quickness", "healer_alacrity": "Healer, alacrity",
    "boon_support": "Boon support", "stability_support": "Stability", "strip": "Boon strip", "cleanse": "Cleanse",
    "tank": "Tank", "hybrid": "Hybrid", "utility": "Utility",
}  # fmt: skip
ROLE_ICONS = {
    "dps": "sword", "condi_dps": "flame", "quickness": "fast-forward", "alacrity": "timer-reset", "healer": "heart",
    "healer_quickness": "heart-pulse", "healer_alacrity": "heart-pulse", "boon_support": "chevrons-up",
    "stability_support": "anchor", "strip": "scissors", "cleanse": "sparkles", "tank": "shield", "hybrid": "swords",
    "utility": "wrench",
}  # fmt: skip
VISIBILITY = {"private": ("Private", "lock"), "unlisted": ("Unlisted", "link"), "public": ("Public", "globe")}
MESSAGE_ICONS = {"success": "circle-check", "warning": "triangle-alert", "error": "circle-alert"}

PROFESSIONS = (
    "Guardian", "Warrior", "Revenant", "Engineer", "Ranger", "Thief", "Elementalist", "Mesmer", "Necromancer",
)  # fmt: skip

_NOT_A_CLASS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)
def _use(name: str, classes: str, label: str) -> SafeString:
    # A page has hundreds of them, and each would look the file's hashed name up again.
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            classes, label, static("img/icons.svg"), name,
        )  # fmt: skip
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static("img/icons.svg"), name
    )


@receiver(setting_changed)
def _forget(**_: Any) -> None:
    _use.cache_clear()


@register.simple_tag
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """A symbol of static/img/icons.svg. Without a label it is decoration, hidden from readers."""
    return _use(name, f"icon {classes}".strip(), label)


@register.simple_tag
def mark(profession: str, classes: str = "", label: str = "") -> SafeString:
    """The drawn mark of a profession, in its colour."""
    return _use(f"mark-{profession.lower()}", f"mark {prof_class(profession)} {classes}".strip(), label)


@register.filter
def prof_class(profession: str | None) -> str:
    """The class that sets --prof, the colour of the profession, for what is inside."""
    return "prof-" + _NOT_A_CLASS.sub("", (profession or "none").lower())


@register.simple_tag
def professions() -> tuple[str, ...]:
    """In the game's order: heavy, medium, light armor."""
    return PROFESSIONS


@register.filter
def mode_name(mode: str | None) -> str:
    return MODE_NAMES.get(mode or "", mode or "")


@register.filter
def style_name(style: str | None) -> str:
    return STYLE_NAMES.get(style or "", style or "")


@register.filter
def role_name(role: str | None) -> str:
    return ROLE_NAMES.get(role or "", role or "")


@register.filter
def role_icon(role: str | None) -> str:
    return ROLE_ICONS.get(role or "", "circle-dot")


@register.filter
def visibility_name(visibility: str) -> str:
    return VISIBILITY.get(visibility, (visibility, ""))[0]


@register.filter
def visibility_icon(visibility: str) -> str:
    return VISIBILITY.get(visibility, ("", "lock"))[1]


@register.filter
def message_icon(tag: str) -> str:
    return MESSAGE_ICONS.get(tag, "info")


@register.filter
def kind_of_field(field: BoundField) -> str:
    """check, choices or line: how the field stands beside its label."""
    widget: Widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    return "line"


@register.simple_tag
def control(field: BoundField, **attributes: Any) -> SafeString:
    """The widget with more attributes, the empty ones left out; `data_x` becomes data-x. Django adds aria-invalid
    and aria-describedby."""
    attrs = {name.replace("_", "-"): value for name, value in attributes.items() if value}
    return field.as_widget(attrs=attrs)


@register.inclusion_tag("components/tile.html")
def tile(drawn: Tile, classes: str = "") -> dict[str, Any]:
    """drawn: a `presentation` Tile: our stored picture if there is one, else the symbol on its tint."""
    return {"tile": drawn, "classes": classes}


@register.filter
def name_class(name: str) -> str:
    """Two long words stand beneath each other, so that the line of the chosen path begins where they end."""
    return " name-two" if len(name) > 15 and name.count(" ") == 1 else ""


@register.filter
def difficulty_words(level: int | None) -> str:
    return ("", "Very easy", "Easy", "Medium", "Hard", "Very hard")[level or 0]


@register.filter
def thousands(count: int | None) -> str:
    return f"{count or 0:,}"
