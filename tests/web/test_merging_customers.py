"""Merging two records of one customer: proposed, told in words, undone. On a server of their own."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage, sign_in_by_link
from tests.web.people import ask, sign_in_colleague
from tests.web.server import Running, running_console

_TAKEN_OUT = """async id => {
    const {merged_into, version} = await (await fetch(`/v1/customers/${id}`)).json()
    return merged_into === null && version > 2
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_console(tmp_path_factory.mktemp("customers"), sample=False) as running:
        yield running


@pytest.fixture(scope="module")
def session_state(browser: Browser, server: Running) -> StorageState:
    return sign_in_by_link(browser, server, empty=True)


def customer(page: Page, name: str, email: str, issues: int = 1, **more: Any) -> str:
    """The id of somebody with as many issues."""
    stored: Any = ask(page, "POST", "/v1/customers", {"name": name, "email": email, **more})
    for number in range(issues):
        body = {"subject": f"Question {number} of {email}", "body": "Please help.", "customer": {"id": stored["id"]}}
        ask(page, "POST", "/v1/issues", body)
    return str(stored["id"])


def state(page: Page, customer_id: str) -> Any:
    return page.evaluate("async id => (await fetch(`/v1/customers/${id}`)).json()", customer_id)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name=re.compile("^Merge"))


def two_records(page: Page, name: str) -> tuple[str, str]:
    """The ids of the customer who goes on, and of a second record of the same person that knows more."""
    word = name.split(maxsplit=1)[0].lower()
    first = customer(page, name, f"{word}@example.com")
    more = {"phone": f"+49 30 {abs(hash(name)) % 10**7:07d}", "plan": "business", "notes": "Prefers mornings."}
    return first, customer(page, name, f"{word}@example.org", issues=2, **more)


def opened(open_page: OpenPage, name: str, **options: Any) -> tuple[Page, str, str]:
    """The page of the second record, and both ids."""
    page = open_page("/account", **options)
    first, second = two_records(page, name)
    page.goto(f"/customers/{second}")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page, first, second


def ask_to_merge(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("Merge into another")
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_role("option").first).to_be_visible()


def test_a_second_record_is_merged_and_taken_out_again_by_keys(open_page: OpenPage, check_access: Check) -> None:
    page, first, second = opened(open_page, "Keya Example")
    ask_to_merge(page)
    expect(dialog(page).get_by_role("option").first).to_contain_text("Same name")
    outcome = dialog(page).get_by_role("region", name="What will happen")
    expect(outcome).to_contain_text("Keya Example goes on and gets 2 issues.")
    expect(outcome).to_contain_text("Filled in there, because it is empty: phone, plan and notes.")
    expect(outcome).to_contain_text("What comes by keya@example.org goes to Keya Example")
    check_access(page)

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"/customers/{first}$"))
    records = page.get_by_role("region", name="Merged records")
    expect(records.get_by_role("listitem")).to_contain_text(re.compile(r"keya@example\.org.*2 issues"))
    expect(page.get_by_role("table", name="History").get_by_role("row")).to_have_count(1 + 3)
    expect(page.get_by_role("region", name="Profile")).to_contain_text("Business")
    assert state(page, second)["merged_into"]["id"] == first
    check_access(page)

    page.keyboard.press("z")

    expect(page).to_have_url(re.compile(f"/customers/{second}$"))
    expect(page.get_by_role("table", name="History").get_by_role("row")).to_have_count(1 + 2)
    assert state(page, second)["merged_into"] is None
    assert state(page, first)["plan"] is None


def test_z_right_after_merging_waits_until_it_is_done(open_page: OpenPage) -> None:
    page, first, second = opened(open_page, "Fasta Example")
    ask_to_merge(page)
    expect(dialog(page).get_by_role("region", name="What will happen")).to_contain_text("goes on")

    # The page shows it at once; what was asked for is done one after the other.
    with page.expect_response(lambda answer: answer.url.endswith("/unmerge") and answer.ok):
        page.keyboard.press("Enter")
        page.keyboard.press("z")

    expect(page).to_have_url(re.compile(f"/customers/{second}$"))
    page.wait_for_function(_TAKEN_OUT, arg=second)
    assert state(page, first)["merged"] == []
    expect(page.get_by_role("table", name="History").get_by_role("row")).to_have_count(1 + 2)


