"""Each place has an address: it can be sent to a colleague, gone back to, and opened in a second tab."""

import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.web.conftest import Look, OpenPage
from tests.web.people import PASSWORD, ask, invite

PLACES = {
    "/inbox/critical": "Critical", "/critical": "Critical board", "/customers": "Customers", "/knowledge": "Knowledge",
    "/knowledge/review": "Knowledge", "/knowledge/new": "New article", "/search": "Search", "/templates": "Templates",
    "/templates/new": "New template", "/analytics?days=7": "Analytics", "/admin/roles": "Administration",
    "/admin/audit?outcome=done": "Administration", "/account": "Your account",
}  # fmt: skip


def listed(page: Page) -> Page:
    expect(page.get_by_role("list", name="Issues").get_by_role("link").first).to_be_visible()
    return page


def test_each_page_opens_at_its_address(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    for path, title in PLACES.items():
        page.goto(path)
        expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
        assert page.url.endswith(path), page.url


def test_an_address_that_leads_nowhere_says_so_and_leads_back(
    open_page: OpenPage, look: Look, complaints: list[str]
) -> None:
    page = open_page("/inbox/all/iss_00000000000000000000000000")
    expect(page.get_by_text("There is nothing here")).to_be_visible()
    listed(page)
    page.goto("/no/such/page")
    expect(page.get_by_role("heading", level=1, name="There is nothing here")).to_be_visible()
    look(page, "nowhere")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Customers", exact=True).click()
    expect(page.get_by_role("table", name="Customers")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Back to the inbox").click()
    listed(page)
    complaints.clear()  # the browser itself tells of the answer 404


def test_back_and_forward_go_where_one_was(open_page: OpenPage) -> None:
    page = listed(open_page("/inbox/all?sort=oldest"))
    page.get_by_role("list", name="Issues").get_by_role("link").first.click()
    subject = page.get_by_role("heading", level=1)
    expect(page.locator("#composer[data-issue]")).to_be_visible()
    issue, words = page.url, subject.text_content() or ""
    page.get_by_role("link", name="Customers", exact=True).click()
    page.get_by_role("table", name="Customers").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()

    page.go_back()
    expect(page.get_by_role("table", name="Customers")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(issue)
    expect(subject).to_have_text(words)
    page.go_back()
    expect(page.get_by_text("Pick an issue")).to_be_visible()
    page.go_forward()
    expect(subject).to_have_text(words)


def test_filters_and_order_stand_in_the_address(open_page: OpenPage) -> None:
    page = listed(open_page("/inbox/all"))
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("dialog", name="Filter").get_by_role("button", name="High", exact=True).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Remove filter: High")).to_be_visible()
    page.get_by_role("button", name="Sort").click()
    page.get_by_role("menuitemcheckbox", name="Opened first").click()
    expect(page).to_have_url(re.compile("severity=.*high.*sort=oldest|sort=oldest.*severity=.*high"))
    first = page.get_by_role("list", name="Issues").get_by_role("link").first.get_attribute("href")

    page.reload()

    expect(page.get_by_role("button", name="Remove filter: High")).to_be_visible()
    expect(page.get_by_role("list", name="Issues").get_by_role("link").first).to_have_attribute("href", str(first))


def test_who_signs_in_comes_to_where_they_wanted(open_page: OpenPage, complaints: list[str]) -> None:
    person = invite(listed(open_page("/inbox/all")))
    page = open_page("/search?q=invoice", signed_in=False)
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("searchbox", name="Search everything")).to_have_value("invoice")
    expect(page).to_have_url(re.compile(r"/search\?q=invoice$"))
    complaints.clear()  # nobody had signed in when the page first asked


def test_a_refusal_that_comes_after_signing_in_is_old_news(open_page: OpenPage, complaints: list[str]) -> None:
    person = invite(listed(open_page("/inbox/all")), name="Noor Haddad")
    page = open_page("/sign-in", signed_in=False)
    held: list[Route] = []
    page.route("**/v1/auth/me", lambda route: held.append(route) if not held else route.continue_())
    page.goto("/search?q=invoice")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("searchbox", name="Search everything")).to_be_visible()

    with page.expect_response("**/v1/auth/me"):
        held[0].fulfill(status=401, json={"code": "unauthenticated", "status": 401})

    expect(page.get_by_text("Noor Haddad").first).to_be_visible()
    # A dialog would wait for a pause in typing: with the focus elsewhere it comes at once.
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1, name="Critical", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/search\?q=invoice$"))
    complaints.clear()  # nobody had signed in when the page first asked


def test_two_tabs_show_the_same_and_one_of_them_listens(open_page: OpenPage) -> None:
    page = listed(open_page("/inbox/all"))
    made: Any = ask(page, "POST", "/v1/issues", {"subject": "Seen in both tabs", "body": "Hello"})
    path = f"/inbox/all/{made['issue']['id']}"
    streams: list[str] = []
    page.context.on(
        "request", lambda request: streams.append(request.url) if request.resource_type == "eventsource" else None
    )
    with page.expect_request(lambda request: request.resource_type == "eventsource"):
        page.goto(path)  # this tab listens: the other comes later
    other = page.context.new_page()
    other.goto(path)
    for tab in (page, other):
        expect(tab.get_by_role("heading", level=1, name="Seen in both tabs")).to_be_visible()

    other.get_by_role("button", name=re.compile("Change severity")).click()
    other.get_by_role("menuitemcheckbox", name="Critical").click()
    expect(page.get_by_role("button", name=re.compile("Critical.*Change severity"))).to_be_visible()
    page.get_by_label("Reply to customer").fill("Written in the first tab.")
    other.reload()
    expect(other.get_by_label("Reply to customer")).to_have_value("Written in the first tab.")

    assert len(streams) == 1, "each tab has a connection of its own"
    page.get_by_label("Reply to customer").fill("")
    other.close()
