"""One's account by API: registering, letters, profile, sessions, history."""

import pytest

from accounts.models import Mail, PersonalToken, User
from accounts.services.login_tokens import Pair, open_family
from accounts.services.mails import link_of
from accounts.services.tokens import make_token
from tests.accounts import NEW_PASSWORD, NEWCOMER, link_in, post_letters
from tests.api import Api
from tests.factories import PASSWORD, UserFactory
from tests.test_accounts_tokens import HERE, me, renewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(taimi: User) -> Pair:
    return open_family(taimi, HERE)


def test_a_token_of_a_script_does_not_reach_the_account(taimi: User) -> None:
    _, secret = make_token(user=taimi, name="a", scopes=list(PersonalToken.Scope.values), days=7)
    for method, path in (("get", "users/me"), ("post", "auth/logout-all"), ("get", "users/me/sessions")):
        assert Api().call(method, path, Authorization=f"Bearer {secret}").status == 401


def test_registering_and_verifying_by_api() -> None:
    UserFactory(email="taken@example.com")
    answers = [
        Api().post("auth/register", NEWCOMER | {"username": name, "email": address})
        for name, address in (("Taimi", "taimi@example.com"), ("Zojja", "taken@example.com"))
    ]
    texts = [answer.body["message"].replace("Zojja", "Taimi").replace("taken@", "taimi@") for answer in answers]
    assert [answer.status for answer in answers] == [201, 201]
    assert texts[0] == texts[1]
    assert Api().post("auth/register", NEWCOMER | {"username": "taimi"}).fields == {"username"}
    letter = next(letter for letter in post_letters() if letter.to == ["taimi@example.com"])
    token = link_in(letter).split("/")[2]
    assert Api().post("auth/verify-email", {"token": token}).status == 204
    assert Api().post("auth/verify-email", {"token": token}).status == 404
    assert User.objects.get(username="Taimi").is_verified


def test_a_forgotten_password_by_api(taimi: User, pair: Pair) -> None:
    answers = [Api().post("auth/password/forgot", {"email": f"{name}@example.com"}) for name in ("taimi", "nobody")]
    assert [answer.status for answer in answers] == [202, 202]
    assert answers[0].body == answers[1].body
    [letter] = post_letters()
    body = {"token": link_in(letter).split("/")[3], "password": NEW_PASSWORD}
    assert Api().post("auth/password/reset", body | {"password": "short"}).fields == {"password"}
    assert Api().post("auth/password/reset", body).status == 204
    assert Api().post("auth/password/reset", body).status == 404
    assert me(pair.access) == 401


def test_changing_the_address_by_api(taimi: User) -> None:
    api = Api(taimi)
    body = {"email": "new@example.com", "password": PASSWORD}
    assert api.post("auth/email/change", body | {"password": "not hers"}).fields == {"password"}
    assert api.post("auth/email/change", body).status == 202
    mail = Mail.objects.get(kind=Mail.Kind.CHANGE_ADDRESS)
    assert Api().post("auth/verify-email", {"token": link_of(mail).split("/")[4]}).status == 204
    assert api.get("users/me").body["email"] == "new@example.com"


def test_the_profile_by_api(taimi: User) -> None:
    api = Api(taimi)
    answer = api.patch("users/me", {"bio": "x", "time_zone": "Europe/Paris", "preferences": {"game_mode": "wvw"}})
    assert (answer.body["bio"], answer.body["time_zone"], answer.body["preferences"]["game_mode"]) == (
        "x",
        "Europe/Paris",
        "wvw",
    )
    assert api.patch("users/me", {"time_zone": "Moon", "preferences": {"x": "y"}}).fields == {
        "time_zone",
        "preferences",
    }
    assert api.patch("users/me", {"is_staff": True, "is_verified": True}).fields == {"is_staff", "is_verified"}
    assert Api().get("users/me").status == 401


def test_deleting_the_account_by_api(taimi: User, pair: Pair) -> None:
    headers = {"Authorization": f"Bearer {pair.access}"}
    assert Api().call("delete", "users/me", {"password": "not hers"}, **headers).fields == {"password"}
    assert Api().call("delete", "users/me", {"password": PASSWORD}, **headers).status == 204
    assert not User.objects.filter(username="Taimi").exists()
    assert [me(pair.access), renewed(pair.refresh).status] == [401, 401]


def test_sessions_and_tokens_are_listed_and_ended_by_their_owner(taimi: User, pair: Pair) -> None:
    headers = {"Authorization": f"Bearer {pair.access}"}
    other = open_family(taimi, HERE)
    browser, stranger = Api(taimi), Api(UserFactory())
    rows = Api().get("users/me/sessions", **headers).body["items"]
    assert sorted((row["kind"], row["current"]) for row in rows) == [
        ("session", False),
        ("token", False),
        ("token", True),
    ]
    for row in rows:
        if not row["current"]:
            assert stranger.delete(f"users/me/sessions/{row['id']}").status == 404
            assert Api().call("delete", f"users/me/sessions/{row['id']}", **headers).status == 204
            assert Api().call("delete", f"users/me/sessions/{row['id']}", **headers).status == 404
    assert [me(pair.access), me(other.access), browser.get("users/me").status] == [200, 401, 401]
    assert Api().call("delete", "users/me/sessions", **headers).status == 204
    assert me(pair.access) == 401


def test_the_login_history_by_api(taimi: User) -> None:
    for _ in range(35):
        Api().post("auth/token", {"username": "Taimi", "password": PASSWORD})
    api = Api(taimi)
    first = api.get("users/me/login-history").body
    second = api.get(first["next"]).body
    assert (len(first["items"]), len(second["items"]), second["next"]) == (30, 5, None)
    assert {entry["outcome"] for entry in first["items"]} == {"success"}
    assert api.get("users/me/login-history?before=x").status == 422
