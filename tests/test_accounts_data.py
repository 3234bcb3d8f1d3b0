"""Profile, activity, export, deletion, and what only verified accounts may."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Activity, LoginAttempt, Mail, Session, User
from accounts.models.activity import AppendOnlyError
from accounts.passwords import password_errors
from accounts.registries import register_export, register_farewell
from accounts.services.activity import forget_activities, record_activity
from accounts.services.profile import update_profile
from accounts.services.registration import system_owner
from accounts.services.tokens import make_token
from builds.models import Build, BuildRevision
from builds.services.builds import copy_build, create_build, update_build
from gw2optimizer.errors import InvalidInput, NotAllowed
from tests.accounts import Clock, errors_of, link_in, log_in, post_letters
from tests.api import Api
from tests.factories import PASSWORD, BuildFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def taimi() -> User:
    return UserFactory(username="Taimi", email="taimi@example.com")


@pytest.fixture
def here(taimi: User) -> Client:
    client = Client()
    assert log_in(client, "Taimi").status_code == 302
    return client


PROFILE = {"display_name": "Taimi of Rata Sum", "bio": "First line\nsecond"}
SETTINGS = {"time_zone": "Europe/Berlin", "game_mode": "wvw", "keeps_activity": "on"}


def test_the_profile_is_saved(here: Client, taimi: User) -> None:
    assert here.post("/account/", PROFILE)["Location"] == "/account/"
    taimi.refresh_from_db()
    assert (taimi.display_name, taimi.bio.split()) == ("Taimi of Rata Sum", ["First", "line", "second"])


def test_the_settings_are_saved(here: Client, taimi: User) -> None:
    off = {name: value for name, value in SETTINGS.items() if name != "keeps_activity"}
    for sent, keeps in ((SETTINGS, True), (off, False)):
        assert here.post("/account/settings/", sent)["Location"] == "/account/settings/"
        taimi.refresh_from_db()
        assert (taimi.time_zone, taimi.preferences) == ("Europe/Berlin", {"game_mode": "wvw"})
        assert taimi.keeps_activity is keeps


def test_a_language_is_offered_where_there_is_a_choice(here: Client, taimi: User, settings: Any) -> None:
    assert 'name="language"' not in here.get("/account/settings/").content.decode()
    settings.LANGUAGES = [("en", "English"), ("fr", "Français")]
    assert '<option value="fr">Français</option>' in here.get("/account/settings/").content.decode()
    assert here.post("/account/settings/", SETTINGS | {"language": "tlh"}).status_code == 422
    assert here.post("/account/settings/", SETTINGS | {"language": "fr"}).status_code == 302
    taimi.refresh_from_db()
    assert taimi.language == "fr"


def test_the_home_page_starts_with_the_chosen_mode(here: Client) -> None:
    here.post("/account/settings/", SETTINGS)
    assert '<option value="wvw" selected>' in here.get("/").content.decode()
    assert '<option value="pvp" selected>' in here.get("/?mode=pvp").content.decode()
    assert '<option value="wvw" selected>' not in Client().get("/").content.decode()


def test_the_site_calls_players_by_their_shown_name(here: Client) -> None:
    here.post("/account/", PROFILE | {"display_name": "Taimi <3"})
    assert "<span>Taimi &lt;3</span>" in here.get("/").content.decode()


def test_times_are_shown_in_the_chosen_zone(here: Client, taimi: User) -> None:
    moment = timezone.now().replace(year=2026, month=1, day=2, hour=3, minute=4)
    LoginAttempt.objects.update(at=moment)
    assert "2 January 2026, 03:04" in here.get("/account/logins/").content.decode()
    here.post("/account/settings/", SETTINGS)
    assert "2 January 2026, 04:04" in here.get("/account/logins/").content.decode()
    assert "2 January 2026, 03:04" not in here.get("/account/logins/").content.decode()
    assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"display_name": "x" * 51}, "display_name"),
        ({"display_name": "turned \u202e round"}, "display_name"),
        ({"display_name": "Support"}, "display_name"),
        ({"bio": "x" * 1001}, "bio"),
        ({"bio": "hidden \u200b\u202e"}, "bio"),
        ({"time_zone": "Tyria/Lions_Arch"}, "time_zone"),
        ({"game_mode": "golf"}, "game_mode"),
    ],
)
def test_the_profile_names_what_is_wrong(here: Client, taimi: User, change: dict[str, str], field: str) -> None:
    page, rest = ("/account/", PROFILE) if field in PROFILE else ("/account/settings/", SETTINGS)
    response = here.post(page, rest | change)
    assert (response.status_code, list(errors_of(response))) == (422, [field])
    taimi.refresh_from_db()
    assert (taimi.display_name, taimi.bio, taimi.time_zone) == ("", "", "UTC")


@pytest.mark.parametrize("preferences", [{"colour": "red"}, {"game_mode": "golf"}, "wvw", ["wvw"]])
def test_update_profile_refuses_other_preferences(taimi: User, preferences: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        update_profile(user=taimi, preferences=preferences)
    assert list(caught.value.fields) == ["preferences"]


def test_update_profile_sets_nothing_else(taimi: User) -> None:
    with pytest.raises(TypeError):
        update_profile(user=taimi, is_staff=True)


def test_a_form_that_says_more_changes_no_more(here: Client, taimi: User) -> None:
    here.post("/account/", PROFILE | {"is_staff": "on", "is_verified": "on", "username": "boss", "token_version": "9"})
    taimi.refresh_from_db()
    assert (taimi.is_staff, taimi.username, taimi.token_version) == (False, "Taimi", 1)


def test_what_players_do_is_noted_with_its_deed(taimi: User) -> None:
    build = BuildFactory(owner=taimi)
    copy = copy_build(source=build, owner=taimi)
    picked = create_build(owner=taimi, spec=build.value, origin=Build.Origin.RECOMMENDED)
    assert copy.pk != build.pk
    assert list(Activity.objects.order_by("pk").values_list("user", "verb", "target_kind", "target_id")) == [
        (taimi.pk, "saved", "build", build.pk),
        (taimi.pk, "copied", "build", build.pk),
        (taimi.pk, "picked", "build", picked.pk),
    ]


def test_nothing_is_noted_where_the_deed_fails_or_nobody_wants_it(taimi: User) -> None:
    with pytest.raises(InvalidInput):
        BuildFactory(owner=taimi, tags=["x" * 100])
    record_activity(user=AnonymousUser(), verb=Activity.Verb.COPIED, target_kind="build")
    update_profile(user=taimi, keeps_activity=False)
    BuildFactory(owner=User.objects.get(pk=taimi.pk))
    BuildFactory(owner=system_owner())
    assert not Activity.objects.exists()


def test_the_activity_log_only_grows(taimi: User) -> None:
    record_activity(
        user=taimi, verb=Activity.Verb.RATED, target_kind="build", target_id=uuid.uuid4(), data={"stars": 5}
    )
    entry = Activity.objects.get()
    for change in (
        entry.save,
        entry.delete,
        Activity.objects.all().delete,
        lambda: Activity.objects.update(verb="saved"),
        lambda: Activity.objects.bulk_update([entry], ["verb"]),
    ):
        with pytest.raises(AppendOnlyError):
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.create(verb="looked", target_kind="build")
    assert Activity.objects.get().data == {"stars": 5}


def test_the_activity_log_takes_all_that_is_learned_from(taimi: User, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, shown = Clock(monkeypatch), [str(uuid.uuid4()) for _ in range(50)]
    for verb in Activity.Verb:
        data = {"shown": shown, "wish": {"text": "a" * 500, "mode": "wvw"}, "stars": 5}
        record_activity(user=taimi, verb=verb, target_kind="answer", target_id=uuid.uuid4(), data=data)
        clock.go(days=1)
    assert set(Activity.objects.values_list("verb", flat=True)) == set(Activity.Verb.values)
    with pytest.raises(ValueError, match="at most 4000 bytes"):
        record_activity(user=taimi, verb=Activity.Verb.JUDGED, target_kind="answer", data={"words": "a" * 4_000})
    before = clock.now - timedelta(days=3)
    assert [forget_activities(before=before, most=4) for _ in range(3)] == [4, 2, 0]
    assert list(Activity.objects.order_by("pk").values_list("verb", flat=True)) == list(Activity.Verb.values)[-3:]


def test_the_export_holds_all_that_is_yours_and_no_secret(here: Client, taimi: User) -> None:
    build = BuildFactory(owner=taimi, name="Stand firm")
    update_build(build_id=build.pk, author=taimi, version=1, description="again")
    BuildFactory(name="Somebody else's")
    token, secret = make_token(user=taimi, name="My script", scopes=["read"], days=7)
    response = here.get("/account/export/")
    assert response["Content-Disposition"] == 'attachment; filename="gw2optimizer-Taimi.json"'
    assert (response["Content-Type"], "no-store" in response["Cache-Control"]) == ("application/json", True)
    data = json.loads(response.content)
    assert data["schema"] == "account/1"
    account = data["account"]
    assert (account["username"], account["email"], account["is_verified"]) == ("Taimi", "taimi@example.com", True)
    assert [entry["outcome"] for entry in account["login_history"]] == ["success"]
    assert [entry["name"] for entry in account["personal_tokens"]] == ["My script"]
    assert [entry["verb"] for entry in account["activity"]] == ["saved"]
    assert len(account["sessions"]) == 1
    [exported] = data["builds"]
    assert (exported["name"], exported["description"]) == ("Stand firm", "again")
    assert [revision["number"] for revision in exported["revisions"]] == [1, 2]
    text = response.content.decode()
    taimi.refresh_from_db()
    for hidden in (taimi.password, secret, token.digest, Session.objects.get().session_key, "Somebody else"):
        assert hidden not in text


def test_an_export_or_farewell_has_one_name_each() -> None:
    with pytest.raises(ValueError, match="an export named builds"):
        register_export("builds", lambda user: None)
    register_farewell("test", lambda user: None)
    with pytest.raises(ValueError, match="a farewell named test"):
        register_farewell("test", lambda user: None)


def test_deleting_asks_for_the_password(here: Client, taimi: User) -> None:
    response = here.post("/account/delete/", {"password": "not hers at all"})
    assert errors_of(response) == {"password": ["This is not your password."]}
    assert User.objects.filter(pk=taimi.pk).exists()


def test_deleting_removes_what_is_yours_and_severs_the_rest(
    here: Client, taimi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = BuildFactory(owner=taimi)
    copied = copy_build(source=build, owner=UserFactory())
    BuildRevision.objects.filter(build=copied).update(author=taimi)
    make_token(user=taimi, name="a", scopes=["read"], days=7)
    left: list[str] = []
    monkeypatch.setattr("accounts.registries._farewells", {"test": lambda user: left.append(user.username)})
    assert here.post("/account/delete/", {"password": PASSWORD})["Location"] == "/"
    assert left == ["Taimi"]
    assert not User.objects.filter(username="Taimi").exists()
    assert list(Build.objects.all()) == [copied]
    assert BuildRevision.objects.get(build=copied).author is None
    assert list(Activity.objects.filter(target_id=build.pk).order_by("pk").values_list("verb", "user__username")) == [
        ("saved", None),
        ("copied", copied.owner.username),
    ]
    assert not LoginAttempt.objects.filter(user__isnull=False).exists()
    assert not Session.objects.exclude(user=None).exists()
    assert here.get("/account/").status_code == 302
    [letter] = post_letters()
    assert (letter.to, letter.subject) == (["taimi@example.com"], "GW2Optimizer: Your account is deleted")
    assert list(Mail.objects.values_list("kind", flat=True)) == ["deleted"]


def test_a_farewell_that_fails_keeps_the_account(taimi: User, here: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(user: User) -> None:
        raise InvalidInput("not now")

    monkeypatch.setattr("accounts.registries._farewells", {"test": fail})
    assert here.post("/account/delete/", {"password": PASSWORD}).status_code == 422
    assert User.objects.filter(pk=taimi.pk).exists()
    assert not Mail.objects.exists()


def test_only_verified_accounts_publish() -> None:
    user = UserFactory(is_verified=False, email=None, claimed_email="taimi@example.com")
    build = BuildFactory(owner=user, visibility="unlisted")
    with pytest.raises(NotAllowed) as caught:
        BuildFactory(owner=user)
    assert list(caught.value.fields) == ["visibility"]
    answer = Api(user).patch(f"builds/{build.pk}/", {"visibility": "public"})
    assert (answer.status, answer.fields) == (403, {"visibility"})
    assert answer.error["message"].startswith("Only verified accounts publish.")
    client = Client()
    client.force_login(user)
    client.post("/verify/")
    [letter] = post_letters()
    client.post(link_in(letter))
    assert Api(user).patch(f"builds/{build.pk}/", {"visibility": "public"}).status == 200


def test_what_was_public_stays_so_and_can_be_changed(taimi: User) -> None:
    build = BuildFactory(owner=taimi)
    User.objects.update(is_verified=False)
    assert update_build(build_id=build.pk, author=taimi, version=1, description="new").visibility == "public"


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2026!!",
        "!!!dragon!!!dragon",
        "P@ssw0rd1234",
        "passwordpassword",
        "123456123456",
        "  letmein 2026  ",
        "Monkey.Monkey.",
        "iloveyou1iloveyou1",
        "the gw2optimizer one",
        "I like GW2OPTIMIZER",
        "dearest Zojja it is",
        "mail to scruffy2.0 now",
        "Scruffy Engineer 1",
    ],
)
def test_common_and_telling_passwords_are_refused(password: str) -> None:
    user = User(username="Zojja", claimed_email="scruffy2.0@example.com", display_name="Scruffy Engineer")
    assert len(password_errors(password, user)) >= 1


@pytest.mark.parametrize(
    "password",
    [
        "seven quaggans foo",
        "шесть кваггов",
        "monkey likes bananas",
        "q7Xw.93kd_zz1",
        "🐙🦑🦐🦞🦀🐡🐠🐟🐬🐳🐋🦈",
        "1 2 buckle my shoe",
    ],
)
def test_other_passwords_will_do(password: str) -> None:
    assert password_errors(password, User(username="Zojja", claimed_email="z@example.com")) == []


def test_the_name_of_the_host_is_the_name_of_the_site(settings: Any) -> None:
    settings.SITE_URL = "https://www.tyrianforge.example"
    user = User(username="Zojja")
    assert password_errors("my tyrianforge word", user) == ["This password holds the name of this site."]


def test_one_real_argon2id_hash(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = UserFactory.build()
    user.set_password("шесть кваггов")
    assert user.password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    assert (user.check_password("шесть кваггов"), user.check_password("шесть кваггоv")) == (True, False)


@pytest.mark.parametrize("path", ["", "password/", "email/", "sessions/", "tokens/", "logins/", "delete/"])
def test_pages_of_an_account_are_its_owners_and_are_kept_by_no_cache(here: Client, path: str) -> None:
    assert Client().get(f"/account/{path}")["Location"] == f"/login/?next=/account/{path}"
    response = here.get(f"/account/{path}")
    assert (response.status_code, "no-store" in response["Cache-Control"]) == (200, True)
    import_string("tests.test_pages_look.check")(response.content.decode())
