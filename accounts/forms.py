"""What the pages ask for. Whether a name, an address or a password will do is said by the services; a form
only knows what it can't pass on. No password field has a `maxlength`: a browser would cut what is pasted."""

from django import forms

from accounts.managers import LONGEST_IDENTIFIER
from accounts.passwords import LONGEST_PASSWORD

_TYPED_AS_IS = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class LoginForm(forms.Form):
    identifier = forms.CharField(
        label="Username or e-mail address",
        max_length=LONGEST_IDENTIFIER,
        widget=forms.TextInput(attrs={"autocomplete": "username", **_TYPED_AS_IS}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class RegisterForm(forms.Form):
    username = forms.CharField(
        label="Username",
        help_text="3 to 50 letters of A to Z, digits and underscores. Other players see it.",
        widget=forms.TextInput(attrs={"autocomplete": "username", "maxlength": 50, **_TYPED_AS_IS}),
    )
    email = forms.CharField(
        label="E-mail address",
        help_text="Only for getting back into your account. Nobody else sees it.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": LONGEST_IDENTIFIER}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text=f"12 to {LONGEST_PASSWORD} characters of any kind, without your username or address in it.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
