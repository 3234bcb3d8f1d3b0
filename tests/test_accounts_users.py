"""The user, and the services and commands that make one."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import structlog
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models.signals import pre_save
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.backends import EmailOrUsernameBackend
from accounts.models import Session, User
from accounts.services import register_user, system_owner
from accounts.tasks import clear_expired_sessions
from gw2optimizer.errors import Conflict, InvalidInput
from tests.factories import PASSWORD, UserFactory
from tests.hashers import QuickArgon2

pytestmark = pytest.mark.django_db

HALF_A_CHARACTER = "\ud800"
TAKEN_NAME = "This name is taken."
TAKEN_ADDRESS = "This address has an account already."


def refusal(**changes: str) -> dict[str, list[str]]:
    wish = {"username": "Taimi", "email": "taimi@example.com", "password": PASSWORD} | changes
    with pytest.raises(InvalidInput) as caught:
        register_user(**wish)
    return caught.value.fields


def test_register_user_stores_what_was_asked() -> None:
    user = register_user(username="Taimi", email="Taimi@Example.COM", password=PASSWORD)
    stored = User.objects.get(pk=user.pk)
    assert (stored.username, stored.email, stored.claimed_email) == ("Taimi", None, "Taimi@example.com")
    assert not stored.is_verified
    assert stored.check_password(PASSWORD)
    assert (stored.is_active, stored.is_staff, stored.is_superuser) == (True, False, False)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"username": "tAIMI"}, {"username": [TAKEN_NAME]}),
        ({"username": "Taimi"}, {"username": [TAKEN_NAME]}),
    ],
)
def test_register_user_refuses_what_is_taken(changes: dict[str, str], fields: dict[str, list[str]]) -> None:
    UserFactory(username="Taimi", email="taimi@example.com")
    assert refusal(**{"username": "Zojja", "email": "zojja@example.com"} | changes) == fields
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["GW2Optimizer", "gw2optimizer", "GW2OPTIMIZER", "Admin", "ArenaNet", "support"])
def test_register_user_refuses_reserved_names(name: str) -> None:
    assert refusal(username=name) == {"username": ["This name is reserved."]}
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "name", ["", "ab", "a" * 51, "two words", "kräuter", "a@b.example", "line\n", "nul\x00", "x" * 1_000_000]
)
def test_register_user_refuses_malformed_names(name: str) -> None:
    assert list(refusal(username=name)) == ["username"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b",
        "a@b.example\x00",
        f"{'a' * 250}@b.example",
        f"a@{HALF_A_CHARACTER}.example",
        "x" * 1_000_000,
    ],
)
def test_register_user_refuses_malformed_addresses(address: str) -> None:
    assert list(refusal(email=address)) == ["email"]


@pytest.mark.parametrize(
    ("password", "texts"),
    [
        ("elevenchars", ["This password is too short. It must contain at least 12 characters."]),
        ("q" * 129, ["This password is too long. It may have 128 characters."]),
        ("q" * 1_000_000, ["This password is too long. It may have 128 characters."]),
        ("the great TAIMI of rata sum", ["This password holds your username."]),
        ("post for scruffy2.0 of rata", ["This password holds your e-mail address."]),
        ("one two three " + HALF_A_CHARACTER, ["This password holds half a character."]),
        ("qwertyuiop123", ["This password is too common."]),
    ],
)
def test_register_user_refuses_weak_passwords(password: str, texts: list[str]) -> None:
    assert refusal(email="scruffy2.0@example.com", password=password) == {"password": texts}


@pytest.mark.parametrize(
    "password", ["q7" * 64, "шесть кваггов", "☃" * 12, "  spaces count  ", "nul \x00 is a character"]
)
def test_register_user_takes_any_text_whole(password: str) -> None:
    register_user(username="Taimi", email="t@example.com", password=password)
    assert authenticate(None, username="Taimi", password=password) is not None
    assert authenticate(None, username="Taimi", password=password[:-1]) is None
    assert authenticate(None, username="Taimi", password=password.strip() + "x") is None


def test_register_user_names_every_wrong_field_at_once() -> None:
    assert sorted(refusal(username="a b", email="nobody", password="short")) == [
        "email",
        "password",
        "username",
    ]


def test_register_user_that_loses_a_race_is_told_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_password = User.set_password

    def rival_comes_first(user: User, raw_password: str | None) -> None:
        UserFactory(username="TAIMI", email="rival@example.com")
        hash_password(user, raw_password)

    monkeypatch.setattr(User, "set_password", rival_comes_first)
    assert refusal() == {"username": [TAKEN_NAME]}
    assert list(User.objects.values_list("username", flat=True)) == ["TAIMI"]


def test_register_user_reports_a_rival_that_is_gone_again() -> None:
    def rival_in_the_same_savepoint(sender: type[User], instance: User, **_: object) -> None:
        User.objects.bulk_create([User(username="taimi", email="rival@example.com")])

    pre_save.connect(rival_in_the_same_savepoint, sender=User)
    try:
        with pytest.raises(Conflict):
            register_user(username="Taimi", email="taimi@example.com", password=PASSWORD)
    finally:
        pre_save.disconnect(rival_in_the_same_savepoint, sender=User)
    assert not User.objects.exists()


def test_register_user_logs_no_mail_address() -> None:
    with structlog.testing.capture_logs() as lines:
        user = register_user(username="Taimi", email="taimi@example.com", password=PASSWORD)
    assert lines == [{"event": "user_registered", "user_id": str(user.pk), "log_level": "info"}]


@pytest.mark.parametrize(
    ("username", "email"),
    [("Taimi", "b@example.com"), ("tAIMi", "b@example.com"), ("other", "TAIMI@example.com")],
)
def test_database_keeps_names_and_addresses_unique_without_case(username: str, email: str) -> None:
    UserFactory(username="Taimi", email="taimi@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(username=username, email=email).save()
    assert User.objects.count() == 1


def test_full_clean_names_the_field_that_is_taken_without_case() -> None:
    UserFactory(username="Taimi", email="taimi@example.com")
    user = User(username="TAIMI", email="TAIMI@example.com", password="!")
    with pytest.raises(ValidationError) as caught:
        user.full_clean()
    assert caught.value.message_dict == {"username": [TAKEN_NAME], "email": [TAKEN_ADDRESS]}


def test_system_owner_is_one_row_that_nobody_can_log_in_as(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    owner = system_owner()
    with django_assert_num_queries(1):
        assert system_owner() == owner
    assert User.objects.get() == owner
    assert (owner.username, owner.is_staff, owner.is_superuser) == ("GW2Optimizer", False, False)
    assert not owner.has_usable_password()
    for password in ("", "!", owner.password):
        assert authenticate(None, username="GW2Optimizer", password=password) is None


@pytest.mark.parametrize("identifier", ["Taimi", "taimi", "TAIMI", "taimi@example.com", "TAIMI@Example.com"])
def test_authenticate_finds_the_user_in_one_query_whatever_the_case(
    identifier: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = UserFactory(username="Taimi", email="Taimi@example.com")
    UserFactory.create_batch(2)
    with django_assert_num_queries(1):
        assert authenticate(None, username=identifier, password=PASSWORD) == user


def test_authenticate_finds_the_same_user_from_async_code() -> None:
    user = UserFactory(username="Taimi")
    find = async_to_sync(EmailOrUsernameBackend().aauthenticate)
    assert find(None, username="TAIMI@example.com", password=PASSWORD) == user
    assert find(None, username="TAIMI@example.com", password="not hers at all") is None


@pytest.mark.parametrize(
    ("identifier", "password"),
    [
        ("Taimi", "not her password"),
        ("Taimi", PASSWORD.upper()),
        ("Taimi", PASSWORD + " "),
        ("Taimi", ""),
        ("Taimi", "q" * 1_000_000),
        ("Taimi", HALF_A_CHARACTER),
        ("Taimi ", PASSWORD),
        ("Nobody", PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("", PASSWORD),
        ("\x00", PASSWORD),
        (HALF_A_CHARACTER, PASSWORD),
        ("x" * 1_000_000, PASSWORD),
    ],
)
def test_authenticate_refuses(identifier: str, password: str) -> None:
    UserFactory(username="Taimi")
    assert authenticate(None, username=identifier, password=password) is None


def test_authenticate_refuses_inactive_users() -> None:
    user = UserFactory(is_active=False)
    assert authenticate(None, username=user.username, password=PASSWORD) is None


@pytest.mark.parametrize("identifier", ["Taimi", "Canach", "Nobody", "nobody@example.com", "GW2Optimizer"])
def test_authenticate_hashes_once_whoever_is_asked_for(identifier: str, monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(username="Taimi")
    UserFactory(username="Canach", is_active=False)
    system_owner()
    hashes: list[str] = []

    def counted(method: Callable[..., object], name: str) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            hashes.append(name)
            return method(*args, **kwargs)

        return call

    monkeypatch.setattr(QuickArgon2, "encode", counted(QuickArgon2.encode, "encode"))
    monkeypatch.setattr(QuickArgon2, "verify", counted(QuickArgon2.verify, "verify"))
    assert authenticate(None, username=identifier, password="not the password") is None
    assert len(hashes) == 1


def test_natural_key_is_found_without_case() -> None:
    user = UserFactory(username="Taimi")
    assert User.objects.get_by_natural_key("tAImi") == user
    assert async_to_sync(User.objects.aget_by_natural_key)("TAIMI@example.com") == user
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(None)


def test_create_user_normalises_and_checks() -> None:
    user = User.objects.create_user("Taimi", "Taimi@EXAMPLE.com")
    assert user.email == "Taimi@example.com"
    assert not user.has_usable_password()
    for username, email in (
        ("TAIMI", "b@example.com"),
        ("other", "TAIMI@example.com"),
        ("gw2optimizer", "c@example.com"),
    ):
        with pytest.raises(ValidationError):
            User.objects.create_user(username, email, PASSWORD)
    assert User.objects.count() == 1


def make_admin(monkeypatch: pytest.MonkeyPatch, username: str, email: str, password: str) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
    call_command("createsuperuser", interactive=False, username=username, email=email, verbosity=0)


def test_createsuperuser_makes_the_first_admin(monkeypatch: pytest.MonkeyPatch) -> None:
    make_admin(monkeypatch, "admin", "admin@EXAMPLE.com", PASSWORD)
    user = User.objects.get()
    assert (user.username, user.email, user.is_staff, user.is_superuser) == (
        "admin",
        "admin@example.com",
        True,
        True,
    )
    assert authenticate(None, username="Admin@example.com", password=PASSWORD) == user


@pytest.mark.parametrize(
    ("username", "email", "password", "text"),
    [
        ("TAIMI", "b@example.com", PASSWORD, "Error: That username is already taken."),
        ("boss", "TAIMI@example.com", PASSWORD, TAKEN_ADDRESS),
        ("boss", "nobody", PASSWORD, "Enter a valid email address."),
        ("a boss", "b@example.com", PASSWORD, "Use 3 to 50 letters of A to Z, digits and underscores."),
        ("gw2optimizer", "b@example.com", PASSWORD, "This name is reserved."),
        ("boss", "b@example.com", "like a boss, they say", "This password holds your username."),
        ("boss", "b@example.com", "q7" * 65, "This password is too long. It may have 128 characters."),
    ],
)
def test_createsuperuser_refuses(
    username: str, email: str, password: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    UserFactory(username="Taimi", email="taimi@example.com")
    with pytest.raises(CommandError) as caught:
        make_admin(monkeypatch, username, email, password)
    assert str(caught.value) == text
    assert User.objects.count() == 1


def test_createsuperuser_without_password_makes_an_admin_who_cannot_log_in_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DJANGO_SUPERUSER_PASSWORD", raising=False)
    call_command("createsuperuser", interactive=False, username="boss", email="b@example.com", verbosity=0)
    user = User.objects.get()
    assert (user.is_superuser, user.has_usable_password()) == (True, False)


def test_createsuperuser_asks_again_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["boss", "boss@example.com", "n"])
    passwords = iter(["short", "short", PASSWORD, PASSWORD])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    monkeypatch.setattr("getpass.getpass", lambda *_: next(passwords))
    stdin, stderr = io.StringIO(), io.StringIO()
    monkeypatch.setattr(stdin, "isatty", lambda: True, raising=False)
    call_command("createsuperuser", stdin=stdin, stderr=stderr, verbosity=0)
    assert authenticate(None, username="boss", password=PASSWORD) is not None
    assert "This password is too short. It must contain at least 12 characters." in stderr.getvalue()


def test_schedule_clears_sessions_each_day() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["clear-expired-sessions"]
    assert entry == {"task": clear_expired_sessions.name, "schedule": timedelta(days=1)}


def test_clear_expired_sessions_keeps_the_living() -> None:
    for name, hours in (("dead", -1), ("alive", 1)):
        Session.objects.create(session_key=name, session_data="", expire_date=timezone.now() + timedelta(hours=hours))
    clear_expired_sessions()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["alive"]
