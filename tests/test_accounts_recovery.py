"""Recovery codes of the second factor: shown once, kept as hashes, used once."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import LoginAttempt, Mail, RecoveryCode, SecondFactor, StaffAct, User
from accounts.services.recovery import codes_left, make_recovery_codes, use_recovery_code
from accounts.services.staff_acts import BY_COMMAND
from gw2optimizer.errors import Conflict
from tests.accounts import errors_of, post_letters
from tests.factories import PASSWORD, AdminFactory, UserFactory
from tests.test_pages_look import check

pytestmark = pytest.mark.django_db

FACTOR = "/account/second-factor/"
CODES = f"{FACTOR}codes/"
REPLACE = f"{FACTOR}replace/"


@pytest.fixture
def boss() -> User:
    user = AdminFactory(username="boss")
    SecondFactor.objects.create(user=user, secret=pyotp.random_base32(), confirmed_at=timezone.now())
    return user


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_code_lets_in_once_and_tells_its_owner(boss: User) -> None:
    codes = make_recovery_codes(user=boss)
    assert (len(codes), len(set(codes)), codes_left(boss)) == (10, 10, 10)
    first = entered(boss)
    typed = f" {codes[0].upper().replace('-', ' ')} "
    assert first.post(FACTOR, {"code": typed, "next": "/admin/accounts/user/"})["Location"] == "/admin/accounts/user/"
    assert first.get("/admin/").status_code == 200
    [letter] = post_letters()
    assert (letter.to, letter.subject) == (["boss@example.com"], "GW2Optimizer: A recovery code of yours was used")
    assert "from 127.0.0.1" in letter.body
    assert "Left: 9." in letter.body
    act = StaffAct.objects.get()
    assert (act.verb, act.actor, act.target_id, act.after) == ("recovered", boss, str(boss.pk), {"codes_left": 9})
    second = entered(boss)
    assert list(errors_of(second.post(FACTOR, {"code": codes[0]}))) == ["code"]
    assert second.get("/admin/").status_code == 302
    outcomes = LoginAttempt.objects.filter(user=boss).order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["recovery_code", "wrong_code"]
    assert "Second factor by a recovery code" in first.get("/account/logins/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_eight_uses_of_a_code_at_once_one_counts(boss: User) -> None:
    code = make_recovery_codes(user=boss)[0]
    start = threading.Barrier(8)

    def use(_: int) -> bool:
        try:
            start.wait()
            return use_recovery_code(user=boss, code=code, by=BY_COMMAND)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(8))) == 1
    assert (codes_left(boss), StaffAct.objects.count(), Mail.objects.count()) == (9, 1, 1)


def test_codes_are_kept_as_hashes_of_their_user_alone(boss: User) -> None:
    codes = make_recovery_codes(user=boss)
    digests = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert digests == {hashlib.sha256(code.replace("-", "").encode()).hexdigest() for code in codes}
    other = AdminFactory()
    SecondFactor.objects.create(user=other, secret="x", confirmed_at=timezone.now())
    assert not use_recovery_code(user=other, code=codes[0], by=BY_COMMAND)
    assert codes_left(boss) == 10
    unconfirmed = AdminFactory()
    SecondFactor.objects.create(user=unconfirmed, secret="x")
    with pytest.raises(Conflict):
        make_recovery_codes(user=unconfirmed)


def test_new_codes_are_made_for_the_password_and_end_the_old_ones(boss: User) -> None:
    old = make_recovery_codes(user=boss)
    client = entered(boss)
    assert client.get(CODES)["Location"] == "/account/second-factor/?next=%2Faccount%2Fsecond-factor%2Fcodes%2F"
    assert client.post(FACTOR, {"code": old[0], "next": CODES})["Location"] == CODES
    page = client.get(CODES).content.decode()
    check(page)
    assert "9 of your codes still count." in page
    assert list(errors_of(client.post(CODES, {"password": "not hers at all"}))) == ["password"]
    answer = client.post(CODES, {"password": PASSWORD})
    check(answer.content.decode())
    new = answer.context["made"]
    assert "no-store" in answer["Cache-Control"]
    assert all(code in answer.content.decode() for code in new)
    assert not any(code in client.get(CODES).content.decode() for code in new)
    assert not use_recovery_code(user=boss, code=old[1], by=BY_COMMAND)
    assert use_recovery_code(user=boss, code=new[0], by=BY_COMMAND)


def test_who_has_few_left_is_led_to_new_ones(boss: User) -> None:
    codes = make_recovery_codes(user=boss)
    RecoveryCode.objects.filter(pk__in=RecoveryCode.objects.values("pk")[:6]).update(used_at=timezone.now())
    client = entered(boss)
    places = [client.post(FACTOR, {"code": code}).headers.get("Location") for code in codes[6:8]]
    unused = RecoveryCode.objects.filter(used_at=None).count()
    assert (CODES in places, unused) == (True, 2)


def test_another_app_takes_the_place_of_the_old_one(boss: User) -> None:
    codes = make_recovery_codes(user=boss)
    client = entered(boss)
    assert client.get(REPLACE)["Location"].startswith(FACTOR)
    client.post(FACTOR, {"code": codes[0]})
    elsewhere = entered(boss)
    elsewhere.post(FACTOR, {"code": codes[1]})
    assert elsewhere.get("/admin/").status_code == 200
    check(client.get(REPLACE).content.decode())
    assert client.post(REPLACE, {"password": "not hers at all"}).status_code == 422
    assert client.post(REPLACE, {"password": PASSWORD})["Location"] == FACTOR
    assert not RecoveryCode.objects.exists()
    assert client.get("/admin/").status_code == 302
    assert 'src="data:image/svg+xml' in client.get(FACTOR).content.decode()
    # Whoever passed with what is lost is out.
    assert elsewhere.get("/account/").status_code == 302
    verbs = StaffAct.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["recovered", "recovered", "factor_removed"]


def test_a_first_code_is_no_recovery_code() -> None:
    """Before an app is bound there is nothing that a recovery code could stand in for."""
    boss = AdminFactory()
    client = entered(boss)
    client.get(FACTOR)
    sent = {"code": "abcd-efgh-ijkl-mnop", "password": PASSWORD}
    assert list(errors_of(client.post(FACTOR, sent))) == ["code"]
    assert entered(UserFactory()).get(CODES).status_code == 404
