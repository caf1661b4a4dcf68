"""The day of an agent without a mouse."""

import re

from playwright.sync_api import Page, expect

from tests.web.conftest import OpenPage


def started(page: Page) -> Page:
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    return page


def open_next(page: Page) -> None:
    page.keyboard.press("j")
    expect(page.locator("#composer[data-issue]")).to_be_visible()


def drafted(page: Page) -> None:
    page.keyboard.press("d")
    expect(page.get_by_test_id("draft")).to_have_attribute("aria-busy", "false")


def test_draft_insert_send_and_take_back(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all"))
    open_next(page)
    drafted(page)
    suggested = page.get_by_test_id("draft").inner_text()

    page.keyboard.press("i")
    reply = page.get_by_label("Reply to customer")
    expect(reply).to_be_focused()
    expect(reply).not_to_have_value("")
    words = reply.input_value()
    assert words.split(",")[0] == suggested.split(",")[0]

    page.keyboard.press("Control+Enter")
    expect(reply).to_have_value("")
    expect(page.get_by_text(re.compile("Sent in"))).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("z")

    expect(reply).to_have_value(words)
    expect(page.get_by_text(re.compile("Sent in"))).to_have_count(0)


def test_a_reply_is_sent_by_the_server_after_its_moment(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/unassigned"))
    open_next(page)
    reply = page.get_by_label("Reply to customer")
    page.keyboard.press("r")
    expect(reply).to_be_focused()
    page.keyboard.type("It works again.")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text(re.compile("Sent in"))).to_be_visible()
    expect(page.get_by_text(re.compile("Sent in"))).to_have_count(0, timeout=60_000)

    expect(page.locator("#conversation").get_by_text("It works again.")).to_be_visible()
    expect(page.get_by_text("Waiting for customer", exact=True).first).to_be_visible()
    expect(reply).to_have_value("")


def test_triage_of_ten_issues(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))
    for _ in range(10):
        page.keyboard.press("j")
        page.keyboard.press("x")
    toolbar = page.get_by_role("toolbar", name="Selected issues")
    expect(toolbar).to_contain_text("10 selected")
    page.keyboard.press("Escape")
    expect(toolbar).to_have_count(0)

    me = page.evaluate("fetch('/v1/auth/me').then(answer => answer.json()).then(me => me.name)")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name=f"Assign: {me}")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_role("menu", name="Change severity").get_by_role("menuitemcheckbox").first).to_be_focused()
    page.keyboard.type("cri")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Critical.*Change severity"))).to_be_visible()


def test_snooze_and_return(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))
    open_next(page)
    subject = page.get_by_role("heading", level=1).text_content() or ""
    page.keyboard.press("h")
    page.get_by_role("menuitem", name=re.compile("In a week")).press("Enter")
    expect(page.get_by_role("button", name="Bring back now")).to_be_visible()

    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("list", name="Issues").get_by_role("listitem")).to_have_count(1)
    open_next(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    page.keyboard.press("h")
    expect(page.get_by_role("button", name="Snooze")).to_be_visible()


def test_a_note_is_not_a_reply(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all"))
    open_next(page)
    page.keyboard.press("n")
    expect(page.get_by_label("Internal note")).to_be_focused()
    page.keyboard.type("Kim knows this customer.")
    page.keyboard.press("Control+Enter")

    note = page.locator("#conversation li").filter(has_text="Kim knows this customer.")
    expect(note).to_contain_text("Internal note")
    expect(page.get_by_text(re.compile("Sent in"))).to_have_count(0)


def test_every_command_is_in_the_menu_and_every_key_in_the_sheet(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all"))
    open_next(page)

    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    for label in ("Next issue", "Draft a reply", "Send and resolve", "Snooze", "Templates", "My issues"):
        expect(sheet.get_by_text(label, exact=True).first).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search commands and issues")).to_be_focused()
    page.keyboard.type("snooze")
    page.keyboard.press("Enter")  # at once: what was typed counts, not what was first in the list before
    snooze = page.get_by_role("menu", name="Snooze")
    expect(snooze).to_be_visible()
    page.keyboard.press("Escape")
    expect(snooze).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search commands and issues")).to_be_focused()
    page.keyboard.type("draft a")
    expect(page.get_by_role("option", name="Draft a reply")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("draft")).to_have_attribute("aria-busy", "false")


def test_a_draft_is_asked_for_and_inserted_where_copilot_has_no_room(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all", width=1100))
    open_next(page)
    drafted(page)
    expect(page.get_by_role("dialog", name="Copilot").get_by_test_id("draft")).not_to_be_empty()

    page.keyboard.press("i")
    reply = page.get_by_label("Reply to customer")
    expect(reply).not_to_have_value("")
    expect(page.get_by_role("dialog", name="Copilot")).to_have_count(0)
    reply.fill("")


def test_what_is_selected_is_resolved_rather_than_what_is_open(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("toolbar", name="Selected issues")).to_contain_text("2 selected")
    expect(page.locator("#composer[data-issue]")).to_be_visible()

    page.keyboard.press("e")
    expect(page.get_by_text("2 issues: Resolved")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()


def test_all_of_a_long_list_are_tagged_at_once(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/resolved?channel=email"))
    page.keyboard.press("j")
    page.keyboard.press("x")
    toolbar = page.get_by_role("toolbar", name="Selected issues")
    asked = "fetch('/v1/issues?view=resolved&channel=email&limit=200').then(answer => answer.json())"
    total = page.evaluate(f"{asked}.then(page => page.data.length)")
    assert 100 < total < 200  # more than one page of the list
    toolbar.get_by_role("button", name="Select all").click()
    expect(toolbar).to_contain_text(f"{total} selected")
    page.keyboard.press("l")
    expect(page.get_by_role("combobox", name="Find or add a tag")).to_be_focused()
    page.keyboard.type("all of them")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{total} issues: Tagged “all of them”")).to_be_visible()

    tagged = f"{asked}.then(page => page.data.filter(issue => issue.tags.includes('all of them')).length)"
    page.wait_for_function(f"total => {tagged}.then(count => count === total)", arg=total, polling=1000)


def test_arrows_belong_to_what_has_the_focus(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("#composer[data-issue]")).to_be_visible()
    address = page.url

    page.locator("#conversation").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#conversation")).to_be_focused()
    assert page.url == address
