"""Hiding what players published: who notices what, who may decide, and what is said about it."""

import uuid
from typing import Any
from unittest.mock import ANY

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Report, StaffAct, User
from accounts.services.deletion import export_of
from accounts.services.moderation import appeal, delete_settled_reports, hide, queue, report, show_again
from accounts.services.staff_acts import BY_COMMAND, By
from accounts.views.moderation import HIDDEN, NEWEST, OPEN
from builds.models import Build
from builds.recommend import Wish
from builds.services.builds import delete_build, update_build
from builds.services.gear_runs import GearWish, queue_run
from builds.services.recommend import recommend
from gw2optimizer.errors import Conflict, InvalidInput, NotAllowed, NotFound
from gw2optimizer.pagination import rows_from
from tests.accounts import Clock, errors_of, post_letters
from tests.api import Api
from tests.factories import AdminFactory, BuildFactory, LibraryBuildFactory, UserFactory
from tests.staff import log_in_staff
from tests.test_pages_look import check

pytestmark = pytest.mark.django_db

REASON = "Its name insults somebody."


@pytest.fixture
def build() -> Build:
    return BuildFactory(name="Wall of Shame", owner=UserFactory(username="Taimi"))


@pytest.fixture
def judge() -> User:
    return UserFactory(username="Judge", is_moderator=True)


def by(user: User) -> By:
    return By(user, StaffAct.Source.PAGE)


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    text = response.content.decode()
    check(text)
    return text


def shown_to(api: Api, build: Build) -> list[int | bool]:
    """Status by id, status by secret link, whether it is in the library and in a search."""
    names = [{item["name"] for item in api.get(f"builds/{query}").body["items"]} for query in ("", "?q=shame")]
    return [
        api.get(f"builds/{build.pk}/").status,
        api.get(f"shared/{build.share_key}/").status,
        *(build.name in found for found in names),
    ]


def test_a_hidden_build_exists_for_its_owner_and_moderators_alone(build: Build, judge: User) -> None:
    everybody = {"nobody": Api(), "another": Api(UserFactory()), "moderator": Api(judge), "owner": Api(build.owner)}
    assert {tuple(shown_to(api, build)) for api in everybody.values()} == {(200, 200, True, True)}
    answer = everybody["moderator"].post(f"builds/{build.pk}/hide", {"reason": f"  {REASON} "})
    assert (answer.status, answer.body) == (200, {"hidden_at": ANY, "hidden_reason": REASON})
    assert {name: shown_to(api, build) for name, api in everybody.items()} == {
        "nobody": [404, 404, False, False],
        "another": [404, 404, False, False],
        "moderator": [200, 404, False, False],
        "owner": [200, 404, False, False],
    }
    assert "hidden_reason" not in everybody["moderator"].get(f"builds/{build.pk}/").body
    for page in (f"/builds/{build.pk}/", f"/s/{build.share_key}/", f"/builds/{build.pk}/optimize/"):
        assert Client().get(page).status_code == 404
    assert "Wall of Shame" not in Client().get("/builds/?q=shame").content.decode()
    assert everybody["moderator"].delete(f"builds/{build.pk}/hide").status == 204
    assert {tuple(shown_to(api, build)) for api in everybody.values()} == {(200, 200, True, True)}


def test_the_owner_reads_the_reason_and_goes_on_with_the_build(build: Build, judge: User) -> None:
    hide(target=build, by=by(judge), reason=REASON)
    [letter] = post_letters()
    assert (letter.to, letter.subject) == (["taimi@example.com"], "GW2Optimizer: Something of yours was hidden")
    assert all(text in letter.body for text in (REASON, "“Wall of Shame”", f"/builds/{build.pk}/"))
    assert "Judge" not in letter.body
    owner = entered(build.owner)
    own_page, mine = page_of(owner, f"/builds/{build.pk}/"), page_of(owner, "/builds/mine/")
    assert REASON in own_page
    assert REASON in mine
    assert "Judge" not in own_page
    api = Api(build.owner)
    told = api.get(f"builds/{build.pk}/").body
    assert (told["hidden_reason"], told["share_url"], told["visibility"]) == (REASON, None, "public")
    assert api.get("builds/mine/").body["items"][0]["hidden_reason"] == REASON
    assert api.patch(f"builds/{build.pk}/", {"name": "Wall"}).body["hidden_reason"] == REASON
    assert export_of(build.owner)["builds"][0]["hidden_reason"] == REASON
    show_again(target=build, by=by(judge))
    [letter] = post_letters()
    assert "is not hidden any more" in letter.body
    assert api.get("builds/mine/").body["items"][0]["hidden_at"] is None


