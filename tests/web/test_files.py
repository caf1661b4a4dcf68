"""Files on their way: a send that waits for them, one that is taken out again, and the same file twice."""

import re
import struct
import zlib
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.web.conftest import WIDTHS, Look, OpenPage
from tests.web.server import Running
from tests.web.test_writing import attach, new_issue, opened, reply, text_file


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    page = open_page("/inbox/all")
    opened(page, new_issue(page))
    return page


def held_uploads(page: Page) -> Callable[[Callable[[Route], None]], None]:
    """Keep uploads from the server until what is returned is called with what becomes of them."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/v1/attachments", hold)

    def release(become: Callable[[Route], None]) -> None:
        for _ in range(150):
            if not waiting:
                page.wait_for_timeout(20)
        assert waiting
        for route in waiting:
            become(route)
        page.unroute("**/v1/attachments")

    return release


def to_send(page: Page) -> Locator:
    return page.get_by_role("list", name="Files to send")


def waits(page: Page) -> Locator:
    return page.get_by_text("It goes when its files are there.")


def write(page: Page, words: str) -> None:
    reply(page).fill(words)
    reply(page).press("Control+Enter")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_reply_goes_when_its_files_are_there(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/inbox/all", width=width)
    opened(page, new_issue(page))
    release = held_uploads(page)
    attach(page, text_file("log.txt"))
    write(page, "The log is attached.")
    expect(waits(page)).to_be_visible()
    expect(reply(page)).to_have_value("The log is attached.")
    look(page, "send-waits")
    release(Route.continue_)

    expect(page.get_by_text("With 1 file")).to_be_visible()
    expect(reply(page)).to_have_value("")
    expect(waits(page)).to_have_count(0)


def test_a_note_goes_when_its_files_are_there_also_after_moving_on(page: Page) -> None:
    issue_id = page.url.rpartition("/")[2]
    page.keyboard.press("n")
    expect(page.locator("#composer")).to_be_focused()
    release = held_uploads(page)
    attach(page, text_file("log.txt"))
    page.locator("#composer").fill("See the log.")
    page.keyboard.press("Control+Enter")
    expect(waits(page)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#composer")).not_to_have_attribute("data-issue", issue_id)
    release(Route.continue_)

    expect(page.get_by_text("Note added")).to_be_visible()
    page.goto(f"/inbox/all/{issue_id}")
    note = page.locator("#conversation").get_by_role("listitem").filter(has_text="See the log.")
    expect(note.get_by_role("link", name="Download log.txt")).to_be_visible()


@pytest.mark.parametrize("how", ["button", "z", "more words"])
def test_a_send_that_waits_is_given_up(page: Page, how: str) -> None:
    release = held_uploads(page)
    attach(page, text_file("log.txt"))
    write(page, "The log is attached.")
    expect(waits(page)).to_be_visible()
    if how == "button":
        page.get_by_role("button", name="Do not send").click()
    elif how == "z":
        page.keyboard.press("Escape")
        page.keyboard.press("z")
    else:
        reply(page).press_sequentially(" And")
    expect(waits(page)).to_have_count(0)
    release(Route.continue_)

    expect(to_send(page).get_by_role("progressbar")).to_have_count(0)
    expect(to_send(page).get_by_role("listitem")).to_have_count(1)
    expect(reply(page)).to_have_value("The log is attached." + (" And" if how == "more words" else ""))
    expect(page.get_by_text("Sent in")).to_have_count(0)


def test_nothing_is_lost_when_a_file_that_is_waited_for_fails(page: Page, complaints: list[str]) -> None:
    release = held_uploads(page)
    attach(page, text_file("log.txt"))
    write(page, "The log is attached.")
    expect(waits(page)).to_be_visible()
    release(Route.abort)

    expect(page.get_by_role("region", name="Notifications")).to_contain_text("Not sent")
    expect(waits(page)).to_have_count(0)
    expect(reply(page)).to_have_value("The log is attached.")
    page.get_by_role("button", name="Send log.txt again").click()
    expect(to_send(page).get_by_role("progressbar")).to_have_count(0)
    expect(page.get_by_text("Sent in")).to_have_count(0)
    reply(page).press("Control+Enter")
    expect(page.get_by_text("With 1 file")).to_be_visible()
    complaints.clear()


def test_a_file_that_is_taken_out_is_gone_also_when_the_page_is_left_at_once(page: Page) -> None:
    attach(page, text_file("log.txt"))
    page.get_by_role("button", name="Remove log.txt").click()
    expect(to_send(page)).to_have_count(0)
    page.reload()
    opened(page, page.url.rpartition("/")[2])

    expect(to_send(page)).to_have_count(0)


def test_a_file_that_is_taken_out_without_a_network_goes_when_it_is_back(page: Page, complaints: list[str]) -> None:
    attach(page, text_file("log.txt"))
    expect(to_send(page).get_by_role("progressbar")).to_have_count(0)
    page.context.set_offline(True)
    page.get_by_role("button", name="Remove log.txt").click()
    expect(to_send(page)).to_have_count(0)
    expect(page.get_by_text("One change goes then by itself.")).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "DELETE" and answer.ok):
        page.context.set_offline(False)

    opened(page, page.url.rpartition("/")[2])
    expect(to_send(page)).to_have_count(0)
    complaints.clear()


def test_an_upload_whose_answer_was_lost_leaves_nothing_when_it_is_taken_out(page: Page, complaints: list[str]) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    # Once it is shown the list of files is here, and nothing has it read anew.
    attach(page, text_file("first.txt", b"first"))
    expect(page.get_by_role("button", name="Remove first.txt")).to_be_visible()
    expect(to_send(page).get_by_role("progressbar")).to_have_count(0)
    page.route("**/v1/attachments", lose)
    attach(page, text_file("log.txt"))
    expect(to_send(page)).to_contain_text("The server cannot be reached")
    with page.expect_response(lambda answer: answer.request.method == "DELETE" and answer.ok):
        page.get_by_role("button", name="Remove log.txt").click()
    issue_id = page.url.rpartition("/")[2]

    files = page.request.get(f"/v1/issues/{issue_id}/attachments").json()["data"]
    assert [file["filename"] for file in files] == ["first.txt"]
    complaints.clear()


def test_an_upload_that_arrived_though_its_answer_was_lost_is_shown_once(page: Page, complaints: list[str]) -> None:
    lists: list[Route] = []

    def hold(route: Route) -> None:
        lists.append(route)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    # What the server has is told only after the upload was stored and its answer lost.
    page.route("**/v1/issues/*/attachments", hold)
    page.route("**/v1/attachments", lose)
    page.reload()
    attach(page, text_file("log.txt"))
    expect(to_send(page)).to_contain_text("The server cannot be reached")
    page.unroute("**/v1/issues/*/attachments")
    for route in lists:
        route.continue_()

    expect(to_send(page).get_by_role("listitem")).to_have_text(re.compile(r"log\.txt\s*5\sB"))
    write(page, "It arrived.")
    expect(page.get_by_text("With 1 file")).to_be_visible()
    complaints.clear()


def test_the_same_file_twice_is_said_and_attached_once(page: Page, complaints: list[str]) -> None:
    attach(page, text_file("log.txt"))
    expect(to_send(page)).to_contain_text("5 B")
    expect(to_send(page).get_by_role("progressbar")).to_have_count(0)
    attach(page, text_file("copy.txt"))

    expect(page.get_by_text("copy.txt is attached already")).to_be_visible()
    expect(to_send(page).get_by_role("listitem")).to_have_count(1)
    write(page, "Once.")
    expect(page.get_by_text("With 1 file")).to_be_visible()
    complaints.clear()


def picture_file(name: str) -> FilePayload:
    """A PNG of one colour, wide enough to be seen."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 160, 90, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x42\x82\xcd" * 160) * 90
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return {"name": name, "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"".join(parts)}


@pytest.mark.parametrize("width", [*WIDTHS, 320])
def test_a_picture_is_shown_small_and_as_it_is(open_page: OpenPage, server: Running, look: Look, width: int) -> None:
    page = open_page("/inbox/all", width=width)
    opened(page, new_issue(page))
    broken: FilePayload = {"name": "broken.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(100)}
    attach(page, picture_file("a screen shot with a name of many words.png"), broken)
    expect(to_send(page).get_by_role("listitem")).to_have_count(2)
    small = to_send(page).get_by_role("img", name="Picture a screen shot")
    expect(small).to_be_visible()
    page.wait_for_function("e => e.naturalWidth === 160", arg=small.element_handle())
    expect(to_send(page).get_by_role("img", name="Picture broken.png")).to_have_count(0)
    look(page, "picture-attached")
    write(page, "As you see.")
    expect(page.get_by_text("With 2 files")).to_be_visible()
    server.end_waits_of_replies()

    sent = page.locator("#conversation").get_by_role("list", name="Pictures")
    expect(sent.get_by_role("listitem")).to_have_count(2, timeout=60_000)
    expect(sent.get_by_text("This picture cannot be shown.")).to_be_visible()
    expect(page.locator("#conversation").get_by_role("link", name="Download broken.png")).to_be_visible()
    look(page, "picture-sent")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    button = sent.get_by_role("button", name="Show a screen shot")
    button.focus()
    page.keyboard.press("Enter")
    shown = page.get_by_role("dialog", name="a screen shot")
    expect(shown.get_by_role("img")).to_be_visible()
    look(page, "picture-shown")
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(button).to_be_focused()


def test_what_a_browser_would_run_is_no_picture(page: Page, complaints: list[str]) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>window.ran = 1</script><rect width="9" height="9"/></svg>'
    attach(page, {"name": "logo.png", "mimeType": "image/png", "buffer": svg})
    expect(to_send(page).get_by_role("listitem")).to_have_count(1)
    expect(to_send(page).get_by_role("progressbar")).to_have_count(0)

    expect(to_send(page).get_by_role("img")).to_have_count(0)
    assert page.evaluate("window.ran") is None
    complaints.clear()  # it is not taken
