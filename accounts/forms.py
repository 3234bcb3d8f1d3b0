"""What the pages ask for. Whether a name, an address or a password will do is said by the services; a form
only knows what it can't pass on. No password field has a `maxlength`: a browser would cut what is pasted."""

from typing import Any

from django import forms
from django.conf import settings

from accounts.managers import LONGEST_IDENTIFIER
from accounts.models import PersonalToken
from accounts.models.moderation import MOST_CHARACTERS
from accounts.models.user import available_time_zones
from accounts.passwords import LONGEST_PASSWORD
from accounts.services.tokens import LIFETIMES
from gw2optimizer.errors import DomainError

_TYPED_AS_IS = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
_NEW_PASSWORD_HELP = (
    f"12 to {LONGEST_PASSWORD} characters of any kind. A few random words are good; a common one, your name or your "
    "address in it is not."
)
_LIFETIME_WORDS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}
_MODE_WORDS = (
    ("", "No wish"), ("pve", "PvE"), ("fractals", "Fractals"), ("raids", "Raids"), ("strikes", "Strikes"),
    ("wvw", "WvW"), ("pvp", "PvP"),
)  # fmt: skip


def password_field(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, help_text=help_text, widget=widget)


def address_field(label: str, help_text: str = "") -> forms.CharField:
    widget = forms.EmailInput(attrs={"autocomplete": "email", "maxlength": LONGEST_IDENTIFIER})
    return forms.CharField(label=label, help_text=help_text, widget=widget)


class LoginForm(forms.Form):
    identifier = forms.CharField(
        label="Username or e-mail address",
        max_length=LONGEST_IDENTIFIER,
        help_text="An address works here once it is verified.",
        widget=forms.TextInput(attrs={"autocomplete": "username", **_TYPED_AS_IS}),
    )
    password = password_field("Password", "current-password")


class RegisterForm(forms.Form):
    username = forms.CharField(
        label="Username",
        help_text="3 to 50 letters of A to Z, digits and underscores. Other players see it.",
        widget=forms.TextInput(attrs={"autocomplete": "username", "maxlength": 50, **_TYPED_AS_IS}),
    )
    email = address_field("E-mail address", "Only for getting back into your account. Nobody else sees it.")
    password = password_field("Password", "new-password", _NEW_PASSWORD_HELP)


class ForgotForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        max_length=LONGEST_IDENTIFIER,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class NewPasswordForm(forms.Form):
    password = password_field("New password", "new-password", _NEW_PASSWORD_HELP)


class ChangePasswordForm(forms.Form):
    current = password_field("Current password", "current-password")
    password = password_field("New password", "new-password", _NEW_PASSWORD_HELP)


class ChangeAddressForm(forms.Form):
    email = address_field("New e-mail address", "We send a link there. Until you open it, your present address stays.")
    password = password_field("Your password", "current-password")


class OwnPasswordForm(forms.Form):
    password = password_field("Your password", "current-password")


class CodeForm(forms.Form):
    """Not of digits alone: a recovery code goes into the same box."""

    code = forms.CharField(
        label="Code of your app",
        max_length=40,
        help_text="Or one of your recovery codes.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", **_TYPED_AS_IS}),
    )


class ConfirmFactorForm(forms.Form):
    code = forms.CharField(
        label="Code of your app",
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    password = password_field("Your password", "current-password")


class HideForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=MOST_CHARACTERS,
        help_text="Its owner reads this: on the page, in the list of their own, and in a letter.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReportForm(forms.Form):
    text = forms.CharField(max_length=MOST_CHARACTERS, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, appeal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "What has changed, or why it is a mistake" if appeal else "What is wrong with it"
        self.fields["text"].help_text = "Only moderators read it."


class TokenForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=60,
        help_text="What it is for, such as: script for the guild page.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do", choices=PersonalToken.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label="Ends after", coerce=int, choices=[(days, _LIFETIME_WORDS[days]) for days in LIFETIMES], initial=30
    )


class ProfileForm(forms.Form):
    display_name = forms.CharField(
        label="Shown name",
        required=False,
        max_length=50,
        help_text="What this site calls you. Other players see your username.",
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    bio = forms.CharField(label="About you", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class SettingsForm(forms.Form):
    """Without a choice of language while the site has only one."""

    language = forms.ChoiceField(label="Language", choices=())
    time_zone = forms.ChoiceField(label="Time zone", choices=(), help_text="Every time on these pages is shown in it.")
    game_mode = forms.ChoiceField(
        label="Game mode",
        required=False,
        choices=_MODE_WORDS,
        help_text="Chosen for you on the home page.",
    )
    keeps_activity = forms.BooleanField(
        label="Remember what I rate, save, copy and pick, to recommend better",
        required=False,
        help_text="Without it nothing more is noted. What was noted loses your name when you delete your account.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language: Any = self.fields["language"]
        language.choices = settings.LANGUAGES
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]
        zone: Any = self.fields["time_zone"]
        zone.choices = zone_choices()


def zone_choices() -> list[Any]:
    """By continent, so that a list of 600 can be used; what belongs to none comes first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    single: list[Any] = []
    for name in sorted(available_time_zones()):
        region, _, place = name.partition("/")
        if place:
            groups.setdefault(region, []).append((name, place.replace("_", " ").replace("/", ", ")))
        else:
            single.append((name, name))
    return [*single, *groups.items()]


def add_errors(form: forms.Form, error: DomainError) -> None:
    """Each at its field where the form has one, else above the form."""
    known = {name: texts for name, texts in error.fields.items() if name in form.fields}
    for name, texts in known.items():
        for text in texts:
            form.add_error(name, text)
    for name, texts in error.fields.items():
        if name not in known:
            for text in texts:
                form.add_error(None, text)
    if not error.fields:
        form.add_error(None, error.message)
