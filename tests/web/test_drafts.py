"""A reply is never lost and never sent twice, wherever the person has moved to meanwhile."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.conftest import OpenPage
from tests.web.people import ask

QUEUE = re.compile(r"/v1/issues/[^/]+/queued-messages$")


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The conversation of a new issue, with the caret in its reply."""
    page = open_page("/inbox/all")
    message = {"author": "customer", "body": "Hello"}
    made = ask(page, "POST", "/v1/issues", {"subject": "A question of words", "messages": [message]})
    page.goto(f"/inbox/all/{made['issue']['id']}")
    expect(page.locator("#conversation li")).to_have_count(1)
    page.keyboard.press("r")
    expect(reply(page)).to_be_focused()
    return page


def reply(page: Page) -> Locator:
    return page.get_by_label("Reply to customer")


def move_on(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Customers", exact=True).click()
    expect(page.get_by_role("table", name="Customers")).to_be_visible()


def come_back(page: Page) -> None:
    page.go_back()
    expect(reply(page)).to_be_visible()


def test_a_reply_taken_back_after_moving_on_is_there_again(page: Page) -> None:
    page.keyboard.type("Not yet finished")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile("Sent in"))).to_be_visible()
    move_on(page)
    page.keyboard.press("z")
    expect(page.get_by_text("Reply taken back")).to_be_visible()

    come_back(page)

    expect(reply(page)).to_have_value("Not yet finished")
    reply(page).fill("")


def test_a_reply_that_failed_after_moving_on_is_there_again(page: Page, complaints: list[str]) -> None:
    held: list[Route] = []
    page.route(QUEUE, lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    page.keyboard.type("Words of an hour")
    with page.expect_request(QUEUE):
        page.keyboard.press("Control+Enter")
    move_on(page)
    held[0].abort()
    expect(page.get_by_role("region", name="Notifications").get_by_text("did not work")).to_be_visible()

    come_back(page)

    expect(reply(page)).to_have_value("Words of an hour")
    reply(page).fill("")
    complaints.clear()  # the browser tells of the request that got no answer


def test_a_reply_whose_answer_was_lost_is_sent_once(page: Page, complaints: list[str]) -> None:
    keys: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    page.route(QUEUE, lose_the_first_answer)
    page.keyboard.type("Only once")
    page.keyboard.press("Control+Enter")
    expect(reply(page)).to_have_value("Only once")
    page.keyboard.press("Control+Enter")
    expect(reply(page)).to_have_value("")

    expect(page.locator("#conversation").get_by_text("Only once")).to_have_count(1)
    assert keys[0] == keys[1]
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(reply(page)).to_have_value("Only once")
    reply(page).fill("")
    complaints.clear()
