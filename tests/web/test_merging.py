"""Merging issues by keyboard: proposed, previewed, undone; several at once. On a server of their own."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage, Take, sign_in_by_link
from tests.web.people import ask
from tests.web.server import Running, running_console

PROBLEM = "The label printer prints blank labels since the update"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_console(tmp_path_factory.mktemp("merging")) as running:
        yield running


@pytest.fixture(scope="module")
def session_state(browser: Browser, server: Running) -> StorageState:
    return sign_in_by_link(browser, server)


def report(page: Page, subject: str, email: str) -> str:
    body = {"subject": subject, "body": f"{subject}. Please help.", "customer": {"name": "Ana Example", "email": email}}
    made: Any = ask(page, "POST", "/v1/issues", body)
    return str(made["issue"]["id"])


def state(page: Page, issue_id: str) -> Any:
    return page.evaluate("async id => (await fetch(`/v1/issues/${id}`)).json()", issue_id)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Merge")


def opened(open_page: OpenPage, email: str, **options: Any) -> tuple[Page, str, str]:
    """The page of a duplicate, and the ids of the first issue and of the duplicate."""
    page = open_page("/account")
    first = report(page, PROBLEM, email)
    report(page, "Where is my invoice of March?", email)
    second = report(page, f"Again: {PROBLEM}", email)
    page = open_page(f"/inbox/all/{second}", **options)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Again:")
    return page, first, second


def ask_to_merge(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("Merge into")
    page.keyboard.press("Enter")


def test_a_duplicate_is_merged_and_taken_out_again_by_keys(open_page: OpenPage, check_access: Check) -> None:
    page, first, second = opened(open_page, "keys@example.com")
    ask_to_merge(page)
    likely = dialog(page).get_by_role("option").first
    expect(likely).to_contain_text("Likely the same")
    expect(dialog(page).get_by_role("region", name="Goes on as")).to_contain_text(PROBLEM)
    check_access(page)

    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{page.url.partition('/inbox')[0]}/inbox/all/{first}")
    conversation = page.get_by_role("region", name="Conversation")
    expect(conversation.get_by_text(f"Again: {PROBLEM}. Please help.")).to_be_visible()
    expect(conversation.get_by_text("sent to").first).to_be_visible()
    expect(page.get_by_text("1 duplicate was merged into this issue:")).to_be_visible()
    assert state(page, second)["merged_into"]["id"] == first
    check_access(page)

    page.keyboard.press("z")

    expect(page).to_have_url(f"{page.url.partition('/inbox')[0]}/inbox/all/{second}")
    expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    expect(page.get_by_text("and taken out again")).to_be_visible()
    assert state(page, second)["status"] == "open"


def test_z_right_after_merging_waits_until_it_is_done(open_page: OpenPage) -> None:
    page, _first, second = opened(open_page, "fast@example.com")
    ask_to_merge(page)
    expect(dialog(page).get_by_role("region", name="Goes on as")).to_be_visible()

    page.keyboard.press("Enter")
    page.keyboard.press("z")

    expect(page.get_by_text("and taken out again")).to_be_visible()
    assert state(page, second)["merged_into"] is None


def test_who_was_second_is_told_and_loses_no_word(open_page: OpenPage) -> None:
    page, first, second = opened(open_page, "second@example.com")
    ask_to_merge(page)
    page.keyboard.type("label")
    ask(page, "POST", f"/v1/issues/{second}/merge", {"into": first})

    expect(dialog(page).get_by_role("alert")).to_contain_text("Somebody merged this issue into")
    page.keyboard.type(" printer")

    expect(dialog(page).get_by_role("combobox")).to_have_value("label printer")


def test_z_does_not_undo_what_somebody_else_merged(open_page: OpenPage, complaints: list[str]) -> None:
    page, first, second = opened(open_page, "theirs@example.com")
    third = report(page, "The printer is still blank", "theirs@example.com")
    ask_to_merge(page)
    expect(dialog(page).get_by_role("option", name=PROBLEM).first).to_be_visible()
    page.keyboard.type("label printer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 duplicate was merged into this issue:")).to_be_visible()
    ask(page, "POST", f"/v1/issues/{second}/unmerge", {"out_of": first})
    ask(page, "POST", f"/v1/issues/{second}/merge", {"into": third})

    page.keyboard.press("z")

    expect(page.get_by_text("Somebody merged the issue into another one meanwhile")).to_be_visible()
    assert state(page, second)["merged_into"]["id"] == third
    complaints.clear()


@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_what_was_merged_and_taken_out_is_one_quiet_line(open_page: OpenPage, look: Look, width: int) -> None:
    page, first, second = opened(open_page, f"quiet{width}@example.com", width=width)
    third = report(page, "The printer is still blank", f"quiet{width}@example.com")
    for _ in range(2):
        ask(page, "POST", f"/v1/issues/{second}/merge", {"into": first})
        ask(page, "POST", f"/v1/issues/{second}/unmerge", {"out_of": first})
    conversation = page.get_by_role("region", name="Conversation")
    told = conversation.get_by_text(re.compile("was merged into .* and taken out again"))
    expect(told).to_have_count(1)
    expect(conversation.get_by_text("System")).to_have_count(0)

    # Both say of the second that it was taken out of the first, and both are in the third now.
    ask(page, "POST", f"/v1/issues/{second}/merge", {"into": third})
    ask(page, "POST", f"/v1/issues/{first}/merge", {"into": third})
    page.goto(f"/inbox/all/{third}")

    expect(conversation.get_by_text(re.compile("was merged into"))).to_have_count(5)
    expect(told).to_have_count(1)
    expect(conversation.get_by_text(re.compile("was taken out of"))).to_have_count(2)
    expect(conversation.get_by_text(re.compile("was taken out of")).first).not_to_be_visible()
    look(page, "merged-quietly")
    told.locator("xpath=ancestor::summary").press("Enter")
    expect(conversation.get_by_text(re.compile("was taken out of")).first).to_be_visible()
    look(page, "merged-quietly-opened")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_another_issue_is_found_by_words_and_chosen_by_arrows(open_page: OpenPage) -> None:
    page, first, second = opened(open_page, "words@example.com")
    ask_to_merge(page)
    expect(dialog(page).get_by_role("option")).to_have_count(2)
    page.keyboard.type("invoice")
    expect(dialog(page).get_by_role("option")).to_have_count(1)
    for _ in "invoice":
        page.keyboard.press("Backspace")
    expect(dialog(page).get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(dialog(page).get_by_role("region", name="Goes on as")).to_contain_text("invoice")

    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("invoice")
    assert state(page, second)["merged_into"]["id"] != first


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_a_merged_issue_leads_to_the_one_that_goes_on(
    open_page: OpenPage, check_access: Check, picture: Take, theme: str, width: int
) -> None:
    page, first, second = opened(open_page, f"{theme}{width}@example.com", theme=theme, width=width)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Merge into…").click()
    expect(dialog(page).get_by_role("region", name="Goes on as")).to_be_visible()
    picture(page, f"merge-dialog-{theme}-{width}")
    check_access(page)
    dialog(page).get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("1 duplicate was merged into this issue:")).to_be_visible()
    picture(page, f"merge-goes-on-{theme}-{width}")
    check_access(page)

    page.goto(f"/inbox/all/{second}")

    expect(page.get_by_text("Merged into", exact=True)).to_be_visible()
    expect(page.get_by_label("Reply to customer")).to_have_count(0)
    picture(page, f"merge-duplicate-{theme}-{width}")
    check_access(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name=PROBLEM, exact=False).first.press("Enter")
    expect(page).to_have_url(f"{page.url.partition('/inbox')[0]}/inbox/all/{first}")


def test_what_was_begun_for_a_duplicate_is_sent_to_the_one_that_goes_on(open_page: OpenPage) -> None:
    page, first, second = opened(open_page, "begun@example.com")
    page.keyboard.press("r")
    page.keyboard.type("We have a new driver.")
    page.keyboard.press("Escape")
    ask(page, "POST", f"/v1/issues/{second}/merge", {"into": first})
    expect(page.get_by_text("Merged into", exact=True)).to_be_visible()
    copilot = page.get_by_role("complementary", name="Copilot")
    expect(copilot.get_by_role("heading", name="Severity")).to_be_visible()
    # A draft could be put nowhere, and what is forecast is another issue's now.
    expect(copilot.get_by_role("button", name="Draft a reply")).to_have_count(0)
    expect(copilot.get_by_role("heading", name="Time to resolve")).to_have_count(0)
    page.keyboard.press("r")

    page.keyboard.press("Control+Enter")

    sent = page.get_by_role("region", name="Conversation").get_by_text("We have a new driver.")
    expect(sent).to_be_visible()
    expect(page.get_by_label("Reply to customer")).to_have_count(0)
    page.goto(f"/inbox/all/{first}")
    expect(sent).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_what_was_begun_for_a_duplicate_is_taken_over_by_a_key_and_loses_nothing(
    open_page: OpenPage, look: Look, width: int
) -> None:
    page, first, second = opened(open_page, f"over{width}@example.com", width=width)
    reply = page.get_by_label("Reply to customer")
    for issue_id, words in ((first, "Mine, of the first."), (second, "We have a new driver.")):
        page.goto(f"/inbox/all/{issue_id}")
        reply.fill(words)
        expect(page.get_by_text("Draft saved")).to_be_visible()
    page.keyboard.press("Escape")
    ask_to_merge(page)
    expect(dialog(page).get_by_role("region", name="Goes on as")).to_contain_text(PROBLEM)
    page.keyboard.press("Enter")
    key = str(state(page, second)["key"])
    where = page.get_by_text(f"Your draft is in {key}.")
    expect(where).to_be_visible()
    expect(reply).to_have_value("Mine, of the first.")
    look(page, "merge-draft-elsewhere")

    page.keyboard.press("w")

    expect(reply).to_have_value("We have a new driver.\n\nMine, of the first.")
    expect(reply).to_be_focused()
    expect(where).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(reply).to_have_value("Mine, of the first.")
    page.get_by_role("button", name=f"Take it over: draft in {key}").click()
    page.keyboard.type(" And more.")
    expect(reply).to_have_value("We have a new driver.\n\nMine, of the first. And more.")
    # What was written on since is not undone.
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(page.get_by_text("The text was changed since")).to_be_visible()
    expect(reply).to_have_value("We have a new driver.\n\nMine, of the first. And more.")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.reload()
    expect(reply).to_have_value("We have a new driver.\n\nMine, of the first. And more.")
    expect(where).to_have_count(0)


def test_selected_issues_are_merged_into_the_oldest(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/account")
    ids = [report(page, f"{PROBLEM} {number}", "many@example.com") for number in range(3)]
    page = open_page("/inbox/all")
    expect(page.get_by_role("list", name="Issues").get_by_text(f"{PROBLEM} 2").first).to_be_visible()
    for _ in ids:
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.get_by_role("status").get_by_text("3 selected")).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("Merge the selected")
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_role("option").first).to_contain_text("Oldest")
    check_access(page)

    page.keyboard.press("Enter")

    expect(page.get_by_text("2 issues merged into")).to_be_visible()
    expect(page.get_by_text("2 duplicates were merged into this issue:")).to_be_visible()
    assert [(state(page, each)["merged_into"] or {}).get("id") for each in ids] == [None, ids[0], ids[0]]
    page.keyboard.press("z")
    expect(page.get_by_text("was taken out of").first).to_be_visible()


def test_of_several_that_are_refused_in_part_is_told_how_many_were_merged(
    open_page: OpenPage, complaints: list[str]
) -> None:
    page = open_page("/account")
    ids = [report(page, f"In part {number}", "part@example.com") for number in range(3)]
    page = open_page("/inbox/all")
    page.route(f"**/v1/issues/{ids[1]}/merge", lambda route: route.fulfill(status=500, json={"code": "internal_error"}))
    expect(page.get_by_role("list", name="Issues").get_by_text("In part 2").first).to_be_visible()
    for _ in ids:
        page.keyboard.press("j")
        page.keyboard.press("x")
    page.get_by_role("button", name="Merge the selected issues…").click()
    expect(dialog(page).get_by_role("option").first).to_contain_text("Oldest")
    page.keyboard.press("Enter")

    expect(page.get_by_text("1 of 2 issues merged into")).to_be_visible()
    expect(page.get_by_text(re.compile("^2 issues merged into"))).to_have_count(0)
    expect(page.get_by_text("3 selected")).to_be_visible()
    complaints.clear()
