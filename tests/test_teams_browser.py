"""A team's board in a real browser: dragging by mouse and by finger, the keyboard, and what answers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from builds.spec import BuildSpec
from teams.models import Team
from teams.services import advice
from teams.services.teams import create_team
from tests.browser import ENTER, TAB, Browser
from tests.factories import UserFactory
from tests.teams import library, team

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ours() -> Team:
    builds: dict[str, BuildSpec] = {}
    for build in library():
        if build.game_mode == "wvw":
            builds.setdefault(build.profession, build)
    one, two, three, four, *_ = builds.values()
    return create_team(owner=UserFactory(), spec=team([one, two], [three, four]))


@pytest.fixture
def commander(
    browser: Browser, live_server: Any, client: Client, ours: Team, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Browser]:
    """The browser of the team's owner, on its board."""
    # What would mend the team is asked at each change.
    monkeypatch.setattr(advice, "EVALUATIONS", 1)
    client.force_login(ours.owner)
    browser.open(live_server.url + "/login/")
    browser.run("document.cookie = `session=${arguments[0]}; path=/`", client.cookies["session"].value)
    browser.open(live_server.url + ours.get_absolute_url())
    browser.wait_for(".team-board.can-drag")
    browser.run("window.stays = true")
    yield browser
    # It is asked for when it is seen, and the answer must not outlive the test.
    browser.run("document.getElementById('mends')?.scrollIntoView()")
    browser.wait_until("return document.querySelector('#mends[hx-get]') === null")
    assert browser.run("return window.stays") is True
    assert browser.complaints() == []
    browser.forget_cookies()


def saved(ours: Team) -> list[str]:
    slots = Team.objects.get(pk=ours.pk).value.places()
    return [slot.build.name for _, slot in slots if slot.build]


def shown(commander: Browser) -> tuple[str, str]:
    """The score and the heat map."""
    return commander.find(".score-number b").text, commander.find(".heat-tables").text


def settled(commander: Browser) -> None:
    """The mends stand above the board: a drag that begins while they come ends where the board was."""
    commander.run("document.getElementById('mends')?.scrollIntoView()")
    commander.wait_until("return !document.querySelector('#mends[hx-get]')")


def moved_to(commander: Browser, number: int) -> None:
    """Waits for the board that shows the move, with the keyboard where it was."""
    commander.wait_until(f"return document.getElementById('team').dataset.moved === '{number}'")
    focused = "return document.activeElement.closest('.board-slot')?.id"
    assert commander.run(focused) == f"place-{number}"


def test_player_is_dragged_onto_another_and_the_numbers_answer(commander: Browser, ours: Team) -> None:
    one, two, three, four = saved(ours)
    settled(commander)
    before = shown(commander)
    commander.drag("#place-1", "#place-4")
    moved_to(commander, 4)
    settled(commander)
    assert saved(ours) == [four, two, three, one]
    after = shown(commander)
    assert after[0] == f"{Team.objects.get().synergy_score:.1f}"
    assert after[1] != before[1]

    commander.find("#undo").click()
    commander.wait_until("return document.getElementById('team').dataset.moved === undefined")
    assert saved(ours) == [one, two, three, four]
    assert shown(commander) == before

    commander.drag("#place-2", "#place-3", touch=True)
    moved_to(commander, 3)
    settled(commander)
    assert saved(ours) == [one, three, two, four]
    commander.drag("#place-3", ".board-new .board-add")
    moved_to(commander, 4)
    settled(commander)
    assert saved(ours) == [one, three, four, two]


def test_board_is_changed_by_the_keyboard_alone(commander: Browser, ours: Team) -> None:
    one, two, three, four = saved(ours)
    commander.run("document.querySelector('#place-1 .slot-menu summary').focus()")
    # To the group before and up are not to be had there.
    commander.press(ENTER, TAB)
    assert commander.run("return document.activeElement.getAttribute('aria-label')") == "Down"
    commander.press(ENTER)
    moved_to(commander, 2)
    assert saved(ours) == [two, one, three, four]
    commander.press(ENTER, TAB, TAB)
    assert commander.run("return document.activeElement.getAttribute('aria-label')") == "To the next group"
    commander.press(ENTER)
    moved_to(commander, 4)
    assert saved(ours) == [two, four, three, one]
