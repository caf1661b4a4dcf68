"""What goes with a reply in the composer: macros with their tags and status, files that are attached."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage
from tests.web.people import ask
from tests.web.server import Running

_PASTE = """box => {
    const data = new DataTransfer()
    data.items.add(new File(['pasted'], 'pasted.txt', {type: 'text/plain'}))
    box.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))
}"""
_DROP = """box => {
    const data = new DataTransfer()
    data.items.add(new File(['dropped'], 'dropped.txt', {type: 'text/plain'}))
    for (const name of ['dragover', 'drop'])
        box.dispatchEvent(new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}))
}"""


def new_issue(page: Page, subject: str = "Charged twice for May") -> str:
    message = {"author": "customer", "body": f"{subject}. Please help."}
    made = ask(page, "POST", "/v1/issues", {"subject": subject, "messages": [message]})
    return str(made["issue"]["id"])  # type: ignore[index]


def opened(page: Page, issue_id: str) -> None:
    page.goto(f"/inbox/all/{issue_id}")
    expect(page.locator("#conversation li").first).to_be_visible()
    expect(page.get_by_role("button", name="Macros")).to_be_visible()


def reply(page: Page) -> Locator:
    return page.get_by_label("Reply to customer")


def attach(page: Page, *files: FilePayload) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def text_file(name: str, content: bytes = b"words") -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": content}


@pytest.fixture
def macro(open_page: OpenPage) -> str:
    """The title of a macro of this test."""
    page = open_page("/templates")
    expect(page.get_by_role("table", name="Templates")).to_be_visible()
    title = f"Refund {page.evaluate('performance.now()')}"
    body = {"title": title, "body": "Hello {{ customer.first_name | default: 'there' }}, the money is on its way."}
    ask(page, "POST", "/v1/templates", {**body, "add_tags": ["refund"], "then_status": "resolved"})
    return title


@pytest.mark.parametrize("width", WIDTHS)
def test_a_macro_is_looked_at_used_and_undone(open_page: OpenPage, look: Look, macro: str, width: int) -> None:
    page = open_page("/inbox/all", width=width)
    opened(page, new_issue(page))
    page.keyboard.press("Shift+M")
    expect(page.get_by_role("option", name=re.compile("Suggest one"))).to_be_visible()
    page.keyboard.type(macro)
    expect(page.get_by_role("option")).to_have_count(1)
    look(page, "macros")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Reply", exact=True)).to_have_text(re.compile("the money is on its way"))
    expect(page.get_by_role("button", name="Use this macro")).to_be_focused()
    look(page, "macro-preview")

    page.keyboard.press("Enter")
    expect(reply(page)).to_have_value("Hello there, the money is on its way.")
    along = page.get_by_role("list", name="With the reply")
    expect(along).to_contain_text("Tag: refund")
    expect(along).to_contain_text("Then: resolved")
    expect(page.get_by_role("button", name="Send and resolve")).to_be_visible()
    page.get_by_role("button", name="Undo").hover()  # a message that is pointed at stays
    look(page, "macro-in-use")
    page.get_by_role("button", name="Undo").click()
    expect(reply(page)).to_have_value("")
    expect(along).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_a_macro_does_is_done_when_the_reply_is_sent(open_page: OpenPage, server: Running, macro: str) -> None:
    page = open_page("/inbox/all")
    issue_id = new_issue(page)
    opened(page, issue_id)
    page.keyboard.press("n")
    page.locator("#composer").press("Escape")
    page.keyboard.press("Shift+M")
    expect(page.get_by_role("option", name=macro)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type(macro)
    page.get_by_role("option", name=f"Macro: {macro}").click()
    page.get_by_role("button", name="Use this macro").click()
    reply(page).press("Control+Enter")
    expect(page.get_by_text(re.compile("Sent in"))).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(reply(page)).to_have_value(re.compile("money"))
    along = page.get_by_role("list", name="With the reply")
    expect(along).to_contain_text("Tag: refund")
    expect(along).to_contain_text("Then: resolved")
    expect(page.get_by_text(re.compile("Sent in"))).to_have_count(0)

    reply(page).press("Control+Enter")
    expect(page.get_by_text(re.compile("Sent in"))).to_be_visible()
    server.end_waits_of_replies()
    expect(page.get_by_text(re.compile("Sent in"))).to_have_count(0, timeout=60_000)

    issue = page.request.get(f"/v1/issues/{issue_id}").json()
    assert (issue["tags"], issue["status"]) == (["refund"], "resolved")
    (figures,) = (
        one["figures"] for one in page.request.get("/v1/templates?limit=100").json()["data"] if one["title"] == macro
    )
    assert (figures["used"], figures["accepted"]) == (1, 1), "counted once, though it was sent, taken back and sent"


def test_copilot_suggests_a_macro(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/inbox/all")
    opened(page, new_issue(page, "The invoice shows the wrong address"))
    page.keyboard.press("Shift+M")
    page.get_by_role("option", name=re.compile("Suggest one")).click()
    expect(page.get_by_role("heading", name="Suggested by Copilot")).to_be_visible()
    check_access(page)
    page.get_by_role("button", name="Use this macro").click()

    expect(reply(page)).not_to_have_value("")
    expect(page.get_by_role("list", name="With the reply")).to_contain_text("Then: waiting for customer")
    reply(page).fill("")


@pytest.mark.parametrize("width", WIDTHS)
def test_files_are_attached_kept_removed_and_sent(open_page: OpenPage, server: Running, look: Look, width: int) -> None:
    page = open_page("/inbox/all", width=width)
    issue_id = new_issue(page)
    opened(page, issue_id)
    attach(page, text_file("log of a very long night with many words in its name.txt"), text_file("empty.txt", b""))
    waiting = page.get_by_role("list", name="Files to send")
    expect(waiting.get_by_role("listitem")).to_have_count(2)
    expect(waiting).to_contain_text("The file is empty")
    reply(page).evaluate(_PASTE)
    reply(page).evaluate(_DROP)
    expect(waiting.get_by_role("button", name="Remove pasted.txt")).to_be_visible()
    expect(waiting.get_by_role("button", name="Remove dropped.txt")).to_be_visible()
    look(page, "files")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    reply(page).fill("The log is attached.")
    reply(page).press("Control+Enter")
    said = page.get_by_role("region", name="Notifications")
    expect(said.get_by_text("Remove the files that were not taken").first).to_be_visible()
    waiting.get_by_role("button", name="Remove empty.txt").click()
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        waiting.get_by_role("button", name="Remove dropped.txt").click()
    page.reload()
    expect(waiting.get_by_role("listitem")).to_have_count(2)
    expect(reply(page)).to_have_value("The log is attached.")
    reply(page).press("Control+Enter")
    expect(waiting).to_have_count(0)
    expect(page.get_by_text("With 2 files")).to_be_visible()
    server.end_waits_of_replies()
    expect(page.get_by_text("With 2 files")).to_have_count(0, timeout=60_000)

    sent = page.locator("#conversation").get_by_role("list", name="Files")
    expect(sent.get_by_role("link")).to_have_count(2)
    with page.expect_download() as saving:
        sent.get_by_role("link", name="Download pasted.txt").click()
    assert saving.value.suggested_filename == "pasted.txt"
    look(page, "files-sent")


def test_a_file_that_is_not_taken_says_why_and_blocks_nothing_else(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/inbox/all")
    opened(page, new_issue(page))
    attach(
        page,
        {"name": "page.html", "mimeType": "text/html", "buffer": b"<!doctype html><html><script>1</script></html>"},
    )
    waiting = page.get_by_role("list", name="Files to send")
    expect(waiting).to_contain_text(re.compile("type that is not taken|not right|not valid|field"))
    waiting.get_by_role("button", name="Remove page.html").click()
    expect(waiting).to_have_count(0)
    complaints.clear()


@pytest.mark.parametrize(("first", "other"), [("n", "r"), ("r", "n")])
def test_a_file_goes_with_the_text_it_was_attached_to(open_page: OpenPage, first: str, other: str) -> None:
    page = open_page("/inbox/all")
    issue_id = new_issue(page)
    opened(page, issue_id)
    page.keyboard.press(first)
    attach(page, text_file("secret.txt"))
    expect(page.get_by_role("button", name="Remove secret.txt")).to_be_visible()
    page.locator("#composer").press("Escape")
    page.keyboard.press(other)
    expect(page.get_by_role("button", name="Remove secret.txt")).to_have_count(0)
    page.keyboard.type("Without a file.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer")).to_have_value("")
    expect(page.locator("#conversation").get_by_text("Without a file.")).to_be_visible()

    files = page.request.get(f"/v1/issues/{issue_id}/attachments").json()["data"]
    assert [(file["message_id"], file["drafted"]) for file in files] == [(None, {"n": "note", "r": "reply"}[first])]


def test_an_upload_that_failed_is_tried_again_or_dropped(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/inbox/all")
    opened(page, new_issue(page))
    page.route("**/v1/attachments", lambda route: route.abort())
    attach(page, text_file("log.txt"))
    waiting = page.get_by_role("list", name="Files to send")
    expect(waiting).to_contain_text("The server cannot be reached")
    page.unroute("**/v1/attachments")
    page.get_by_role("button", name="Send log.txt again").click()
    expect(waiting).to_contain_text("5 B")
    expect(page.get_by_role("button", name="Send log.txt again")).to_have_count(0)
    page.get_by_role("button", name="Remove log.txt").click()
    expect(waiting).to_have_count(0)
    complaints.clear()  # the browser tells of the request that got no answer


def test_the_link_to_a_file_needs_no_sign_in(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    issue_id = new_issue(page)
    opened(page, issue_id)
    page.keyboard.press("n")
    expect(page.locator("#composer")).to_be_focused()
    attach(page, text_file("note.txt", b"for a colleague"))
    expect(page.get_by_role("button", name="Remove note.txt")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)  # until all of it is there nothing is sent
    page.keyboard.type("See the file.")
    expect(page.locator("#composer")).to_have_value("See the file.")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Copy a link to note.txt").click()
    expect(page.get_by_text("Link copied")).to_be_visible()

    link = page.evaluate("navigator.clipboard.readText()")
    stranger = open_page("/sign-in", signed_in=False)
    assert stranger.request.get(link).body() == b"for a colleague"
