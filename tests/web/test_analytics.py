"""Figures as people see them: each chart also a table and a file, each period and team an address."""

import csv
import io
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage, Running
from tests.web.people import ask, sign_in_colleague

_RISKS = ((0.08, 2, 41), (0.3, 6, 22), (0.52, 6, 14), (0.71, 3, 4), (0.9, 7, 8))


def figure(page: Page, title: str) -> str:
    term = page.get_by_role("term").filter(has_text=re.compile(f"^{title}$"))
    return term.locator("xpath=following-sibling::dd[1]").inner_text()


def drawn(page: Page) -> None:
    expect(page.get_by_role("img", name=re.compile("^Issues by day"))).to_be_visible()


def chart(page: Page, title: str) -> Any:
    return page.get_by_role("region", name=title, exact=True)


def answer_with(page: Page, change: Any) -> None:
    """Has the report of the desk come with figures that the sample does not have."""

    def answer(route: Route) -> None:
        report = route.fetch().json()
        change(report)
        route.fulfill(json=report)

    page.route("**/v1/reports/desk*", answer)


def as_if_used(report: dict[str, Any]) -> None:
    """A desk that has worked with drafts and forecasts for a while."""
    copilot = {"suggested": 61, "accepted": 18, "edited": 24, "rejected": 7, "unanswered": 12, "issues": 39}
    report["figures"]["copilot"] = copilot | {"mean_edit_distance": 0.23}
    report["groundedness"] = {"read": 61, "grounded": 48, "repaired": 9, "doubtful": 4}
    times = {"compared": 120, "within": 94, "sooner": 15, "later": 11, "expected_share": 0.8}
    steps = [
        {"from_share": at / 5, "to_share": (at + 1) / 5, "rated": rated, "mean_forecast": mean, "dissatisfied": low}
        for at, (mean, low, rated) in enumerate(_RISKS)
    ]
    report["forecasts"] = {"resolved": 265, "read": 265, "times": times, "risks": steps}
    topics = (("billing", 41, 18, "grew"), ("shipping", 9, 27, "shrank"), ("api", 17, 15, "steady"))
    report["topics"] = {
        "data": [dict(zip(("category", "count", "before", "trend"), topic, strict=True)) for topic in topics],
        "left_out": 0,
        "comparable": True,
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/analytics?days=90", width=width, height=2600 if width > 800 else 4700)
    drawn(page)
    expect(page.get_by_role("table", name="By person")).to_be_visible()
    look(page, "analytics")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_what_the_copilot_is_worth(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/account", width=width, height=2600 if width > 800 else 4700)
    answer_with(page, as_if_used)
    page.goto("/analytics?days=90")
    expect(page.get_by_role("img", name="What was foretold beside what came, of 89 rated issues")).to_be_visible()
    expect(page.get_by_text("78 % of 120 lay within the time foretold; 80 % should.")).to_be_visible()
    expect(chart(page, "Topics that moved").get_by_role("listitem").filter(has_text="Billing")).to_contain_text("Grew")
    look(page, "analytics-copilot")


def test_figures_are_those_of_the_api(open_page: OpenPage) -> None:
    page = open_page("/analytics")
    drawn(page)
    report = page.request.get("/v1/reports/desk?days=30").json()
    assert figure(page, "Opened") == str(report["figures"]["opened"])
    assert figure(page, "Open now") == str(report["open_now"])

    page.get_by_role("radio", name="7 days").check(force=True)
    expect(page).to_have_url(re.compile("days=7"))
    week = page.request.get("/v1/reports/desk?days=7").json()
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    assert figure(page, "Opened") == str(week["figures"]["opened"])


def test_periods_follow_one_another(open_page: OpenPage) -> None:
    page = open_page("/analytics?days=7")
    drawn(page)
    now = page.request.get("/v1/reports/desk?days=7").json()
    expect(page.get_by_role("button", name="The period after")).to_be_disabled()

    page.get_by_role("button", name="The period before").click()
    expect(page).to_have_url(re.compile(r"to=20\d\d-\d\d-\d\d"))
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    assert figure(page, "Opened") == str(now["before"]["opened"])

    page.get_by_role("button", name="The period after").click()
    expect(page).not_to_have_url(re.compile("to="))


def test_a_chart_is_a_table_too_and_goes_into_a_file(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/analytics?days=7")
    page.get_by_role("button", name="Opened and resolved: show as a table").click()
    table = page.get_by_role("table", name="Opened and resolved")
    expect(table.get_by_role("row")).to_have_count(8)
    check_access(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Opened and resolved: export as CSV").click()
    assert download.value.path().read_text("utf-8-sig").splitlines()[0] == "Day,Opened,Resolved"
    page.get_by_role("button", name="Opened and resolved: show as a chart").click()
    expect(table).to_have_count(0)


def test_the_file_has_what_was_asked_for_and_no_formula(open_page: OpenPage) -> None:
    page = open_page("/account")
    team = ask(page, "POST", "/v1/teams", {"name": '=Support, "EU"'})

    def hostile(report: dict[str, Any]) -> None:
        report["topics"]["data"] = [{"category": "=HYPERLINK(1)", "count": 3, "before": 1, "trend": "steady"}]

    answer_with(page, hostile)
    page.goto(f"/analytics?days=7&team={team['id']}")
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    expect(page.get_by_role("combobox", name="Team")).to_have_value(str(team["id"]))
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"))))

    assert rows[0] == ["table", "row", "column", "value"]
    assert ["Period", "Team", "", '\'=Support, "EU"'] in rows
    assert ["Topics that moved", "'=HYPERLINK(1)", "This period", "3"] in rows
    assert ["Figures", "Opened", "This period", "0"] in rows
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_one_team_at_a_time(open_page: OpenPage) -> None:
    page = open_page("/account")
    team = ask(page, "POST", "/v1/teams", {"name": "Returns"})
    issue = page.request.get("/v1/issues?status=open&limit=1").json()["data"][0]
    ask(page, "PATCH", f"/v1/issues/{issue['id']}", {"team_id": team["id"]})
    page.goto("/analytics")
    drawn(page)

    page.get_by_role("combobox", name="Team").select_option("Returns")
    expect(page).to_have_url(re.compile(f"team={team['id']}"))
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    assert figure(page, "Open now") == "1"
    page.get_by_role("combobox", name="Team").select_option("All teams")
    expect(page).not_to_have_url(re.compile("team="))


def test_charts_are_read_by_keys(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/analytics?days=30")
    drawn(page)
    days = page.get_by_role("slider", name="Read day by day")
    days.focus()
    last = days.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowLeft")
    assert re.search(r": Opened \d+, Resolved \d+$", str(days.get_attribute("aria-valuetext")))
    assert days.get_attribute("aria-valuetext") != last
    check_access(page)

    hours = page.get_by_role("slider", name="Read hour by hour")
    hours.focus()
    page.keyboard.press("Home")
    expect(hours).to_have_attribute("aria-valuetext", re.compile(r"^Monday 00:00: "))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(hours).to_have_attribute("aria-valuetext", re.compile(r"^Tuesday 01:00: "))


def test_days_and_hours_are_those_of_the_viewer(browser: Browser, open_page: OpenPage) -> None:
    page = open_page("/account")
    state = page.context.storage_state()
    here = browser.new_context(base_url=page.url, storage_state=state, timezone_id="America/New_York", locale="en-GB")
    there = here.new_page()
    there.goto("/analytics?days=90")
    expect(there.get_by_text("Days and hours of your time zone, America/New_York.")).to_be_visible()
    expect(there.get_by_text("by weekday and hour of America/New_York.")).to_be_visible()
    here.close()


def test_agents_see_no_figures_of_each_other(
    browser: Browser, server: Running, open_page: OpenPage, complaints: list[str]
) -> None:
    admin = open_page("/account")
    agent = sign_in_colleague(browser, server, admin, "Nia Agent")
    page = open_page("/analytics", state=agent)
    drawn(page)
    expect(page.get_by_role("heading", name="Copilot", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="People")).to_have_count(0)
    expect(page.get_by_role("table", name="By person")).to_have_count(0)


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
    page.get_by_role("button", name="What became of drafts: show as a table").click()
    row = page.get_by_role("table", name="What became of drafts").get_by_role("row", name=re.compile("^Sent as it was"))
    expect(row).to_contain_text(str(before["accepted"] + 1))


def test_a_period_with_nothing_in_it_says_so(open_page: OpenPage, look: Look) -> None:
    page = open_page("/analytics?days=7&to=2001-01-07", height=2000)
    expect(chart(page, "Opened and resolved")).to_contain_text("Nothing was counted in this period.")
    expect(chart(page, "When issues come")).to_contain_text("Nothing was counted in this period.")
    assert figure(page, "Mean rating") == "–"
    look(page, "analytics-empty")


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
