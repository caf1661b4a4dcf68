"""Running the installation: people, roles and the keys of programs."""

import re

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage, Take
from tests.web.people import PASSWORD, ask, invite, sign_in_as
from tests.web.server import Running


def settled(page: Page, table: str) -> Page:
    expect(page.get_by_role("table", name=table)).to_be_visible()
    return page


@pytest.fixture(scope="module")
def staff(browser: Browser, server: Running, session_state: StorageState) -> None:
    """Three colleagues and two keys, so that no list is empty."""
    context = browser.new_context(base_url=server.address, storage_state=session_state)
    page = context.new_page()
    page.goto("/admin")
    for name, role in (("Noor Haddad", "lead"), ("Jonas Lindqvist", "agent"), ("Chiara Conti", "auditor")):
        invite(page, role, name)
    ask(page, "POST", "/v1/api-keys", {"name": "Mail gateway", "role": "machine"})
    body = {"name": "Warehouse report", "role": "auditor", "scopes": ["issues.read", "customers.read"]}
    ask(page, "POST", "/v1/api-keys", body)
    context.close()


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("width", WIDTHS)
def test_people_roles_and_keys(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/admin", width=width)
    settled(page, "People")
    look(page, "admin-people")

    page.get_by_role("link", name="Roles").click()
    expect(settled(page, "Roles").get_by_role("row").nth(20)).to_be_visible()
    look(page, "admin-roles")

    page.get_by_role("link", name="API keys").click()
    settled(page, "API keys")
    look(page, "admin-keys")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_without_a_model_the_page_says_that_nothing_leaves(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/admin/prompts", width=width)
    expect(page.get_by_text("Nothing leaves this installation for a model.")).to_be_visible()
    expect(page.get_by_text("Nothing is sent for: Suggested replies")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="minilm")).to_contain_text("made in this process")
    expect(page.get_by_role("table", name="Data sharing")).to_have_count(0)
    expect(page.get_by_role("list", name="Prompts").get_by_role("listitem")).to_have_count(10)
    look(page, "admin-prompts-offline")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_somebody_is_invited_comes_in_and_is_shut_out(
    open_page: OpenPage, check_access: Check, picture: Take, complaints: list[str]
) -> None:
    page = settled(open_page("/admin/users"), "People")
    page.keyboard.press("i")
    drawer = page.get_by_role("dialog", name="Invite a colleague")
    drawer.get_by_label("Name", exact=True).fill("Amina Diallo")
    drawer.get_by_label("E-mail").fill("amina@example.com")
    drawer.get_by_label("Role").select_option("lead")
    check_access(page)
    picture(page, "admin-invite-light-1440")
    page.keyboard.press("Enter")
    link = page.get_by_role("note", name="Link").inner_text()
    page.keyboard.press("Escape")
    expect(page.get_by_role("alert")).to_have_text("It is not shown again. Close it all the same?")
    expect(page.get_by_role("note", name="Link")).to_have_text(link)
    check_access(page)
    picture(page, "admin-link-asks-light-1440")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert")).to_have_count(0)

    other = open_page("/sign-in", signed_in=False)
    other.goto(link)
    other.get_by_label("New password").fill(PASSWORD)
    other.get_by_role("button", name="Set it").click()
    other.get_by_label("E-mail").fill("amina@example.com")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("link", name="Amina Diallo")).to_be_visible()
    expect(other.get_by_role("link", name="Administration")).to_have_count(0)

    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Edit Amina Diallo").click()
    check_access(page)
    picture(page, "admin-edit-light-1440")
    page.get_by_role("button", name="Disable", exact=True).click()
    page.get_by_role("dialog", name="Disable: Amina Diallo").get_by_role("button", name="Disable").click()
    row = page.get_by_role("row", name=re.compile("Amina Diallo"))
    expect(row).to_contain_text("Disabled")
    assert other.request.get("/v1/issues").status == 401
    complaints.clear()


def test_an_address_that_is_taken_is_told_and_the_form_stays(open_page: OpenPage, complaints: list[str]) -> None:
    page = settled(open_page("/admin/users"), "People")
    taken = invite(page)
    page.get_by_role("button", name="Invite").click()
    drawer = page.get_by_role("dialog", name="Invite a colleague")
    drawer.get_by_label("Name", exact=True).fill("Somebody Else")
    drawer.get_by_label("E-mail").fill(taken.email)
    drawer.get_by_role("button", name="Invite and make the link").click()

    expect(drawer.get_by_role("alert")).to_contain_text("Another user has this address")
    expect(drawer.get_by_label("Name", exact=True)).to_have_value("Somebody Else")
    complaints.clear()


def test_a_key_is_shown_once_works_and_is_revoked(
    open_page: OpenPage, check_access: Check, picture: Take, complaints: list[str]
) -> None:
    page = open_page("/admin/keys")
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()
    expect(page.get_by_role("button", name="New key").first).to_be_visible()
    page.keyboard.press("n")
    drawer = page.get_by_role("dialog", name="New API key")
    drawer.get_by_label("Name").fill("Night report")
    drawer.get_by_role("radio", name="Only some").check(force=True)
    make = drawer.get_by_role("button", name="Make the key")
    expect(make).to_be_disabled()
    drawer.get_by_label("issues.read").check()
    check_access(page)
    picture(page, "admin-new-key-light-1440")
    make.click()
    shown = page.get_by_role("dialog", name="Key of Night report")
    secret = shown.get_by_role("note", name="Key").inner_text()
    check_access(page)
    picture(page, "admin-key-once-light-1440")
    page.keyboard.press("Escape")
    expect(shown.get_by_role("alert")).to_have_text("It is not shown again. Close it all the same?")
    page.keyboard.press("Escape")
    expect(shown.get_by_role("alert")).to_have_count(0)
    shown.get_by_role("button", name="Done").click()

    bearer = {"Authorization": f"Bearer {secret}"}
    fresh = open_page("/sign-in", signed_in=False)
    assert fresh.request.get("/v1/issues", headers=bearer).status == 200
    assert fresh.request.get("/v1/customers", headers=bearer).status == 403

    page.get_by_role("button", name="Revoke Night report").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Key revoked")).to_be_visible()
    expect(page.get_by_role("rowheader", name=re.compile("Night report"))).to_have_count(0)
    assert fresh.request.get("/v1/issues", headers=bearer).status == 401
    page.get_by_label("Show revoked keys").check()
    expect(page.get_by_role("rowheader", name=re.compile("Night report"))).to_contain_text("Revoked")
    complaints.clear()


def test_agents_are_told_that_keys_are_not_for_them(open_page: OpenPage, complaints: list[str]) -> None:
    person = invite(settled(open_page("/admin/users"), "People"))
    page = open_page("/sign-in", signed_in=False)
    sign_in_as(page, person)
    page.goto("/admin/keys")

    expect(page.get_by_text("Not for your role")).to_be_visible()
    complaints.clear()


@pytest.mark.parametrize("width", WIDTHS)
def test_models_and_what_they_cost(open_page: OpenPage, look: Look, width: int) -> None:
    page = settled(open_page("/admin/models", width=width), "What answers")
    expect(page.get_by_role("row", name=re.compile("^Suggested replies"))).to_contain_text("Offline engine")
    expect(page.get_by_text("no limit is set")).to_be_visible()
    page.get_by_role("radio", name="Person").check(force=True)
    expect(page.get_by_text("No model was asked in this period.")).to_be_visible()
    look(page, "admin-models")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
