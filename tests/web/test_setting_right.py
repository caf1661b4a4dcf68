"""A person's word goes before the machine's: blanks of a template are filled, forecasts set right."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import OpenPage
from tests.web.people import ask


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The conversation of a new issue, of which nobody knows which order it is about."""
    page = open_page("/inbox/all")
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    made: Any = ask(page, "POST", "/v1/issues", {"subject": "Late again", "body": "My parcel is late."})
    page.goto(f"/inbox/all/{made['issue']['id']}")
    expect(page.locator("#composer[data-issue]")).to_be_visible()
    return page


def test_a_reply_with_a_blank_is_not_sent_until_it_is_filled(page: Page) -> None:
    body = "Order {{ issue.order_number }} leaves us today."
    ask(page, "POST", "/v1/templates", {"title": "Parcel leaves today", "body": body})
    page.reload()
    expect(page.locator("#composer[data-issue]")).to_be_visible()
    page.keyboard.press("t")
    search = page.get_by_role("combobox", name="Search templates")
    expect(search).to_be_focused()
    page.keyboard.type("parcel leaves today")
    expect(page.get_by_role("option", name=re.compile("Parcel leaves today"))).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("Enter")
    reply = page.get_by_label("Reply to customer")
    expect(reply).to_have_value("Order [order number] leaves us today.")
    expect(page.get_by_role("button", name="1 blank to fill")).to_be_visible()

    page.keyboard.press("Control+Enter")
    told = page.get_by_role("region", name="Notifications")
    expect(told).to_contain_text("Fill the marked blanks before you send.")
    expect(page.get_by_text(re.compile("Sent in"))).to_have_count(0)
    told.get_by_text("Fill the marked blanks").hover()  # messages that are pointed at do not go by time
    page.keyboard.type("4711")  # the blank was selected
    expect(reply).to_have_value("Order 4711 leaves us today.")
    expect(told).not_to_contain_text("Fill the marked blanks")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text(re.compile("Sent in"))).to_be_visible()
    expect(page.locator("#conversation")).to_contain_text("Order 4711 leaves us today.")
    expect(told).to_contain_text("Reply is on its way")
    expect(told.get_by_role("button", name="Undo")).to_have_count(1)  # not that of the template any more
    told.get_by_text("Reply is on its way").hover()
    page.locator("#conversation").get_by_role("button", name="Undo").press("Enter")
    expect(told).to_contain_text("Reply taken back")
    expect(told.get_by_role("button", name="Undo")).to_have_count(0)


def test_a_forecast_is_set_right_without_a_mouse(page: Page) -> None:
    copilot = page.get_by_role("complementary", name="Copilot")
    wrong = copilot.get_by_role("button", name="Not right? Severity")
    wrong.focus()
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="Correct: Severity")
    form.get_by_label("It should be").select_option("critical")
    form.get_by_label("Note (optional)").fill("The customer loses money with each hour.")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Copilot takes your word from now on.")).to_be_visible()
    expect(form).to_have_count(0)
    expect(wrong).to_be_focused()
    expect(copilot.get_by_role("region", name="Severity", exact=True)).to_contain_text("Critical")
    expect(page.get_by_role("button", name=re.compile("Critical.*Change severity"))).to_be_visible()
