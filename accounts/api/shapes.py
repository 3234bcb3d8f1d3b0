"""What the routes of accounts take and answer. No docstrings: they would stand in the description of the API."""

from typing import Any

from rest_framework import serializers

from accounts.managers import LONGEST_IDENTIFIER
from accounts.models import LoginAttempt
from gw2optimizer.serializers import Strict, Text

# Beyond this nothing can be a password; how long one may be is said by the services.
_MOST_TYPED = 2_000


def errors(*statuses: int) -> dict[int, dict[str, str]]:
    return {status: {"$ref": "#/components/schemas/ErrorBody"} for status in statuses}


class Secret(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, max_length=_MOST_TYPED, **kwargs)


class Registration(Strict):
    username = Text(max_length=200)
    email = Text(max_length=400)
    password = Secret()


class Credentials(Strict):
    username = Text(max_length=LONGEST_IDENTIFIER, help_text="Or the verified e-mail address.")
    password = Secret()
    cookie = serializers.BooleanField(
        required=False, default=False, help_text="Set the tokens as HttpOnly cookies instead of answering them."
    )
    grant_type = serializers.ChoiceField(required=False, choices=["password"], help_text="Of OAuth2; may be absent.")
    scope = Text(required=False, allow_blank=True, max_length=400, help_text="Of OAuth2; not used.")
    client_id = Text(required=False, allow_blank=True, max_length=400, help_text="Of OAuth2; not used.")
    client_secret = Text(required=False, allow_blank=True, max_length=400, help_text="Of OAuth2; not used.")


class RefreshBody(Strict):
    refresh_token = Secret(required=False, help_text="Without it that of the cookie is used.")


class LinkToken(Strict):
    token = Text(max_length=200, help_text="Of the link in the letter.")


class Address(Strict):
    email = serializers.EmailField(max_length=254)


class NewPassword(LinkToken):
    password = Secret()


class PasswordChange(Strict):
    current = Secret()
    password = Secret()


class AddressChange(Strict):
    email = Text(max_length=400)
    password = Secret()


class OwnPassword(Strict):
    password = Secret()


class PreferencesField(serializers.DictField):
    child = serializers.CharField(allow_blank=True, max_length=40)


class ProfileChange(Strict):
    display_name = Text(required=False, allow_blank=True, max_length=50)
    bio = Text(required=False, allow_blank=True, max_length=1000)
    language = Text(required=False, max_length=10)
    time_zone = Text(required=False, max_length=40)
    preferences = PreferencesField(required=False)
    keeps_activity = serializers.BooleanField(required=False)


class HistoryQuery(Strict):
    before = serializers.IntegerField(required=False, min_value=1, max_value=2**62, help_text="From `next`.")


# --- What goes out -------------------------------------------------------------------------------


class Tokens(serializers.Serializer[Any]):
    token_type = serializers.ChoiceField(choices=["bearer"])
    access_token = serializers.CharField(allow_null=True, help_text="Null where it is in a cookie.")
    expires_in = serializers.IntegerField(help_text="Seconds.")
    refresh_token = serializers.CharField(allow_null=True, help_text="Null where it is in a cookie.")
    refresh_expires_in = serializers.IntegerField(help_text="Seconds.")


class Sent(serializers.Serializer[Any]):
    message = serializers.CharField()


class OwnAccount(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    email = serializers.CharField(allow_null=True)
    claimed_email = serializers.CharField(help_text="Waits to be verified; empty if none does.")
    is_verified = serializers.BooleanField()
    is_staff = serializers.BooleanField()
    role = serializers.ChoiceField(choices=["player", "moderator", "admin"])
    display_name = serializers.CharField()
    bio = serializers.CharField()
    language = serializers.CharField()
    time_zone = serializers.CharField()
    preferences = PreferencesField()
    keeps_activity = serializers.BooleanField()
    date_joined = serializers.DateTimeField()


class LoginEntry(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=LoginAttempt.Outcome.choices)
    address = serializers.CharField(allow_null=True)
    agent = serializers.CharField()


class LoginHistory(serializers.Serializer[Any]):
    items = LoginEntry(many=True)
    next = serializers.CharField(allow_null=True)


class SessionEntry(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=["session", "token"])
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField()
    address = serializers.CharField(allow_null=True)
    agent = serializers.CharField()
    current = serializers.BooleanField()


class SessionList(serializers.Serializer[Any]):
    items = SessionEntry(many=True)
