"""The page after the log-in, and the pages that say what the site is and stores."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.logins import KEPT_FOR
from builds import catalogue
from builds.gamedata.diff import compare
from builds.gamedata.snapshot import unpack
from builds.gamedata.touched import Touch, touched
from builds.models import Build, GameDataSnapshot
from builds.patches import patches_for
from builds.services.gamedata import activate_snapshot, ensure_packaged_snapshot
from builds.services.gear_runs import GearWish, queue_run
from teams.layout import blank_team
from teams.services.teams import create_team
from tests.factories import BuildFactory, UserFactory
from tests.test_pages_look import check

pytestmark = pytest.mark.django_db


@pytest.fixture
def taimi() -> User:
    return UserFactory(username="Taimi")


@pytest.fixture
def here(taimi: User) -> Client:
    client = Client()
    client.force_login(taimi)
    return client


def fill(owner: User) -> None:
    build: Build = BuildFactory(owner=owner)
    create_team(owner=owner, spec=blank_team("Wing 4", "raids", None, 2))
    # Of callers of their own: one has only so many waiting.
    queue_run(owner=owner, caller=str(build.pk), spec=build.value, wish=GearWish(), build=build)


def newer(diff: object, *, minutes: int = 0) -> GameDataSnapshot:
    """Activates a snapshot of the same facts that says of itself that it changed these, so many minutes from now."""
    active = GameDataSnapshot.objects.get(is_active=True)
    row = GameDataSnapshot.objects.create(
        taken_on=date(2026, 11, 20), source="api", checksum=f"{minutes:064}", payload=active.payload, diff=diff,
        previous=active, created_at=timezone.now() + timedelta(minutes=minutes),
    )  # fmt: skip
    activate_snapshot(snapshot=row)
    return row


def test_a_newcomer_is_told_the_one_next_thing(here: Client) -> None:
    page = here.get("/dashboard/").content.decode()
    check(page)
    assert page.count('class="empty"') == 1
    assert 'href="/builds/create/">Paste a build</a>' in page


def test_logging_in_leads_to_the_dashboard(here: Client) -> None:
    assert here.get("/login/")["Location"] == "/dashboard/"


def test_the_cards_ask_the_same_however_much_there_is(
    here: Client, taimi: User, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    ensure_packaged_snapshot()
    fill(taimi)
    newer({"trait": {"changed": {"count": 1, "names": ["Nothing"], "ids": ["1"]}}}, minutes=1)
    here.get("/dashboard/")
    for _ in range(3):
        with django_assert_num_queries(7):  # type: ignore[operator]
            page = here.get("/dashboard/").content.decode()
        check(page)
        fill(taimi)
    assert page.count(">Wing 4</a>") == 3
    assert "Waiting" in page


def test_of_others_nothing_is_shown(here: Client) -> None:
    fill(UserFactory())
    assert "Wing 4" not in here.get("/dashboard/").content.decode()


def test_builds_tell_what_changed_since_they_were_saved(here: Client, taimi: User) -> None:
    ensure_packaged_snapshot()
    build: Build = BuildFactory(owner=taimi)
    BuildFactory(owner=UserFactory())
    relic = next(iter(catalogue.current_catalogue().relics.values()))
    Build.objects.update(spec=build.spec | {"relic": relic.id})
    newer({"relic": {"changed": {"count": 1, "names": [relic.name], "ids": [str(relic.id)]}}}, minutes=1)
    (told,) = patches_for(taimi).builds
    assert [(change.kind, change.name, change.how) for change in told.changes] == [("relic", relic.name, "changed")]
    assert told.problems == ()
    assert "What changed for your builds" in here.get("/dashboard/").content.decode()
    # Saved again later, it is as the game is now.
    Build.objects.update(updated_at=timezone.now() + timedelta(minutes=2))
    assert patches_for(taimi).builds == ()
    assert "What changed for your builds" not in here.get("/dashboard/").content.decode()


def test_builds_that_the_game_allows_no_longer_come_first(here: Client, taimi: User) -> None:
    ensure_packaged_snapshot()
    broken: Build = BuildFactory(owner=taimi, name="Broken")
    Build.objects.filter(pk=broken.pk).update(spec=broken.spec | {"relic": 1})
    sound: Build = BuildFactory(owner=taimi, name="Sound")
    profession = {"changed": {"count": 1, "names": [broken.profession], "ids": [broken.profession]}}
    newer({"profession": profession, "relic": {"removed": {"count": 1, "names": ["Old"], "ids": ["1"]}}}, minutes=1)
    (told,) = patches_for(taimi).builds
    assert (told.build.pk, [change.name for change in told.changes]) == (broken.pk, ["Old"])
    assert sound.pk != told.build.pk
    assert len(told.problems) == 1
    assert "Not valid any more" in here.get("/dashboard/").content.decode()


@pytest.mark.once
def test_a_chain_of_diffs_tells_each_thing_once_by_id() -> None:
    payload = bytes(_packaged())
    before, after = unpack(payload), unpack(payload)
    gone = after["skills"].pop(0)
    after["traits"] = [[row[0], row[1] + " II", *row[2:]] for row in after["traits"][:30]] + after["traits"][30:]
    first = compare(before, after)
    second = {"trait": {"removed": {"count": 1, "names": ["Last"], "ids": [str(after["traits"][0][0])]}}}
    found = touched([first, second])
    assert found["skill", str(gone[0])] == Touch("removed", gone[1])
    assert found["trait", str(after["traits"][0][0])] == Touch("removed", "Last")
    assert sum(touch.how == "renamed" for touch in found.values()) == 29


def _packaged() -> bytes:
    ensure_packaged_snapshot()
    return bytes(GameDataSnapshot.objects.get(is_active=True).payload)


@pytest.mark.once
@pytest.mark.parametrize("path", ["/about/", "/legal/", "/privacy/"])
def test_pages_about_the_site_are_linked_from_every_page(path: str) -> None:
    client = Client()
    check(client.get(path).content.decode())
    assert f'<a href="{path}">' in client.get("/login/").content.decode()


@pytest.mark.once
def test_the_privacy_page_tells_lengths_and_cookies_as_they_are() -> None:
    page = Client().get("/privacy/").content.decode()
    assert f"{KEPT_FOR.days} days; 1 day where the name belongs to nobody" in page
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.DEVICE_COOKIE_NAME, "theme"):
        assert f"<code>{name}</code>" in page
    for name in ("Rosters and sign-ups", "Searches for gear", "recommender and the team commander"):
        assert name in page
