"""The list of customers, which the address keeps, and what their pages say when something cannot be had."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import WIDTHS, Look, OpenPage
from tests.web.people import ask


def made(page: Page, name: str, company: str, amount: str) -> str:
    value = {"amount": amount, "currency": "EUR"}
    body = {"name": name, "attributes": {"company": company}, "value": value, "plan": "business", "language": "en"}
    answer: Any = ask(page, "POST", "/v1/customers", body)
    return str(answer["id"])


def rows(page: Page) -> Locator:
    return page.get_by_role("table", name="Customers").get_by_role("row")


def names(page: Page) -> list[str]:
    return rows(page).get_by_role("link").all_inner_texts()


def written(page: Page, *words: str) -> Any:
    messages = [{"author": "customer", "body": body} for body in words]
    body = {"subject": "Sounds of many kinds", "customer": {"name": "Rosa Sound"}, "messages": messages}
    answer: Any = ask(page, "POST", "/v1/issues", body)
    return answer["issue"]


@pytest.mark.parametrize("width", WIDTHS)
def test_customers_are_found_by_company_and_the_address_keeps_it(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/account")
    page.set_viewport_size({"width": width, "height": 900})
    company = f"Umbrel {width} Works"
    for name, amount in (("Ida First", "3808.00"), ("Ole Second", "10.00"), ("Per Third", "200.00")):
        made(page, name, company, amount)
    page.goto("/customers")
    expect(rows(page).nth(1)).to_be_visible()
    look(page, "customers")
    page.get_by_label("Find a customer").fill(f"umbrel {width}")
    expect(rows(page)).to_have_count(1 + 3)
    expect(page).to_have_url(re.compile("q=umbrel"))
    expect(rows(page).nth(1)).to_contain_text(company)
    page.get_by_label("Order").select_option("Oldest")
    expect(page).to_have_url(re.compile("sort=oldest"))
    expect(rows(page).nth(1)).to_contain_text("Ida First")
    assert names(page) == ["Ida First", "Ole Second", "Per Third"]
    look(page, "customers-found")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width > 1024:
        value, language = rows(page).nth(1).get_by_role("cell").nth(2), rows(page).nth(1).get_by_role("cell").nth(3)
        expect(value).to_have_text("€3,808")
        expect(language).to_have_text("English")
        ends = value.evaluate("""cell => {
            const words = document.createRange()
            words.selectNodeContents(cell)
            return words.getBoundingClientRect().right
        }""")
        assert language.evaluate("cell => cell.getBoundingClientRect().left") + 8 - ends >= 24

    page.reload()
    expect(rows(page)).to_have_count(1 + 3)
    expect(page.get_by_label("Find a customer")).to_have_value(f"umbrel {width}")
    expect(page.get_by_label("Order")).to_have_value("oldest")
    rows(page).nth(1).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ida First")
    page.go_back()
    expect(page.get_by_label("Find a customer")).to_have_value(f"umbrel {width}")
    assert names(page) == ["Ida First", "Ole Second", "Per Third"]
    page.get_by_label("Order").select_option("Best match")
    expect(page).not_to_have_url(re.compile("sort="))
    page.get_by_label("Find a customer").fill("nobody of this name")
    expect(page.get_by_text("No customer matches")).to_be_visible()
    page.get_by_label("Find a customer").fill("")
    expect(page).to_have_url(re.compile("/customers$"))
    expect(page.get_by_label("Order")).to_have_value("newest")


def test_the_list_of_all_comes_back_by_the_navigation(open_page: OpenPage) -> None:
    page = open_page("/customers?q=nobody+of+this+name")
    expect(page.get_by_text("No customer matches")).to_be_visible()
    page.get_by_role("link", name="Customers", exact=True).click()
    expect(rows(page).nth(1)).to_be_visible()
    expect(page.get_by_label("Find a customer")).to_have_value("")


def test_a_sentiment_that_failed_says_so_and_is_tried_again(
    open_page: OpenPage, complaints: list[str], look: Look
) -> None:
    page = open_page("/account")
    customer = written(page, "This is terrible!", "Great, thank you.")["customer"]["id"]
    page.route("**/sentiment", lambda route: route.fulfill(status=500, json={"code": "internal", "title": "No"}))
    page.goto(f"/customers/{customer}")
    part = page.get_by_role("region", name="Sentiment over time")
    expect(part.get_by_role("alert")).to_contain_text("This could not be loaded.")
    expect(page.get_by_role("table", name="History")).to_be_visible()
    look(page, "customer-sentiment-failed")
    page.unroute("**/sentiment")
    part.get_by_role("button", name="Try again").click()
    expect(part.get_by_role("link")).to_have_count(2)
    page.close()
    complaints.clear()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_sentiment_is_read_without_a_mouse_and_marks_what_it_leads_to(
    open_page: OpenPage, look: Look, width: int
) -> None:
    page = open_page("/account", width=width)
    issue = written(page, "This is terrible, I am furious!", "Is there any news?", "Great, thank you, very happy.")
    days = ("2026-03-01", "2026-03-03", "2026-09-20")

    def dated(route: Any) -> None:
        told = route.fetch().json()
        for one, day in zip(told["data"], days, strict=True):
            one["at"] = f"{day}T09:00:00Z"
        route.fulfill(json=told)

    page.route("**/sentiment", dated)
    page.goto(f"/customers/{issue['customer']['id']}")
    part = page.get_by_role("region", name="Sentiment over time")
    points = part.get_by_role("link")
    expect(points).to_have_count(3)
    for word in ("Positive", "Neutral", "Negative"):
        expect(part.locator("span", has_text=re.compile(f"^{word}$"))).to_be_visible()
    dates = part.locator("[data-date]")
    expect(dates.first).to_have_text("1 Mar")
    expect(dates.last).to_have_text("20 Sept")
    left = [box["x"] for point in points.all() if (box := point.bounding_box())]
    # Two days are close together, half a year is not.
    assert left[2] - left[1] > 4 * (left[1] - left[0]) >= 4 * 24

    # One stop of Tab, at the newest.
    expect(part.locator("a[tabindex='0']")).to_have_count(1)
    points.last.focus()
    page.keyboard.press("ArrowLeft")
    expect(points.nth(1)).to_be_focused()
    page.keyboard.press("Home")
    expect(points.first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(points.first).to_be_focused()
    expect(part).to_contain_text("Negative, −")
    look(page, "customer-sentiment-read")
    page.keyboard.press("Tab")
    expect(part.locator("a:focus")).to_have_count(0)

    points.nth(1).click()
    message = page.locator("#conversation li").filter(has_text="Is there any news?")
    expect(message).to_be_focused()
    expect(message).to_have_css("outline-style", "solid")
    look(page, "jumped-to")
    page.keyboard.press("Tab")
    expect(message).to_have_css("outline-style", "none")


def test_without_a_network_a_customer_who_was_not_read_is_said_to_be_not_loaded(
    open_page: OpenPage, complaints: list[str], look: Look
) -> None:
    page = open_page("/account")
    first, second = (made(page, f"Offline {number}", "Umbrella Nowhere", "1.00") for number in (1, 2))
    page.goto(f"/customers/{first}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Offline 1")
    page.get_by_role("link", name="All customers").click()
    expect(rows(page).nth(1)).to_be_visible()
    page.context.set_offline(True)
    page.locator(f"a[href='/customers/{second}']").click()
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("Not loaded: you are offline")
    look(page, "customer-offline")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Offline 2")
    page.close()
    complaints.clear()