def test_recommendations_leave_out_what_is_hidden(judge: User) -> None:
    one, two = (LibraryBuildFactory(name=name) for name in ("One", "Two"))
    wish = Wish(profession="Guardian", role="stability_support", mode="wvw")
    first = recommend(wish).source
    hide(target=first, by=by(judge), reason=REASON)
    again = recommend(wish)
    assert {first, again.source} == {one, two}
    assert again.others == ()


def test_a_search_for_gear_is_hidden_with_its_build(build: Build, judge: User) -> None:
    visitor = UserFactory()
    run = queue_run(owner=visitor, caller="x", spec=build.value, wish=GearWish(), build=build)
    assert Api(visitor).get(f"gear-runs/{run.pk}").status == 200
    hide(target=build, by=by(judge), reason=REASON)
    assert Api(visitor).get(f"gear-runs/{run.pk}").status == 404


def test_what_its_owner_closes_is_no_longer_the_moderators_and_stays_hidden(build: Build, judge: User) -> None:
    hide(target=build, by=by(judge), reason=REASON)
    change: dict[str, Any] = {"build_id": build.pk, "author": build.owner, "version": None}
    update_build(**change, visibility="unlisted")
    assert shown_to(Api(judge), build)[:2] == [404, 404]
    assert Api(judge).delete(f"builds/{build.pk}/hide").status == 404
    with pytest.raises(Conflict, match="Make it public first"):
        appeal(target=build, owner=build.owner, text="Please look again")
    update_build(**change, visibility="public")
    assert shown_to(Api(), build) == [404, 404, False, False]
    assert Api(judge).get(f"builds/{build.pk}/").status == 200


def test_who_may_hide_what(build: Build, judge: User) -> None:
    private, unlisted = (BuildFactory(visibility=visibility) for visibility in ("private", "unlisted"))
    own = BuildFactory(owner=judge)
    body = {"reason": REASON}
    for target in (private, unlisted):
        assert Api(judge).post(f"builds/{target.pk}/hide", body).status == 404
        with pytest.raises(NotFound):
            hide(target=target, by=by(judge), reason=REASON)
    assert Api(judge).post(f"builds/{own.pk}/hide", body).status == 403
    with pytest.raises(NotAllowed):
        hide(target=own, by=by(judge), reason=REASON)
    assert Api(build.owner).post(f"builds/{build.pk}/hide", body).status == 404
    judge.is_active = False
    assert not judge.may_moderate
    assert Build.objects.exclude(hidden_at=None).count() == 0
    assert not StaffAct.objects.exists()


