"""A person's signature below their replies, and what they are told of while they look elsewhere."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage, Take
from tests.web.people import ask, new_issue, sign_in_colleague
from tests.web.server import Running

SIGNATURE = "Kind regards\nDana Lee\nParcelwick support"
#: A page that is not looked at, and a desktop that keeps what it is shown.
_AWAY = """
    window.away = true
    document.hasFocus = () => !window.away
    window.shown = []
    window.asked = 0
    class Told {
        static permission = 'default'
        static async requestPermission() { window.asked += 1; Told.permission = 'granted'; return 'granted' }
        constructor(title, options) { window.shown.push([title, options.body, options.tag]) }
        close() {}
    }
    window.Notification = Told
"""


@pytest.fixture(scope="module")
def dana(browser: Browser, server: Running, session_state: StorageState) -> StorageState:
    context = browser.new_context(base_url=server.address, storage_state=session_state)
    page = context.new_page()
    page.goto("/account")
    state = sign_in_colleague(browser, server, page, "Dana Lee")
    context.close()
    return state


def said(page: Page, issue_id: str) -> list[str]:
    answer = page.evaluate("async id => (await fetch(`/v1/issues/${id}/queued-messages`)).json()", issue_id)
    return [one["body"] for one in answer["data"]]


@pytest.fixture
def signing(open_page: OpenPage, dana: StorageState) -> Page:
    page = open_page("/account", state=dana)
    expect(page.get_by_role("heading", name="Signature")).to_be_visible()
    ask(page, "PATCH", "/v1/auth/me", {"signature": SIGNATURE})
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_signature_and_notifications_are_kept(
    open_page: OpenPage,
    dana: StorageState,
    look: Look,
    width: int,
) -> None:
    page = open_page("/account", state=dana, width=width)
    box = page.get_by_role("textbox", name="Signature")
    box.fill(f"{SIGNATURE} {width}")
    page.get_by_role("button", name="Save signature").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    mention = page.get_by_role("checkbox", name=re.compile("A note names me"))
    mention.click()
    page.reload()
    expect(box).to_have_value(f"{SIGNATURE} {width}")
    expect(mention).not_to_be_checked()
    look(page, "account-signature")
    mention.click()


def test_a_reply_shows_its_signature_before_it_is_sent_and_has_it_once(
    signing: Page, check_access: Check, picture: Take
) -> None:
    page = signing
    issue_id = new_issue(page, "Dashboard stays grey")
    page.goto(f"/inbox/all/{issue_id}")
    box = page.get_by_label("Reply to customer")
    shown = page.get_by_role("group", name="Signature")
    expect(box).to_be_visible()
    expect(shown).to_have_count(0)
    box.fill("Please reload the page.")
    expect(shown).to_contain_text("Dana Lee")
    check_access(page)
    picture(page, "signature-composer-light-1440")

    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Undo").first).to_be_visible()
    assert said(page, issue_id) == [f"Please reload the page.\n\n{SIGNATURE}"]
    page.get_by_role("button", name="Undo").first.click()
    expect(box).to_have_value(f"Please reload the page.\n\n{SIGNATURE}")
    expect(shown).to_have_count(0)
    box.fill(f"Please reload the page.\n\n{SIGNATURE}, Berlin")
    page.keyboard.press("Control+Enter")
    # The note of the first one may still offer to undo it.
    expect(page.locator("#conversation").get_by_text("support, Berlin")).to_be_visible()
    expect(box).to_have_value("")
    assert said(page, issue_id) == [f"Please reload the page.\n\n{SIGNATURE}, Berlin"]


def test_a_signature_is_taken_into_the_text_or_left_out(signing: Page) -> None:
    page = signing
    issue_id = new_issue(page, "Dashboard stays blue")
    page.goto(f"/inbox/all/{issue_id}")
    box = page.get_by_label("Reply to customer")
    box.fill("Please reload.\n\nKind regards\nDana Lee")
    shown = page.get_by_role("group", name="Signature")
    expect(shown.get_by_text("Parcelwick support", exact=True)).to_be_visible()
    shown.get_by_role("button", name="Edit the signature in this reply").click()
    expect(box).to_have_value(f"Please reload.\n\n{SIGNATURE}")
    box.fill("")
    box.fill("Please wait.")
    shown.get_by_role("button", name="Send without signature").click()
    expect(shown).to_have_count(0)
    expect(box).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Undo").first).to_be_visible()
    assert said(page, issue_id) == ["Please wait."]
    page.get_by_label("Write a note").or_(page.get_by_role("button", name="Note", exact=True)).first.click()
    expect(shown).to_have_count(0)


def test_another_browser_does_not_sign_a_text_that_has_its_signature(
    signing: Page, open_page: OpenPage, dana: StorageState
) -> None:
    issue_id = new_issue(signing, "Dashboard stays red")
    signing.goto(f"/inbox/all/{issue_id}")
    signing.get_by_label("Reply to customer").fill("Please wait.")
    shown = signing.get_by_role("group", name="Signature")
    shown.get_by_role("button", name="Edit the signature in this reply").click()
    signing.get_by_label("Reply to customer").fill(f"Please wait.\n\n{SIGNATURE}, Berlin")
    expect(signing.get_by_text("Draft saved")).to_be_visible()

    page = open_page(f"/inbox/all/{issue_id}", state=dana)
    expect(page.get_by_label("Reply to customer")).to_have_value(f"Please wait.\n\n{SIGNATURE}, Berlin")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    expect(page.get_by_role("group", name="Signature")).to_have_count(0)


def test_who_looks_elsewhere_is_told_of_what_they_chose(open_page: OpenPage, dana: StorageState) -> None:
    page = open_page("/account", state=dana)
    page.context.add_init_script(_AWAY)
    page.goto("/account")
    me: Any = page.evaluate("async () => (await fetch('/v1/auth/me')).json()")
    ask(page, "PATCH", "/v1/auth/me", {"notifications": ["assigned", "reply"]})
    page.reload()
    switch = page.get_by_role("switch", name="Desktop notifications on this device")
    expect(switch).to_have_attribute("aria-checked", "false")
    assert page.evaluate("window.asked") == 0
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    assert page.evaluate("window.asked") == 1

    issue_id = new_issue(page, "Nothing loads at all")
    # Among many alike it may have come as critical.
    ask(page, "PATCH", f"/v1/issues/{issue_id}", {"assignee": me["id"], "severity": "low"})
    expect(page).to_have_title(re.compile("^● 1 · "))
    page.wait_for_function("window.shown.length === 1")
    more = len(page.request.get("/v1/issues?view=critical&limit=200").json()["data"]) + 1
    ask(page, "PATCH", f"/v1/issues/{issue_id}", {"severity": "critical"})
    expect(page.get_by_role("link", name=re.compile(f"^Critical {more} "))).to_be_visible()
    ask(page, "POST", f"/v1/issues/{issue_id}/messages", {"author": "customer", "body": "Still nothing."})
    expect(page).to_have_title(re.compile("^● 2 · "))
    page.wait_for_function("window.shown.length === 2")
    assert page.evaluate("window.shown") == [
        ["An issue was given to you", "Ana Example: Nothing loads at all", issue_id],
        ["A customer replied", "Ana Example: Nothing loads at all", issue_id],
    ]
    page.evaluate("window.away = false; window.dispatchEvent(new Event('focus'))")
    expect(page).to_have_title(re.compile("^Your account"))
