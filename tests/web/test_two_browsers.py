"""Two people at the same issue: each sees the other, and what the other does."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import OpenPage
from tests.web.pace import hold
from tests.web.people import ask, sign_in_colleague
from tests.web.server import Running

SEEN_MS = 1000
#: When an element is there for the first time, in ms since 1970.
_WHEN_THERE = """selector => new Promise(done => {
    const look = () => document.querySelector(selector) ? done(Date.now()) : requestAnimationFrame(look)
    look()
})"""


def open_first(page: Page) -> str:
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    page.keyboard.press("j")
    # The list has a heading as well: only the field of an issue says that one is open.
    expect(page.locator("#composer[data-issue]")).to_be_visible()
    return page.url


def test_a_colleague_at_the_same_issue_is_seen(open_page: OpenPage, browser: Browser, server: Running) -> None:
    mine = open_page("/inbox/unassigned?sort=oldest")
    address = open_first(mine)
    theirs = open_page("/", state=sign_in_colleague(browser, server, mine, "Marco Diaz"))
    theirs.goto(address)

    here = mine.get_by_role("list", name="Also here")
    expect(here.get_by_text("Marco Diaz is looking")).to_be_attached()
    # The field of the reply is there once the issue is.
    expect(theirs.locator("#composer[data-issue]")).to_be_visible()
    theirs.keyboard.press("r")
    expect(theirs.get_by_label("Reply to customer")).to_be_focused()
    theirs.keyboard.type("Hello")
    expect(mine.get_by_role("status").filter(has_text="Marco Diaz is replying")).to_be_visible()

    theirs.goto("about:blank")
    expect(here).to_have_count(0)


def test_a_colleague_is_seen_at_once(open_page: OpenPage, browser: Browser, server: Running) -> None:
    mine = open_page("/inbox/unassigned?sort=oldest")
    address = open_first(mine)
    theirs = open_page("/", state=sign_in_colleague(browser, server, mine, "Marco Diaz"))
    expect(theirs.get_by_role("list", name="Issues")).to_be_visible()

    def come() -> dict[str, list[float]]:
        theirs.goto("about:blank")
        expect(mine.get_by_role("list", name="Also here")).to_have_count(0)
        theirs.goto(address)
        came = theirs.evaluate(_WHEN_THERE, "#composer[data-issue]")
        return {"seen": [mine.evaluate(_WHEN_THERE, "[aria-label='Also here'] li") - came]}

    hold({"seen": SEEN_MS}, mine, come)


def test_a_new_message_arrives_without_moving_the_caret(open_page: OpenPage) -> None:
    page = open_page("/inbox/unassigned?sort=oldest")
    address = open_first(page)
    page.keyboard.press("r")
    reply = page.get_by_label("Reply to customer")
    expect(reply).to_be_focused()
    page.keyboard.type("Dear customer")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    issue_id = re.findall(r"iss_\w+", address)[0]

    ask(page, "POST", f"/v1/issues/{issue_id}/messages", {"author": "customer", "body": "It is urgent now."})

    expect(page.locator("#conversation").get_by_text("It is urgent now.")).to_be_visible()
    expect(reply).to_be_focused()
    assert reply.evaluate("field => field.selectionStart") == len("Dear custom")
    reply.fill("")
