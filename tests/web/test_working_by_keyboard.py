"""The day of an agent without a mouse."""

import re

from playwright.sync_api import Page, expect

from tests.web.conftest import Look, OpenPage
from tests.web.people import new_issue
from tests.web.server import Running


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
    page = started(open_page("/inbox/all?sort=newest"))
    ids = [new_issue(page, f"Triage, number {number}") for number in range(10)]
    expect(page.get_by_role("list", name="Issues").get_by_role("link").first).to_contain_text("number 9")
    steps = [
        ("m",),
        ("s", *"high", "Enter"),
        ("l", *"looked at", "Enter", "Escape"),
        ("h", *"in a week", "Enter"),
        ("e", *"A restart helped.", "Control+Enter"),
    ]
    for number in reversed(range(10)):
        page.keyboard.press("j")
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"Triage, number {number}")
        for key in steps[number % 5]:
            page.keyboard.press(key)

    me = page.evaluate("fetch('/v1/auth/me').then(answer => answer.json()).then(me => me.id)")
    wanted = [
        lambda issue: issue["assignee"] == me,
        lambda issue: issue["severity"] == "high",
        lambda issue: issue["tags"] == ["looked at"],
        lambda issue: issue["snoozed_until"] is not None,
        lambda issue: issue["status"] == "resolved" and issue["resolution"]["text"] == "A restart helped.",
    ]
    undone = list(range(10))
    for _ in range(50):
        issues = {number: page.request.get(f"/v1/issues/{ids[number]}").json() for number in undone}
        undone = [number for number in undone if not wanted[number % 5](issues[number])]
        if not undone:
            break
        page.wait_for_timeout(200)
    assert undone == [], issues


