"""Reachable by everybody: what axe cannot see of focus, size, colour, direction and motion."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.web.conftest import Check, OpenPage
from tests.web.people import ask

#: The page of one of each, by where all of them are listed.
PAGES_OF_ONE = {
    "/v1/issues?view=all": "/inbox/all/{id}", "/v1/customers": "/customers/{id}", "/v1/templates": "/templates/{id}",
    "/v1/knowledge/articles": "/knowledge/articles/{id}",
}  # fmt: skip
ALL_PAGES = (
    "/inbox/all", "/critical", "/customers", "/knowledge", "/knowledge/review", "/knowledge/decided", "/knowledge/gaps",
    "/knowledge/new", "/search?q=invoice", "/templates", "/templates/new", "/analytics", "/admin/users", "/admin/roles",
    "/admin/keys", "/admin/channels", "/admin/models", "/admin/prompts", "/admin/clocks", "/admin/health",
    "/admin/privacy", "/admin/audit", "/account",
)  # fmt: skip
#: Words that are cut off because the box around them did not grow with them.
_CUT = """() => [...document.querySelectorAll('button, a, label, h1, h2, h3, p, dt, dd, th, td, li > span, time')]
    .filter(e => e.checkVisibility() && !e.closest('.sr-only') && e.clientHeight > 2
        && ['hidden', 'clip'].includes(getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight + 3
        && getComputedStyle(e).webkitLineClamp === 'none')
    .map(e => e.outerHTML.slice(0, 160))"""
#: What reaches beyond the window.
_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120)).slice(0, 8)"""
_FITS = "width => innerWidth === width && document.documentElement.scrollWidth <= width"
_NEXT_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
#: Boxes of text that reach into the next row.
_OVERLAPPING_ROWS = """() => {
    const rows = [...document.querySelectorAll('[aria-label=Issues] li a')].map(e => e.getBoundingClientRect())
    const lines = [...document.querySelectorAll('[aria-label=Issues] li a')].map(a =>
        Math.max(...[...a.children].map(e => e.getBoundingClientRect().bottom)))
    return lines.filter((bottom, at) => rows[at + 1] && bottom > rows[at + 1].top + 1).length
}"""
_CUT_OFF = """e => e.scrollWidth > e.clientWidth + 1
    || e.getBoundingClientRect().right > e.parentElement.getBoundingClientRect().right"""
#: What has the focus: its name, whether it is in sight, and whether something lies over it.
_FOCUSED = """() => {
    const e = document.activeElement
    if (!e || e === document.body) return null
    const box = e.getBoundingClientRect()
    const [x, y] = [box.x + Math.min(box.width / 2, 40), box.y + Math.min(box.height / 2, 40)]
    const top = document.elementFromPoint(x, y)
    const part = e.closest('nav, aside, #composer, [aria-label="Issues"], header, #conversation') || e
    return {
        name: (e.getAttribute('aria-label') || e.textContent || e.tagName).trim().slice(0, 60),
        part: part.getAttribute('aria-label') || part.id || part.tagName,
        seen: box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
        covered: !!top && !e.contains(top) && !top.contains(e) && !e.labels?.[0]?.contains(top),
        ring: getComputedStyle(e).outlineStyle !== 'none' || !!e.closest('[class*="focus-within:outline"]'),
    }
}"""


def opened(page: Page) -> Page:
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#conversation li").first).to_be_visible()
    return page


def settled(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")


def _pages_of_one(page: Page) -> list[str]:
    lists = {path: page.request.get(path).json()["data"] for path in PAGES_OF_ONE}
    return [pages.format(id=lists[path][0]["id"]) for path, pages in PAGES_OF_ONE.items()]


def test_text_may_be_twice_as_large_and_nothing_is_wider_than_the_window(open_page: OpenPage) -> None:
    page = open_page(ALL_PAGES[0], width=1280)
    devtools = page.context.new_cdp_session(page)
    for path in (*ALL_PAGES, *_pages_of_one(page)):
        devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
        page.goto(path)
        settled(page)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        assert page.evaluate(_CUT) == [], path
        assert page.evaluate(_OVERLAPPING_ROWS) == 0, path
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, path
        devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        for width in (320, 768, 1024, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(_NEXT_FRAMES)
            try:
                page.wait_for_function(_FITS, arg=width, timeout=5000)
            except PlaywrightTimeoutError:
                pytest.fail(f"{path}, {width}: {page.evaluate(_WIDE)}")


def test_columns_and_pictures_grow_with_the_text_on_a_wide_window(open_page: OpenPage) -> None:
    page = open_page("/inbox/all", width=2100)
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    opened(page)
    main = page.get_by_role("navigation", name="Main")

    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert main.evaluate("e => e.scrollWidth <= e.clientWidth")
    cut = [name.inner_text() for name in main.locator("a > span:first-of-type").all() if name.evaluate(_CUT_OFF)]
    assert cut == []
    assert main.locator(".lucide").first.evaluate("e => e.getBoundingClientRect().width") >= 28


def test_the_key_of_the_search_stays_in_one_line_with_large_text(open_page: OpenPage) -> None:
    page = opened(open_page("/inbox/all"))
    page.evaluate("document.documentElement.style.fontSize = '24px'")
    key = page.get_by_role("navigation", name="Main").locator("kbd").first
    expect(key).to_have_text(re.compile("K"))
    lines = """e => {
        const all = document.createRange()
        all.selectNodeContents(e)
        return new Set([...all.getClientRects()].map(one => Math.round(one.top))).size
    }"""
    assert key.evaluate(lines) == 1


def test_forced_colours_leave_what_is_chosen_to_be_told(open_page: OpenPage, picture: Any) -> None:
    page = opened(open_page("/inbox/all", forced_colors="active"))
    row = page.get_by_role("list", name="Issues").locator("a[aria-current=page]")
    assert row.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    bars = row.locator("i").first
    text = row.evaluate("e => getComputedStyle(e).color")
    assert bars.evaluate("e => getComputedStyle(e).backgroundColor") not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
    assert text != "rgb(255, 255, 255)"
    chosen = page.get_by_role("navigation", name="Main").locator("[aria-current=page]")
    for one in (chosen, page.get_by_role("button", name="Reply", exact=True)):
        assert one.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    primary = page.get_by_role("button", name=re.compile("Draft a reply"))
    assert primary.evaluate("e => getComputedStyle(e).forcedColorAdjust") == "none", "its words lie on a plate"
    picture(page, "forced-colours-issue")

    page.keyboard.press("s")
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("menu").locator("[data-highlighted]")
    assert chosen.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Escape")
    page.goto("/account")
    for control in (page.get_by_role("switch", name="Single-key shortcuts"), page.get_by_label("Comfortable")):
        expect(control).to_be_attached()
    switch = page.get_by_role("switch", name="Single-key shortcuts")
    on = switch.locator("span").evaluate("e => getComputedStyle(e).backgroundColor")
    ground = switch.evaluate("e => getComputedStyle(e).backgroundColor")
    assert on != ground, "the knob of a switch cannot be told from its ground"
    picture(page, "forced-colours-account")
    page.goto("/knowledge/gaps")
    parts = page.get_by_role("navigation", name="Parts of knowledge").get_by_role("link")
    expect(parts.filter(has_text="Gaps")).to_have_attribute("aria-current", "page")
    underlines = parts.evaluate_all("all => all.map(one => getComputedStyle(one).borderBottomColor)")
    assert [underlines.count(one) for one in underlines] == [3, 3, 3, 1]
    picture(page, "forced-colours-parts")


def test_the_focus_goes_through_the_page_in_its_order_and_is_always_seen(open_page: OpenPage) -> None:
    page = opened(open_page("/inbox/all?sort=oldest"))
    expect(page.get_by_role("heading", name="Severity", exact=True)).to_be_visible()
    settled(page)
    page.evaluate("document.activeElement.blur()")
    order: list[str] = []
    for _ in range(400):  # each row of a list has its stops
        page.keyboard.press("Tab")
        at = page.evaluate(_FOCUSED)
        if at is None:
            break
        assert at["seen"], at
        assert not at["covered"], at
        assert at["ring"], at
        if not order or order[-1] != at["part"]:
            order.append(at["part"])
    parts = [part for part in order if part in ("Main", "Issues", "Conversation", "Reply to customer", "Copilot")]
    assert parts == ["Main", "Issues", "Conversation", "Reply to customer", "Copilot"], order


@pytest.mark.parametrize("name", ["Sort", "Filter", "Assign", "Change severity", "Snooze", "More actions", "Resolve"])
def test_the_focus_comes_back_to_what_opened_an_overlay(open_page: OpenPage, name: str) -> None:
    page = opened(open_page("/inbox/unassigned?sort=oldest"))
    button = page.get_by_role("button", name=re.compile(name)).first
    button.focus()
    page.keyboard.press("Enter")
    overlay = page.locator("[role=menu], [role=dialog]")
    expect(overlay).to_be_visible()
    expect(overlay.locator(":focus").or_(overlay.and_(page.locator(":focus")))).to_have_count(1)
    page.keyboard.press("Escape")

    expect(overlay).to_have_count(0)
    expect(button).to_be_focused()


@pytest.mark.parametrize(("key", "name"), [("Control+k", "Command menu"), ("?", "Keyboard shortcuts")])
def test_the_focus_comes_back_after_a_dialog_of_a_key(open_page: OpenPage, key: str, name: str) -> None:
    page = opened(open_page("/inbox/all?sort=oldest"))
    conversation = page.locator("#conversation")
    conversation.focus()
    page.keyboard.press(key)
    dialog = page.get_by_role("dialog", name=name)
    expect(dialog.locator(":focus").or_(dialog.and_(page.locator(":focus")))).to_have_count(1)
    within = "e => e.parentElement.contains(document.activeElement)"
    for _ in range(40):
        page.keyboard.press("Tab")
        # Past the last control the focus rests on a guard for a moment, which sends it round.
        page.wait_for_function(within, arg=dialog.element_handle(), timeout=5000)
    page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    expect(conversation).to_be_focused()


def test_a_stream_is_announced_at_its_start_and_its_end_only(open_page: OpenPage) -> None:
    page = opened(open_page("/inbox/resolved"))
    page.evaluate("""() => {
        window.said = []
        new MutationObserver(() => {
            for (const e of document.querySelectorAll('aside section:first-of-type > [role=status]')) {
                const text = e.textContent.trim()
                if (text && window.said.at(-1) !== text) window.said.push(text)
            }
        }).observe(document.body, {subtree: true, childList: true, characterData: true})
    }""")
    page.keyboard.press("d")
    draft = page.get_by_test_id("draft")
    expect(draft).to_have_attribute("aria-busy", "false")
    expect(draft).not_to_be_empty()

    assert page.evaluate("window.said") == ["Copilot is writing a reply", "The suggested reply is ready"]
    assert draft.evaluate("e => e.closest('[aria-live], [role=status], [role=log]')") is None


def test_keys_of_one_letter_can_be_switched_off(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    rows = page.get_by_role("list", name="Issues")
    expect(rows).to_be_visible()
    page.keyboard.press("?")
    page.get_by_role("switch", name="Single-key shortcuts").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("x")

    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Command menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/inbox/all$"))
    expect(rows.get_by_role("checkbox", checked=True)).to_have_count(0)


@pytest.mark.parametrize("wish", ["reduce", "no-preference"])
def test_motion_stops_for_those_who_wish_so(open_page: OpenPage, wish: str) -> None:
    page = opened(open_page("/inbox/all"))
    page.emulate_media(reduced_motion=wish)
    longest = page.evaluate("""() => Math.max(...[...document.querySelectorAll('button')]
        .map(e => parseFloat(getComputedStyle(e).transitionDuration) || 0))""")
    assert (longest > 0.01) == (wish == "no-preference")


STRANGE = "ليلى حداد 👩🏽‍💻👨‍👩‍👧‍👦"


def _strange_issue(page: Page, name: str = STRANGE) -> str:
    """An issue of somebody whose name, subject and words are hard to lay out."""
    body = {
        "subject": "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk" * 4,
        "customer": {"name": name, "email": f"{'a' * 60}@{'b' * 60}.example.com"},
        "messages": [
            {"author": "customer", "body": "https://example.com/" + "x" * 600},
            {"author": "customer", "body": "مرحبا، لم يصل الطرد بعد. رقم الطلب 4711."},
        ],
    }
    made: Any = ask(page, "POST", "/v1/issues", body)
    return str(made["issue"]["id"])


def _outside(part: Locator) -> list[str]:
    return part.evaluate("""part => {
        const right = part.getBoundingClientRect().right
        return [...part.querySelectorAll('*')].filter(e => e.checkVisibility() && !e.closest('.sr-only')
            && e.getBoundingClientRect().width > 1 && e.getBoundingClientRect().right > right + 1
            && ![...document.querySelectorAll('.truncate, pre')].some(box => box !== e && box.contains(e)))
            .map(e => e.outerHTML.slice(0, 120))
    }""")  # type: ignore[no-any-return]


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_a_long_name_without_spaces_stays_in_its_column(open_page: OpenPage, picture: Any, width: int) -> None:
    page = open_page("/inbox/all", width=width)
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    name = "Wolfeschlegelsteinhausenbergerdorff" * 4
    page.goto(f"/inbox/all/{_strange_issue(page, name)}")
    shown = page.locator("#conversation li").first
    expect(shown).to_contain_text(name)

    picture(page, f"long-name-light-{width}")
    assert _outside(page.locator("#conversation")) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_long_words_emoji_and_text_from_right_to_left(open_page: OpenPage, picture: Any, width: int) -> None:
    page = open_page("/inbox/all", width=width)
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    issue_id = _strange_issue(page)
    page.goto(f"/inbox/all/{issue_id}")
    words = page.locator("#conversation li").filter(has_text="مرحبا")
    expect(words).to_be_visible()

    assert words.get_by_text("مرحبا").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert _outside(page.locator("main")) == []
    assert page.locator("#conversation").evaluate("e => e.scrollWidth <= e.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    reply = page.get_by_label("Reply to customer")
    reply.fill("مرحبا ليلى 👋")
    assert reply.evaluate("e => getComputedStyle(e).direction") == "rtl"
    reply.fill("")
    picture(page, f"strange-words-{width}")
    page.goto("/customers")
    expect(page.get_by_role("table", name="Customers").get_by_role("link").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_drawer_of_a_phone_says_its_name_once_and_no_keys(open_page: OpenPage, check_access: Check) -> None:
    page = open_page("/customers", width=390)
    page.get_by_role("button", name="Menu").click()
    drawer = page.get_by_role("dialog", name="Support Copilot")
    expect(drawer.get_by_text("Support Copilot")).to_have_count(1)
    expect(drawer.get_by_role("link", name="My issues")).to_be_visible()
    expect(drawer.locator("kbd").filter(visible=True)).to_have_count(0)
    check_access(page)
