"""Naming a colleague in a note: offered while typing, found by whoever was away, seen live, read by opening."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.web.conftest import WIDTHS, Look, OpenPage
from tests.web.people import new_issue, sign_in_colleague
from tests.web.server import Running
from tests.web.test_fast_keys import press_at_once


@pytest.fixture(scope="module")
def mona(browser: Browser, server: Running, session_state: StorageState) -> StorageState:
    context = browser.new_context(base_url=server.address, storage_state=session_state)
    page = context.new_page()
    page.goto("/account")
    state = sign_in_colleague(browser, server, page, "Mona Mint")
    sign_in_colleague(browser, server, page, "Moritz Önder")
    context.close()
    return state


def note_field(page: Page, issue_id: str) -> Any:
    page.goto(f"/inbox/all/{issue_id}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="Note", exact=True).click()
    field = page.get_by_role("textbox", name="Internal note")
    expect(field).to_be_focused()
    return field


@pytest.mark.parametrize("width", WIDTHS)
def test_a_colleague_is_offered_while_a_name_is_typed(
    open_page: OpenPage,
    mona: StorageState,
    look: Look,
    width: int,
) -> None:
    page = open_page("/inbox/all", width=width)
    field = note_field(page, new_issue(page, f"Named at {width}"))
    names = page.get_by_role("listbox", name="Colleagues")

    page.keyboard.type("Please ask @mo")
    expect(names.get_by_role("option")).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="2 colleagues fit")).to_have_count(1)
    look(page, "mention-picker")
    first = names.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(first.get_attribute("id")))
    page.keyboard.press("ArrowDown")
    expect(names.get_by_role("option", name="Moritz Önder")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Please ask @Mona Mint ")
    expect(names).to_have_count(0)

    page.keyboard.type("or @mor")
    page.keyboard.press("Tab")
    page.keyboard.type("today")
    expect(field).to_have_value("Please ask @Mona Mint or @Moritz Önder today")
    expect(field).to_be_focused()

    page.keyboard.type(" @m")
    expect(names).to_be_visible()
    page.keyboard.press("Escape")
    expect(names).to_have_count(0)
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("next line")
    expect(field).to_have_value("Please ask @Mona Mint or @Moritz Önder today @m\nnext line")


def test_a_name_typed_at_once_is_offered_and_taken(open_page: OpenPage, mona: StorageState) -> None:
    page = open_page("/inbox/all")
    field = note_field(page, new_issue(page, "Named in a burst"))
    # They are asked for with the note, before anybody is named.
    page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(one => one.name.endsWith('/colleagues'))"
    )
    page.keyboard.press("Escape")
    press_at_once(page, "n", *"hi @mo", "Enter", *"ok @mor", "Enter", *"too")
    expect(field).to_have_value("hi @Mona Mint ok @Moritz Önder too")


def test_a_reply_offers_nobody_and_a_name_is_taken_with_the_mouse(open_page: OpenPage, mona: StorageState) -> None:
    page = open_page("/inbox/all")
    field = note_field(page, new_issue(page, "Named by the mouse"))
    page.keyboard.type("@Mona")
    page.get_by_role("option", name="Mona Mint").click()
    expect(field).to_have_value("@Mona Mint ")
    page.keyboard.type("look")
    expect(field).to_have_value("@Mona Mint look")

    page.get_by_role("button", name="Reply", exact=True).click()
    reply = page.get_by_role("textbox", name="Reply to customer")
    reply.press_sequentially("@Mona")
    expect(reply).to_have_value("@Mona")
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_whoever_is_named_sees_it_at_once_and_reads_it_by_opening_the_issue(
    open_page: OpenPage, mona: StorageState, look: Look
) -> None:
    page, theirs = open_page("/inbox/all"), open_page("/inbox/mine", state=mona)
    nav = theirs.get_by_role("navigation", name="Main")
    mentions = nav.get_by_role("link", name=re.compile("^Mentions"))
    expect(mentions).to_have_text("Mentions")
    issue_id = new_issue(page, "Grey dashboard for Mona")
    note_field(page, issue_id)
    page.keyboard.type("@mona")
    expect(page.get_by_role("option", name="Mona Mint")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("look, please")
    page.keyboard.press("Control+Enter")

    expect(mentions).to_contain_text("1")
    expect(theirs).to_have_title(re.compile(r"^(● \d+ · )?@1 · "))
    theirs.keyboard.press("g")
    theirs.keyboard.press("i")
    expect(theirs).to_have_url(re.compile("/inbox/mentions"))
    row = theirs.get_by_role("link", name=re.compile("Grey dashboard for Mona"))
    expect(row).to_contain_text("A note names you")
    look(theirs, "mentions")
    theirs.keyboard.press("j")
    expect(theirs.get_by_text("look, please").first).to_be_visible()
    expect(mentions).to_have_text("Mentions")
    expect(theirs).not_to_have_title(re.compile("@"))
    expect(row).not_to_contain_text("A note names you")
    # What was read stays to be found.
    theirs.reload()
    expect(row).to_be_visible()
