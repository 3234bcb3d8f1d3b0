"""What the script and the style sheet do in a real browser."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from builds.catalogue import current_catalogue
from builds.models import Build
from builds.services.builds import create_build
from builds.spec import parse_build
from tests.browser import Browser
from tests.factories import UserFactory

CODE = "[&DQYfLSkaOCcXAXQANRfLAL4BjwBOARwBlwCWAAAAAAAAAAAAAAAAAAAAAAAAAA==]"

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def build() -> Build:
    data = {
        "name": "Fire Weaver",
        "profession": "Elementalist",
        "template_code": CODE,
        "weapon_sets": [{"main_hand": "Sword", "off_hand": "Warhorn"}],
        "gear": {"helm": "Berserker's", "ring_2": "Assassin's"},
        "rune": "Dragonhunter",
        "relic": "Fireworks",
        "sigils": [["Force", "Impact"]],
    }
    spec = parse_build(data, current_catalogue()).spec
    return create_build(owner=UserFactory(), spec=spec, visibility="public")


def test_a_click_or_a_key_copies_the_code_and_says_so(browser: Browser, live_server: Any, build: Build) -> None:
    browser.open(live_server.url + build.get_absolute_url())
    label = browser.find("[data-main-copy] [data-label]")
    assert label.text == "Copy"
    browser.find("[data-main-copy]").click()
    browser.wait_until("return document.querySelector('[data-main-copy] [data-label]').textContent === 'Copied'")
    assert browser.run("return document.getElementById('said').textContent") == "Copied"
    browser.wait_until("return document.querySelector('[data-main-copy] [data-label]').textContent === 'Copy'")
    browser.find("body").type("c")
    browser.wait_until("return document.querySelector('[data-main-copy] [data-label]').textContent === 'Copied'")
    assert browser.complaints() == []


def test_keys_find_the_search_and_show_the_help(browser: Browser, live_server: Any) -> None:
    browser.open(live_server.url + "/")
    browser.find("body").type("/")
    assert browser.run("return document.activeElement.name") == "q"
    browser.find("[name=q]").type("?c/")
    assert browser.run("return document.activeElement.value") == "?c/"
    browser.run("document.activeElement.blur()")
    browser.find("body").type("?")
    assert browser.run("return document.getElementById('keyboard-help').open") is True


def test_the_theme_is_kept_for_the_next_page(browser: Browser, live_server: Any) -> None:
    browser.open(live_server.url + "/builds/")
    background = "return getComputedStyle(document.body).backgroundColor"
    before = browser.run(background)
    browser.find("[data-theme-switch]").click()
    after = browser.run(background)
    assert {before, after} == {"rgb(246, 245, 242)", "rgb(20, 23, 28)"}
    browser.open(live_server.url + "/builds/create/")
    assert browser.run(background) == after
    browser.forget_cookies()


def test_an_answer_and_an_error_appear_beneath_the_box(browser: Browser, live_server: Any) -> None:
    browser.open(live_server.url + "/")
    browser.run("window.stays = true")
    browser.find("[name=q]").type(CODE)
    browser.find(".wish button").click()
    browser.wait_for("#answer .trait-line")
    assert len(browser.find_all("#answer .is-chosen")) == 9
    browser.find("[name=q]").clear()
    browser.find("[name=q]").type("qqq zzz")
    browser.find(".wish button").click()
    browser.wait_for("#answer .notice-error")
    assert browser.run("return window.stays") is True
    # The browser itself notes the status of the answer; nothing else may be amiss.
    assert [text for text in browser.complaints() if "422" not in text] == []


def test_a_tooltip_opens_on_focus_and_closes_on_escape(browser: Browser, live_server: Any, build: Build) -> None:
    browser.open(live_server.url + build.get_absolute_url())
    visible = "return getComputedStyle(document.querySelector('.is-chosen .tip-panel')).visibility"
    assert browser.run(visible) == "hidden"
    browser.run("document.querySelector('.is-chosen .tip-trigger').focus()")
    browser.wait_until(f"{visible} === 'visible'")
    browser.find("body").type("\ue00c")
    assert browser.run(visible) == "hidden"


@pytest.mark.parametrize("width", [360, 768, 800, 1000, 1280])
def test_no_page_scrolls_sideways(browser: Browser, live_server: Any, client: Client, build: Build, width: int) -> None:
    """For somebody who is logged in: the header then holds most."""
    client.force_login(build.owner)
    browser.open(live_server.url + "/login/")
    browser.run("document.cookie = `session=${arguments[0]}; path=/`", client.cookies["session"].value)
    browser.pretend_width(width)
    try:
        own = [build.get_absolute_url() + part for part in ("", "edit/", "history/")]
        for path in ("/", "/builds/", "/builds/create/", "/builds/mine/", f"/?q={quote(CODE)}", *own):
            browser.open(live_server.url + path)
            assert browser.run("return innerWidth") == width
            assert browser.run("return document.documentElement.scrollWidth") <= width, path
    finally:
        browser.pretend_width(None)
        browser.forget_cookies()
