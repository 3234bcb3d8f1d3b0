"""What the pages of teams ask for. What a team may hold is `teams.spec`'s to say; forms only shape the input."""

from typing import Any

from django import forms

from builds.forms import MODE_CHOICES, ROLE_CHOICES, STYLE_CHOICES
from gw2optimizer.errors import InvalidInput
from teams.language import LONGEST_TEXT
from teams.models import Team
from teams.models.team import GRADES
from teams.roster import Moment, parse_moment
from teams.spec import MAX_PLAYERS
from teams.spec.model import PRIORITIES

_SEARCH = {"autocomplete": "off", "spellcheck": "false"}
_PRIORITY_WORDS = {1: "1, given up last", 3: "3, as usual", 5: "5, given up first"}


class TeamsForm(forms.Form):
    q = forms.CharField(label="Search", required=False, max_length=100)
    mode = forms.ChoiceField(required=False, choices=[("", "Any"), *MODE_CHOICES])
    style = forms.ChoiceField(label="WvW style", required=False, choices=[("", "Any"), *STYLE_CHOICES])
    grade = forms.ChoiceField(required=False, choices=[("", "Any"), *((grade, grade) for grade in GRADES)])
    order = forms.ChoiceField(
        required=False, choices=[("newest", "Newest first"), ("score", "Best score first"), ("name", "By name")]
    )


class NewTeamForm(forms.Form):
    name = forms.CharField(max_length=120)
    game_mode = forms.ChoiceField(choices=MODE_CHOICES, initial="wvw")
    wvw_style = forms.ChoiceField(label="WvW style", required=False, choices=[("", "Not said"), *STYLE_CHOICES])
    size = forms.IntegerField(label="Players", min_value=1, max_value=MAX_PLAYERS, initial=10)


class TeamForm(forms.Form):
    name = forms.CharField(max_length=120)
    game_mode = forms.ChoiceField(choices=MODE_CHOICES)
    wvw_style = forms.ChoiceField(label="WvW style", required=False, choices=[("", "Not said"), *STYLE_CHOICES])
    notes = forms.CharField(required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}))
    visibility = forms.ChoiceField(choices=Team.Visibility.choices, widget=forms.RadioSelect)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SlotForm(forms.Form):
    player = forms.CharField(label="Player", required=False, max_length=60, widget=forms.TextInput(attrs=_SEARCH))
    role = forms.ChoiceField(required=False, choices=[("", "As the build says"), *ROLE_CHOICES])
    priority = forms.TypedChoiceField(
        coerce=int, choices=[(number, _PRIORITY_WORDS.get(number, str(number))) for number in PRIORITIES]
    )
    locked = forms.BooleanField(label="Locked: nothing that suggests or composes changes this place", required=False)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class PickForm(forms.Form):
    """Which build goes into a place."""

    q = forms.CharField(label="Search", required=False, max_length=100)
    role = forms.ChoiceField(required=False, choices=[("", "Any"), *ROLE_CHOICES])
    mode = forms.ChoiceField(required=False, choices=[("", "Any"), *MODE_CHOICES])


class PasteSlotForm(forms.Form):
    text = forms.CharField(
        label="Or paste a build code",
        max_length=60_000,
        widget=forms.TextInput(attrs={**_SEARCH, "placeholder": "[&DQ…]"}),
    )
    role = forms.ChoiceField(required=False, choices=[("", "Not said"), *ROLE_CHOICES])
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class WordsForm(forms.Form):
    """What a commander says: a wish for a team, or what to change in the one at hand."""

    q = forms.CharField(
        label="Say which team you want, in English or French",
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(
            attrs={**_SEARCH, "placeholder": "“2 groups of 5 with Firebrand, Druid, Harbinger, Spellbreaker, Scrapper”"}
        ),
    )
    mode = forms.ChoiceField(label="Game mode", required=False, choices=[("", "By the words"), *MODE_CHOICES])
    roster = forms.ChoiceField(label="Players of", required=False)
    when = forms.CharField(
        label="Who comes",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={**_SEARCH, "placeholder": "tuesday 20:00"}),
    )

    def __init__(self, *args: Any, rosters: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        """rosters: id and name of the user's own."""
        super().__init__(*args, **kwargs)
        if rosters:
            field = self.fields["roster"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "Nobody in particular"), *rosters]
        else:
            del self.fields["roster"], self.fields["when"]

    def clean_when(self) -> Moment | None:
        text = self.cleaned_data["when"].strip()
        try:
            return parse_moment(text) if text else None
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from error


class ChangeForm(forms.Form):
    q = forms.CharField(
        label="Change it by words",
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(attrs={**_SEARCH, "placeholder": "“replace the Reaper by a Harbinger”"}),
    )


class BestForm(forms.Form):
    max_changes = forms.IntegerField(label="Places that may change", min_value=1, max_value=10, initial=2)
