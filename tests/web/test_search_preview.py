"""Search by keyboard: what is in hand is shown beside the list, opened, and in hand again when one comes back."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage
from tests.web.people import ask
from tests.web.test_fast_keys import held

_MARKED = "() => [...(CSS.highlights.get('found') ?? [])].map(range => range.toString().toLowerCase())"


def results(page: Page) -> Locator:
    return page.get_by_role("list", name="Results").get_by_role("link")


def preview(page: Page) -> Locator:
    return page.get_by_role("region", name="Preview")


def in_hand(page: Page, number: int) -> Locator:
    """The result of this place, which has the focus and is the one that is shown."""
    link = results(page).nth(number)
    expect(link).to_be_focused()
    title = link.locator("span.truncate").inner_text()
    expect(preview(page).get_by_role("heading", level=2)).to_have_text(title)
    return link


def reported(page: Page, subject: str, body: str) -> dict[str, Any]:
    customer = {"email": "petra@lantern.example", "name": "Petra Quill", "plan": "business"}
    customer |= {"attributes": {"company": "Lantern & Sons"}}  # type: ignore[dict-item]
    made: Any = ask(page, "POST", "/v1/issues", {"subject": subject, "body": body, "customer": customer})
    issue: dict[str, Any] = made["issue"]
    return issue


def test_results_are_passed_by_keys_and_each_is_shown(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/search?q=invoice")
    expect(results(page).nth(2)).to_be_visible()
    expect(page.get_by_role("searchbox", name="Search everything")).to_be_focused()
    expect(results(page).first).to_have_attribute("aria-current", "true")
    page.keyboard.press("ArrowDown")
    in_hand(page, 0)
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    in_hand(page, 2)
    page.keyboard.press("k")
    shown = in_hand(page, 1)
    expect(page).to_have_url(re.compile(f"hit={shown.get_attribute('data-result')}"))

    page.keyboard.press("p")
    expect(preview(page)).to_be_focused()
    page.keyboard.press("Escape")
    in_hand(page, 1)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search everything")).to_be_focused()
    page.keyboard.press("ArrowDown")
    in_hand(page, 1)
    check_access(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_enter_opens_what_is_in_hand_however_soon_it_comes(open_page: OpenPage, width: int) -> None:
    page = open_page("/search", width=width)
    reported(page, f"Ocarina {width} out of tune", "The ocarina sounds flat.")
    field = page.get_by_role("searchbox", name="Search everything")
    field.press_sequentially(f"ocarina {width}")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/inbox/all/iss_"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Ocarina {width} out of tune")


def test_escape_and_the_arrow_above_the_first_result_lead_back_to_the_field(open_page: OpenPage) -> None:
    page = open_page("/search?q=invoice")
    field = page.get_by_role("searchbox", name="Search everything")
    for back in ("ArrowUp", "k", "Escape"):
        expect(field).to_be_focused()
        page.keyboard.press("ArrowDown")
        in_hand(page, 0)
        page.keyboard.press(back)
    expect(field).to_be_focused()


def test_an_issue_is_shown_with_what_was_said_and_what_solved_it(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    issue = reported(page, "Heliotrope valve stuck", "The heliotrope does not open since Monday.")
    ask(page, "PATCH", f"/v1/issues/{issue['id']}", {"severity": "high"})
    fix = "Turn the brass ring twice and the heliotrope opens again."
    ask(page, "POST", f"/v1/issues/{issue['id']}/resolve", {"resolution": {"text": fix}})
    page.goto("/search?q=heliotrope&kind=issue")

    for words in (issue["key"], "Resolved", "High", "Petra Quill", "Lantern & Sons", "Business", fix):
        expect(preview(page)).to_contain_text(words)
    expect(preview(page)).to_contain_text("The heliotrope does not open since Monday.")
    page.wait_for_function("() => (CSS.highlights.get('found')?.size ?? 0) >= 3")
    assert set(page.evaluate(_MARKED)) == {"heliotrope"}


def test_a_customer_is_shown_with_what_is_open_and_an_article_with_its_text(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    reported(page, "Lanterns flicker at noon", "Since noon.")
    page.goto("/search?q=petra@lantern.example&kind=customer")
    for words in ("Petra Quill", "Lantern & Sons", "Business", "petra@lantern.example", "Lanterns flicker at noon"):
        expect(preview(page)).to_contain_text(words)

    body = "Hold **both** buttons of the umbrascope.\n\n" + "Then wait.\n\n" * 2 + "The end."
    ask(
        page, "POST", "/v1/knowledge/articles",
        {"title": "Resetting the umbrascope", "body": body, "language": "en", "status": "published"},
    )  # fmt: skip
    page.goto("/search?q=umbrascope&kind=article")
    expect(preview(page).locator("strong")).to_have_text("both")
    expect(preview(page)).to_contain_text("The end.")


def test_whoever_comes_back_has_the_result_in_hand_that_was_opened(open_page: OpenPage) -> None:
    page = open_page("/search?q=invoice&kind=issue")
    expect(results(page).nth(2)).to_be_visible()
    for key in ("ArrowDown", "j", "j"):
        page.keyboard.press(key)
    opened = in_hand(page, 2).get_attribute("data-result")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/inbox/all/{opened}"))
    expect(page.locator("#conversation li").first).to_be_visible()

    page.go_back()
    assert in_hand(page, 2).get_attribute("data-result") == opened
    page.keyboard.press("j")
    in_hand(page, 3)


def test_keys_before_the_results_are_for_those_that_come(open_page: OpenPage) -> None:
    page = open_page("/search?q=invoice")
    issue = reported(page, "Periwinkle gasket torn", "The periwinkle gasket tore.")
    expect(results(page).nth(1)).to_be_visible()
    release = held(page, "**/v1/search?q=periwinkle*")
    page.get_by_role("searchbox", name="Search everything").fill("periwinkle gasket")
    # While those for other words still stand there.
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    release()
    expect(page).to_have_url(re.compile(f"/inbox/all/{issue['id']}"))


def test_issues_are_narrowed_by_their_status_which_stands_in_the_address(open_page: OpenPage) -> None:
    page = open_page("/search?q=invoice")
    expect(page.get_by_role("radio", name="Resolved")).to_have_count(0)
    page.get_by_role("radio", name="Issues").check()
    page.get_by_role("radio", name="Resolved").check()
    expect(page).to_have_url(re.compile("status=resolved"))
    told = page.request.get("/v1/search?q=invoice&kind=issue&status=resolved&limit=50").json()["data"]
    assert told
    expect(results(page)).to_have_count(len(told))
    page.reload()
    expect(page.get_by_role("radio", name="Resolved")).to_be_checked()
    expect(results(page)).to_have_count(len(told))
    page.get_by_role("radio", name="Customers").check()
    expect(page).not_to_have_url(re.compile("status="))


def test_as_many_as_can_be_found_are_said_to_be_perhaps_more(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    fifty = [
        {"kind": "issue", "id": f"iss_{number}", "title": f"Nr {number}", "snippet": "", "score": 1, "status": "open"}
        for number in range(50)
    ]
    page.route("**/v1/search?*", lambda route: route.fulfill(json={"data": fifty, "next_cursor": None}))
    page.set_viewport_size({"width": 900, "height": 900})
    page.goto("/search?q=invoice")
    expect(page.get_by_role("status").filter(has_text="50 or more results")).to_be_attached()
    expect(page.get_by_text("The 50 best are shown.")).to_be_visible()


def test_where_there_is_no_room_only_the_list_is_there(open_page: OpenPage) -> None:
    page = open_page("/search?q=invoice", width=1000)
    expect(results(page).nth(1)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(results(page).first).to_be_focused()
    expect(preview(page)).to_have_count(0)
    expect(page.locator("[data-result][aria-current]")).to_have_count(0)


@pytest.mark.parametrize("width", [*WIDTHS, 1024, 320])
def test_the_search_is_seen(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/search?q=invoice", width=width)
    expect(results(page).nth(1)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(results(page).first).to_be_focused()
    if width >= 1024:
        in_hand(page, 0)
        expect(preview(page).get_by_role("status")).to_have_count(0)
    look(page, "search-preview")
    page.get_by_role("radio", name="Issues").check()
    expect(page.get_by_role("radio", name="Resolved")).to_be_visible()
    expect(results(page).nth(1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    look(page, "search-issues")


def test_it_is_german_where_the_console_is(open_page: OpenPage) -> None:
    page = open_page("/account")
    page.evaluate("localStorage.setItem('prefs', JSON.stringify({language: 'de'}))")
    page.goto("/search?q=invoice&kind=issue")
    expect(page.get_by_role("region", name="Vorschau")).to_contain_text("Letzte Nachricht")
    expect(page.get_by_role("radio", name="Jeder Status")).to_be_checked()


def test_a_company_finds_its_people_and_their_issues_and_each_row_says_whose_it_is(
    open_page: OpenPage, look: Look
) -> None:
    page = open_page("/inbox/all")
    issues = [reported(page, "Harpsichord out of tune", f"It sounds flat, number {number}.") for number in range(2)]
    ask(page, "PATCH", f"/v1/issues/{issues[0]['id']}", {"severity": "critical"})
    page.goto("/search?q=lantern+sons")
    customer = results(page).filter(has_text="petra@lantern.example")
    for words in ("Petra Quill", "Lantern & Sons", "Business"):
        expect(customer).to_contain_text(words)
    for issue in issues:
        row = page.locator(f"[data-result={issue['id']}]")
        for words in ("Harpsichord out of tune", "Petra Quill", "Lantern & Sons", issue["key"], "now"):
            expect(row).to_contain_text(words)
    look(page, "search-company")

    for kind, opens in (("Issues", "Open the issue"), ("Customers", "Open the customer")):
        page.get_by_role("radio", name=kind).check()
        expect(preview(page).get_by_role("link", name=opens, exact=True)).to_be_visible()
    expect(preview(page)).to_contain_text(re.compile(r"\d open issues"))
    page.goto("/search?q=invoice&kind=article")
    expect(preview(page).get_by_role("link", name="Open the article", exact=True)).to_be_visible()


def test_issues_are_narrowed_by_severity_which_stands_in_the_address(open_page: OpenPage, look: Look) -> None:
    page = open_page("/inbox/all")
    severe, mild = (reported(page, f"Cembalo loses strings {number}", "Since noon.") for number in range(2))
    for issue, severity in ((severe, "critical"), (mild, "low")):
        ask(page, "PATCH", f"/v1/issues/{issue['id']}", {"severity": severity})
    page.goto("/search?q=cembalo+strings&kind=issue")
    expect(page.locator(f"[data-result={mild['id']}]")).to_be_visible()
    page.get_by_role("radio", name="Critical").check()
    expect(page).to_have_url(re.compile("severity=critical"))
    expect(page.locator(f"[data-result={mild['id']}]")).to_have_count(0)
    expect(page.locator(f"[data-result={severe['id']}]")).to_be_visible()
    page.reload()
    expect(page.get_by_role("radio", name="Critical")).to_be_checked()
    expect(page.locator(f"[data-result={severe['id']}]")).to_be_visible()
    page.get_by_role("radio", name="Open", exact=True).check()
    expect(page).to_have_url(re.compile("severity=critical"))
    look(page, "search-severity")
    page.get_by_role("radio", name="Articles").check()
    expect(page).not_to_have_url(re.compile("severity="))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_command_menu_finds_a_company(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/inbox/all", width=width)
    reported(page, f"Spinet lid {width} squeaks", "The lid.")
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search commands and issues")
    field.fill("lantern sons")
    issue = page.get_by_role("option", name=f"Spinet lid {width} squeaks")
    expect(issue).to_contain_text("Petra Quill · Lantern & Sons")
    person = page.get_by_role("option").filter(has_text="petra@lantern.example")
    expect(person).to_contain_text("Petra Quill")
    look(page, "menu-company")
    person.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Petra Quill")


def test_without_a_network_the_preview_says_that_it_is_not_loaded(
    open_page: OpenPage, complaints: list[str], look: Look
) -> None:
    page = open_page("/inbox/all")
    for number in range(2):
        reported(page, f"Clavichord {number} hums", "It hums.")
    page.goto("/search?q=clavichord&kind=issue")
    expect(preview(page)).to_contain_text("It hums.")
    page.keyboard.press("ArrowDown")
    in_hand(page, 0)
    page.context.set_offline(True)
    page.keyboard.press("j")
    expect(preview(page).get_by_role("status")).to_contain_text("Not loaded: you are offline")
    look(page, "search-offline")
    page.context.set_offline(False)
    expect(preview(page)).to_contain_text("It hums.")
    page.close()
    complaints.clear()
