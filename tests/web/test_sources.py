"""A source of a suggested reply, open beside it with the cited words marked."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import WIDTHS, Look, OpenPage
from tests.web.people import ask

SOURCES = ("Article", "Template", "Solved issue")
_IN_VIEW = """element => {
    const box = element.getBoundingClientRect(), frame = element.closest('.source').getBoundingClientRect()
    return box.height > 0 && box.bottom > frame.top && box.top < frame.bottom
}"""


def printing_issue(page: Page) -> str:
    body = {
        "subject": "Labels come out blank", "channel": "email", "customer": {"name": "Ana Example"},
        "body": "Since the update of the print helper the label printer prints blank labels. The preview is right.",
    }  # fmt: skip
    made: Any = ask(page, "POST", "/v1/issues", body)
    return str(made["issue"]["id"])


def drafted(page: Page, width: int) -> Locator:
    page.goto(f"/inbox/all/{printing_issue(page)}")
    if width < 1280:
        page.get_by_role("button", name="Copilot").first.click()
        page.get_by_role("button", name="Draft a reply").click()
    else:
        expect(page.get_by_role("complementary", name="Copilot")).to_be_visible()
        page.keyboard.press("d")
    draft = page.get_by_test_id("draft")
    expect(draft).to_have_attribute("aria-busy", "false")
    return draft


@pytest.mark.parametrize("width", WIDTHS)
def test_a_cited_passage_is_marked_in_its_source(
    open_page: OpenPage,
    look: Look,
    width: int,
) -> None:
    page = open_page("/account", width=width)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    drafted(page, width)
    listed = (
        page.get_by_role("list", name="Sources")
        .first.get_by_role("button")
        .filter(has_text=re.compile("|".join(SOURCES)))
    )
    listed.first.scroll_into_view_if_needed()
    listed.first.press("Enter")
    page.get_by_role("button", name="Show beside the reply").press("Enter")

    whole = page.locator(".source")
    expect(whole).to_be_visible()
    expect(page.get_by_text(re.compile("cited passages? marked"))).to_be_visible()
    cited = whole.locator("[data-cited]").first
    assert cited.evaluate(_IN_VIEW)
    assert page.evaluate("CSS.highlights.get('cited').size") > 0
    look(page, "source")

    page.keyboard.press("Escape")
    expect(whole).to_have_count(0)
    expect(listed.first).to_be_focused()


def test_the_reply_can_be_worked_on_beside_an_open_source(open_page: OpenPage) -> None:
    page = open_page("/account")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    draft = drafted(page, 1440)
    chip = draft.get_by_role("button", name=re.compile("^Source ")).first
    chip.press("Enter")
    page.get_by_role("button", name="Show beside the reply").press("Enter")
    expect(page.locator(".source")).to_be_visible()

    page.get_by_role("button", name="Insert").first.click()

    expect(page.get_by_label("Reply to customer")).not_to_have_value("")
    expect(page.locator(".source")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".source")).to_have_count(0)
