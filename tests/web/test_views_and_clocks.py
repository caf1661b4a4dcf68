"""Views that people save, response clocks in list and header, their setting, and how the installation is."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage
from tests.web.people import ask


def clear_views(page: Page) -> None:
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    for view in page.request.get("/v1/views").json()["data"]:
        ask(page, "DELETE", f"/v1/views/{view['id']}", None)


def test_a_view_is_saved_opened_by_keys_renamed_ordered_and_deleted(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/inbox/all?severity=%5B%22high%22%5D")
    clear_views(page)
    page.reload()
    expect(page.get_by_role("button", name="Save as a view")).to_be_visible()
    page.keyboard.press("v")
    form = page.get_by_role("dialog", name="Save as a view")
    form.get_by_label("Name").fill("Severe")
    form.get_by_label("Everybody at the desk sees it").check()
    check_access(page)
    form.get_by_label("Name").press("Enter")
    link = page.get_by_role("region", name="Views").get_by_role("link", name=re.compile("Severe"))
    expect(link).to_have_attribute("aria-current", "page")
    shown = page.request.get("/v1/views").json()["data"][0]
    expect(link).to_contain_text(str(shown["count"]))

    ask(page, "POST", "/v1/views", {"name": "Solved", "filters": {"view": "resolved", "sort": "created_at"}})
    page.goto("/inbox/all")
    expect(page.get_by_role("region", name="Views").get_by_role("link")).to_have_count(2)
    page.keyboard.press("g")
    page.keyboard.press("1")
    expect(page).to_have_url(re.compile("severity="))

    page.get_by_role("button", name="Manage views").click()
    dialog = page.get_by_role("dialog", name="Manage views")
    dialog.get_by_label("Name of Severe").fill("Very severe")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Name of Very severe")).to_be_visible()
    check_access(page)
    dialog.get_by_role("button", name="Move Solved up").click()
    expect(dialog.get_by_role("button", name="Move Solved up")).to_be_disabled()
    dialog.get_by_role("button", name="Delete Solved").click()
    expect(dialog.get_by_role("textbox")).to_have_count(1)
    page.keyboard.press("Escape")
    clear_views(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_views_and_clocks_are_seen(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/inbox/all?sort=due", width=width)
    clear_views(page)
    for name in ("Billing in Europe", "VIP"):
        ask(page, "POST", "/v1/views", {"name": name, "filters": {"view": "all", "severity": ["high"]}})
    page.reload()
    expect(page.get_by_text(re.compile(r"(left|late)$")).first).to_be_visible()
    look(page, "clocks")
    if width < 768:
        page.get_by_role("button", name="Menu").click()
        expect(page.get_by_role("link", name=re.compile("VIP"))).to_be_visible()
        look(page, "views")
        page.keyboard.press("Escape")
    page.get_by_role("list", name="Issues").get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    expect(page.locator("header").get_by_text(re.compile(r"(left|late)$"))).to_be_visible()
    look(page, "clock-of-issue")
    clear_views(open_page("/inbox/all"))


@pytest.mark.parametrize("width", WIDTHS)
def test_targets_and_health(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/admin/clocks", width=width)
    field = page.get_by_label("First response, Critical, in hours")
    expect(field).to_have_value(re.compile(r"^\d"))
    before = field.input_value()
    look(page, "admin-clocks")
    field.fill("0.25")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Response times stored").first).to_be_visible()
    assert page.request.get("/v1/response-targets").json()["targets"]["critical"]["first_response_minutes"] == 15
    field.fill("1,000")  # one, or a thousand: nobody knows
    page.keyboard.press("Enter")
    assert field.evaluate("field => field.validity.patternMismatch")
    field.fill(before)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Save")).to_be_disabled()

    page.goto("/admin/health")
    expect(page.get_by_role("row", name=re.compile("Database.*Works"))).to_be_visible()
    expect(page.get_by_text("Nothing was given up.")).to_be_visible()
    look(page, "admin-health")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_numbers_are_written_and_read_in_the_language_of_the_page(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    made: Any = ask(page, "POST", "/v1/issues", {"subject": "Rated", "body": "x", "customer": {"name": "Zoe Zahl"}})
    issue = f"/v1/issues/{made['issue']['id']}"
    ask(page, "PATCH", issue, {"status": "resolved", "rating": {"score": 4}})
    page.evaluate("localStorage.setItem('prefs', JSON.stringify({language: 'de'}))")
    page.goto(f"/customers/{page.request.get(issue).json()['customer']['id']}")
    expect(page.get_by_text("4,0 / 5").first).to_be_visible()

    page.goto("/admin/clocks")
    field = page.get_by_label("Erste Antwort, Niedrig, in Stunden")
    field.fill("2,5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Speichern")).to_be_disabled()
    page.reload()
    expect(field).to_have_value("2,5")