def test_several_are_assigned_and_changed_by_keys(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all?sort=newest"))
    ids = [new_issue(page, f"Together, number {number}") for number in range(4)]
    expect(page.get_by_role("list", name="Issues").get_by_role("link").first).to_contain_text("number 3")
    for key in ("j", "x", "Shift+j", "Shift+j", "m"):
        page.keyboard.press(key)
    expect(page.get_by_text(re.compile("^3 issues: Assigned to "))).to_be_visible()
    for key in ("s", *"low", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text(re.compile("^3 issues: Severity"))).to_be_visible()

    me = page.evaluate("fetch('/v1/auth/me').then(answer => answer.json()).then(me => me.id)")
    # It is told at once, and done one after the other.
    page.wait_for_function(
        "([ids, me]) => Promise.all(ids.map(id => fetch(`/v1/issues/${id}`).then(answer => answer.json())))"
        ".then(all => all.every(issue => issue.assignee === me && issue.severity === 'low'))",
        arg=[ids[1:], me],
        polling=300,
    )
    other = page.request.get(f"/v1/issues/{ids[0]}").json()
    assert (other["assignee"], other["severity"] == "low") == (None, False)
    page.keyboard.press("z")
    page.keyboard.press("z")
    page.wait_for_function(
        "ids => Promise.all(ids.map(id => fetch(`/v1/issues/${id}`).then(answer => answer.json())))"
        ".then(all => all.every(issue => issue.assignee === null && issue.severity !== 'low'))",
        arg=ids,
        polling=300,
    )


def test_snooze_and_return(open_page: OpenPage, server: Running) -> None:
    page = started(open_page("/inbox/all?sort=newest"))
    new_issue(page, "Asleep for a week")
    expect(page.get_by_role("list", name="Issues").get_by_role("link").first).to_contain_text("Asleep")
    open_next(page)
    page.keyboard.press("h")
    for key in (*"in 3 days", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Bring back now")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Snoozed until .*, 0?9:00$"))).to_be_visible()

    page.keyboard.press("g")
    page.keyboard.press("h")
    rows = page.get_by_role("list", name="Issues")
    expect(rows.get_by_role("listitem")).to_have_count(1)
    open_next(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Asleep for a week")
    page.goto("/inbox/all?sort=newest")
    expect(started(page).get_by_text("Asleep for a week")).to_have_count(0)

    server.end_snoozes()
    expect(rows.get_by_text("Asleep for a week")).to_be_visible(timeout=60_000)
    open_next(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Asleep for a week")
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


#: Keys that do something wherever an issue is open, and what they are told to do.
KEYS_OF_AN_ISSUE = {
    "J": "Next issue", "K": "Previous issue", "O": "Open issue", "↵": "Open issue", "X": "Select or unselect",
    "⇧ J": "Extend selection down", "⇧ K": "Extend selection up", "Esc": "Back to the list", "R": "Reply", "N": "Note",
    "D": "Draft a reply", "Ctrl ↵": "Send", "Ctrl ⇧ ↵": "Send and resolve", "E": "Resolve", "H": "Snooze",
    "A": "Assign", "M": "Assign to me", "S": "Change severity", "L": "Tags", "T": "Templates", "/": "Templates",
    "C": "Hide Copilot", "U": "Mark as unread", "G M": "My issues", "G U": "Unassigned", "G A": "All open",
    "G C": "Critical", "G K": "Knowledge", "G N": "Analytics", "G S": "Administration", "Ctrl K": "Command menu",
    "?": "Keyboard shortcuts",
}  # fmt: skip


_TOLD = """sheet => {
    const told = {}
    for (const row of sheet.querySelectorAll("dl > div")) for (const keys of row.children[1].children)
        told[[...keys.querySelectorAll('kbd')].map(key => key.textContent).join(' ')] = row.children[0].textContent
    return told
}"""


def keys_in_the_sheet(page: Page) -> dict[str, str]:
    """What the sheet says of each key, such as ``{"Ctrl ↵": "Send"}``."""
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.locator("dl").first).to_be_visible()
    told: dict[str, str] = (
        sheet.evaluate("""sheet => Object.fromEntries([...sheet.querySelectorAll('dl > div')].flatMap(
        row => [...row.querySelector('dd').children].map(
            keys => [[...keys.querySelectorAll('kbd')].map(key => key.textContent).join(' '),
                row.querySelector('dt').textContent])))""")
    )
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    return told


def test_every_command_is_in_the_menu_and_every_key_in_the_sheet(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all"))
    open_next(page)
    told = keys_in_the_sheet(page)
    assert {key: told.get(key) for key in KEYS_OF_AN_ISSUE} == KEYS_OF_AN_ISSUE
    drafted(page)
    page.keyboard.press("u")
    told = keys_in_the_sheet(page)
    assert told["I"] == "Insert"
    assert told["Z"] == "Undo"

    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search commands and issues")).to_be_focused()
    page.keyboard.type("snooze")
    page.keyboard.press("Enter")  # at once: what was typed counts, not what was first in the list before
    snooze = page.get_by_role("dialog", name="Snooze")
    expect(snooze).to_be_visible()
    page.keyboard.press("Escape")
    expect(snooze).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search commands and issues")).to_be_focused()
    page.keyboard.type("draft a")
    expect(page.get_by_role("option", name="Draft a reply")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("draft")).to_have_attribute("aria-busy", "false")


def run_from_menu(page: Page, label: str) -> None:
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search commands and issues")
    expect(field).to_be_focused()
    page.keyboard.type(label)
    expect(page.get_by_role("option", name=label).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_count(0)


def test_moves_through_the_list_are_commands_of_the_menu_too(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all"))
    open_next(page)
    labels = {label for keys, label in KEYS_OF_AN_ISSUE.items() if keys != "Ctrl K"}
    page.keyboard.press("Control+k")
    listed = page.get_by_role("option").filter(has=page.locator("kbd"))
    expect(listed.first).to_be_visible()
    told = page.get_by_role("option").locator("> span:first-child").all_inner_texts()
    assert labels - set(told) == set()
    page.keyboard.press("Escape")
    expect(listed).to_have_count(0)

    heading = page.get_by_role("heading", level=1)
    first = str(heading.text_content())
    run_from_menu(page, "Next issue")
    expect(heading).not_to_have_text(first)
    run_from_menu(page, "Previous issue")
    expect(heading).to_have_text(first)
    run_from_menu(page, "Open issue")
    expect(page.get_by_role("region", name="Conversation")).to_be_focused()
    run_from_menu(page, "Select or unselect")
    expect(page.get_by_text("1 selected")).to_be_visible()
    run_from_menu(page, "Extend selection down")
    expect(page.get_by_text("2 selected")).to_be_visible()
    run_from_menu(page, "Extend selection up")
    expect(page.get_by_text("1 selected")).to_be_visible()
    run_from_menu(page, "Back to the list")
    expect(page.get_by_text("1 selected")).to_have_count(0)
    run_from_menu(page, "Back to the list")
    expect(page).to_have_url(re.compile("/inbox/all$"))


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


def test_the_open_row_is_told_apart_among_those_selected(open_page: OpenPage, look: Look) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))
    open_next(page)
    mark = page.get_by_test_id("open-mark")
    expect(mark).to_have_count(0)
    for key in "xjx":
        page.keyboard.press(key)
    expect(page.get_by_text("2 selected")).to_be_visible()
    expect(mark).to_have_count(1)
    marked = page.get_by_role("list", name="Issues").get_by_role("listitem").filter(has=mark)
    expect(marked.get_by_role("link")).to_have_attribute("aria-current", "page")
    look(page, "open-in-selection")
    page.get_by_role("toolbar").get_by_role("button", name="Assign").hover()
    expect(page.locator("[data-tip-shown]")).to_contain_text("Assign: selected issues")


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
