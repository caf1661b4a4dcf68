"""Who a customer is, changed on their page: taken back, refused field by field, never written over unseen."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web.conftest import WIDTHS, Look, OpenPage
from tests.web.people import ask, sign_in_colleague
from tests.web.server import Running


def made(page: Page, name: str, **more: object) -> str:
    answer: Any = ask(page, "POST", "/v1/customers", {"name": name, **more})
    return str(answer["id"])


def profile(page: Page) -> Locator:
    return page.get_by_role("region", name="Profile")


def opened(page: Page) -> Locator:
    page.get_by_role("button", name="Edit", exact=True).click()
    dialog = page.get_by_role("dialog", name="Edit the profile")
    expect(dialog.get_by_label("Name")).to_be_focused()
    return dialog


def save(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Save").click()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_profile_is_edited_and_taken_back(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/account", width=width)
    value = {"amount": "1250.00", "currency": "EUR"}
    customer = made(page, "Una Quarz", email="una@quarz.example", value=value, attributes={"organization": "Quarz KG"})
    page.goto(f"/customers/{customer}")
    expect(profile(page)).to_contain_text("Quarz KG")
    dialog = opened(page) if width > 600 else None
    if dialog is None:
        page.get_by_role("button", name="Edit", exact=True).click()
        dialog = page.get_by_role("dialog", name="Edit the profile")
    expect(dialog.get_by_label("Value")).to_have_value("1250")
    for field, typed in (
        ("Name", "Una Quartz"), ("Phone", "+49 30 1234567"), ("Company", "Quartz & Daughters"), ("Plan", "enterprise"),
        ("Value", "1,300.50"), ("Currency", "usd"),
    ):  # fmt: skip
        dialog.get_by_label(field, exact=True).fill(typed)
    dialog.get_by_label("Language").select_option("de")
    look(page, "customer-edit")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    save(dialog)
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Una Quartz")
    for words in ("Quartz & Daughters", "+49 30 1234567", "Enterprise", "US$1,301", "German", "una@quarz.example"):
        expect(profile(page)).to_contain_text(words)
    stored = page.request.get(f"/v1/customers/{customer}").json()
    assert (stored["value"], stored["attributes"]) == (
        {"amount": "1300.50", "currency": "USD"}, {"organization": "Quartz & Daughters"},
    )  # fmt: skip
    look(page, "customer-edited")

    page.keyboard.press("z")
    expect(page.get_by_role("heading", level=1)).to_have_text("Una Quarz")
    for words in ("Quarz KG", "€1,250"):
        expect(profile(page)).to_contain_text(words)
    for gone in ("Phone", "Language", "Plan"):
        expect(profile(page)).not_to_contain_text(gone)


def test_each_refused_field_is_named_beside_it(open_page: OpenPage, complaints: list[str], look: Look) -> None:
    page = open_page("/account")
    customer = made(page, "Vera Zinn", email="vera@zinn.example")
    page.goto(f"/customers/{customer}")
    dialog = opened(page)
    for field, typed in (("E-mail", "not an address"), ("Value", "much"), ("Currency", "e")):
        dialog.get_by_label(field).fill(typed)
    dialog.get_by_label("Phone").fill("12345678")
    save(dialog)
    for field, fault in (
        ("E-mail", "This is no e-mail address."), ("Value", "An amount such as"), ("Currency", "Three letters"),
    ):  # fmt: skip
        box = dialog.get_by_label(field)
        expect(box).to_have_attribute("aria-invalid", "true")
        expect(box).to_have_accessible_description(re.compile(fault))
    expect(dialog.get_by_label("Phone")).to_have_value("12345678")
    look(page, "customer-edit-refused")

    dialog.get_by_label("E-mail").fill("")
    dialog.get_by_label("Name").fill("")
    dialog.get_by_label("Value").fill("")
    save(dialog)
    expect(dialog.get_by_label("Name")).to_have_accessible_description(re.compile("keeps a name"))
    dialog.get_by_label("Name").fill("Vera")
    save(dialog)
    expect(page.get_by_role("heading", level=1)).to_have_text("Vera")
    page.close()
    complaints.clear()


def test_what_somebody_else_changed_is_shown_before_it_is_written_over(
    open_page: OpenPage, complaints: list[str], look: Look
) -> None:
    page = open_page("/account")
    customer = made(page, "Wim Basalt", plan="starter")
    page.goto(f"/customers/{customer}")
    dialog = opened(page)
    dialog.get_by_label("Company", exact=True).fill("Mine Ltd")
    ask(page, "PATCH", f"/v1/customers/{customer}", {"company": "Theirs Ltd", "phone": "+31 20 7654321"})
    save(dialog)
    expect(dialog.get_by_role("alert")).to_contain_text("Somebody changed this customer meanwhile")
    expect(dialog).to_contain_text("Meanwhile stored: Theirs Ltd")
    # What was not touched follows.
    expect(dialog.get_by_label("Phone")).to_have_value("+31 20 7654321")
    expect(dialog.get_by_label("Company", exact=True)).to_have_value("Mine Ltd")
    look(page, "customer-edit-changed")
    dialog.get_by_role("button", name="Take theirs: Company").click()
    expect(dialog.get_by_label("Company", exact=True)).to_have_value("Theirs Ltd")
    dialog.get_by_label("Company", exact=True).fill("Both Ltd")
    save(dialog)
    expect(profile(page)).to_contain_text("Both Ltd")
    expect(profile(page)).to_contain_text("+31 20 7654321")
    page.close()
    complaints.clear()


def test_what_was_typed_is_not_lost_by_a_key(open_page: OpenPage) -> None:
    page = open_page("/account")
    page.goto(f"/customers/{made(page, 'Xenia Talk')}")
    dialog = opened(page)
    dialog.get_by_label("Company", exact=True).fill("Half a word")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Leave without saving?")).to_be_visible()
    page.get_by_role("button", name="Cancel").last.click()
    expect(dialog.get_by_label("Company", exact=True)).to_have_value("Half a word")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Leave").click()
    expect(dialog).to_have_count(0)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("edit the prof")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Company", exact=True)).to_have_value("")


def test_only_who_may_edit_customers_is_offered_it(browser: Browser, open_page: OpenPage, server: Running) -> None:
    page = open_page("/account")
    customer = made(page, "Yves Schiefer", attributes={"company": "Schiefer SA"})
    auditor = sign_in_colleague(browser, server, page, "Otto Auditor", "auditor")
    theirs = open_page(f"/customers/{customer}", state=auditor)
    expect(profile(theirs)).to_contain_text("Schiefer SA")
    expect(theirs.get_by_role("button", name="Edit", exact=True)).to_have_count(0)
    assert theirs.request.patch(f"/v1/customers/{customer}", data={"company": "x"}).status in (401, 403)


def test_the_profile_is_edited_in_german(open_page: OpenPage) -> None:
    page = open_page("/account")
    customer = made(page, "Zoe Kalk", value={"amount": "99.50", "currency": "EUR"})
    page.evaluate("localStorage.setItem('prefs', JSON.stringify({language: 'de'}))")
    page.goto(f"/customers/{customer}")
    page.get_by_role("button", name="Bearbeiten", exact=True).click()
    dialog = page.get_by_role("dialog", name="Profil bearbeiten")
    expect(dialog.get_by_label("Wert")).to_have_value("99,50")
    dialog.get_by_label("Wert").fill("1.099,90")
    dialog.get_by_label("Firma").fill("Kalk & Co")
    dialog.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("region", name="Profil")).to_contain_text("Kalk & Co")
    assert page.request.get(f"/v1/customers/{customer}").json()["value"] == {"amount": "1099.90", "currency": "EUR"}


def test_a_company_that_stands_twice_comes_back_as_it_was(open_page: OpenPage) -> None:
    page = open_page("/account")
    attributes = {"organization": "Marl KG", "shop": "Marl shop", "floor": 3}
    customer = made(page, "Vito Marl", attributes=attributes)
    page.goto(f"/customers/{customer}")
    dialog = opened(page)
    dialog.get_by_label("Company", exact=True).fill("")
    save(dialog)
    expect(profile(page)).not_to_contain_text("Company")
    assert page.request.get(f"/v1/customers/{customer}").json()["attributes"] == {"floor": 3}
    page.keyboard.press("z")
    expect(profile(page)).to_contain_text("Marl KG")
    assert page.request.get(f"/v1/customers/{customer}").json()["attributes"] == attributes
