"""Templates are written beside an issue on which they are tried at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage
from tests.web.people import ask, invite, sign_in_as


@pytest.mark.parametrize("width", WIDTHS)
def test_list_and_editor(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/templates", width=width)
    table = page.get_by_role("table", name="Templates")
    expect(table).to_be_visible()
    look(page, "templates-list")

    table.get_by_role("link").first.click()
    expect(page.get_by_label("Text", exact=True)).not_to_have_value("")
    expect(page.get_by_label("Preview").get_by_role("paragraph").first).to_be_visible()
    look(page, "template")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_template_is_written_tried_stored_and_archived(
    open_page: OpenPage, check_access: Check, look: Look, complaints: list[str]
) -> None:
    page = open_page("/templates")
    expect(page.get_by_role("table", name="Templates")).to_be_visible()
    page.keyboard.press("n")
    page.get_by_label("Title").fill("Parcel is late")
    text = page.get_by_label("Text", exact=True)
    text.fill("Hello ")
    page.get_by_role("button", name="Insert a placeholder").click()
    page.get_by_role("menuitem", name=re.compile("^First name")).click()
    expect(text).to_have_value("Hello {{ customer.first_name }}")
    expect(text).to_be_focused()
    page.keyboard.type(", order {{ ask.invoice }} is on its way.")
    preview = page.get_by_label("Preview", exact=True)
    expect(preview).to_contain_text("[invoice] is on its way.")
    expect(preview.get_by_role("mark").filter(has_text="[invoice]")).to_be_visible()
    check_access(page)

    text.fill("Hello {{ customer.firstname }}, it is on its way.")
    expect(preview.get_by_text("There is no placeholder customer.firstname")).to_be_visible()
    look(page, "template-unknown-placeholder")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("alert").filter(has_text="there is no placeholder customer.firstname")).to_be_visible()
    complaints.clear()
    page.get_by_role("button", name="Replace customer.firstname by customer.first_name").click()
    expect(text).to_have_value("Hello {{ customer.first_name }}, it is on its way.")

    text.fill("Hello {{ customer.first_name")
    expect(preview.get_by_role("alert")).to_be_visible()
    text.fill("Hello {{ customer.first_name }}, it is on its way.")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="Parcel is late", level=1)).to_be_visible()

    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Template archived")).to_be_visible()
    expect(page.get_by_role("button", name="Bring back")).to_be_visible()
    page.get_by_role("link", name="All templates").click()
    page.get_by_label("Find a template").fill("parcel is late")
    expect(page.get_by_text("No template matches")).to_be_visible()
    page.get_by_label("Show archived ones").check()
    expect(page.get_by_role("row", name=re.compile("Parcel is late"))).to_contain_text("Archived")
    complaints.clear()


def test_what_somebody_else_stored_meanwhile_is_not_lost(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/templates")
    body = {"title": "Shared words", "body": "Hello."}
    made = ask(page, "POST", "/v1/templates", body)
    page.goto(f"/templates/{made['id']}")
    text = page.get_by_label("Text", exact=True)
    text.fill("Mine.")
    ask(page, "PATCH", f"/v1/templates/{made['id']}", {"body": "Theirs."})

    page.keyboard.press("Control+s")
    expect(page.get_by_text("Somebody else changed this template")).to_be_visible()
    expect(text).to_have_value("Mine.")
    page.get_by_role("button", name="Keep mine").click()
    expect(page.get_by_text("Template saved")).to_be_visible()
    assert page.request.get(f"/v1/templates/{made['id']}").json()["body"] == "Mine."
    complaints.clear()


def test_what_is_typed_outlives_reading_anew_and_leaving(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/templates")
    made = ask(page, "POST", "/v1/templates", {"title": "Words at risk", "body": "Hello."})
    page.goto(f"/templates/{made['id']}")
    text = page.get_by_label("Text", exact=True)
    text.fill("Mine.")
    ask(page, "PATCH", f"/v1/templates/{made['id']}", {"body": "Theirs."})
    page.evaluate("new BroadcastChannel('live-events').postMessage({ event: { type: 'missed' } })")
    expect(page.get_by_text("Somebody else changed this template")).to_be_visible()
    expect(text).to_have_value("Mine.")

    page.get_by_role("link", name="All templates").click()
    question = page.get_by_role("dialog", name="Leave without saving?")
    question.get_by_role("button", name="Cancel").click()
    expect(text).to_have_value("Mine.")
    page.get_by_role("button", name="Show theirs").click()
    expect(text).to_have_value("Theirs.")
    page.get_by_role("link", name="All templates").click()
    expect(page.get_by_role("table", name="Templates")).to_be_visible()
    complaints.clear()


def test_agents_read_templates_and_change_none(open_page: OpenPage, complaints: list[str]) -> None:
    admin = open_page("/templates")
    expect(admin.get_by_role("table", name="Templates")).to_be_visible()
    person = invite(admin)
    page = open_page("/sign-in", signed_in=False)
    sign_in_as(page, person)
    page.goto("/templates")
    page.get_by_role("table", name="Templates").get_by_role("link").first.click()

    expect(page.get_by_label("Title")).to_be_disabled()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    complaints.clear()


@pytest.mark.parametrize("width", WIDTHS)
def test_templates_stand_in_folders(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/templates", width=width)
    folders = page.get_by_role("navigation", name="Folders").get_by_role("button")
    expect(folders.first).to_have_attribute("aria-pressed", "true")
    table = page.get_by_role("table", name="Templates")
    everything = table.get_by_role("row").count()
    look(page, "templates-folders")
    folders.filter(has_text="Shipping").press("Enter")
    expect(folders.filter(has_text="Shipping")).to_have_attribute("aria-pressed", "true")
    expect(table.get_by_role("row")).not_to_have_count(everything)
    expect(table.get_by_role("link", name="Lost parcel: search request")).to_be_visible()
    expect(table.get_by_text(re.compile("^Macro ·")).first).to_be_visible()

    table.get_by_role("link", name="Lost parcel: search request").press("Enter")
    field = page.get_by_label("Folder", exact=True)
    expect(field).to_have_value("Shipping")
    field.fill("Searches")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Template saved")).to_be_visible()
    page.goto("/templates")
    expect(folders.filter(has_text="Searches")).to_contain_text("1")
    folders.filter(has_text="Searches").press("Enter")
    expect(table.get_by_role("row")).to_have_count(2)
    table.get_by_role("link").press("Enter")
    expect(field).to_have_value("Searches")
    field.fill("Shipping")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Template saved")).to_be_visible()
