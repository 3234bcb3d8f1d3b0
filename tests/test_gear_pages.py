"""The pages of a search for gear: the form, the run, its result and what becomes of it, with and without HTMX."""

import html
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity
from builds.engine.optimise.choices import DEFAULT_PREFIXES
from builds.models import Build, GearRun
from builds.presentation.gear_offer import food_choices, utility_choices
from builds.presentation.gear_run import gear_answer, large, number
from builds.services import gear_runs
from builds.services.builds import update_build
from builds.sharing import from_payload, to_payload
from builds.spec import BuildSpec, parse_build, plain_json
from builds.spec.model import ARMOR_SLOTS, TRINKET_SLOTS
from gw2optimizer.health import record_heartbeat
from tests.factories import BuildFactory, UserFactory
from tests.specs import minimal, packaged

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PREFIXES = ["Berserker's", "Dragon's"]
ASKED = {"objective": "damage", "prefixes": PREFIXES, "boons": ["might", "fury"]}
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow this machine is, a search is over at once unless a test says otherwise."""
    monkeypatch.setattr(gear_runs, "AT_ONCE_SECONDS", 60.0)


@pytest.fixture
def build() -> Build:
    return dressed_build()


def dressed_build(**changes: Any) -> Build:
    gear = dict.fromkeys((*ARMOR_SLOTS, *TRINKET_SLOTS), "Soldier's")
    sets = [{"main_hand": "Greatsword", "off_hand": None}]
    value: dict[str, Any] = {
        "game_mode": "pve", "role": "dps", "gear": {**gear, "weapon_1_main": "Soldier's"}, "weapon_sets": sets,
    }  # fmt: skip
    return BuildFactory(**{**value, **changes})  # type: ignore[return-value]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def search(client: Client, build: Build, *, htmx: bool = False, **changes: Any) -> Any:
    address = reverse("builds:optimise", args=[build.pk])
    return client.post(address, {**ASKED, **changes}, headers=HTMX if htmx else {})


def found(client: Client, build: Build, **changes: Any) -> GearRun:
    response = search(client, build, **changes)
    assert response.status_code == 302, response.context["form"].errors
    run = GearRun.objects.get()
    assert response["Location"] == run.get_absolute_url()
    return run


def text_of(response: Any) -> str:
    return " ".join(html.unescape(response.content.decode()).split())


# --- the form --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "objective"),
    [("dps", "damage"), ("healer", "healing"), ("tank", "survivability"), ("hybrid", "weighted"), (None, "damage")],
)
def test_form_begins_with_what_the_role_is_about(client: Client, role: str | None, objective: str) -> None:
    form = client.get(reverse("builds:optimise", args=[dressed_build(role=role).pk])).context["form"]
    assert form["objective"].value() == objective
    assert form["prefixes"].value() == list(DEFAULT_PREFIXES[objective])


def test_who_brings_boons_keeps_their_duration(client: Client) -> None:
    gear = dict.fromkeys((*ARMOR_SLOTS, *TRINKET_SLOTS), "Diviner's")
    page = client.get(reverse("builds:optimise", args=[dressed_build(role="quickness", gear=gear).pk]))
    assert 20 < page.context["form"]["min_boon_duration"].value() < 100


def test_another_objective_offers_its_own_prefixes(client: Client, build: Build) -> None:
    page = client.get(reverse("builds:optimise", args=[build.pk]), {"objective": "healing"}, headers=HTMX)
    assert page.context["form"]["prefixes"].value() == list(DEFAULT_PREFIXES["healing"])
    assert 'id="gear-prefixes"' in text_of(page)
    nonsense = client.get(reverse("builds:optimise", args=[build.pk]), {"objective": "luck"})
    assert nonsense.context["form"]["objective"].value() == "damage"


def test_build_page_links_the_search(client: Client, build: Build) -> None:
    assert reverse("builds:optimise", args=[build.pk]) in text_of(client.get(build.get_absolute_url()))
    payload = to_payload(build.value)
    opened = client.get(reverse("builds:open", args=[payload]))
    assert reverse("builds:optimise_open", args=[payload]) in text_of(opened)


def test_unlisted_build_is_searched_by_what_its_link_holds(client: Client) -> None:
    # Anew, for a database may give the parts of a build in another order, and so another link to the same.
    build = Build.objects.get(pk=dressed_build(visibility="unlisted").pk)
    assert reverse("builds:optimise_open", args=[to_payload(build.value)]) in text_of(client.get(build.get_share_url()))


def test_pvp_has_no_gear_to_search(client: Client) -> None:
    build = dressed_build(game_mode="pvp", gear={}, weapon_sets=[])
    address = reverse("builds:optimise", args=[build.pk])
    page = client.get(address)
    assert page.status_code == 200
    assert "PvP amulets are not in the data" in text_of(page)
    assert client.post(address, ASKED).status_code == 422
    assert not GearRun.objects.exists()


def test_form_offers_the_strongest_food_of_each_kind_and_the_own_one() -> None:
    weak = next(f for f in packaged().foods.values() if f.level == 80 and f.rarity == "Fine" and f.bonuses)
    spec = parse_build(minimal(food=weak.id), packaged()).spec
    offered = dict(food_choices(packaged(), spec))
    assert str(weak.id) in offered
    assert len(offered) < 80
    assert any("3 % of precision as power" in label for _, label in utility_choices(packaged(), spec))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"objective": "luck"}, "objective"),
        ({"prefixes": ["Lucky"]}, "prefixes"),
        ({"prefixes": list(packaged().prefixes)[:7]}, "prefixes"),
        ({"infusions": ["power", "precision", "ferocity", "toughness", "vitality"]}, "infusions"),
        ({"min_health": "-1"}, "min_health"),
        ({"min_health": "nan"}, "min_health"),
        ({"min_health": "1e9"}, "min_health"),
        ({"own_profile": "on"}, "power_coefficient"),
        ({"objective": "weighted"}, "weight_damage"),
        ({"runes": list(packaged().runes), "sigils": list(packaged().sigils)[:10]}, None),
        ({"switches": ["1"]}, "switches"),
    ],
)
def test_wrong_wish_is_told_at_its_field(client: Client, build: Build, changes: dict[str, Any], field: str) -> None:
    response = search(client, build, **changes)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field or "__all__"]
    if field == "min_health":
        assert "Give a number from 0 to 1,000,000." in text_of(response)
    again = search(client, build, htmx=True, **changes)
    assert again.status_code == 422
    assert again["HX-Retarget"] == "#gear-wish"
    assert "<html" not in again.content.decode()
    assert not GearRun.objects.exists()


# --- the result ------------------------------------------------------------------------------------
def test_result_says_what_is_proven_and_what_it_rests_on(client: Client, build: Build) -> None:
    run = found(client, build)
    assert (run.owner, run.build, run.status) == (None, build, "done")
    page = client.get(run.get_absolute_url())
    assert page.status_code == 200
    answer, text = page.context["answer"], text_of(page)
    assert f"Proven best of {2**13:,}" in text
    assert len(answer.rows) == 10
    assert all(f"?show={n}" in text for n in range(1, 11))
    assert answer.rows[0].better
    assert {row.before for row in answer.changes} == {"Soldier's"}
    assert "estimated from skills" in text
    assert all(note in text for note in answer.notes)
    assert 'http-equiv="refresh"' not in text
    assert page.context["form"]["prefixes"].value() == PREFIXES


def test_each_of_the_results_can_be_shown_whole(client: Client, build: Build) -> None:
    run = found(client, build)
    assert client.get(run.get_absolute_url(), {"show": "3"}).context["answer"].chosen == 3
    for nonsense in ("0", "11", "x", "²", "999999"):
        assert client.get(run.get_absolute_url(), {"show": nonsense}).context["answer"].chosen == 1
    part = client.get(run.get_absolute_url(), {"show": "2"}, headers=HTMX)
    assert "<html" not in part.content.decode()
    assert part.context["answer"].chosen == 2


def test_htmx_gets_the_result_and_its_address(client: Client, build: Build) -> None:
    response = search(client, build, htmx=True)
    assert response.status_code == 200
    assert response["HX-Push-Url"] == GearRun.objects.get().get_absolute_url()
    page = response.content.decode()
    assert page.strip().startswith('<section class="gear-run" id="run"')
    assert "hx-trigger" not in page.split(">")[0]


def test_wish_reaches_the_engine_as_it_was_meant(client: Client, build: Build) -> None:
    runes, sigils = list(packaged().runes)[:2], [24615, 24868, 24561]
    run = found(
        client, build, objective="weighted", weight_damage="2", weight_healing="0.5", min_critical_chance="10",
        max_toughness="2500", runes=runes, sigils=sigils, infusions=["power"], infusion_count="5", own_profile="on",
        power_coefficient="3000", burning="2", skill_attack_rate="0.5",
    )  # fmt: skip
    wish = gear_runs.GearWish.from_json(run.request)
    assert wish.weights == {"damage": 2.0, "healing": 0.5}
    assert wish.constraints == {"min_critical_chance": 0.1, "max_toughness": 2500.0}
    assert set(wish.choices.sigils) == {(24615, 24868), (24615, 24561), (24868, 24561)} or len(wish.choices.sigils) == 3
    assert (wish.choices.runes, wish.choices.infusion_count) == (tuple(runes), 5)
    assert wish.profile is not None
    assert (wish.profile.power_coefficient, wish.profile.condition_coefficients) == (3000.0, {"burning": 2.0})
    form = client.get(run.get_absolute_url()).context["form"]
    assert form["min_critical_chance"].value() == 10
    assert sorted(form["sigils"].value()) == sorted(map(str, sigils))
    assert form["weight_healing"].value() == 0.5


def test_limits_that_nothing_meets_are_told(client: Client, build: Build) -> None:
    run = found(client, build, min_boon_duration="99")
    assert "No gear meets these limits" in text_of(client.get(run.get_absolute_url()))


def test_numbers_are_written_for_people() -> None:
    assert [number(value) for value in (43210.4, 56.78, 5.2512, -1.5)] == ["43,210", "56.8", "5.251", "−1.500"]
    assert number(5.2512, sign=True, beside=56.8) == "+5.3"
    assert [large(value) for value in (78_364_164_096, 5.3851e21)] == ["78,364,164,096", "5.4 × 10²¹"]


# --- waiting ---------------------------------------------------------------------------------------
# Enough that a search looks at its clock: runes that nothing tells apart are searched as one.
SEVERAL = list(packaged().runes)[:30]


@pytest.fixture
def waiting(client: Client, build: Build, monkeypatch: pytest.MonkeyPatch) -> GearRun:
    monkeypatch.setattr(gear_runs, "AT_ONCE_SECONDS", 0.0)
    return found(client, build, runes=SEVERAL)


def test_waiting_run_asks_again_by_itself(client: Client, waiting: GearRun) -> None:
    page = text_of(client.get(waiting.get_absolute_url()))
    assert "Waiting for a worker" in page
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert 'hx-trigger="every 700ms"' in page
    assert "No worker has told" in page
    record_heartbeat()
    assert "No worker has told" not in text_of(client.get(waiting.get_absolute_url()))


def test_progress_shows_share_best_and_bound(client: Client, waiting: GearRun) -> None:
    GearRun.objects.update(
        status="running", attempts=1, done=0.354, best=41_000.2, bound=43_000.0, evaluated=1234,
        due_at=timezone.now() + timedelta(seconds=9),
    )  # fmt: skip
    part = text_of(client.get(waiting.get_absolute_url(), headers=HTMX))
    assert '<progress class="gear-progress" max="100" value="35"' in part
    assert all(text in part for text in ("41,000", "43,000", "1,234"))


def test_stopped_run_says_so(client: Client, waiting: GearRun) -> None:
    address = reverse("builds:gear_run_cancel", args=[waiting.pk])
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert "Stopped before it began" in text_of(client.get(waiting.get_absolute_url()))
    part = client.post(address, headers=HTMX)
    assert "<html" not in part.content.decode()


def test_best_so_far_is_not_called_proven(client: Client, waiting: GearRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gear_runs, "MOST_SECONDS", 0.0)
    gear_runs.work(run_id=waiting.pk)
    page = text_of(client.get(waiting.get_absolute_url()))
    assert "The best so far, not proven" in page
    assert "Proven best" not in page


def test_failed_run_says_why_and_what_to_do(client: Client, waiting: GearRun) -> None:
    GearRun.objects.update(status="failed", error_code="lost", error_message="It was cut off.")
    page = text_of(client.get(waiting.get_absolute_url()))
    assert "It was cut off." in page
    assert "Search anew" in page


def test_fourth_waiting_search_is_refused(client: Client, build: Build, waiting: GearRun) -> None:
    for _ in range(gear_runs.MOST_WAITING - 1):
        search(client, build, runes=SEVERAL)
    refused = search(client, build, htmx=True, runes=SEVERAL)
    assert refused.status_code == 429
    assert "stop one" in text_of(refused)


# --- who -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("visibility", ["private", "public"])
def test_run_of_somebody_is_not_there_for_others(visibility: str) -> None:
    owner, stranger = UserFactory(), UserFactory()
    build = dressed_build(owner=owner, visibility=visibility)
    run = found(signed_in(owner), build)
    addresses = [
        run.get_absolute_url(),
        *(reverse(f"builds:gear_run_{what}", args=[run.pk]) for what in ("cancel", "apply")),
    ]
    for client in (Client(), signed_in(stranger)):
        assert client.get(addresses[0]).status_code == 404
        assert [client.post(address, {"number": "1"}).status_code for address in addresses[1:]] == [404, 404]
        expected = 200 if visibility == "public" else 404
        assert client.get(reverse("builds:optimise", args=[build.pk])).status_code == expected
    assert signed_in(owner).get(addresses[0]).status_code == 200
    assert Client().get(reverse("builds:gear_run", args=[uuid.uuid4()])).status_code == 404


# --- choosing --------------------------------------------------------------------------------------
def worn(spec: BuildSpec) -> dict[str, str | None]:
    return {slot: piece.prefix for slot, piece in spec.gear.items()}


def apply(client: Client, run: GearRun, number: object = 1) -> Any:
    return client.post(reverse("builds:gear_run_apply", args=[run.pk]), {"number": str(number)})


def result(run: GearRun, number: int = 1) -> dict[str, str]:
    assert run.result is not None
    return run.result["results"][number - 1]["gear"]  # type: ignore[no-any-return]


def test_own_build_gets_the_gear_as_a_revision_that_can_be_undone() -> None:
    owner = UserFactory()
    build = dressed_build(owner=owner)
    client = signed_in(owner)
    run = found(client, build)
    response = apply(client, run, 2)
    assert response["Location"].startswith(build.get_absolute_url())
    saved = Build.objects.get()
    assert worn(saved.value) == result(run, 2)
    assert saved.version == 2
    assert saved.revisions.get(number=2).note == "Gear optimised: damage"
    picked = Activity.objects.get(verb=Activity.Verb.PICKED)
    assert (picked.user, picked.target_id, picked.data) == (owner, run.pk, {"number": 2, "of": 10})
    # Another one of the ten may be tried after it.
    apply(client, run, 1)
    assert worn(Build.objects.get().value) == result(run, 1)
    assert worn(saved.revisions.get(number=1).value) == worn(build.value)


def test_build_that_changed_since_is_left_as_it_is() -> None:
    owner = UserFactory()
    build = dressed_build(owner=owner)
    client = signed_in(owner)
    run = found(client, build)
    other = parse_build({**plain_json(build.value), "relic": next(iter(packaged().relics))}, packaged()).spec
    update_build(build_id=build.pk, author=owner, version=None, spec=other)
    assert apply(client, run).status_code == 409
    assert not Activity.objects.filter(verb=Activity.Verb.PICKED).exists()
    assert Build.objects.get().value == other


def test_build_of_somebody_else_becomes_a_private_copy(build: Build) -> None:
    player = UserFactory()
    client = signed_in(player)
    run = found(client, build)
    apply(client, run)
    copy = Build.objects.get(owner=player)
    assert copy.visibility == "private"
    assert worn(copy.value) == result(run)
    assert worn(Build.objects.get(pk=build.pk).value) == worn(build.value)


def test_without_an_account_the_gear_opens_as_a_link(client: Client, build: Build) -> None:
    response = apply(client, run := found(client, build))
    payload = response["Location"].removesuffix("/").rpartition("/")[2]
    assert worn(from_payload(payload, packaged())) == result(run)
    assert client.get(response["Location"]).status_code == 200
    assert Build.objects.count() == 1


def test_build_in_a_link_is_searched_and_saved(client: Client, build: Build) -> None:
    address = reverse("builds:optimise_open", args=[to_payload(build.value)])
    assert client.get(address).status_code == 200
    assert client.post(address, ASKED).status_code == 302
    run = GearRun.objects.get()
    assert (run.build, run.value) == (None, build.value)
    again = client.get(run.get_absolute_url()).context["subject"].search.split("/")[2]
    assert from_payload(again, packaged()) == build.value
    player = UserFactory()
    apply(signed_in(player), run)
    assert worn(Build.objects.get(owner=player).value) == result(run)


def test_chosen_upgrades_come_with_the_gear() -> None:
    owner = UserFactory()
    build = dressed_build(owner=owner)
    client = signed_in(owner)
    runes = list(packaged().runes)[:2]
    food, utility = (int(offer(packaged(), build.value)[0][0]) for offer in (food_choices, utility_choices))
    run = found(
        client, build, runes=runes, sigils=[24615, 24868], foods=[food], utilities=[utility], infusions=["power"]
    )
    apply(client, run)
    spec = Build.objects.get().value
    assert spec.rune in runes
    assert set(spec.sigils[0]) == {24615, 24868}
    assert (spec.food, spec.utility, dict(spec.infusions)) == (food, utility, {"power": 18})
    answer = gear_answer(run.result or {}, build.value, packaged())
    assert {"Rune", "Sigils", "Food", "Utility", "Infusions"} <= {row.place for row in answer.changes}


@pytest.mark.parametrize("number", ["", "0", "11", "x", "²"])
def test_result_that_is_not_there_is_refused(client: Client, build: Build, number: str) -> None:
    assert apply(client, found(client, build), number).status_code == 422


def test_relics_and_the_second_weapon_set_are_part_of_the_wish() -> None:
    owner = UserFactory()
    relic = packaged().find("relic", "Fireworks").id
    sets = [{"main_hand": "Greatsword", "off_hand": None}, {"main_hand": "Staff", "off_hand": None}]
    gear = dict.fromkeys((*ARMOR_SLOTS, *TRINKET_SLOTS, "weapon_1_main", "weapon_2_main"), "Soldier's")
    build = dressed_build(owner=owner, weapon_sets=sets, gear=gear)
    client = signed_in(owner)
    following = found(client, build, relics=[relic])
    assert "Staff, set 2" in text_of(client.get(following.get_absolute_url()))
    following.delete()
    run = found(client, build, relics=[relic], keep_second_set="on")
    assert client.get(run.get_absolute_url()).context["form"]["keep_second_set"].value() is True
    apply(client, run)
    spec = Build.objects.get().value
    assert spec.relic == relic
    assert spec.gear["weapon_2_main"].prefix == "Soldier's"
    assert spec.gear["weapon_1_main"].prefix != "Soldier's"


def test_what_the_build_has_now_comes_first_among_the_choices(client: Client) -> None:
    build = dressed_build(rune="Scholar")
    page = text_of(client.get(reverse("builds:optimise", args=[build.pk])))
    runes = page.partition('data-count="runes"')[2]
    assert runes.index("Scholar (its own)") < runes.index(">Adventurer<")
