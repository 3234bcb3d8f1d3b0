"""Forms of rosters. What an entry may hold is `teams.roster`'s to say; forms only shape the input."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField

from builds.catalogue import current_catalogue
from builds.forms import MODE_CHOICES, PROFESSIONS, ROLE_CHOICES
from builds.language.who import CORE, DAMAGE
from builds.spec import BuildSpec, plain_json
from gw2optimizer.errors import DomainError
from teams.roster.model import MAX_PLAYS, MAX_WINDOWS, USUAL_GLAD, Player
from teams.roster.parse import MAX_NAME, MAX_NOTE, time_zones
from teams.roster.times import DAYS, clock
from teams.services.rosters import MOST_DAYS, USUAL_DAYS

PLAYS_SHOWN, TIMES_SHOWN, MORE = 3, 2, 3
GLADNESS = [("5", "5 best of all"), ("4", "4 gladly"), ("3", "3 fine"), ("2", "2 rather not"), ("1", "1 if it must be")]
_ANY = "any "
_SEARCH = {"autocomplete": "off", "spellcheck": "false"}


class RosterForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    game_mode = forms.ChoiceField(label="Game mode", choices=MODE_CHOICES, initial="wvw")
    time_zone = forms.ChoiceField(label="Time zone", help_text="By whose clock players give their times.")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = self.fields["time_zone"]
        assert isinstance(zones, forms.ChoiceField)
        zones.choices = [(name, name.replace("_", " ")) for name in ("UTC", *sorted(time_zones() - {"UTC"}))]


class LinkForm(forms.Form):
    days = forms.IntegerField(label="Good for how many days", min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS)


class EntryForm(forms.Form):
    """One player: rows of what he plays and of when he can come, as many as are filled and a few more."""

    name = forms.CharField(label="Name in the game", max_length=MAX_NAME)
    note = forms.CharField(label="Note", max_length=MAX_NOTE, required=False)
    away = forms.BooleanField(label="Can't come at all for now", required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    rows = forms.IntegerField(required=False, widget=forms.HiddenInput)
    times = forms.IntegerField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(
        label="Add a build of your own by its code",
        required=False,
        max_length=4096,
        widget=forms.TextInput(attrs={**_SEARCH, "placeholder": "[&DQ…]"}),
    )
    code_role = forms.ChoiceField(label="Its role", required=False, choices=[("", "Any"), *ROLE_CHOICES])
    code_gladness = forms.ChoiceField(label="How gladly", required=False, choices=GLADNESS, initial=USUAL_GLAD)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, player: Player | None = None, version: int = 0
    ) -> None:
        """player: who is there already; his own builds are kept unless they are taken off."""
        self.own: tuple[tuple[BuildSpec, int], ...] = ()
        initial: dict[str, Any] = {}
        if player is not None:
            self.own = tuple((play.build, play.gladness) for play in player.plays if play.build is not None)
            initial = _initial(player) | {"version": version}
        super().__init__(data, initial=initial)
        more = data is not None and "more" in data
        self.play_count = self._count("rows", initial, PLAYS_SHOWN, MAX_PLAYS, more=more)
        self.time_count = self._count("times", initial, TIMES_SHOWN, MAX_WINDOWS, more=more)
        if more and data is not None:
            self.data = {key: data[key] for key in data} | {"rows": self.play_count, "times": self.time_count}
        self.initial = {**self.initial, "rows": self.play_count, "times": self.time_count}
        whats, roles = what_choices(), [("", "Any role"), (DAMAGE, "Damage"), *ROLE_CHOICES]
        for i in range(self.play_count):
            self.fields[f"what_{i}"] = forms.ChoiceField(label=f"Plays, {i + 1}", required=False, choices=whats)
            self.fields[f"role_{i}"] = forms.ChoiceField(label=f"As, {i + 1}", required=False, choices=roles)
            self.fields[f"glad_{i}"] = forms.ChoiceField(
                label=f"How gladly, {i + 1}", required=False, choices=GLADNESS, initial=USUAL_GLAD
            )
        days = [("", "–"), *((day, f"{day.capitalize()}s") for day in DAYS)]
        for i in range(self.time_count):
            self.fields[f"day_{i}"] = forms.ChoiceField(label=f"Weekday, {i + 1}", required=False, choices=days)
            self.fields[f"date_{i}"] = forms.DateField(
                label=f"or date, {i + 1}", required=False, widget=forms.DateInput(attrs={"type": "date"})
            )
            for name, label in (("from", "From"), ("until", "Until")):
                clock_field = forms.TextInput(attrs={"type": "time"})
                self.fields[f"{name}_{i}"] = forms.CharField(
                    label=f"{label}, {i + 1}", required=False, max_length=8, widget=clock_field
                )
        for i, _ in enumerate(self.own):
            self.fields[f"drop_{i}"] = forms.BooleanField(label="Take it off", required=False)

    def _count(self, name: str, initial: Mapping[str, Any], shown: int, most: int, *, more: bool) -> int:
        given = str(self.data.get(name, "")) if self.is_bound else ""
        there = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else initial.get(name, shown)
        return max(shown, min(most, there + (MORE if more else 0)))

    # --- for the template -----------------------------------------------------------------------
    def play_rows(self) -> Iterator[tuple[BoundField, ...]]:
        for i in range(self.play_count):
            yield tuple(self[f"{name}_{i}"] for name in ("what", "role", "glad"))

    def time_rows(self) -> Iterator[tuple[BoundField, ...]]:
        for i in range(self.time_count):
            yield tuple(self[f"{name}_{i}"] for name in ("day", "date", "from", "until"))

    def own_builds(self) -> Iterator[tuple[BuildSpec, int, BoundField]]:
        for i, (build, gladness) in enumerate(self.own):
            yield build, gladness, self[f"drop_{i}"]

    # --- for the service ------------------------------------------------------------------------
    def document(self, pasted: BuildSpec | None = None) -> dict[str, Any]:
        """One of `players` of roster/1. Only of a valid form."""
        data = self.cleaned_data
        plays: list[dict[str, Any]] = [
            {**what_named(data[f"what_{i}"]), "role": data[f"role_{i}"] or None, "gladness": _glad(data[f"glad_{i}"])}
            for i in range(self.play_count)
            if data[f"what_{i}"] or data[f"role_{i}"]
        ]
        plays += [
            {"build": plain_json(build), "gladness": gladness}
            for i, (build, gladness) in enumerate(self.own)
            if not data[f"drop_{i}"]
        ]
        if pasted is not None:
            plays.append({"build": plain_json(pasted), "gladness": _glad(data["code_gladness"])})
        return {
            "name": data["name"],
            "note": data["note"],
            "away": data["away"],
            "plays": plays,
            "available": list(self._windows()),
        }

    def _windows(self) -> Iterator[dict[str, str]]:
        data = self.cleaned_data
        for i in range(self.time_count):
            day = data[f"date_{i}"].isoformat() if data[f"date_{i}"] else data[f"day_{i}"]
            begins, ends = data[f"from_{i}"][:5], data[f"until_{i}"][:5]
            if day:
                # An end at midnight is the end of the day, which a field for times can't say.
                yield {"day": day, "from": begins or "00:00", "until": ends if ends not in ("", "00:00") else "24:00"}

    def refuse(self, error: DomainError) -> None:
        """Each complaint at its field where the form has one, else above the form."""
        if "version" in error.fields:
            self.add_error(None, error.message)
            return
        for path, texts in error.fields.items():
            field = path if path in self.fields else None
            said = [_in_words(path, text) for text in texts] if field is None else texts
            for text in said:
                self.add_error(field, text)
        if not error.fields:
            self.add_error(None, error.message)


def _glad(chosen: str) -> int:
    return int(chosen) if chosen else USUAL_GLAD


def _in_words(path: str, text: str) -> str:
    if path == "plays":
        return "Say at least one thing that you play: a specialization, a role, or a build of your own."
    if path.startswith("available."):
        return f"Time {int(path.split('.')[1]) + 1}: {text}"
    return text


def _initial(player: Player) -> dict[str, Any]:
    found: dict[str, Any] = {"name": player.name, "note": player.note, "away": player.away}
    named = [play for play in player.plays if play.build is None]
    for i, play in enumerate(named):
        who = play.who
        what = who.elite if who.elite and who.elite != CORE else f"{who.elite or _ANY.strip()} {who.profession}"
        found |= {f"what_{i}": what if who.profession else "", f"role_{i}": who.role, f"glad_{i}": play.gladness}
    for i, window in enumerate(player.available):
        found |= {
            f"day_{i}": "" if window.on else window.day,
            f"date_{i}": window.on,
            f"from_{i}": clock(window.begins),
            f"until_{i}": clock(window.ends % (24 * 60)),
        }
    return found | {"rows": len(named) + 1, "times": len(player.available) + 1}


def what_choices() -> list[tuple[str, Any]]:
    """Any, core and each elite specialization, by profession."""
    elites: dict[str, list[str]] = {name: [] for name in PROFESSIONS}
    for one in current_catalogue().specializations.values():
        if one.elite and one.profession in elites:
            elites[one.profession].append(one.name)
    groups: list[tuple[str, Sequence[tuple[str, str]]]] = [
        (
            profession,
            [
                (f"{_ANY}{profession}", f"Any {profession}"),
                *((name, name) for name in sorted(names)),
                (f"{CORE} {profession}", f"Core {profession}"),
            ],
        )
        for profession, names in elites.items()
    ]
    return [("", "Anything"), *groups]


def what_named(value: str) -> dict[str, str | None]:
    if not value:
        return {"profession": None, "specialization": None}
    kind, _, profession = value.partition(" ")
    if profession in PROFESSIONS and kind in (_ANY.strip(), CORE):
        return {"profession": profession, "specialization": CORE if kind == CORE else None}
    return {"profession": None, "specialization": value}
