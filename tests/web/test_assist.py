"""Beside the suggested reply in the console: other words, a question about the issue, what is missing."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage, Take
from tests.web.people import ask

PARCEL = "My parcel has not arrived. The courier said that it was left with a neighbour in the violet house."


def open_issue(open_page: OpenPage, *, theme: str = "light", width: int = 1440) -> Page:
    """A page of a new issue, whose customer did not say which order it is."""
    page = open_page("/inbox/all", theme=theme, width=width)
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    made: Any = ask(page, "POST", "/v1/issues", {"subject": "Delivery", "body": PARCEL})
    page.goto(f"/inbox/all/{made['issue']['id']}")
    expect(page.locator("#conversation li").first).to_be_visible()
    return page


def rewrite(page: Page, manner: str) -> None:
    page.get_by_role("button", name="Rewrite").click()
    page.get_by_role("menuitem", name=manner, exact=True).click()


def test_without_a_model_no_other_words_are_offered_and_it_says_why(open_page: OpenPage, check_access: Check) -> None:
    page = open_issue(open_page)
    expect(page.get_by_role("button", name="Rewrite")).to_be_disabled()
    reply = page.get_by_label("Reply to customer")
    reply.fill("Hello, it is on its way.")
    none = page.get_by_role("button", name="Rewrite: No language model is set up, and other words need one.")
    expect(none).to_have_attribute("aria-disabled", "true")
    check_access(page)
    none.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("No language model is set up")
    page.keyboard.press("Control+k")
    page.keyboard.type("Translate into")
    expect(page.get_by_role("dialog").get_by_text("Translate into")).to_have_count(0)
    page.keyboard.press("Escape")

    expect(reply).to_have_value("Hello, it is on its way.")
    reply.fill("")


def test_what_a_model_does_not_say_in_other_words_stays(open_page: OpenPage) -> None:
    page = open_issue(open_page)
    page.route("**/rewrite/preview", lambda route: route.fulfill(json={"sent": True, "code": None}))
    reply = page.get_by_label("Reply to customer")
    reply.fill("Hello, it is on its way.")
    rewrite(page, "Translate into English")
    expect(page.get_by_text("The text stays as it was")).to_be_visible()
    expect(reply).to_have_value("Hello, it is on its way.")


def test_the_reply_is_said_in_other_words_and_taken_back(open_page: OpenPage, picture: Take) -> None:
    page = open_issue(open_page)
    sent: list[object] = []

    def answer(route: Route) -> None:
        sent.append(route.request.post_data_json)
        body = {"text": "On its way.", "changed": True, "language": "en", "checks": [], "engine": "stand-in"}
        route.fulfill(json=body)

    page.route("**/rewrite", answer)
    page.route("**/rewrite/preview", lambda route: route.fulfill(json={"sent": True, "code": None}))
    reply = page.get_by_label("Reply to customer")
    reply.fill("Hello, it is on its way.")
    page.get_by_role("button", name="Rewrite").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Shorter")).to_be_focused()
    picture(page, "rewrite-light-1440")
    page.keyboard.press("Enter")
    expect(reply).to_have_value("On its way.")
    assert sent == [{"text": "Hello, it is on its way.", "manner": "shorter"}]
    page.get_by_role("button", name="Undo").click()
    expect(reply).to_have_value("Hello, it is on its way.")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_question_is_answered_with_its_source(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_issue(open_page, width=width)
    if width < 768:
        page.get_by_role("button", name="Copilot").click()
    field = page.get_by_role("textbox", name="Ask about this issue")
    expect(field).to_be_visible()
    if width < 768:
        field.focus()
    else:
        page.keyboard.press("q")
    expect(field).to_be_focused()
    page.keyboard.type("Who has the parcel, a neighbour in the violet house?")
    page.keyboard.press("Enter")
    answer = page.get_by_test_id("answer")
    expect(answer).to_contain_text("left with a neighbour in the violet house.")
    expect(answer.get_by_role("list", name="Sources").get_by_role("button").first).to_contain_text("Conversation")
    expect(page.get_by_role("button", name=re.compile("^Ask for it")).first).to_be_visible()
    answer.scroll_into_view_if_needed()
    look(page, "assist")

    answer.get_by_role("list", name="Sources").get_by_role("button").first.click()
    source = page.get_by_role("dialog", name="Message of the customer")
    expect(source.get_by_role("button", name="Go to the message")).to_be_visible()
    look(page, "assist-source")
    if width > 768:
        source.get_by_role("button", name="Go to the message").click()
        expect(page.locator("#conversation li").filter(has_text="violet house").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(source).to_have_count(0)

    field.fill("Zyxwv?")
    page.keyboard.press("Enter")
    expect(answer).to_contain_text("answers this")


def test_a_question_that_fails_is_kept_and_asked_again(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_issue(open_page)
    problem = {"type": "about:blank", "title": "Busy", "status": 503, "code": "busy", "detail": "The index is busy."}
    page.route("**/questions", lambda route: route.fulfill(status=503, body=json.dumps(problem)), times=1)
    field = page.get_by_role("textbox", name="Ask about this issue")
    field.fill("Who has the parcel, a neighbour?")
    field.press("Enter")
    expect(page.get_by_role("alert").get_by_text("The index is busy.")).to_be_visible()
    expect(field).to_have_value("Who has the parcel, a neighbour?")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_test_id("answer")).to_contain_text("neighbour")
    complaints.clear()


def test_what_is_missing_is_asked_for_in_the_reply(open_page: OpenPage) -> None:
    page = open_issue(open_page)
    page.get_by_role("button", name="Ask for it: Could you please tell us your order number?").click()
    expect(page.get_by_label("Reply to customer")).to_have_value("Could you please tell us your order number?")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_model_reads_what_is_missing_and_the_card_says_what_came_of_it(
    open_page: OpenPage, look: Look, width: int
) -> None:
    page = open_issue(open_page, width=width)
    order = {"name": "order_number", "question": "Could you please tell us your order number?"}
    found: dict[str, Any] = {"items": [order], "checks": [], "engine": "offline/1", "message_count": 1}
    own = {"name": "other", "question": "Could you please tell us in which house the neighbour lives?"}
    left_out = {"name": "links", "verdict": "fixed", "detail": "1 sentence(s) of the model were left out."}

    def answer(route: Route) -> None:
        by_model = route.request.method == "POST"
        more = {"items": [order, own], "checks": [left_out]} if by_model else {}
        route.fulfill(json=found | {"may_ask_model": True} | more)

    page.route("**/missing", answer)
    page.reload()
    if width < 768:
        page.get_by_role("button", name="Copilot").click()
    card = page.get_by_test_id("missing")
    expect(card.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="Let the model read what is missing").click()
    expect(card.get_by_role("listitem")).to_have_count(2)
    expect(card).to_contain_text("1 sentence(s) of the model were left out.")
    card.scroll_into_view_if_needed()
    look(page, "missing")


def test_the_next_step_of_a_procedure_is_shown_and_put_into_the_reply(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/inbox/all")
    body = "When the quartz clock of the oven blinks:\n\n1. Press the clock key\n2. Turn the dial to the hour\n"
    article = {"title": "The quartz clock of the oven blinks", "body": body, "status": "published", "language": "en"}
    ask(page, "POST", "/v1/knowledge/articles", article)
    said = "The quartz clock of my oven blinks. I pressed the clock key already."
    made: Any = ask(page, "POST", "/v1/issues", {"subject": "Quartz clock of the oven blinks", "body": said})
    page.goto(f"/inbox/all/{made['issue']['id']}")
    card = page.get_by_test_id("next-action")
    expect(card).to_contain_text("Turn the dial to the hour")
    card.get_by_text("The quartz clock of the oven blinks").click()
    expect(card.get_by_role("listitem")).to_have_count(2)
    expect(card.get_by_role("button", name="Done: go to the message")).to_be_visible()
    check_access(page)
    card.get_by_role("button", name="Use in the reply: Turn the dial to the hour").click()
    expect(page.get_by_label("Reply to customer")).to_have_value("Turn the dial to the hour")


def test_a_draft_says_that_something_was_written_since(open_page: OpenPage) -> None:
    page = open_issue(open_page)
    page.get_by_role("button", name="Draft", exact=False).first.click()
    expect(page.get_by_test_id("draft")).not_to_be_empty()
    expect(page.get_by_role("button", name="Insert")).to_be_visible()
    stale = page.get_by_text("Something was written since this draft.")
    expect(stale).to_have_count(0)
    issue_id = page.url.rsplit("/", 1)[-1]
    ask(page, "POST", f"/v1/issues/{issue_id}/messages", {"author": "customer", "body": "It has arrived just now."})
    expect(stale).to_be_visible(timeout=15_000)
