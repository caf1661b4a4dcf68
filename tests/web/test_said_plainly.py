"""What the trail leaves out and shows, where two severities differ, and whether notes are saved."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage
from tests.web.people import ask, new_issue


def test_the_trail_shows_changes_and_reads_where_they_are_asked_for(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/inbox/resolved")
    expect(page.locator("li[aria-posinset='1'] a")).to_be_visible()
    issue_id = new_issue(page, "For the trail")
    ask(page, "PATCH", f"/v1/issues/{issue_id}", {"severity": "high"})
    page.goto("/admin/audit")
    table = page.get_by_role("table", name="Action")
    expect(table.get_by_role("button", name="Issue edited").first).to_be_visible()
    expect(table.get_by_role("button", name=re.compile("read in bulk"))).to_have_count(0)
    reads = page.get_by_role("button", name="Reads of lists")
    expect(page.get_by_role("link", name="Export CSV")).to_have_attribute("href", re.compile("reads=false"))

    reads.focus()
    page.keyboard.press("Enter")

    expect(reads).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("reads=shown"))
    expect(table.get_by_role("button", name="Issues read in bulk").first).to_be_visible()
    expect(page.get_by_role("link", name="Export CSV")).not_to_have_attribute("href", re.compile("reads="))
    check_access(page)
    page.get_by_role("combobox", name="Action").select_option(label="Issue edited")
    who = page.get_by_role("combobox", name="Who")
    who.select_option(label="Local administrator")
    page.get_by_role("button", name="Filter", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"action=issue\.edited.*actor=usr_"))
    expect(who.locator("option:checked")).to_have_text("Local administrator")
    expect(table.get_by_role("button").first).to_have_text("Issue edited")


def test_a_severity_that_is_not_the_estimate_says_why(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/inbox/all")
    expect(page.locator("li[aria-posinset='1'] a")).to_be_visible()
    issue_id = new_issue(page, "A question about colours")
    panel = page.request.get(f"/v1/issues/{issue_id}/panel").json()
    page.goto(f"/inbox/all/{issue_id}")
    card = page.get_by_role("region", name="Severity")
    expect(card).to_be_visible()
    expect(card.get_by_text("In force is")).to_have_count(0)

    other = "Critical" if panel["severity"]["value"] != "critical" else "Low"
    ask(page, "PATCH", f"/v1/issues/{issue_id}", {"severity": other.lower()})
    expect(card.get_by_text(f"In force is {other}: a person set it")).to_be_visible()
    check_access(page)


@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_notes_say_whether_they_are_saved(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/customers", width=width)
    customer = page.request.get("/v1/customers?limit=1").json()["data"][0]["id"]
    page.goto(f"/customers/{customer}")
    save = page.get_by_role("button", name="Save notes")
    expect(save).to_be_disabled()
    notes = page.get_by_role("textbox", name="Notes")
    notes.fill(f"Likes short answers, {width}.")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    save.click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    expect(save).to_be_disabled()
    look(page, f"customer-notes-{width}")
    page.reload()
    expect(notes).to_have_value(f"Likes short answers, {width}.")
    expect(page.get_by_text("Saved", exact=True)).to_have_count(0)


@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_the_trail_is_seen(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/admin/audit", width=width)
    expect(page.get_by_role("table", name="Action")).to_be_visible()
    if width >= 768:
        name = page.get_by_role("navigation", name="Main").get_by_text("Local administrator")
        assert name.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
    look(page, f"trail-{width}")
