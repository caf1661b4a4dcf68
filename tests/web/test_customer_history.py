"""The history on a customer's page: narrowed by what stands in the address, page by page."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.web.conftest import WIDTHS, Look, OpenPage, sign_in_by_link
from tests.web.people import ask
from tests.web.server import Running, running_console

MANY = 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_console(tmp_path_factory.mktemp("history"), sample=False) as running:
        yield running


@pytest.fixture(scope="module")
def session_state(browser: Browser, server: Running) -> StorageState:
    return sign_in_by_link(browser, server, empty=True)


@pytest.fixture(scope="module")
def customer(browser: Browser, server: Running, session_state: StorageState) -> str:
    """The id of somebody with thirty-one issues: every third is resolved, two are critical."""
    context = browser.new_context(base_url=server.address, storage_state=session_state)
    page = context.new_page()
    page.goto("/account")
    for number in range(MANY):
        critical = number in (4, 7)
        issue = report(page, f"Label printer {number} prints blank", "critical" if critical else "low")
        if number % 3 == 0:
            ask(page, "PATCH", f"/v1/issues/{issue['id']}", {"status": "resolved"})
    last = report(page, "Invoice of March is missing", "medium")
    context.close()
    return str(last["customer"]["id"])  # type: ignore[index]


def report(page: Page, subject: str, severity: str) -> dict[str, object]:
    body = {"subject": subject, "body": "Please help.", "customer": {"name": "Ana Example", "email": "ana@example.com"}}
    made: dict[str, dict[str, object]] = ask(page, "POST", "/v1/issues", body)  # type: ignore[assignment]
    return ask(page, "PATCH", f"/v1/issues/{made['issue']['id']}", {"severity": severity})


def rows(page: Page) -> Locator:
    return page.get_by_role("table", name="History").get_by_role("row")


@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_the_history_is_narrowed_and_the_address_keeps_it(
    open_page: OpenPage, customer: str, look: Look, width: int
) -> None:
    page = open_page(f"/customers/{customer}", width=width)
    history = page.get_by_role("region", name="History")
    expect(rows(page)).to_have_count(1 + 25)
    history.get_by_role("button", name="Load more").click()
    expect(rows(page)).to_have_count(1 + MANY + 1)
    expect(history.get_by_role("button", name="Load more")).to_have_count(0)

    history.get_by_role("button", name="Critical").click()
    expect(rows(page)).to_have_count(1 + 2)
    expect(history.get_by_role("status")).to_have_text("2 issues")
    history.get_by_role("button", name="Resolved").click()
    expect(history.get_by_role("status")).to_have_text("No issue matches these filters.")
    history.get_by_role("button", name="Critical").click()
    expect(history.get_by_role("status")).to_have_text(f"{MANY // 3} issues")
    history.get_by_label("Words in the subject").fill("printer 2")
    expect(history.get_by_role("status")).to_have_text("3 issues")  # 21, 24 and 27
    expect(page).to_have_url(re.compile(r"q=printer.*2"))
    look(page, "customer-history")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    rows(page).nth(1).get_by_role("link").click()
    expect(page).to_have_url(re.compile("/inbox/all/iss_"))
    page.go_back()
    expect(history.get_by_role("status")).to_have_text("3 issues")
    expect(history.get_by_role("button", name="Resolved")).to_have_attribute("aria-pressed", "true")
    expect(history.get_by_label("Words in the subject")).to_have_value("printer 2")
    history.get_by_role("button", name="Clear filters").click()
    expect(rows(page)).to_have_count(1 + MANY + 1)
    expect(page).to_have_url(re.compile(rf"/customers/{customer}$"))
