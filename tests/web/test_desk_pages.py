"""The pages beside the inbox: critical board, customers, knowledge and its review, search."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage, Take
from tests.web.people import ask


def get(page: Page, path: str) -> Any:
    return page.evaluate("path => fetch(path).then(answer => answer.json())", path)


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name=name)


@pytest.mark.parametrize("width", WIDTHS)
def test_pages(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/critical", width=width)
    expect(page.get_by_role("heading", name="In work")).to_be_visible()
    look(page, "board")

    page.goto("/customers")
    expect(page.get_by_role("table", name="Customers").get_by_role("row").nth(1)).to_be_visible()
    look(page, "customers")
    customer = next(issue["customer"]["id"] for issue in get(page, "/v1/issues")["data"] if issue["customer"])
    page.goto(f"/customers/{customer}")
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    look(page, "customer")

    page.goto("/knowledge")
    articles = page.get_by_role("table", name="Articles")
    expect(articles.get_by_role("row").nth(1)).to_be_visible()
    look(page, "knowledge")
    articles.get_by_role("link").first.click()
    expect(page.get_by_role("article")).to_be_visible()
    look(page, "article")
    page.get_by_role("button", name="Edit").click()
    expect(page.get_by_label("Title")).to_be_visible()
    look(page, "article-edit")

    page.goto("/knowledge/review")
    expect(page.get_by_role("main")).to_contain_text("review")
    look(page, "review")

    page.goto("/search?q=invoice")
    expect(page.get_by_role("list", name="Results").get_by_role("link").first).to_be_visible()
    look(page, "search")


def _is_new(issue: dict[str, object]) -> bool:
    return issue["status"] == "open" and issue["assignee"] is None


def test_a_card_is_moved_by_keys_and_stays_in_hand(open_page: OpenPage) -> None:
    page = open_page("/critical")
    made = ask(page, "POST", "/v1/issues", {"subject": "Nobody can sign in any more", "body": "All logins fail."})
    issue_id = made["issue"]["id"]
    ask(page, "PATCH", f"/v1/issues/{issue_id}", {"severity": "critical"})
    subject = "Nobody can sign in any more"
    expect(column(page, "New").get_by_role("link", name=subject)).to_be_visible()

    page.get_by_role("link", name=subject).focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(column(page, "In work").get_by_role("link", name=subject)).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(column(page, "Waiting").get_by_role("link", name=subject)).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(column(page, "Resolved today").get_by_role("link", name=subject)).to_be_visible()
    page.get_by_role("button", name=f"Move: {subject}").click()
    # The answer of the first move may still be on its way: that one has an assignee.
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and _is_new(answer.json())):
        page.get_by_role("menuitemcheckbox", name="New").click()
    expect(column(page, "New").get_by_role("link", name=subject)).to_be_visible()

    issue = get(page, f"/v1/issues/{issue_id}")
    assert (issue["status"], issue["assignee"]) == ("open", None)


def test_an_article_is_written_published_and_found(open_page: OpenPage) -> None:
    page = open_page("/knowledge")
    expect(page.get_by_role("table", name="Articles")).to_be_visible()
    page.keyboard.press("n")
    page.get_by_label("Title").fill("Resetting the quantum flux meter")
    page.get_by_label("Text").fill("Hold **both** buttons.\n\n<script>alert(1)</script>\n\n[bad](javascript:alert(1))")
    page.get_by_text("Preview", exact=True).click()
    expect(page.locator("strong")).to_have_text("both")
    assert page.locator("main script").count() == 0
    assert page.locator("main a[href^=javascript]").count() == 0
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_role("heading", name="Resetting the quantum flux meter", level=1)).to_be_visible()
    page.goto("/search")
    page.get_by_role("searchbox", name="Search everything").fill("quantum flux")
    expect(page.get_by_role("link", name="Resetting the quantum flux meter")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("Hold both buttons.")


def test_a_proposal_is_read_and_approved(open_page: OpenPage, check_access: Check, picture: Take) -> None:
    page = open_page("/knowledge/review")
    made = ask(
        page, "POST", "/v1/issues", {"subject": "Espresso tap of the Zarquon 9 drips", "body": "The Zarquon 9 drips."}
    )
    fix = "Turn the brass ring of the Zarquon 9 a quarter to the left, then descale it and rinse it twice."
    ask(page, "POST", f"/v1/issues/{made['issue']['id']}/resolve", {"resolution": {"text": fix}})
    queue = page.get_by_role("navigation", name="Proposals")
    _until_proposed(page, "Zarquon")
    check_access(page)
    picture(page, "review-open-light-1440")
    waiting = queue.get_by_role("button").count()
    _words_over_a_proposal_are_not_lost(page)
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Approved and published")).to_be_visible()
    expect(queue.get_by_role("button")).to_have_count(waiting - 1)


def _until_proposed(page: Page, words: str) -> None:
    expect(page.get_by_role("main")).to_be_visible()
    row = page.get_by_role("navigation", name="Proposals").get_by_role("button").filter(has_text=words)
    for _ in range(30):
        page.reload()
        page.wait_for_load_state("networkidle")
        if row.count():
            break
        page.wait_for_timeout(1000)
    row.click()


def test_who_reviews_is_told_that_a_customer_does_not_want_models_and_decides(
    open_page: OpenPage, check_access: Check, picture: Take
) -> None:
    page = open_page("/knowledge/review")
    customer = {"email": "quiet@example.com", "language_model_allowed": False}
    body = {"subject": "Milk frother of the Vogon 7 whistles", "body": "The Vogon 7 whistles.", "customer": customer}
    made = ask(page, "POST", "/v1/issues", body)
    fix = "Unscrew the steam tip of the Vogon 7, clear it with the needle, and steam water for ten seconds."
    ask(page, "POST", f"/v1/issues/{made['issue']['id']}/resolve", {"resolution": {"text": fix}})
    _until_proposed(page, "Vogon")
    notice = page.get_by_role("region", name="Not given to language models")
    expect(notice).to_be_visible()
    check_access(page)
    picture(page, "review-opted-out-light-1440")
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.get_by_text("Approved and published")).to_be_visible()

    page.goto("/knowledge")
    page.get_by_role("table", name="Articles").get_by_role("link", name="Vogon").click()
    expect(notice).to_be_visible()
    picture(page, "article-opted-out-light-1440")
    notice.get_by_role("switch", name="Models may read this text").click()

    expect(page.get_by_text("Article saved")).to_be_visible()
    expect(notice).to_have_count(0)


def _words_over_a_proposal_are_not_lost(page: Page) -> None:
    page.get_by_text("Write", exact=True).click()
    text = page.get_by_label("Text", exact=True)
    text.fill("In other words: turn the brass ring.")
    page.get_by_role("link", name="Articles", exact=True).click()
    question = page.get_by_role("dialog", name="Leave without saving?")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)
    expect(text).to_have_value("In other words: turn the brass ring.")
    expect(page.get_by_role("navigation", name="Proposals").get_by_text("edited by you")).to_be_visible()
    page.get_by_text("Preview", exact=True).click()


def test_notes_of_a_customer_are_kept(open_page: OpenPage) -> None:
    page = open_page("/customers")
    page.get_by_role("table", name="Customers").get_by_role("link").first.click()
    notes = page.get_by_role("textbox", name="Notes")
    notes.fill("Prefers the phone in the morning.")
    page.get_by_role("button", name="Save notes").click()
    expect(page.get_by_text("Notes saved")).to_be_visible()
    page.reload()
    expect(notes).to_have_value("Prefers the phone in the morning.")
    notes.fill("")
    page.get_by_role("button", name="Save notes").click()
    expect(page.get_by_text("Notes saved")).to_be_visible()


def test_notes_that_somebody_else_changed_are_shown_before_they_are_written_over(
    open_page: OpenPage, complaints: list[str], check_access: Check
) -> None:
    page = open_page("/customers")
    stored = ask(page, "POST", "/v1/customers", {"name": "Twice Noted", "email": "twice@example.com"})
    page.goto(f"/customers/{stored['id']}")
    notes = page.get_by_role("textbox", name="Notes")
    notes.fill("Mine.")
    ask(open_page("/account"), "PATCH", f"/v1/customers/{stored['id']}", {"notes": "Theirs."})
    page.get_by_role("button", name="Save notes").click()

    expect(page.get_by_role("region", name="Notes of the other one")).to_contain_text("Theirs.")
    expect(notes).to_have_value("Mine.")
    check_access(page)
    notes.fill("Theirs. Mine.")
    page.get_by_role("button", name="Save notes").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Notes of the other one")).to_have_count(0)
    assert get(page, f"/v1/customers/{stored['id']}")["notes"] == "Theirs. Mine."
    complaints.clear()  # the browser itself tells of the refusal
