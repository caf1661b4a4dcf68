"""Each screen in both themes and two widths: nothing for axe to complain of, no sideways scroll, and a picture."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import WIDTHS, Look, OpenPage

#: What reaches beyond the window and is of use.
_OUTSIDE = """w => [...document.querySelectorAll('button, a, h1, textarea')].filter(e => e.checkVisibility()
    && !e.closest('.sr-only') && e.getBoundingClientRect().width > 1 && e.getBoundingClientRect().right > w + 1)"""


def first_issue(page: Page) -> None:
    rows = page.get_by_role("list", name="Issues").get_by_role("link")
    rows.first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#conversation li").first).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_inbox_and_issue(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/inbox/all", width=width)
    expect(page.get_by_role("list", name="Issues").get_by_role("link").first).to_be_visible()
    look(page, "inbox")

    first_issue(page)
    expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    look(page, "issue")


def test_copilot_with_a_suggested_reply(open_page: OpenPage, look: Look) -> None:
    page = open_page("/inbox/resolved")
    first_issue(page)
    page.keyboard.press("d")
    expect(page.get_by_test_id("draft")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("heading", name="Severity", exact=True)).to_be_visible()
    look(page, "copilot")


def test_copilot_on_a_phone(open_page: OpenPage, look: Look) -> None:
    page = open_page("/inbox/all", width=390, height=844)
    first_issue(page)
    page.get_by_role("button", name="Copilot").click()
    expect(page.get_by_role("heading", name="Similar issues")).to_be_visible()
    look(page, "copilot")


def test_nothing_is_wider_than_the_window(open_page: OpenPage) -> None:
    page = open_page("/inbox/all", width=1280)
    first_issue(page)
    for width in (1280, 1024, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        page.wait_for_function(
            "w => innerWidth === w && Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) <= w",
            arg=width,
        )
        page.wait_for_function(f"w => ({_OUTSIDE})(w).length === 0", arg=width)


def test_overlays(open_page: OpenPage, look: Look) -> None:
    page = open_page("/inbox/all")
    first_issue(page)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Draft a reply")).to_be_visible()
    look(page, "menu")
    page.keyboard.press("Escape")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    look(page, "keys")
    page.keyboard.press("Escape")

    page.keyboard.press("e")
    resolving = page.get_by_role("dialog", name="What solved it?")
    expect(resolving).to_be_visible()
    look(page, "resolve")
    page.keyboard.press("Escape")
    expect(resolving).to_have_count(0)

    page.keyboard.press("t")
    expect(page.get_by_role("option").first).to_be_visible()
    look(page, "templates")


def test_menus(open_page: OpenPage, look: Look) -> None:
    page = open_page("/inbox/all")
    first_issue(page)
    for key, name in (("a", "Assign"), ("s", "Change severity")):
        page.keyboard.press(key)
        menu = page.get_by_role("menu" if key == "s" else "dialog", name=name)
        expect(menu).to_be_visible()
        look(page, f"menu-{name.split()[0].lower()}")
        page.keyboard.press("Escape")
        expect(menu).to_have_count(0)
    for name in ("More actions", "Ways to send", re.compile("^Sort")):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("menu")).to_be_visible()
        look(page, f"menu-{page.get_by_role('menu').get_attribute('aria-label')}")
        page.keyboard.press("Escape")
        expect(page.get_by_role("menu")).to_have_count(0)
    page.keyboard.press("l")
    expect(page.get_by_role("combobox", name="Find or add a tag")).to_be_focused()
    look(page, "menu-tags")
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    expect(page.get_by_role("combobox", name="When?")).to_be_focused()
    look(page, "menu-snooze")
    page.keyboard.type("zebra")
    expect(page.get_by_text("No moment to come.")).to_be_visible()
    look(page, "menu-snooze-nothing")


def test_what_did_not_work(open_page: OpenPage, look: Look, complaints: list[str]) -> None:
    page = open_page("/inbox/all")
    first_issue(page)
    broken = {"status": 500, "content_type": "application/problem+json", "body": '{"title": "It broke."}'}
    page.route(
        "**/v1/issues/*", lambda route: route.fallback() if route.request.method == "GET" else route.fulfill(**broken)
    )
    page.get_by_role("button", name=re.compile("^Assign")).focus()
    page.keyboard.press("m")
    expect(page.get_by_role("alert").first).to_be_visible()
    look(page, "message-of-an-error")
    page.goto("/inbox/all/iss_01j9z3k6w8f5v9m2q4x7c1b0ad")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    look(page, "no-such-issue")
    complaints.clear()  # the browser itself tells of each answer 404 and 500


def test_the_console_speaks_german(open_page: OpenPage) -> None:
    page = open_page("/inbox/all?sort=due")
    page.evaluate("localStorage.setItem('prefs', JSON.stringify({language: 'de'}))")
    page.reload()
    expect(page.get_by_role("heading", name="Alle offenen")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_text(re.compile("zu spät$|^noch ")).first).to_be_visible()
    page.get_by_role("main").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Schwere")).to_be_visible()
    reasons = page.get_by_role("region", name=re.compile("^(Schwere|Risiko|Zeit)")).get_by_role("listitem")
    expect(reasons.first).to_be_visible()
    assert not re.search(r"\b(the|is|took|issues)\b", " ".join(reasons.all_inner_texts()))