def test_who_was_second_is_told_and_loses_no_word(open_page: OpenPage) -> None:
    page, first, second = opened(open_page, "Secunda Example")
    ask_to_merge(page)
    page.keyboard.type("secunda")
    other = open_page("/account")
    ask(other, "POST", f"/v1/customers/{second}/merge", {"into": first})

    expect(dialog(page).get_by_role("alert")).to_contain_text("Somebody merged this customer into Secunda Example")
    page.keyboard.type(" example")

    expect(dialog(page).get_by_role("combobox")).to_have_value("secunda example")
    expect(dialog(page).get_by_role("button", name="Merge")).to_be_disabled()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Secunda Example").click()
    expect(page).to_have_url(re.compile(f"/customers/{first}$"))


def test_z_does_not_undo_what_somebody_else_merged(open_page: OpenPage, complaints: list[str]) -> None:
    page, first, second = opened(open_page, "Otheria Example")
    third = customer(page, "Zenobia Third", "zenobia@example.com")
    ask_to_merge(page)
    page.keyboard.type("otheria@example.com")
    expect(dialog(page).get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Merged records")).to_be_visible()
    other = open_page("/account")
    ask(other, "POST", f"/v1/customers/{second}/unmerge", {"out_of": first})
    ask(other, "POST", f"/v1/customers/{second}/merge", {"into": third})

    page.keyboard.press("z")

    expect(page.get_by_text("Somebody merged the customer into another one meanwhile")).to_be_visible()
    assert state(page, second)["merged_into"]["id"] == third
    complaints.clear()


def test_what_is_refused_leads_back_and_says_why(open_page: OpenPage, complaints: list[str]) -> None:
    page, first, second = opened(open_page, "Helda Example")
    ask(page, "POST", "/v1/privacy/retention/holds", {"customer_id": first, "reason": "Case 7"})
    ask_to_merge(page)
    page.keyboard.type("helda@example.com")
    expect(dialog(page).get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("A legal hold keeps one of these customers as they are")
    expect(page).to_have_url(re.compile(f"/customers/{second}$"))
    assert state(page, second)["merged_into"] is None
    complaints.clear()


@pytest.mark.parametrize("width", [*WIDTHS, 320])
@pytest.mark.parametrize("locale", ["en", "de"])
def test_each_page_leads_to_the_other_and_offers_the_way_out(
    open_page: OpenPage, look: Look, width: int, locale: str
) -> None:
    words = {
        "en": ("Merge…", "Take out", "Merged records", "This record is merged into", "Notes"),
        "de": ("Zusammenführen …", "Herauslösen", "Zusammengeführte Einträge", "Dieser Eintrag ist", "Notizen"),
    }[locale]
    name = f"{locale.title()}{width} Example"
    page, first, second = opened(open_page, name, width=width)
    page.evaluate("language => localStorage.setItem('prefs', JSON.stringify({language}))", locale)
    page.reload()
    page.get_by_role("button", name=words[0]).click()
    expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()
    look(page, f"merge-customer-{locale}")
    page.get_by_role("dialog").get_by_role("button", name=words[0].split("…")[0].strip()).click()

    records = page.get_by_role("region", name=words[2])
    expect(records).to_be_visible()
    look(page, f"merged-records-{locale}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    records.get_by_role("link").click()
    expect(page.get_by_text(words[3])).to_be_visible()
    expect(page.get_by_text("Prefers mornings.")).to_be_visible()
    look(page, f"merged-into-{locale}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("main").get_by_role("link", name=name).click()
    expect(page).to_have_url(re.compile(f"/customers/{first}$"))
    records.get_by_role("button").click()
    expect(records).to_have_count(0)
    assert state(page, second)["merged_into"] is None


def test_who_may_not_change_customers_is_offered_nothing(
    open_page: OpenPage, browser: Browser, server: Running
) -> None:
    admin = open_page("/account")
    first, second = two_records(admin, "Audita Example")
    ask(admin, "POST", f"/v1/customers/{second}/merge", {"into": first})
    auditor = sign_in_colleague(browser, server, admin, "Otto Auditor", "auditor")
    page = open_page(f"/customers/{first}", state=auditor)
    expect(page.get_by_role("region", name="Merged records").get_by_role("link")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Take|Merge"))).to_have_count(0)
    page.goto(f"/customers/{second}")
    expect(page.get_by_text("This record is merged into")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Take|Merge"))).to_have_count(0)
