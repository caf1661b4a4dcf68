"""What an auditor or a data protection officer does: look through the trail, and answer for one person's data."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage, Take
from tests.web.people import ask, invite, new_issue, sign_in_as


@pytest.mark.parametrize("width", WIDTHS)
def test_audit_and_privacy(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/admin/audit", width=width)
    expect(page.get_by_role("table", name="Action")).to_be_visible()
    page.get_by_role("button", name="Verify the trail").click()
    expect(page.get_by_text("The trail is whole")).to_be_visible()
    look(page, "admin-audit")
    page.get_by_role("table", name="Action").get_by_role("button").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("Code")
    look(page, "admin-audit-event")
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Privacy").click()
    expect(page.get_by_role("table", name="Retention")).to_be_visible()
    look(page, "admin-privacy")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_filters_stand_in_the_address_and_go_into_the_download(open_page: OpenPage) -> None:
    page = open_page("/admin/audit")
    invite(page)
    page.get_by_role("combobox", name="Action").select_option(label="Person created")
    page.get_by_role("button", name="Filter", exact=True).press("Enter")
    expect(page).to_have_url(re.compile("action=user.created"))
    rows = page.get_by_role("table", name="Action").get_by_role("rowheader")
    expect(rows.first).to_have_text(re.compile("^Person created"))
    expect(page.get_by_role("rowheader", name="Audit trail exported")).to_have_count(0)
    rows.first.get_by_role("button").click()
    expect(page.get_by_role("dialog", name="Person created")).to_contain_text("user.created")
    page.keyboard.press("Escape")

    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    lines = download.value.path().read_text("utf-8").splitlines()
    assert "action" in lines[0]
    assert all("user.created" in line for line in lines[1:])
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("rowheader", name="Audit trail exported").first).to_be_visible()


@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_a_record_is_found_by_its_words_and_shown_by_its_name(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/admin/audit", width=width)
    issue_id = new_issue(page, subject := f"Kettle {width} whistles in the night")
    ask(page, "PATCH", f"/v1/issues/{issue_id}", {"status": "resolved"})
    page.reload()
    table = page.get_by_role("table", name="Action")
    expect(table).to_be_visible()
    if width < 640:
        page.get_by_role("button", name="Filters").click()
    page.get_by_role("button", name="Record: Any").click()
    page.get_by_role("combobox", name="Subject, name, key or id").fill(f"kettle {width}")
    found = page.get_by_role("option", name=subject)
    expect(found).to_be_visible()
    look(page, "admin-audit-record")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Filter", exact=True).press("Enter")

    expect(page).to_have_url(re.compile(f"target={issue_id}"))
    expect(table.get_by_role("row").nth(1)).to_be_visible()
    assert all(subject in text for text in table.get_by_role("row").all_inner_texts()[1:])
    if width >= 640:
        expect(page.get_by_role("button", name=f"Record: {subject}")).to_be_visible()
    look(page, "admin-audit-narrowed")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    table.get_by_role("link", name=subject).filter(visible=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(subject)


def test_an_event_names_what_it_changed_and_leads_to_all_of_its_record(open_page: OpenPage) -> None:
    page = open_page("/admin/audit")
    issue_id = new_issue(page, "The lid of the kettle does not close")
    mona = invite(page, name="Mona Mint")
    ask(page, "PATCH", f"/v1/issues/{issue_id}", {"assignee": mona.id})
    page.goto(f"/admin/audit?target={issue_id}&action=issue.edited")
    page.get_by_role("table", name="Action").get_by_role("button", name="Issue edited").first.click()
    event = page.get_by_role("dialog", name="Issue edited")
    expect(event.get_by_role("row", name=re.compile("assignee"))).to_contain_text("Mona Mint")
    event.get_by_role("link", name="All events of this record").click()
    expect(event).to_have_count(0)
    expect(page).not_to_have_url(re.compile("action="))
    expect(page.get_by_role("rowheader", name=re.compile("Issue created"))).to_be_visible()


def test_a_dry_run_tells_what_would_go_before_rules_are_in_force(open_page: OpenPage) -> None:
    page = open_page("/admin/privacy")
    days = page.get_by_label("Days to keep: Copilot drafts")
    expect(page.get_by_role("button", name="Apply")).to_be_disabled()
    days.fill("400")
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_text(re.compile("The rules as typed would remove"))).to_be_visible()
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Rules applied")).to_be_visible()
    expect(days).to_have_value("400")


def test_retention_rules_that_are_not_in_force_are_not_left_without_a_word(open_page: OpenPage) -> None:
    page = open_page("/admin/privacy")
    days = page.get_by_label("Days to keep: Copilot drafts")
    days.fill("123")
    page.get_by_role("link", name="Health").click()
    question = page.get_by_role("dialog", name="Leave without saving?")
    expect(question).to_be_visible()
    page.keyboard.press("Escape")
    expect(days).to_have_value("123")
    page.get_by_role("link", name="Health").click()
    question.get_by_role("button", name="Leave").click()
    expect(page).to_have_url(re.compile("/admin/health"))


def test_a_person_is_exported_held_released_and_erased_with_a_receipt(
    open_page: OpenPage, check_access: Check, picture: Take, complaints: list[str]
) -> None:
    page = open_page("/admin/privacy")
    ask(page, "POST", "/v1/customers", {"name": "Ottilie Brandvold", "email": "ottilie@example.com"})

    def choose() -> None:
        page.get_by_label("Customer, by name, e-mail or phone").fill("ottilie@example.com")
        page.get_by_role("list", name="Customers found").get_by_role("button").first.click()

    choose()
    check_access(page)
    page.get_by_role("button", name="Export", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Export").click()
    requests = page.get_by_role("table", name="Requests")
    expect(requests.get_by_role("link", name="Download")).to_be_visible(timeout=30_000)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1440, "height": 900})
    with page.expect_download() as download:
        requests.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".zip")

    choose()
    page.get_by_role("button", name="Legal hold").click()
    page.get_by_label("Name or number of the matter").fill("Case 2026-17")
    page.get_by_role("dialog").get_by_role("button", name="Legal hold").click()
    expect(page.get_by_role("table", name="Legal holds")).to_contain_text("Case 2026-17")
    expect(page.get_by_role("table", name="Legal holds")).to_contain_text("Ottilie Brandvold")

    page.get_by_role("button", name="Erase").click()
    erasing = page.get_by_role("dialog")
    erasing.get_by_label("Type “Ottilie Brandvold” to confirm").fill("Ottilie Brandvold")
    check_access(page)
    picture(page, "admin-erase-light-1440")
    erasing.get_by_role("button", name="Erase").click()
    expect(erasing.get_by_role("alert")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Release Case 2026-17").click()
    page.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(page.get_by_text("No hold is in force")).to_be_visible()
    page.get_by_role("button", name="Erase").click()
    erasing.get_by_label("Type “Ottilie Brandvold” to confirm").fill("Ottilie Brandvold")
    erasing.get_by_role("button", name="Erase").click()
    erased = requests.get_by_role("row", name=re.compile("Erasure"))
    expect(erased.get_by_role("button", name="Receipt")).to_be_visible(timeout=60_000)
    erased.get_by_role("button", name="Receipt").click()
    expect(page.get_by_text("Nothing is left in any store.")).to_be_visible()
    check_access(page)
    picture(page, "admin-receipt-light-1440")
    complaints.clear()


def test_an_auditor_reads_and_changes_nothing(open_page: OpenPage, complaints: list[str]) -> None:
    admin = open_page("/admin/privacy")
    expect(admin.get_by_role("table", name="Retention")).to_be_visible()
    person = invite(admin, "auditor")
    page = open_page("/sign-in", signed_in=False)
    sign_in_as(page, person)
    page.goto("/admin/privacy")

    expect(page.get_by_role("table", name="Retention")).to_be_visible()
    expect(page.get_by_role("button", name="Dry run")).to_have_count(0)
    expect(page.get_by_role("heading", name="One customer")).to_have_count(0)
    complaints.clear()