@pytest.mark.parametrize("reason", ["", "  x ", "x" * 501, "turned \u202e around"])
def test_a_reason_has_to_say_something(build: Build, judge: User, reason: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        hide(target=build, by=by(judge), reason=reason)
    assert list(caught.value.fields) == ["reason"]


def test_a_decision_is_made_once(build: Build, judge: User) -> None:
    stale = Build.objects.get()
    hide(target=build, by=by(judge), reason=REASON)
    with pytest.raises(Conflict):
        hide(target=stale, by=by(UserFactory(is_moderator=True)), reason="Another reason")
    show_again(target=build, by=by(judge))
    with pytest.raises(Conflict):
        show_again(target=stale, by=by(judge))
    acts = StaffAct.objects.order_by("pk").values_list("verb", "actor__username", "target_kind", "target_id", "after")
    assert list(acts) == [
        ("hidden", "Judge", "builds.build", str(build.pk), {"hidden": True, "reason": REASON}),
        ("shown", "Judge", "builds.build", str(build.pk), {"hidden": False}),
    ]


def test_players_report_once_while_it_is_open(build: Build, judge: User) -> None:
    zojja, address = UserFactory(username="Zojja"), f"builds/{build.pk}/report"
    assert Api().post(address, {"text": REASON}).status == 401
    assert Api(build.owner).post(address, {"text": REASON}).status == 404
    assert Api(zojja).post(address, {"text": REASON}).status == 204
    assert Api(zojja).post(address, {"text": "Again"}).error["code"] == "conflict"
    assert Api(UserFactory()).post(address, {"text": "I think so too"}).status == 204
    queue = Api(judge).get("moderation/queue").body["items"]
    assert [(item["report"]["reporter"], item["report"]["text"]) for item in queue] == [
        ("Zojja", REASON), (ANY, "I think so too"),
    ]  # fmt: skip
    assert Api(judge).post(f"builds/{build.pk}/dismiss").status == 204
    assert Api(judge).post(f"builds/{build.pk}/dismiss").status == 409
    assert Api(judge).get("moderation/queue").body["items"] == []
    assert post_letters() == []
    assert Api(zojja).post(address, {"text": "It is worse now"}).status == 204
    assert [entry["text"] for entry in export_of(zojja)["account"]["reports"]] == ["It is worse now", REASON]


def test_reports_are_limited(judge: User) -> None:
    api = Api(UserFactory())
    found = [api.post(f"builds/{BuildFactory().pk}/report", {"text": REASON}).status for _ in range(11)]
    assert found == [204] * 10 + [429]


def test_an_owner_asks_for_another_look_and_is_answered(build: Build, judge: User) -> None:
    api, address = Api(build.owner), f"builds/{build.pk}/appeal"
    assert api.post(address, {"text": "Why?"}).status == 404
    hide(target=build, by=by(judge), reason=REASON)
    post_letters()
    assert Api(judge).post(address, {"text": "Not mine"}).status == 404
    assert api.post(address, {"text": "The name is another one now"}).status == 204
    assert api.post(address, {"text": "Hello?"}).status == 409
    [item] = Api(judge).get("moderation/queue").body["items"]
    assert (item["id"], item["hidden_reason"], item["report"]["cause"]) == (str(build.pk), REASON, "appeal")
    assert Api(judge).post(f"builds/{build.pk}/dismiss").status == 204
    [letter] = post_letters()
    assert "stays hidden" in letter.body
    assert api.post(address, {"text": "Once more, please"}).status == 204
    assert Api(judge).delete(f"builds/{build.pk}/hide").status == 204
    outcomes = Report.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["dismissed", "shown"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_the_same_for_any_number(
    count: int, judge: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        report(target=BuildFactory(), reporter=UserFactory(), text=REASON)
        hide(target=BuildFactory(), by=BY_COMMAND, reason=REASON)
    client = entered(judge)
    # Session, user, reports, builds.
    with django_assert_num_queries(4):
        response = client.get("/moderation/")
    assert len(response.context["page"].items) == count
    for show in ("hidden", "new"):
        with django_assert_num_queries(3):
            response = client.get(f"/moderation/?show={show}")
        assert len(response.context["page"].items) == count


@pytest.mark.once
def test_the_lists_of_moderators_are_walked_in_the_order_of_an_index() -> None:
    builds = Build.objects.all()
    for rows, order, index in (
        (queue(), OPEN, "report_open"),
        (builds.hidden(), HIDDEN, "build_by_hiding"),
        (builds.public(), NEWEST, "build_by_change"),
    ):
        plan = rows_from(rows, order, "")[:21].explain()
        assert f"INDEX {index}" in plan
        assert "TEMP B-TREE" not in plan


def test_reports_go_with_what_they_are_about_or_a_year_later(judge: User, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, kept = BuildFactory(), BuildFactory()
    for target in (gone, kept):
        report(target=target, reporter=UserFactory(), text=REASON)
    delete_build(build=gone)
    assert [item["id"] for item in Api(judge).get("moderation/queue").body["items"]] == [str(kept.pk)]
    assert delete_settled_reports() == 1
    hide(target=kept, by=by(judge), reason=REASON)
    assert delete_settled_reports() == 0
    Clock(monkeypatch).go(days=366)
    assert delete_settled_reports() == 1


def test_the_pages_of_players_and_moderators(build: Build, judge: User) -> None:
    zojja, moderator, owner = entered(UserFactory(username="Zojja")), entered(judge), entered(build.owner)
    reported, case = f"/report/build/{build.pk}/", f"/moderation/build/{build.pk}/"
    assert f'href="{reported}"' in page_of(zojja, f"/builds/{build.pk}/")
    assert f'href="{reported}"' not in page_of(owner, f"/builds/{build.pk}/")
    assert 'href="/moderation/"' not in page_of(zojja, reported)
    assert list(errors_of(zojja.post(reported, {"text": "x"}))) == ["text"]
    assert zojja.post(reported, {"text": REASON})["Location"] == f"/builds/{build.pk}/"
    assert "waits for a moderator" in zojja.post(reported, {"text": REASON}).content.decode()
    assert f'href="{case}"' in page_of(moderator, f"/builds/{build.pk}/")
    assert f'href="{case}"' in page_of(moderator, "/moderation/")
    assert REASON in page_of(moderator, case)
    assert list(errors_of(moderator.post(case, {"act": "hide", "reason": ""}))) == ["reason"]
    assert moderator.post(case, {"act": "vanish"}).status_code == 400
    assert moderator.post(case, {"act": "hide", "reason": REASON})["Location"] == case
    asked = f"/appeal/build/{build.pk}/"
    assert f'href="{asked}"' in page_of(owner, f"/builds/{build.pk}/")
    assert REASON in page_of(owner, asked)
    assert owner.post(asked, {"text": "It has another name now."}).status_code == 302
    assert "It has another name now." in page_of(moderator, "/moderation/")
    assert REASON in page_of(moderator, "/moderation/?show=hidden")
    assert moderator.post(case, {"act": "show"}).status_code == 302
    assert moderator.post(case, {"act": "show"}).status_code == 409
    page_of(moderator, "/moderation/?show=new")
    address, request_id = StaffAct.objects.values_list("address", "request_id").first() or ("", "")
    assert address == "127.0.0.1"
    assert len(request_id) >= 8
    for wrong in ("/moderation/?show=x", "/moderation/?cursor=x"):
        assert moderator.get(wrong).status_code == 400
    for nothing in ("/moderation/?show=new&kind=x", f"/moderation/x/{build.pk}/", f"/report/build/{uuid.uuid4()}/"):
        assert moderator.get(nothing).status_code == 404


def test_admins_hide_in_the_list_of_builds(build: Build) -> None:
    client, private = Client(), BuildFactory(name="Mine", visibility="private")
    log_in_staff(client, AdminFactory())
    address = reverse("admin:builds_build_changelist")
    chosen = {"_selected_action": [str(build.pk), str(private.pk)]}
    assert 'name="reason"' in client.get(address).content.decode()
    response = client.post(address, {**chosen, "action": "hide", "reason": ""}, follow=True)
    assert "Say why, in 3 to 500 characters." in response.content.decode()
    client.post(address, {**chosen, "action": "hide", "reason": REASON})
    assert dict(Build.objects.values_list("name", "hidden_reason")) == {"Wall of Shame": REASON, "Mine": ""}
    hidden = client.get(address, {"hidden_at__isempty": "0"})
    assert [row.name for row in hidden.context["cl"].result_list] == ["Wall of Shame"]
    client.post(address, {**chosen, "action": "show_again"})
    assert not Build.objects.exclude(hidden_at=None).exists()
    acts = StaffAct.objects.order_by("pk").values_list("verb", "source", "target_id")
    assert list(acts) == [("hidden", "admin", str(build.pk)), ("shown", "admin", str(build.pk))]
