"""Entries of a roster in words."""

from django import template

from builds.language.who import CORE
from builds.templatetags.look import role_name
from teams.roster import Play, Window
from teams.roster.times import MIDNIGHT, clock

register = template.Library()


@register.filter
def play_profession(play: Play) -> str:
    """ "" for any."""
    return play.build.profession if play.build else play.who.profession


@register.filter
def play_words(play: Play) -> str:
    if play.build:
        return f"{play.build.name} (own build)"
    who = play.who
    role = "damage" if who.role == "damage" else role_name(who.role).lower()
    name = f"core {who.profession}" if who.elite == CORE else who.elite or who.profession
    if name and role:
        return f"{name}, {role}"
    return name or f"Anything, {role}"


@register.filter
def window_words(window: Window) -> str:
    day = window.day if window.on else f"{window.day.capitalize()}s"
    if (window.begins, window.ends) == (0, MIDNIGHT):
        return day
    return f"{day} {clock(window.begins)}–{clock(window.ends)}"
