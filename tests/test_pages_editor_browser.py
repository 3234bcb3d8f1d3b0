"""The editor in a real browser: numbers that answer, undo, and work that outlives a reload."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from builds.models import Build
from builds.services.builds import create_build, update_build
from builds.spec import parse_build
from builds.spec.model import GearPiece
from tests.browser import Browser
from tests.factories import UserFactory
from tests.specs import firebrand, packaged

VALOR = str(next(line.id for line in packaged().specializations.values() if line.name == "Valor"))
pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]
SHOWN = (
    "[...document.querySelectorAll('#preview :is(summary, .attr-empty):has(.delta)')]"
    ".map(row => [...row.querySelectorAll('span')].map(part => part.textContent).join(' ').trim())"
)


@pytest.fixture
def build() -> Build:
    lines = [{"specialization": "Radiance", "traits": ["Inner Fire", "Retribution", None]}, None, None]
    return create_build(
        owner=UserFactory(), spec=parse_build(firebrand(specializations=lines, skills={}), packaged()).spec
    )


@pytest.fixture
def page(browser: Browser, live_server: Any, client: Client, build: Build) -> Iterator[Browser]:
    client.force_login(build.owner)
    browser.open(live_server.url + "/login/")
    browser.run("document.cookie = `session=${arguments[0]}; path=/`", client.cookies["session"].value)
    browser.open(f"{live_server.url}/builds/{build.pk}/edit/")
    yield browser
    browser.run("sessionStorage.clear(); localStorage.clear()")
    browser.forget_cookies()


def complaints(page: Browser) -> list[str]:
    """HTMX notes each request that a newer one took the place of."""
    return [text for text in page.complaints() if "htmx:afterRequest" not in text and "htmx:sendAbort" not in text]


def choose(page: Browser, name: str, value: str) -> None:
    page.run(
        "const field = document.getElementById(`edit-${arguments[0]}`); field.value = arguments[1];"
        "field.dispatchEvent(new Event('change', { bubbles: true }))",
        name,
        value,
    )


def shows(page: Browser, words: str) -> None:
    page.wait_until(f"return {SHOWN}.some(text => text.includes({words!r}))")


def test_numbers_answer_a_trait_and_a_prefix_before_anything_is_saved(page: Browser, build: Build) -> None:
    assert page.run(f"return {SHOWN}.some(text => text.includes('+'))") is False
    choose(page, "gear.helm.prefix", "Berserker's")
    shows(page, "Power 1,063 +63")
    page.find("[data-undo]").click()
    shows(page, "Power 1,000")
    page.wait_until(f"return !{SHOWN}.some(text => text.includes('+'))")
    right_hand = packaged().find("trait", "Right-Hand Strength").id
    page.run(f"document.querySelector('[value=\"{right_hand}\"]').click()")
    shows(page, "Precision 1,080 +80")
    choose(page, "specializations.1.specialization", VALOR)
    page.wait_for("#line-1 .trait-line")
    choose(page, "rune", "qqqq")
    page.wait_until("return !document.getElementById('edit-rune-error').hidden")
    assert "There is no rune" in page.find("#edit-rune-error").text
    choose(page, "rune", "")
    page.wait_until("return document.getElementById('edit-rune-error').hidden")
    build.refresh_from_db()
    assert build.version == 1
    assert complaints(page) == []


def test_what_is_not_saved_survives_a_reload_and_can_be_thrown_away(page: Browser, build: Build) -> None:
    first = "document.querySelector('[name=\"specializations.1.traits.0\"]')"
    choose(page, "specializations.1.specialization", VALOR)
    page.wait_for("#line-1 .trait-line")
    page.run(f"{first}.click()")
    for button, drawn, ticked in (
        ("undo", True, False),
        ("undo", False, None),
        ("redo", True, False),
        ("redo", True, True),
    ):
        page.find(f"[data-{button}]").click()
        page.wait_until(f"return (document.querySelector('#line-1 .trait-line') !== null) === {str(drawn).lower()}")
        page.wait_until(f"return ({first}?.checked ?? null) === {str(ticked).lower().replace('none', 'null')}")
    page.run(
        "document.getElementById('all-gear').value = \"Viper's\"; document.querySelector('[value=trinkets]').click()"
    )
    page.run("location.reload()")
    page.wait_until("return document.querySelector('[data-brought-back]')?.hidden === false")
    page.wait_until(f"return {first}?.checked === true")
    assert page.run("return document.getElementById('edit-gear.back.prefix').value") == "Viper's"
    page.find("[data-discard]").click()
    page.wait_until("return document.querySelector('#line-1 .trait-line') === null")
    assert page.run("return document.getElementById('edit-gear.back.prefix').value") == "Minstrel's"
    build.refresh_from_db()
    assert build.version == 1


def test_a_skill_is_searched_and_chosen_by_keys_and_a_trait_taken_back(page: Browser, build: Build) -> None:
    page.run("document.querySelector('[data-pick=\"skills.heal\"]').click()")
    page.wait_until(
        "return document.getElementById('picker').open && document.querySelector('.offer.is-active') !== null"
    )
    page.run("const box = document.getElementById('picker-search'); box.value = 'receive light';")
    page.run("document.getElementById('picker-search').dispatchEvent(new Event('input'))")
    press = (
        "document.getElementById('picker-search')"
        ".dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], bubbles: true, cancelable: true }))"
    )
    assert page.run("return document.querySelectorAll('.offer:not([hidden])').length") == 1
    assert page.run("return document.querySelector('#picker-facts .tip-wiki').href").startswith("https://wiki.")
    page.run(press, "Enter")
    receive = str(packaged().find("skill", "“Receive the Light!”").id)
    assert page.run("return document.getElementById('edit-skills.heal').value") == receive
    page.wait_until("return document.querySelector('[data-pick=\"skills.heal\"]').textContent.includes('Receive')")
    assert page.run("return document.activeElement.dataset.pick") == "skills.heal"
    page.find("[data-undo]").click()
    page.wait_until("return document.querySelector('[data-pick=\"skills.heal\"]').textContent.includes('None')")

    chosen = "document.querySelector('[name=\"specializations.0.traits.0\"]:checked')"
    assert page.run(f"return {chosen}.value") != ""
    page.run(f"{chosen}.focus(); " + press.replace("document.getElementById('picker-search')", chosen), "Delete")
    assert page.run(f"return {chosen}.value") == ""
    page.find("[data-undo]").click()
    assert page.run(f"return {chosen}.value") != ""
    assert complaints(page) == []


def test_work_of_a_closed_tab_is_offered_and_leaves_what_was_saved_since(page: Browser, build: Build) -> None:
    choose(page, "gear.helm.prefix", "Viper's")
    shows(page, "Condition damage")
    changed = replace(build.value, gear={**build.value.gear, "boots": GearPiece("Dire")})
    update_build(build_id=build.pk, author=build.owner, version=1, spec=changed)
    page.run("sessionStorage.clear(); location.reload()")
    page.wait_for("[data-restore]")
    assert "version 2 is saved by now" in page.find(".notice-offer").text
    assert page.run("return document.getElementById('edit-gear.helm.prefix').value") == "Minstrel's"
    page.find("[data-restore]").click()
    shows(page, "Condition damage")
    assert page.run("return document.getElementById('edit-gear.helm.prefix').value") == "Viper's"
    assert page.run("return document.getElementById('edit-gear.boots.prefix').value") == "Dire"
    page.find("[data-undo]").click()
    page.run("sessionStorage.clear(); location.reload()")
    page.wait_for("[data-undo]:not([hidden])")
    assert page.find_all(".notice-offer") == []


def test_saving_leads_to_the_build_and_its_undo(page: Browser, build: Build) -> None:
    choose(page, "weapon_sets.0.main_hand", "Greatsword")
    assert page.run("return document.getElementById('edit-weapon_sets.0.off_hand').disabled") is True
    page.find(".editor-foot button").click()
    page.wait_for(".notice-action button")
    build.refresh_from_db()
    assert build.value.weapon_sets[0].names == ("Greatsword",)
    page.find(".notice-action button").click()
    page.wait_until("return document.querySelector('.toast-success') !== null")
    build.refresh_from_db()
    assert build.value.weapon_sets[0].names == ("Axe", "Shield")


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_the_editor_does_not_scroll_sideways(page: Browser, width: int) -> None:
    page.pretend_width(width)
    try:
        choose(page, "gear.helm.prefix", "Berserker's")
        choose(page, "skills.utilities.0", "9084")
        shows(page, "+63")
        page.wait_for(".effects-brief .delta")
        assert page.run("return document.documentElement.scrollWidth") <= width
    finally:
        page.pretend_width(None)


def test_a_legend_brings_its_skills(browser: Browser, live_server: Any) -> None:
    browser.open(f"{live_server.url}/builds/new/?profession=Revenant")
    choose(browser, "legends.land.0", "Legend2")
    legend = packaged().legends["Legend2"]
    chosen = (
        "return [...document.querySelectorAll('.edit-skills select')].slice(0, 5).map(field => Number(field.value))"
    )
    assert browser.run(chosen) == [legend.heal, *legend.utilities, legend.elite]
    browser.wait_until("return document.querySelector('.boon-bar, .effects-brief') !== null")
    assert browser.find_all("[data-problems]") == []
    assert complaints(browser) == []
