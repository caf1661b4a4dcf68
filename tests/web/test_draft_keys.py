"""The keys of the suggested reply while it is being written: inserted when it stands, stopped, or given up."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import Look, OpenPage
from tests.web.test_working_by_keyboard import open_next, started

#: A stream of which each piece comes when the test says so, and which ends when it is told to or given up.
_STREAM = """() => {
    const fetched = window.fetch
    window.fetch = async (asked, ...rest) => {
        if (!String(asked.url ?? asked).endsWith('/guidance')) return fetched(asked, ...rest)
        let control
        const body = new ReadableStream({start: one => { control = one }})
        const text = new TextEncoder()
        const say = (event, data) =>
            control.enqueue(text.encode(`event: ${event}\\ndata: ${JSON.stringify(data)}\\n\\n`))
        asked.signal?.addEventListener('abort', () => control.error(new DOMException('', 'AbortError')))
        window.piece = text => say('token', {text})
        window.done = text => {
            say('done', {text, citations: [], checks: [], engine: 'offline', suggestion_id: 'sug_1'})
            control.close()
        }
        window.broken = () => { say('error', {detail: 'No reply.', status: 503}); control.close() }
        return new Response(body, {headers: {'Content-Type': 'text/event-stream'}})
    }
}"""


def begun(open_page: OpenPage, width: int = 1440) -> Page:
    page = open_page("/inbox/all?sort=oldest", width=width)
    page.route("**/v1/suggestions/**", lambda route: route.fulfill(json={"stale": False}))
    started(page)
    page.evaluate(f"({_STREAM})()")
    open_next(page)
    return page


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return begun(open_page)


def copilot(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Copilot")


def reply(page: Page) -> Locator:
    return page.get_by_label("Reply to customer")


def asked_for(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function("'piece' in window")


@pytest.mark.parametrize("width", [1440, 390])
def test_an_insert_waits_until_the_draft_is_written(open_page: OpenPage, look: Look, width: int) -> None:
    page = begun(open_page, width)
    asked_for(page, "di")
    page.evaluate("piece('Hello Ana, ')")
    expect(copilot(page)).to_contain_text("It goes into the reply as soon as it is written.")
    expect(reply(page)).to_have_value("")
    look(page, "insert-waits")
    page.evaluate("done('Hello Ana, it works.')")

    expect(reply(page)).to_have_value("Hello Ana, it works.")
    expect(reply(page)).to_be_focused()
    expect(page.get_by_text("Text inserted")).to_be_visible()
    reply(page).fill("")


@pytest.mark.parametrize("width", [1440, 1100])
def test_an_insert_that_waits_is_given_up(open_page: OpenPage, width: int) -> None:
    page = begun(open_page, width)
    asked_for(page, "di")
    expect(copilot(page).get_by_role("button", name="Do not insert")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Do not insert")).to_have_count(0)
    page.evaluate("done('Hello Ana, it works.')")
    expect(page.get_by_text("Text inserted")).to_have_count(0)
    expect(reply(page)).to_have_value("")

    page.keyboard.press("i")
    expect(reply(page)).to_have_value("Hello Ana, it works.")
    reply(page).fill("")


def test_a_stopped_stream_leaves_its_words_to_insert(page: Page) -> None:
    asked_for(page, "d")
    page.evaluate("piece('Hello Ana, ')")
    expect(page.get_by_test_id("draft")).to_have_text("Hello Ana,")
    page.keyboard.press("Control+.")
    expect(copilot(page).get_by_text("Stopped. The text so far is kept.").last).to_be_visible()
    expect(page.get_by_test_id("draft")).to_have_attribute("aria-busy", "false")
    expect(reply(page)).to_have_value("")
    page.keyboard.press("i")

    expect(reply(page)).to_have_value("Hello Ana, ")
    reply(page).fill("")


def test_a_stream_is_stopped_while_somebody_writes_and_what_waits_is_inserted(page: Page) -> None:
    asked_for(page, "di")
    page.evaluate("piece('Hello Ana, ')")
    expect(page.get_by_test_id("draft")).to_have_text("Hello Ana,")
    page.keyboard.press("r")
    expect(reply(page)).to_be_focused()
    page.keyboard.press("Control+.")

    expect(reply(page)).to_have_value("Hello Ana, ")
    reply(page).fill("")


def test_nothing_is_inserted_between_the_words_of_who_went_on_writing(page: Page) -> None:
    asked_for(page, "di")
    page.keyboard.press("r")
    page.keyboard.type("I will lo")
    expect(reply(page)).to_have_value("I will lo")
    page.evaluate("done('Hello Ana, it works.')")
    expect(page.get_by_text("The suggested reply was not inserted")).to_be_visible()
    page.keyboard.type("ok into it")

    expect(reply(page)).to_have_value("I will look into it")
    reply(page).fill("")


def test_a_draft_that_fails_is_not_inserted(page: Page) -> None:
    asked_for(page, "di")
    page.evaluate("piece('Hello')")
    page.evaluate("broken()")
    expect(copilot(page).get_by_role("alert")).to_be_visible()
    expect(reply(page)).to_have_value("")


def test_an_insert_is_for_the_issue_it_was_pressed_for(page: Page) -> None:
    page.keyboard.press("j")
    asked_for(page, "di")
    drafted_for = page.url
    page.keyboard.press("j")
    expect(page).not_to_have_url(drafted_for)
    page.evaluate("done('Hello Ana, it works.')")
    expect(page.get_by_text("Text inserted")).to_be_visible()
    expect(reply(page)).to_have_value("")
    page.keyboard.press("k")

    expect(page).to_have_url(drafted_for)
    expect(reply(page)).to_have_value("Hello Ana, it works.")
    reply(page).fill("")
