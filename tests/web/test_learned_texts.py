"""What Copilot learned, before everybody reads it: what was taken out is marked; a long text is read by keys."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.conftest import WIDTHS, Look, OpenPage
from tests.web.people import ask
from tests.web.test_knowledge import article, open_review, proposed, status_of, stored


def test_what_was_published_is_published_again_when_its_reopening_is_taken_back(open_page: OpenPage) -> None:
    page = open_page("/knowledge")
    proposal = proposed(page)
    body = "Edited by the reviewer: turn the ring."
    made: Any = ask(page, "POST", f"/v1/knowledge/proposals/{proposal['id']}/approve", {"body": body})
    page.goto("/knowledge/decided")
    row = page.get_by_role("row").filter(has_text=proposal["title"])
    row.get_by_role("button", name="Reopen").press("Enter")
    expect(page.get_by_text("Waits for review again")).to_be_visible()
    assert stored(page, made["article"]["id"])["status"] == "archived"
    page.keyboard.press("z")
    expect(row).to_contain_text("Published")
    again = stored(page, made["article"]["id"])
    assert (again["status"], again["body"]) == ("published", body)


def test_what_was_taken_out_is_marked_and_asked_about_before_it_is_published(open_page: OpenPage, look: Look) -> None:
    page = open_page("/knowledge")
    proposal = proposed(page)
    open_review(page, proposal)
    page.get_by_text("Write", exact=True).click()
    title = page.get_by_label("Title")
    title.fill("[name] brewer leaks")
    page.get_by_label("Text", exact=True).fill(
        "Turn the ring for [name], see [link](https://example.org) or **[company]**."
    )
    page.get_by_text("Preview", exact=True).click()
    warning = page.get_by_text("Taken out and not filled in:")
    expect(warning.locator("..")).to_contain_text("[name], [company]")
    assert page.locator(".prose mark").all_inner_texts() == ["[name]", "[company]"]
    expect(page.get_by_role("heading", level=2).locator("mark")).to_have_text("[name]")
    look(page, "review-taken-out")
    page.keyboard.press("Control+Enter")
    question = page.get_by_role("dialog", name="Publish with [name], [company]?")
    expect(question).to_be_visible()
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    assert status_of(page, proposal) == "pending"
    # Filled in, nothing is asked.
    page.get_by_text("Write", exact=True).click()
    title.fill("Brewer leaks")
    page.get_by_label("Text", exact=True).fill("Turn the ring.")
    expect(warning).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Approved and published")).to_be_visible()


def test_a_draft_with_something_taken_out_is_published_once_that_was_confirmed(open_page: OpenPage) -> None:
    page = open_page("/knowledge")
    article_id = article(page, "[name] printer prints mirrored labels", status="draft")
    page.goto(f"/knowledge/articles/{article_id}")
    page.get_by_role("button", name="Publish").press("Enter")
    page.get_by_role("button", name="Publish all the same").press("Enter")
    expect(page.get_by_text("Published").first).to_be_visible()
    assert stored(page, article_id)["status"] == "published"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_article_scrolls_by_keys_alone(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/knowledge", width=width)
    lines = "\n\n".join(f"Paragraph {number} of a long article." for number in range(80))
    article_id = article(page, "Everything of the Vogel 7", f"{lines}\n\n    {'a line of code ' * 30}")
    page.goto(f"/knowledge/articles/{article_id}")
    region = page.get_by_role("region", name="Everything of the Vogel 7")
    expect(region).to_be_visible()
    look(page, "knowledge-long")
    page.get_by_role("button", name="Edit").focus()
    page.keyboard.press("Tab")
    expect(region).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_text("a line of code").first).to_be_in_viewport()


def test_an_edited_text_with_something_taken_out_is_saved_once_that_was_confirmed(open_page: OpenPage) -> None:
    page = open_page("/knowledge")
    article_id = article(page, "Cleaning the Vogel 8")
    page.goto(f"/knowledge/articles/{article_id}")
    expect(page.get_by_role("article")).to_be_visible()
    page.keyboard.press("e")
    page.get_by_label("Title").fill("Cleaning the Vogel 8 of [name]")
    page.keyboard.press("Control+s")
    question = page.get_by_role("dialog", name="Publish with [name]?")
    question.get_by_role("button", name="Publish all the same").press("Enter")
    expect(page.get_by_role("heading", name="Cleaning the Vogel 8 of [name]", level=1)).to_be_visible()
    expect(question).to_have_count(0)
    assert stored(page, article_id)["title"] == "Cleaning the Vogel 8 of [name]"
