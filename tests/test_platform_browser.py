"""What only a browser can tell: that the policy of the site lets its own pages work."""

from typing import Any

import pytest

from tests.browser import Browser

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


def test_api_docs_work_under_the_policy(browser: Browser, live_server: Any) -> None:
    browser.open(f"{live_server.url}/api/v1/docs/")
    browser.wait_for("#swagger-ui .info .title")
    assert "GW2Optimizer" in browser.find("#swagger-ui .info .title").text
    assert browser.complaints() == []


def test_error_page_works_under_the_policy(browser: Browser, live_server: Any) -> None:
    browser.open(f"{live_server.url}/no/such/page")
    assert browser.find("h1").text == "Nothing here"
    complaints = [text for text in browser.complaints() if "404 (Not Found)" not in text]
    assert complaints == []
