"""Figures as people see them: each chart also a table, each period an address."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage
from tests.web.people import ask


def figure(page: Page, title: str) -> str:
    return page.get_by_role("term").filter(has_text=title).locator("xpath=following-sibling::dd[1]").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/analytics?days=90", width=width, height=1300)
    expect(page.get_by_role("img", name=re.compile("^Issues by day"))).to_be_visible()
    look(page, "analytics")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_figures_are_those_of_the_api(open_page: OpenPage) -> None:
    page = open_page("/analytics")
    expect(page.get_by_role("img", name=re.compile("^Issues by day"))).to_be_visible()
    report = page.request.get("/v1/reports/desk?days=30").json()
    assert figure(page, "Opened") == str(report["figures"]["opened"])
    assert figure(page, "Open now") == str(report["open_now"])

    page.get_by_role("radio", name="7 days").check(force=True)
    expect(page).to_have_url(re.compile("days=7"))
    week = page.request.get("/v1/reports/desk?days=7").json()
    expect(page.get_by_text(re.compile("by UTC days"))).to_be_visible()
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")
    assert figure(page, "Opened") == str(week["figures"]["opened"])


def test_a_chart_is_a_table_too_and_goes_into_a_file(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/analytics?days=7")
    page.get_by_role("button", name="Opened and resolved: show as a table").click()
    table = page.get_by_role("table", name="Opened and resolved")
    expect(table.get_by_role("row")).to_have_count(8)
    check_access(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    assert download.value.path().read_text("utf-8").splitlines()[0] == "day,opened,resolved"
    page.get_by_role("button", name="Opened and resolved: show as a chart").click()
    expect(table).to_have_count(0)


def test_what_agents_do_with_suggestions_is_counted(open_page: OpenPage) -> None:
    page = open_page("/analytics?days=7")
    expect(page.get_by_role("heading", name="Copilot", exact=True)).to_be_visible()
    issue = page.request.get("/v1/issues?limit=1").json()["data"][0]["id"]
    before = page.request.get("/v1/reports/desk?days=7").json()["figures"]["copilot"]
    token = page.request.get("/v1/auth/me").json()["csrf_token"]
    headers = {"X-CSRF-Token": token, "Accept": "application/json"}
    draft = page.request.post(f"/v1/issues/{issue}/guidance", data={}, headers=headers).json()
    ask(page, "POST", f"/v1/suggestions/{draft['suggestion_id']}/outcome", {"outcome": "accepted"})

    page.reload()
    page.get_by_role("button", name="Copilot: show as a table").click()
    row = page.get_by_role("table", name="Copilot").get_by_role("row", name=re.compile("^Sent as it was"))
    expect(row).to_contain_text(str(before["accepted"] + 1))


def test_a_failure_is_told_and_tried_again(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/account")
    expect(page.get_by_role("table", name="Sessions")).to_be_visible()
    page.route("**/v1/reports/desk*", lambda route: route.fulfill(status=422, json={"detail": "No figures today."}))
    page.keyboard.press("g")
    page.keyboard.press("n")
    expect(page.get_by_role("alert")).to_contain_text("No figures today.")
    page.unroute("**/v1/reports/desk*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Copilot", exact=True)).to_be_visible()
    complaints.clear()
