"""A reply is never lost and never sent twice, wherever the person has moved to meanwhile."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.web.conftest import OpenPage
from tests.web.people import PASSWORD, ask, invite, sign_in_as

QUEUE = re.compile(r"/v1/issues/[^/]+/queued-messages$")


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The conversation of a new issue, with the caret in its reply."""
    page = open_page("/inbox/all")
    message = {"author": "customer", "body": "Hello"}
    made = ask(page, "POST", "/v1/issues", {"subject": "A question of words", "messages": [message]})
    page.goto(f"/inbox/all/{made['issue']['id']}")
    expect(page.locator("#conversation li")).to_have_count(1)
    page.keyboard.press("r")
    expect(reply(page)).to_be_focused()
    return page


def reply(page: Page) -> Locator:
    return page.get_by_label("Reply to customer")


def move_on(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Customers", exact=True).click()
    expect(page.get_by_role("table", name="Customers")).to_be_visible()


def come_back(page: Page) -> None:
    page.go_back()
    expect(reply(page)).to_be_visible()


def test_a_reply_taken_back_after_moving_on_is_there_again(page: Page) -> None:
    page.keyboard.type("Not yet finished")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile("Sent in"))).to_be_visible()
    move_on(page)
    page.keyboard.press("z")
    expect(page.get_by_text("Reply taken back")).to_be_visible()

    come_back(page)

    expect(reply(page)).to_have_value("Not yet finished")
    reply(page).fill("")


def test_a_reply_that_failed_after_moving_on_is_there_again(page: Page, complaints: list[str]) -> None:
    held: list[Route] = []
    page.route(QUEUE, lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    page.keyboard.type("Words of an hour")
    with page.expect_request(QUEUE):
        page.keyboard.press("Control+Enter")
    move_on(page)
    held[0].abort()
    expect(page.get_by_role("region", name="Notifications").get_by_text("did not work")).to_be_visible()

    come_back(page)

    expect(reply(page)).to_have_value("Words of an hour")
    reply(page).fill("")
    complaints.clear()  # the browser tells of the request that got no answer


def test_a_reply_whose_answer_was_lost_is_sent_once(page: Page, complaints: list[str]) -> None:
    keys: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    page.route(QUEUE, lose_the_first_answer)
    page.keyboard.type("Only once")
    # Until then the words may still stand there from before they were sent.
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        page.keyboard.press("Control+Enter")
    expect(reply(page)).to_have_value("Only once")
    page.keyboard.press("Control+Enter")
    expect(reply(page)).to_have_value("")

    expect(page.locator("#conversation").get_by_text("Only once")).to_have_count(1)
    assert keys[0] == keys[1]
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("Reply is on its way")
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(reply(page)).to_have_value("Only once")
    reply(page).fill("")
    complaints.clear()


def test_words_outlive_a_reload_another_issue_and_a_lost_network(page: Page, complaints: list[str]) -> None:
    place = page.url
    page.keyboard.type("One.")
    page.reload()
    expect(reply(page)).to_have_value("One.")

    page.context.set_offline(True)
    reply(page).press_sequentially(" Two.")
    page.context.set_offline(False)
    page.goto("/inbox/resolved")
    page.get_by_role("list", name="Issues").get_by_role("link").first.click()
    expect(page.locator("#composer[data-issue]")).to_have_value("")
    page.goto(place)

    expect(reply(page)).to_have_value("One. Two.")
    reply(page).fill("")
    complaints.clear()


def test_a_session_that_ended_while_writing_goes_on_after_signing_in(
    page: Page, open_page: OpenPage, complaints: list[str]
) -> None:
    person = invite(page)
    theirs = open_page("/sign-in", signed_in=False)
    sign_in_as(theirs, person)
    theirs.goto(page.url)
    expect(reply(theirs)).to_be_visible()
    theirs.keyboard.press("r")
    expect(reply(theirs)).to_be_focused()
    theirs.keyboard.type("Half a sentence")
    ask(page, "DELETE", f"/v1/users/{person.id}/sessions", {})
    theirs.keyboard.type(", and the rest.")
    theirs.keyboard.press("Control+Enter")

    dialog = theirs.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("E-mail")).to_have_value(person.email)
    expect(dialog.get_by_label("Password")).to_be_focused()
    theirs.keyboard.type(PASSWORD)
    theirs.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(reply(theirs)).to_have_value("Half a sentence, and the rest.")
    reply(theirs).press("Control+Enter")

    expect(theirs.get_by_text(re.compile("Sent in"))).to_be_visible()
    complaints.clear()


