"""A search for gear in a real browser: its progress, its result, and the gear on the build."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from builds.models import Build, GearRun
from builds.services import gear_runs
from builds.spec.model import ARMOR_SLOTS, TRINKET_SLOTS
from gw2optimizer.health import record_heartbeat
from tests.browser import Browser
from tests.factories import BuildFactory

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def build() -> Build:
    gear = dict.fromkeys((*ARMOR_SLOTS, *TRINKET_SLOTS, "weapon_1_main"), "Soldier's")
    sets = [{"main_hand": "Greatsword", "off_hand": None}]
    return BuildFactory(game_mode="pve", role="dps", gear=gear, weapon_sets=sets)  # type: ignore[return-value]


@pytest.fixture
def player(browser: Browser, live_server: Any, client: Client, build: Build) -> Browser:
    """The browser of the build's owner."""
    client.force_login(build.owner)
    browser.open(live_server.url + "/login/")
    browser.run("document.cookie = `session=${arguments[0]}; path=/`", client.cookies["session"].value)
    return browser


def prefixes(build: Build) -> set[str | None]:
    return {piece.prefix for piece in Build.objects.get(pk=build.pk).value.gear.values()}


def test_search_shows_its_progress_and_its_best_is_put_on_the_build(
    player: Browser, live_server: Any, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gear_runs, "AT_ONCE_SECONDS", 0.0)
    # The worker is this test: what it does and when is then sure.
    monkeypatch.setattr(gear_runs, "_send", lambda run_id: None)
    record_heartbeat()
    player.open(live_server.url + reverse("builds:optimise", args=[build.pk]))
    player.run("window.stays = true")
    player.find(".gear-list summary").click()
    player.find(".gear-list .gear-filter").type("scholar")
    visible = "return [...document.querySelectorAll('.gear-list[open] li')].filter(one => !one.hidden).length"
    assert player.run(visible) == 1
    player.find(".gear-list[open] li:not([hidden]) label").click()
    player.find(".gear-list .gear-filter").clear()
    player.find(".gear-list .gear-filter").type("eagle")
    player.find(".gear-list[open] li:not([hidden]) input:not(:checked)").click()
    assert player.find("[data-count=runes]").text == "2 ticked"
    player.find("#gear-wish button[type=submit]").click()

    player.wait_for("#run progress")
    run = GearRun.objects.get()
    assert player.address == live_server.url + run.get_absolute_url()
    assert player.find("#run h2").text == "Waiting for a worker"
    soon = timezone.now() + timedelta(seconds=60)
    GearRun.objects.update(status="running", attempts=0, done=0.5, best=31_415.0, bound=32_000.0, due_at=soon)
    player.wait_until("return document.querySelector('#run progress')?.value === 50")
    assert "31,415" in player.find("#run").text
    GearRun.objects.update(status="queued")
    gear_runs.work(run_id=run.pk)
    player.wait_for("#run .gear-proof.is-proven")
    assert player.run("return window.stays") is True

    player.find("#gear-row-2").click()
    player.wait_for("#gear-row-2[aria-current]")
    player.find("#gear-row-1").click()
    player.wait_for("#gear-row-1[aria-current]")
    player.find("#run form button").click()
    player.wait_until(f"return location.pathname === '{build.get_absolute_url()}'")
    assert prefixes(build) != {"Soldier's"}
    assert Build.objects.get().version == 2
    assert player.complaints() == []
    player.forget_cookies()


def test_search_that_is_over_at_once_stands_beside_its_form(
    browser: Browser, live_server: Any, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gear_runs, "AT_ONCE_SECONDS", 60.0)
    browser.open(live_server.url + reverse("builds:optimise", args=[build.pk]))
    browser.run("document.querySelector('#id_objective').value = 'healing'")
    browser.run("document.querySelector('#id_objective').dispatchEvent(new Event('change', {bubbles: true}))")
    browser.wait_for('#gear-prefixes [value="Magi\'s"]:checked')
    browser.find("#id_min_health").type("-5")
    browser.find("#gear-wish button[type=submit]").click()
    browser.wait_for("#gear-wish .field-error")
    browser.find("#id_min_health").clear()
    browser.find("#gear-wish button[type=submit]").click()
    browser.wait_for("#run .gear-proof.is-proven")
    assert browser.run("return document.querySelector('#gear-wish .field-error') === null")
    assert "Proven best of" in browser.run("return document.getElementById('said').textContent")
    assert [text for text in browser.complaints() if "422" not in text] == []


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_a_search_do_not_scroll_sideways(
    browser: Browser, live_server: Any, client: Client, build: Build, width: int
) -> None:
    address = reverse("builds:optimise", args=[build.pk])
    client.post(address, {"objective": "damage", "infusions": ["power", "precision"], "infusion_count": "18"})
    browser.pretend_width(width)
    try:
        for path in (address, GearRun.objects.get().get_absolute_url()):
            browser.open(live_server.url + path)
            browser.run("for (const one of document.querySelectorAll('details')) one.open = true")
            assert browser.run("return document.documentElement.scrollWidth") <= width, path
    finally:
        browser.pretend_width(None)
