"""Issues that look like one incident: found on the board, linked, answered together. On a server of their own."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from support_copilot.connect.sample.writing import families
from tests.web.conftest import WIDTHS, Check, Look, OpenPage, Take, sign_in_by_link
from tests.web.people import ask, sign_in_colleague
from tests.web.server import Running, running_console

OUTAGE = next(family for family in families() if family["key"] == "checkout_502")
NAMES = ("Ana Example", "Björn Example", "Chloé Example", "Dina Example", "Emil Example")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_console(tmp_path_factory.mktemp("incidents")) as running:
        yield running


@pytest.fixture(scope="module")
def session_state(browser: Browser, server: Running) -> StorageState:
    return sign_in_by_link(browser, server)


def report(page: Page, number: int) -> str:
    asks = [one for one in OUTAGE["asks"] if one["lang"] == "en"]
    one, name = asks[number % len(asks)], NAMES[number % len(NAMES)]
    email = f"{name[:3].lower().replace('ö', 'o')}.{number}@example.com"
    body = {
        "subject": one["subject"],
        "body": one["body"],
        "channel": "email",
        "customer": {"name": name, "email": email},
    }
    made: Any = ask(page, "POST", "/v1/issues", body)
    return str(made["issue"]["id"])


@pytest.fixture(scope="module")
def burst(browser: Browser, server: Running, session_state: StorageState) -> list[str]:
    """Five customers who report the outage of the sample company, now."""
    context = browser.new_context(base_url=server.address, storage_state=session_state)
    page = context.new_page()
    page.goto("/account")
    found = [report(page, number) for number in range(5)]
    context.close()
    return found


def cluster(page: Page) -> Locator:
    """The five reports of this file; the sample company has an incident of its own beside them."""
    region = page.get_by_role("region", name="Incidents")
    return region.get_by_role("article").filter(has_text="5 issues look like one incident")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_burst_is_shown_with_what_it_has_in_common(
    open_page: OpenPage,
    burst: list[str],
    look: Look,
    width: int,
) -> None:
    page = open_page("/critical", width=width)

    found = cluster(page)
    expect(found.get_by_role("heading")).to_be_visible()
    expect(found).to_contain_text(re.compile(r"5 customers · within .*name error 502"))
    look(page, "incident-found")
    found.get_by_role("button", name="Link as incident").click()
    dialog = page.get_by_role("dialog", name="Link as incident")
    expect(dialog.get_by_role("checkbox")).to_have_count(5)
    look(page, "incident-link")
    page.keyboard.press("Escape")
    expect(found.get_by_role("button", name="Link as incident")).to_be_focused()


def test_a_burst_is_linked_answered_and_closed_by_keyboard(
    open_page: OpenPage,
    burst: list[str],
    check_access: Check,
    picture: Take,
) -> None:
    page = open_page("/critical")
    cluster(page).get_by_role("button", name="Link as incident").focus()
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Title").fill("Checkout answers 502")
    page.keyboard.press("Enter")

    incident = page.get_by_role("article", name="Checkout answers 502")
    expect(incident).to_contain_text("5 issues")
    expect(page.get_by_role("listitem").filter(has_text="Incident: Checkout answers 502")).to_have_count(5)
    incident.get_by_role("button", name="5 issues").press("Enter")
    expect(incident.get_by_role("list", name="Issues").get_by_role("link")).to_have_count(5)
    check_access(page)
    picture(page, "incident-open-light-1440")

    incident.get_by_role("button", name="Reply to all").press("Enter")
    dialog = page.get_by_role("dialog", name="Reply to all: Checkout answers 502")
    send = dialog.get_by_role("button", name=re.compile("^Send"))
    expect(send).to_be_disabled()
    dialog.get_by_role("textbox", name="Reply").fill(
        "Hello {{ customer.first_name }},\n\nwe roll the release back now."
    )
    expect(dialog.get_by_text("Hello Björn,")).to_be_visible()
    dialog.get_by_role("checkbox", name=re.compile("^Emil Example")).press("Space")
    expect(send).to_have_text("Send to 4 customers")
    check_access(page)
    picture(page, "incident-reply-light-1440")
    send.press("Enter")
    expect(page.get_by_text("4 replies go out in 30 seconds")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("4 replies taken back")).to_be_visible()
    for issue_id in burst:
        assert ask_get(page, f"/v1/issues/{issue_id}/queued-messages")["data"] == []
    incident.get_by_role("button", name="Reply to all").press("Enter")
    expect(dialog.get_by_role("textbox", name="Reply")).to_have_value(re.compile("we roll the release back now"))
    expect(dialog.get_by_role("checkbox", name=re.compile("^Emil Example"))).not_to_be_checked()
    page.keyboard.press("Escape")

    incident.get_by_role("button", name="Close incident").press("Enter")
    expect(page.get_by_text("Incident closed")).to_be_visible()
    page.get_by_role("button", name="Undo").last.click()
    expect(incident).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_an_issue_shows_its_incident_and_siblings(
    open_page: OpenPage,
    burst: list[str],
    look: Look,
    width: int,
) -> None:
    page = open_page("/critical", width=width)
    linked = ask_get(page, "/v1/incidents?status=open")["data"]
    if not linked:
        ask(page, "POST", "/v1/incidents", {"title": "Checkout answers 502", "issue_ids": burst})
        page.reload()
    expect(page.get_by_role("article", name="Checkout answers 502")).to_be_visible()
    look(page, "incident-board")
    page.get_by_role("button", name="Reply to all").click()
    box = page.get_by_role("textbox", name="Reply")
    box.fill(
        "Hello {{ customer.first_name }},\n\nyour order {{ issue.order_number }} goes out once payments work again."
    )
    expect(page.get_by_text("Not known: Order number").first).to_be_visible()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    look(page, "incident-reply")
    page.keyboard.press("Escape")

    page.goto(f"/inbox/all/{burst[1]}")
    page.get_by_role("button", name="with 4 other issues").click()
    siblings = page.get_by_role("dialog", name="Checkout answers 502")
    expect(siblings.get_by_role("link").filter(has_text="Example")).to_have_count(4)
    look(page, "incident-siblings")


def test_a_reply_to_all_is_sent_as_it_was_shown_and_never_twice(
    open_page: OpenPage, burst: list[str], complaints: list[str], look: Look
) -> None:
    page = open_page("/critical")
    if not ask_get(page, "/v1/incidents?status=open")["data"]:
        ask(page, "POST", "/v1/incidents", {"title": "Checkout answers 502", "issue_ids": burst})
        page.reload()
    page.get_by_role("button", name="Reply to all").click()
    box = page.get_by_role("textbox", name="Reply")
    box.fill("Hello {{ customer.first_name }}, it is mended.")
    send = page.get_by_role("dialog").get_by_role("button", name=re.compile("^Send"))
    expect(send).to_be_enabled()

    held = []
    page.route("**/reply-preview", lambda route: held.append(route))  # noqa: PLW0108
    box.fill("Hello {{ customer.first_name }}, it is mended now.")
    expect(send).to_be_disabled()
    page.unroute("**/reply-preview")
    for one in held:
        one.continue_()
    expect(send).to_be_enabled()

    lose_the_answer(page, complaints)
    expect(box).not_to_be_editable()
    page.get_by_role("button", name="Send once more").click()
    expect(page.get_by_text(re.compile("replies go out in 30 seconds"))).to_be_visible()
    for issue_id in burst:
        assert len(ask_get(page, f"/v1/issues/{issue_id}/queued-messages")["data"]) == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("5 replies taken back")).to_be_visible()

    page.get_by_role("button", name="Reply to all").click()
    lose_the_answer(page, complaints)
    look(page, "incident-reply-unsure")
    page.get_by_role("button", name="Take back").click()
    expect(box).to_be_editable()
    for issue_id in burst:
        assert ask_get(page, f"/v1/issues/{issue_id}/queued-messages")["data"] == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    page.keyboard.type("sign out")
    page.keyboard.press("Enter")
    question = page.get_by_role("dialog", name="Sign out without sending?")
    expect(question).to_contain_text("has not been sent")
    look(page, "sign-out-unsent")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)


def lose_the_answer(page: Page, complaints: list[str]) -> None:
    """The replies are queued, and the answer that says so is lost."""
    page.route("**/replies", lambda route: (route.fetch(), route.abort()))
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Send to")).click()
    expect(page.get_by_text("It is not known whether the last try arrived")).to_be_visible()
    complaints.clear()
    page.unroute("**/replies")


def test_who_has_had_a_reply_is_known_in_every_browser(
    open_page: OpenPage, browser: Browser, server: Running, burst: list[str], complaints: list[str], look: Look
) -> None:
    page = open_page("/critical")
    if not ask_get(page, "/v1/incidents?status=open")["data"]:
        ask(page, "POST", "/v1/incidents", {"title": "Checkout answers 502", "issue_ids": burst})
        page.reload()
    theirs = open_page("/critical", state=sign_in_colleague(browser, server, page, "Marco Diaz"))
    for one in (page, theirs):
        one.get_by_role("button", name="Reply to all").click()
        one.get_by_role("textbox", name="Reply", exact=True).fill("We roll the release back now.")
        expect(one.get_by_role("button", name="Send to 5 customers")).to_be_enabled()

    theirs.get_by_role("button", name="Send to 5 customers").click()
    expect(theirs.get_by_text("5 replies go out in 30 seconds")).to_be_visible()

    # The colleague was quicker: nothing goes out twice, the words stay, and it is said who has had one.
    page.get_by_role("button", name="Send to 5 customers").click()
    dialog = page.get_by_role("dialog", name=re.compile("^Reply to all"))
    expect(dialog.get_by_role("alert")).to_have_text("5 of 5 issues have a reply of this incident already.")
    complaints.clear()
    expect(dialog.get_by_text(re.compile("about to go out: Marco Diaz"))).to_have_count(5)
    expect(dialog.get_by_text("5 customers have had a reply of this incident and are not selected.")).to_be_visible()
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(0)
    expect(dialog.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    for issue_id in burst:
        assert len(ask_get(page, f"/v1/issues/{issue_id}/queued-messages")["data"]) == 1
    look(page, "incident-reply-had")

    # Another browser of one's own knows it as well, from the beginning; whoever wants it all the same says so.
    again = open_page("/critical")
    again.get_by_role("button", name="Reply to all").click()
    again.get_by_role("textbox", name="Reply", exact=True).fill("It is mended.")
    expect(again.get_by_text(re.compile("about to go out: Marco Diaz"))).to_have_count(5)
    again.get_by_role("button", name="Select them too").click()
    again.get_by_role("button", name="Send to 5 customers").click()
    expect(again.get_by_text("5 replies go out in 30 seconds")).to_be_visible()
    again.get_by_role("button", name="Undo").click()
    expect(again.get_by_text("5 replies taken back")).to_be_visible()


def test_a_sibling_is_gone_to(open_page: OpenPage, burst: list[str]) -> None:
    page = open_page("/critical")
    if not ask_get(page, "/v1/incidents?status=open")["data"]:
        ask(page, "POST", "/v1/incidents", {"title": "Checkout answers 502", "issue_ids": burst})
    page.goto(f"/inbox/all/{burst[1]}")
    page.get_by_role("button", name="with 4 other issues").click()
    page.get_by_role("dialog").get_by_role("link").filter(has_text="Chloé").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("payment page broken")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="with 4 other issues")).to_be_visible()
    expect(page.locator("#conversation")).to_be_focused()


def ask_get(page: Page, path: str) -> dict[str, Any]:
    answer: dict[str, Any] = page.evaluate("async path => (await fetch(path)).json()", path)
    return answer