def test_changes_that_wait_when_the_session_ends_are_made_after_signing_in(
    page: Page, open_page: OpenPage, complaints: list[str]
) -> None:
    person = invite(page)
    theirs = open_page("/sign-in", signed_in=False)
    sign_in_as(theirs, person)
    theirs.goto(page.url)
    expect(reply(theirs)).to_be_visible()
    theirs.keyboard.press("a")  # reads who there is
    expect(theirs.get_by_role("combobox", name="Find a person")).to_be_focused()
    theirs.keyboard.press("Escape")
    theirs.context.set_offline(True)
    theirs.keyboard.press("m")
    waits = theirs.get_by_text("One change goes then by itself.")
    expect(waits).to_be_visible()
    ask(page, "DELETE", f"/v1/users/{person.id}/sessions", {})
    theirs.context.set_offline(False)
    dialog = theirs.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    expect(theirs.get_by_text("Your session has ended. Sign in again. One change goes then by itself.")).to_be_visible()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()

    expect(waits).to_have_count(0)
    expect(theirs.get_by_role("button", name=f"Assign: {person.name}")).to_be_visible()
    issue_id = theirs.url.partition("?")[0].rpartition("/")[2]
    assert page.request.get(f"/v1/issues/{issue_id}").json()["assignee"] == person.id
    complaints.clear()


def test_signing_out_wipes_what_this_device_kept(page: Page, open_page: OpenPage, complaints: list[str]) -> None:
    person = invite(page)
    theirs = open_page("/sign-in", signed_in=False)
    sign_in_as(theirs, person)
    theirs.goto(page.url)
    expect(reply(theirs)).to_be_visible()
    theirs.keyboard.press("r")
    expect(reply(theirs)).to_be_focused()
    theirs.keyboard.type("Only for me")
    kept = "Object.entries(localStorage).filter(one => one.join().includes('Only for me')).length"
    assert theirs.evaluate(kept) == 1
    theirs.keyboard.press("Escape")
    theirs.keyboard.press("Control+k")
    theirs.keyboard.type("sign out")
    theirs.keyboard.press("Enter")

    expect(theirs.get_by_role("heading", name="Sign in")).to_be_visible()
    assert theirs.evaluate(kept) == 0
    sign_in_as(theirs, person)
    theirs.goto(page.url)
    expect(reply(theirs)).to_have_value("Only for me")
    reply(theirs).fill("")
    complaints.clear()


def test_a_page_begins_anew_for_whoever_signs_in_over_it(
    page: Page, open_page: OpenPage, complaints: list[str]
) -> None:
    anna, bert = invite(page, name="Anna Example"), invite(page, name="Bert Example")
    theirs = open_page("/sign-in", signed_in=False)
    sign_in_as(theirs, anna)
    theirs.goto("/account")
    signature = theirs.get_by_role("textbox", name="Signature")
    signature.fill("Kind regards, Anna")
    other_tab = theirs.context.new_page()
    other_tab.goto(page.url)
    reply(other_tab).fill("Words of Anna")
    ask(page, "DELETE", f"/v1/users/{anna.id}/sessions", {})
    theirs.get_by_role("button", name="Save signature").click()

    dialog = theirs.get_by_role("dialog", name="Sign in again")
    dialog.get_by_label("E-mail").fill(bert.email)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()

    expect(theirs.get_by_label("Name", exact=True)).to_have_value("Bert Example")
    expect(signature).to_have_value("")
    expect(reply(other_tab)).to_have_value("")
    reply(other_tab).press_sequentially("This is a sentence that Bert writes without a pause.", delay=30)
    expect(other_tab.get_by_text("Draft saved")).to_be_visible()
    expect(reply(other_tab)).to_have_value("This is a sentence that Bert writes without a pause.")
    complaints.clear()


def test_a_paste_that_is_too_long_is_told_and_not_cut(page: Page) -> None:
    paste = """(box, n) => {
        const data = new DataTransfer()
        data.setData('text/plain', 'x'.repeat(n))
        return box.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))
    }"""
    page.keyboard.type("Hello")
    assert reply(page).evaluate(f"box => ({paste})(box, 99_995)")  # left to the browser
    assert not reply(page).evaluate(f"box => ({paste})(box, 99_996)")
    told = page.get_by_role("region", name="Notifications")
    expect(told).to_contain_text("It has 99,996 characters, and a message has up to 100,000. Attach it as a file.")

    expect(reply(page)).to_have_value("Hello")
    reply(page).fill("")
