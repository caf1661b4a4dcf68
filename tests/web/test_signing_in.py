"""Nobody works here without having signed in, and nothing is lost when a session ends."""

from playwright.sync_api import expect

from tests.web.conftest import Check, OpenPage, Take


def test_without_a_session_the_page_asks_to_sign_in(
    open_page: OpenPage, complaints: list[str], check_access: Check, picture: Take
) -> None:
    page = open_page("/inbox/all", signed_in=False)

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "next=" in page.url
    check_access(page)
    picture(page, "sign-in-light-1440")
    page.get_by_label("E-mail").fill("nobody@example.com")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_access(page)
    complaints.clear()  # the browser itself tells of each refused request


def test_what_was_typed_survives_the_end_of_a_session(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/inbox/all?sort=oldest")
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#composer[data-issue]")).to_be_visible()
    page.keyboard.press("r")
    reply = page.get_by_label("Reply to customer")
    expect(reply).to_be_focused()
    page.keyboard.type("These words must stay.")
    cookies = page.context.cookies()
    page.context.clear_cookies()

    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    page.context.add_cookies(cookies)
    page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    expect(reply).to_have_value("These words must stay.")
    reply.fill("")
    complaints.clear()
