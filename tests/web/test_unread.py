"""Marking issues as unread: by key, for the open one and for a selection, undone, and seen by one's other browsers."""

import re

from playwright.sync_api import Page, Route, expect

from tests.web.conftest import OpenPage
from tests.web.test_two_browsers import open_first

LIST = "/inbox/unassigned?sort=oldest"
DOT = "a:has(.sr-only:text-is('Unread'))"


def is_unread(page: Page, index: int, *, unread: bool) -> None:
    found = page.locator(f"li[aria-posinset='{index}'] {DOT}")
    expect(found).to_have_count(1 if unread else 0)


def in_title(page: Page, count: int) -> None:
    """How many of the view are unread, as the tab says."""
    expect(page).to_have_title(re.compile(rf"^\({count}\) Unassigned" if count else "^Unassigned"))


def test_an_issue_that_is_open_is_marked_and_the_mark_is_taken_back(open_page: OpenPage) -> None:
    page = open_page(LIST)
    open_first(page)
    is_unread(page, 1, unread=False)

    page.keyboard.press("u")

    is_unread(page, 1, unread=True)
    in_title(page, 1)
    expect(page.get_by_role("navigation", name="Main").get_by_text("1 unread").first).to_be_attached()
    expect(page.get_by_text("Marked as unread")).to_be_visible()
    page.keyboard.press("z")
    is_unread(page, 1, unread=False)
    in_title(page, 0)


def test_the_same_key_marks_it_as_read_and_so_does_opening_it(open_page: OpenPage) -> None:
    page = open_page(LIST)
    open_first(page)
    page.keyboard.press("u")
    is_unread(page, 1, unread=True)
    page.keyboard.press("u")
    is_unread(page, 1, unread=False)

    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Mark as unread").click()
    is_unread(page, 1, unread=True)
    page.keyboard.press("j")
    expect(page.locator("li[aria-posinset='2'] a[aria-current=page]")).to_be_visible()
    is_unread(page, 1, unread=True)
    page.keyboard.press("k")
    is_unread(page, 1, unread=False)
    in_title(page, 0)


def test_a_selection_is_marked_at_once(open_page: OpenPage) -> None:
    page = open_page(LIST)
    open_first(page)
    page.keyboard.press("Shift+j")
    page.keyboard.press("Shift+j")
    expect(page.get_by_role("toolbar", name="Selected issues")).to_be_visible()

    page.keyboard.press("u")

    expect(page.get_by_text("3 issues: Marked as unread")).to_be_visible()
    in_title(page, 3)
    page.get_by_role("toolbar", name="Selected issues").get_by_role("button", name="Mark as read").click()
    in_title(page, 0)
    page.get_by_role("button", name="Undo").first.click()
    in_title(page, 3)


def test_another_browser_of_the_same_person_sees_it(open_page: OpenPage) -> None:
    first, second = open_page(LIST), open_page(LIST)
    open_first(first)
    expect(second.get_by_role("list", name="Issues")).to_be_visible()

    is_unread(second, 1, unread=False)

    first.keyboard.press("u")
    is_unread(second, 1, unread=True)
    in_title(second, 1)

    second.reload()
    is_unread(second, 1, unread=True)
    second.locator("li[aria-posinset='1'] a").click()
    is_unread(second, 1, unread=False)
    is_unread(first, 1, unread=False)


def test_a_mark_that_the_server_refuses_is_taken_back(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page(LIST)
    open_first(page)
    with page.expect_response(lambda answer: answer.url.endswith("/v1/reading") and answer.request.method == "PUT"):
        page.keyboard.press("j")

    def refuse(route: Route) -> None:
        if route.request.method == "PUT":
            route.fulfill(status=403, json={"code": "permission_denied", "title": "Not allowed"})
        else:
            route.continue_()

    page.route("**/v1/reading", refuse)

    page.keyboard.press("u")

    expect(page.get_by_text("This did not work", exact=True).first).to_be_visible()
    is_unread(page, 2, unread=False)
    assert all("403" in said for said in complaints), complaints
    complaints.clear()
