"""What pages ask for. Rules of the game are the BuildSpec's; forms only shape the input."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms

from builds.gamedata.model import MODES, WVW_STYLES
from builds.models import Build
from builds.recommend.fit import MODE_WORDS, STYLE_WORDS, role_words
from builds.spec.model import ROLES

PROFESSIONS = (
    "Guardian", "Warrior", "Engineer", "Ranger", "Thief", "Elementalist", "Mesmer", "Necromancer", "Revenant",
)  # fmt: skip
MODE_CHOICES = [(mode, MODE_WORDS[mode][:1].upper() + MODE_WORDS[mode][1:]) for mode in MODES]
ROLE_CHOICES = [(role, role_words(role).capitalize()) for role in ROLES]
STYLE_CHOICES = [(style, STYLE_WORDS[style].capitalize()) for style in WVW_STYLES]


class WishForm(forms.Form):
    """The box of the home page and its three selects. A select that holds nonsense is an error like any other."""

    q = forms.CharField(
        label="Paste a build code, or say what you want to play",
        required=False,
        max_length=20_000,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "[&DQ…] or “condi reaper for fractals”"}
        ),
    )
    profession = forms.ChoiceField(
        required=False, choices=[("", "Any profession"), *((name, name) for name in PROFESSIONS)]
    )
    role = forms.ChoiceField(required=False, choices=[("", "Any role"), *ROLE_CHOICES])
    mode = forms.ChoiceField(required=False, choices=[("", "Any game mode"), *MODE_CHOICES])


class LibraryForm(forms.Form):
    q = forms.CharField(label="Search", required=False, max_length=100)
    profession = forms.ChoiceField(required=False, choices=[("", "Any"), *((name, name) for name in PROFESSIONS)])
    elite = forms.ChoiceField(label="Specialization", required=False)
    mode = forms.ChoiceField(required=False, choices=[("", "Any"), *MODE_CHOICES])
    role = forms.ChoiceField(required=False, choices=[("", "Any"), *ROLE_CHOICES])
    order = forms.ChoiceField(
        required=False, choices=[("", "Best match, newest"), ("newest", "Newest first"), ("name", "By name")]
    )

    def __init__(self, *args: Any, elites: dict[str, list[str]], **kwargs: Any) -> None:
        """elites: profession to its elite specializations."""
        super().__init__(*args, **kwargs)
        field = self.fields["elite"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Any"),
            ("core", "Core (none)"),
            *((profession, [(name, name) for name in names]) for profession, names in elites.items()),
        ]

    def tell_counts(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """counts: field to value to how many builds it would leave. Said beside each choice."""
        for name, of_value in counts.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [_counted(choice, of_value) for choice in list(cast(Iterable[Any], field.choices))]


def _counted(choice: Any, counts: Mapping[str, int]) -> Any:
    value, label = choice
    if isinstance(label, list | tuple):
        return value, [_counted(inner, counts) for inner in label]
    return value, f"{label} ({counts.get(value, 0):,})"


class PasteForm(forms.Form):
    text = forms.CharField(
        label="Build code",
        max_length=60_000,
        help_text="The code that the game gives you under Build > Copy template link, or a build as JSON (build/1).",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )
    name = forms.CharField(required=False, max_length=120, help_text="Left empty: the specialization's name.")
    game_mode = forms.ChoiceField(required=False, choices=[("", "As in the text, else PvE"), *MODE_CHOICES])
    role = forms.ChoiceField(required=False, choices=[("", "Not said"), *ROLE_CHOICES])


class StartForm(forms.Form):
    """Where a build that is made from nothing begins."""

    profession = forms.ChoiceField(choices=[(name, name) for name in PROFESSIONS])
    game_mode = forms.ChoiceField(required=False, choices=MODE_CHOICES)


class DraftForm(forms.Form):
    """What a build is for. Its traits, skills and gear are fields of builds.editing."""

    name = forms.CharField(max_length=120)
    game_mode = forms.ChoiceField(choices=MODE_CHOICES)
    wvw_style = forms.ChoiceField(label="WvW style", required=False, choices=[("", "Not said"), *STYLE_CHOICES])
    role = forms.ChoiceField(required=False, choices=[("", "Not said"), *ROLE_CHOICES])


class BuildForm(DraftForm):
    description = forms.CharField(
        label="Notes", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    visibility = forms.ChoiceField(choices=Build.Visibility.choices, widget=forms.RadioSelect)
    difficulty = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", "Not said"),
            ("1", "1, easy"),
            ("2", "2"),
            ("3", "3, average"),
            ("4", "4"),
            ("5", "5, hard"),
        ],
    )
    tags = forms.CharField(required=False, max_length=400, help_text="Up to ten, separated by commas.")
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def clean_tags(self) -> list[str]:
        return str(self.cleaned_data["tags"]).split(",")
