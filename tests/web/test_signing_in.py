"""Nobody works here without having signed in, and nothing is lost when a session ends."""

import re
from typing import Any

from playwright.sync_api import Route, expect

from tests.web.conftest import Check, OpenPage, Take
from tests.web.people import PASSWORD, ask
from tests.web.server import Running


def test_without_a_session_the_page_asks_to_sign_in(
    open_page: OpenPage, complaints: list[str], check_access: Check, picture: Take
) -> None:
    page = open_page("/inbox/all", signed_in=False)

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "next=" in page.url
    check_access(page)
    picture(page, "sign-in-light-1440")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.get_by_label("E-mail").fill("nobody@example.com")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The e-mail or the password is not right.")
    expect(page.get_by_text("Forgot your password?")).to_be_visible()
    check_access(page)
    complaints.clear()  # the browser itself tells of each refused request


def test_a_link_that_was_used_leads_on(open_page: OpenPage, server: Running, check_access: Check) -> None:
    page = open_page(server.sign_in_link, signed_in=False)

    expect(page.get_by_role("alert")).to_contain_text("This link has been used or has expired.")
    expect(page.get_by_label("E-mail")).to_be_visible()
    check_access(page)
    page = open_page(server.sign_in_link)
    expect(page.get_by_role("list", name="Issues")).to_be_visible()


def test_a_stranger_never_sees_a_page_that_has_failed(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/sign-in", signed_in=False)
    page.add_init_script("""
        window.seen = []
        new MutationObserver(() => {
            for (const one of document.querySelectorAll('[role=alert]')) seen.push(one.textContent)
        }).observe(document, { childList: true, subtree: true, characterData: true })
    """)

    # What a page needs last has not come yet.
    page.route("**/assets/TipHost*", lambda _: None)
    doors: list[Route] = []
    page.route("**/assets/DoorPage*", lambda route: doors.append(route))  # noqa: PLW0108 - a bound method of a list cannot be a handler

    with page.expect_response("**/v1/issues?*") as refused:
        page.goto("/inbox/all")
    assert refused.value.status == 401
    expect(page.get_by_role("navigation")).to_be_visible()
    page.wait_for_url("**/sign-in*")
    for door in doors:
        door.continue_()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate("seen") == []
    complaints.clear()  # the browser itself tells of each refused request


def test_where_nobody_can_sign_in_yet_no_form_asks_them_to(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/sign-in", signed_in=False)
    page.route("**/v1/auth/options", lambda route: route.fulfill(json=route.fetch().json() | {"setup_needed": True}))
    page.reload()

    expect(page.get_by_text("Nobody runs this installation yet")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_count(0)
    check_access(page)


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


def test_a_password_link_says_whose_it_is_and_leads_to_a_filled_sign_in(
    open_page: OpenPage, complaints: list[str], check_access: Check
) -> None:
    admin = open_page("/inbox/all")
    made: Any = ask(admin, "POST", "/v1/users", {"email": "bea@example.com", "name": "Bea Bright", "role": "agent"})
    link = made["password_link"]["link"]
    path = "/reset-password" + link.partition("/reset-password")[2]

    page = open_page(path, signed_in=False)
    expect(page.get_by_text("For Bea Bright, bea@example.com")).to_be_visible()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_role("status").filter(has_text="Your password is set")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value("bea@example.com")
    expect(page.get_by_label("Password")).to_be_focused()

    for used in (path, "/reset-password"):
        page = open_page(used, signed_in=False)
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("New password")).to_have_count(0)
        check_access(page)
    complaints.clear()  # the browser itself tells of the refused link


def test_too_many_attempts_say_how_long_to_wait(
    open_page: OpenPage, complaints: list[str], check_access: Check
) -> None:
    page = open_page("/sign-in", signed_in=False)
    page.get_by_label("E-mail").fill("locked@example.com")
    page.get_by_label("Password").fill("not the password")
    wait = page.get_by_text(re.compile("You can try again in .*minute"))
    button = page.get_by_role("button", name="Sign in")
    for _ in range(20):
        button.click()
        expect(page.get_by_role("alert")).to_be_visible()
        if wait.count():
            break
        expect(button).to_have_text("Sign in")
    expect(wait).to_be_visible()
    expect(button).to_be_disabled()
    check_access(page)
    complaints.clear()


def test_a_used_set_up_link_shows_no_form_before_it_says_so(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/sign-in", signed_in=False)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/v1/auth/links/check", hold)
    page.goto("about:blank")
    with page.expect_response("**/v1/auth/me"):
        page.goto("/setup#token=" + "a" * 43)
    expect(page.get_by_role("status").filter(has_text="Loading")).to_have_count(1)
    expect(page.get_by_label("Name")).to_have_count(0)
    held[0].continue_()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_count(0)
    expect(page.get_by_role("link", name="Go to sign-in")).to_be_visible()
    complaints.clear()  # the browser itself tells of the refused link
