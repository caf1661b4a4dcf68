"""One's own account: name, password, second factor, sessions, and how this device shows the console."""

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage, Take
from tests.web.people import PASSWORD, invite, sign_in_as

NEW = "copper-orchard-77-bridge"


def opened(page: Page) -> Page:
    expect(page.get_by_role("heading", name="Your account", level=1)).to_be_visible()
    expect(page.get_by_role("table", name="Sessions")).to_be_visible()
    return page


@pytest.fixture
def own_page(open_page: OpenPage, complaints: list[str]) -> Page:
    """The account page of somebody new."""
    person = invite(open_page("/account"))
    page = open_page("/sign-in", signed_in=False)
    sign_in_as(page, person)
    page.goto("/account")
    complaints.clear()  # nobody had signed in when the first page asked
    return opened(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page(open_page: OpenPage, look: Look, width: int) -> None:
    page = opened(open_page("/account", width=width, height=1000))
    look(page, "account")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_new_name_is_shown_everywhere(own_page: Page) -> None:
    name = own_page.get_by_label("Name", exact=True)
    name.fill("Robin de Vries")
    own_page.keyboard.press("Enter")

    expect(own_page.get_by_role("link", name="Robin de Vries Your account")).to_be_visible()
    own_page.reload()
    expect(name).to_have_value("Robin de Vries")


def test_a_weak_password_is_told_at_its_field_and_a_good_one_counts(own_page: Page, complaints: list[str]) -> None:
    own_page.get_by_label("Current password").fill(PASSWORD)
    field = own_page.get_by_label("New password")
    field.fill("password1234567")
    own_page.get_by_role("button", name="Change password").click()
    expect(field).to_have_attribute("aria-invalid", "true")

    field.fill(NEW)
    own_page.get_by_role("button", name="Change password").click()
    expect(own_page.get_by_text("Password changed.")).to_be_visible()
    expect(field).to_have_value("")
    complaints.clear()


def test_a_second_factor_from_code_to_removal(
    own_page: Page, check_access: Check, picture: Take, complaints: list[str]
) -> None:
    own_page.get_by_role("button", name="Set up", exact=True).click()
    dialog = own_page.get_by_role("dialog", name="Second factor")
    dialog.get_by_label("Your password").fill(PASSWORD)
    own_page.keyboard.press("Enter")
    expect(own_page.get_by_role("img", name="QR code")).to_be_visible()
    check_access(own_page)
    picture(own_page, "account-second-factor-light-1440")

    secret = own_page.get_by_role("note", name="Secret").inner_text()
    code = own_page.get_by_label("Code it shows")
    code.fill("000000")
    own_page.keyboard.press("Enter")
    expect(code).to_have_attribute("aria-invalid", "true")
    code.fill(pyotp.TOTP(secret).now())
    own_page.keyboard.press("Enter")
    codes = own_page.get_by_role("note", name="Recovery codes")
    assert len(codes.inner_text().split()) == 10
    check_access(own_page)
    picture(own_page, "account-recovery-codes-light-1440")
    own_page.get_by_role("button", name="I have kept them").click()
    expect(own_page.get_by_text("10 recovery codes left")).to_be_visible()

    own_page.get_by_role("button", name="Remove", exact=True).click()
    asked = own_page.get_by_role("dialog", name="Remove the second factor?")
    asked.get_by_label("Your password").fill("not this one")
    own_page.keyboard.press("Enter")
    expect(asked.get_by_role("alert")).to_be_visible()
    check_access(own_page)
    asked.get_by_label("Your password").fill(PASSWORD)
    own_page.keyboard.press("Enter")
    expect(own_page.get_by_text("Not set up")).to_be_visible()
    complaints.clear()


def test_a_session_elsewhere_is_ended(open_page: OpenPage, complaints: list[str]) -> None:
    person = invite(open_page("/account"))
    elsewhere, page = open_page("/sign-in", signed_in=False), open_page("/sign-in", signed_in=False)
    for one in (elsewhere, page):
        sign_in_as(one, person)
    page.goto("/account")
    rows = opened(page).get_by_role("table", name="Sessions").get_by_role("row")
    expect(rows).to_have_count(3)

    page.get_by_role("button", name=re.compile("^End the session")).click()
    expect(rows).to_have_count(2)
    assert elsewhere.request.get("/v1/issues").status == 401
    assert page.request.get("/v1/issues").status == 200
    complaints.clear()


def test_theme_and_language_count_at_once(open_page: OpenPage, complaints: list[str]) -> None:
    page = opened(open_page("/account"))
    page.get_by_role("radio", name="Dark").check(force=True)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_label("Language").select_option("de")
    expect(page.get_by_role("heading", name="Dein Konto")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
