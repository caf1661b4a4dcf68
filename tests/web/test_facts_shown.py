"""What people need to know stands where they look: order and company in lists, keys, reasons on the board."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import WIDTHS, Look, OpenPage
from tests.web.people import ask


def ages(page: Page) -> list[str]:
    """The moments of the rows in the order shown."""
    times: list[str] = (
        page.get_by_role("list", name="Issues").locator("time").evaluate_all("all => all.map(time => time.dateTime)")
    )
    return times


def test_a_list_shows_the_age_that_it_is_sorted_by(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    expect(page.get_by_role("list", name="Issues").locator("time").nth(5)).to_be_visible()
    assert ages(page) == sorted(ages(page), reverse=True)

    page.get_by_role("button", name="Sort: Opened last").click()
    page.get_by_role("menuitemcheckbox", name="Opened first").click()
    expect(page.get_by_role("button", name="Sort: Opened first")).to_be_visible()
    page.wait_for_function("new URLSearchParams(location.search).get('sort')?.includes('oldest')")
    expect(page.locator("time").first).to_have_attribute("data-of", "Opened")
    assert ages(page) == sorted(ages(page))


def test_an_issue_has_a_key_to_say_and_a_row_its_company(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    made: Any = ask(
        page, "POST", "/v1/issues",
        {
            "subject": "Keys are needed", "body": "What is my number?",
            "customer": {"name": "Ana Key", "email": "ana.key@example.com", "attributes": {"company": "Elder & Books"}},
        },
    )  # fmt: skip
    issue = made["issue"]
    row = page.get_by_role("list", name="Issues").get_by_role("link", name=re.compile("Keys are needed"))
    expect(row).to_contain_text("Elder & Books")
    row.click()
    expect(page.get_by_role("button", name=f"{issue['key']}, Copy key")).to_be_visible()

    page.goto(f"/search?q={issue['key']}")
    expect(page.get_by_role("list", name="Results").get_by_role("link").first).to_contain_text("Keys are needed")


def test_a_card_says_why_it_is_critical_and_what_is_a_note(open_page: OpenPage) -> None:
    page = open_page("/critical")
    made: Any = ask(
        page, "POST", "/v1/issues",
        {"subject": "Orders of strangers", "body": "Data breach: I can see the orders of other customers!"},
    )  # fmt: skip
    issue_id = made["issue"]["id"]
    ask(
        page, "POST", f"/v1/issues/{issue_id}/messages", {"author": "agent", "visibility": "internal", "body": "Known."}
    )
    ask(page, "PATCH", f"/v1/issues/{issue_id}", {"status": "open"})
    card = page.get_by_role("listitem").filter(has_text="Orders of strangers")
    expect(card).to_contain_text("Other people's data is visible", ignore_case=True)
    expect(card).to_contain_text("Note by Local administrator: Known.")
    ask(page, "PATCH", f"/v1/issues/{issue_id}", {"severity": "low"})


def test_a_topic_is_chosen_from_those_there_are(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    made: Any = ask(page, "POST", "/v1/issues", {"subject": "Strange colours", "body": "The colours look strange."})
    page.goto(f"/inbox/all/{made['issue']['id']}")
    page.get_by_role("button", name="Not right? Topic").click()
    form = page.get_by_role("dialog", name="Correct: Topic")
    choice = form.get_by_label("It should be")
    expect(choice.get_by_role("option", name="Shipping labels")).to_have_count(1)
    choice.select_option(label="Another topic …")
    form.get_by_label("Name of the topic").fill("shipping LABELS")
    form.get_by_role("button", name="Save correction").click()
    expect(form).to_have_count(0)
    panel: Any = page.evaluate("id => fetch(`/v1/issues/${id}/panel`).then(a => a.json())", made["issue"]["id"])
    assert panel["category"]["value"] == "shipping_labels"


def test_templates_are_narrowed_to_a_language_and_a_customer_leads_back(open_page: OpenPage) -> None:
    page = open_page("/templates")
    rows = page.get_by_role("table", name="Templates").get_by_role("row")
    expect(rows.nth(1)).to_be_visible()
    every = rows.count()
    page.get_by_label("Language").select_option("de")
    expect(page.get_by_role("table", name="Templates")).to_contain_text("German")
    expect(page.get_by_role("table", name="Templates")).not_to_contain_text("English")
    assert 1 < rows.count() < every

    page.goto("/customers")
    page.get_by_role("table", name="Customers").get_by_role("link").first.click()
    page.get_by_role("link", name="All customers").click()
    expect(page.get_by_role("table", name="Customers")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_customer_page_shows_how_their_messages_sounded(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/customers", width=width)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    words = "This is terrible, I am furious!", "Is there any news?", "Great, thank you, I am very happy."
    messages = [{"author": "customer", "body": body} for body in words]
    body = {"subject": "Sounds of many kinds", "customer": {"name": "Ana Example"}, "messages": messages}
    made: Any = ask(page, "POST", "/v1/issues", body)
    page.goto(f"/customers/{made['issue']['customer']['id']}")
    part = page.get_by_role("region", name="Sentiment over time")
    points = part.get_by_role("link")
    expect(points).to_have_count(3)
    expect(points.first).to_have_accessible_name(re.compile("Negative, −.*Sounds of many kinds"))
    expect(points.last).to_have_accessible_name(re.compile("Positive"))
    points.first.focus()
    expect(part.locator("p").last).to_contain_text("Sounds of many kinds")
    look(page, "customer-sentiment")
    points.first.press("Enter")
    message = page.locator("#conversation li").filter(has_text="I am furious!")
    expect(message).to_be_focused()
    page.go_back()
    expect(part).to_be_visible()


@pytest.mark.parametrize("width", [390, 320])
def test_what_is_only_read_out_makes_a_customer_page_no_wider(open_page: OpenPage, width: int) -> None:
    page = open_page("/customers", width=width)
    page.get_by_label("Find a customer").fill("Fiona Weber")
    page.get_by_role("table", name="Customers").get_by_role("link", name="Fiona Weber").first.click()
    expect(page.get_by_role("figure").filter(has_text="Satisfaction")).to_be_visible()
    expect(page.get_by_role("region", name="Sentiment over time")).to_be_visible()
    expect(page.get_by_role("table", name="History")).to_be_visible()
    wider = """() => [document.documentElement, ...document.querySelectorAll('main, main > div')]
        .filter(one => one.scrollWidth > one.clientWidth).map(one => one.outerHTML.slice(0, 200))"""
    assert page.evaluate(wider) == []


def test_what_came_of_an_issue_stands_where_it_was_foretold(open_page: OpenPage, look: Look) -> None:
    page = open_page("/inbox/all")
    made: Any = ask(page, "POST", "/v1/issues", {"subject": "Solved long ago", "body": "The key does not work."})
    issue_id = made["issue"]["id"]
    page.goto(f"/inbox/all/{issue_id}")
    copilot = page.get_by_role("complementary", name="Copilot")
    time, risk = (copilot.get_by_role("region", name=name) for name in ("Time to resolve", "Risk of a bad rating"))
    expect(time).to_contain_text("of 100 such issues")
    foretold = time.locator("[data-number]").first.inner_text()
    draft = copilot.get_by_role("button", name="Draft a reply")
    lively = draft.evaluate("button => getComputedStyle(button).backgroundColor")

    ask(page, "PATCH", f"/v1/issues/{issue_id}", {"status": "resolved", "rating": {"score": 5}})
    page.goto(f"/inbox/resolved/{issue_id}")

    expect(time).to_contain_text("Took 1")  # minute, or two
    expect(time).to_contain_text(f"Forecast: {foretold}")
    expect(risk).to_contain_text(re.compile(r"Rated 5 of 5.*Forecast: \d+ %"))
    expect(copilot).not_to_contain_text("of 100 such issues")
    assert draft.evaluate("button => getComputedStyle(button).backgroundColor") != lively
    look(page, "what-came-of-an-issue")
