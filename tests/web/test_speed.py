"""Fast enough to feel like nothing: what is loaded first, what moving through the list costs."""

import gzip
import itertools
import json
import re
from statistics import median
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from support_copilot.gateway.console import BUILT
from tests.web.conftest import OpenPage
from tests.web.pace import hold

#: On a quiet machine, in ms; ``pace`` says what they are on this one.
J_TO_PAINT_MS, LOAD_TO_PAINT_MS, LONGEST_TASK_MS, KEY_TO_PAINT_MS, FIRST_WORDS_MS = 50, 650, 200, 50, 300
#: Not a matter of the machine: a share of the window, and megabytes.
MOST_JUMPED, MEMORY_MB = 0.01, 120
FIRST_SCRIPTS_KB, STYLES_KB, LAZY_PAGE_KB, FONTS_KB = 130, 20, 60, 60
#: Menus, hints and what pages share, in kB; and in how few files an issue comes.
BESIDES_KB, ISSUE_FILES = 78, 6
_MOVE = """key => new Promise(done => {
    const shown = () => document.querySelector('#composer')?.dataset.issue
    const before = shown()
    const begun = performance.now()
    const seen = new MutationObserver(() => {
        if (!shown() || shown() === before) return
        seen.disconnect()
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)))
    })
    seen.observe(document.body, {subtree: true, childList: true, attributes: true})
    document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}))
})"""


def _zipped_kb(name: str) -> float:
    return len(gzip.compress((BUILT / name).read_bytes(), 9)) / 1000


def _needed_with(manifest: dict[str, dict[str, object]], name: str) -> set[str]:
    """The chunk and everything that it imports at once."""
    found: set[str] = set()
    open_ones = [name]
    while open_ones:
        chunk = open_ones.pop()
        if chunk not in found:
            found.add(chunk)
            open_ones += list(manifest[chunk].get("imports", []))  # type: ignore[call-overload]
    return found


def test_what_is_loaded_stays_small() -> None:
    manifest = json.loads((BUILT / "manifest.json").read_text())
    first = _needed_with(manifest, "index.html")
    assert sum(_zipped_kb(manifest[chunk]["file"]) for chunk in first) < FIRST_SCRIPTS_KB
    # What every page loads once it is shown, in files of their own.
    besides = {chunk for chunk in manifest if re.match(r"_(shared|icons|overlays)-", chunk)}
    assert sum(_zipped_kb(manifest[chunk]["file"]) for chunk in besides) < BESIDES_KB
    assert len(_needed_with(manifest, "src/features/issue/IssuePage.tsx") - first) <= ISSUE_FILES
    for name, chunk in manifest.items():
        if chunk.get("isDynamicEntry"):
            added = _needed_with(manifest, name) - first - besides
            assert sum(_zipped_kb(manifest[one]["file"]) for one in added) < LAZY_PAGE_KB, name
    assert sum(_zipped_kb(f"assets/{path.name}") for path in BUILT.glob("assets/*.css")) < STYLES_KB
    assert sum(path.stat().st_size / 1000 for path in BUILT.glob("assets/*.woff2")) < FONTS_KB
    assert not list(BUILT.rglob("*.map"))


def test_the_next_issue_is_painted_at_once(open_page: OpenPage) -> None:
    page = open_page("/inbox/resolved")
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#conversation li").first).to_be_visible()
    keys = itertools.cycle([*"jjjjjjjjjjjj", *"kkkkkkkkkkkk"])

    def moves() -> dict[str, list[float]]:
        times = []
        for key in itertools.islice(keys, 12):
            page.wait_for_timeout(150)
            times.append(page.evaluate(_MOVE, key))
        return {"j": times}

    hold({"j": J_TO_PAINT_MS}, page, moves)


#: What a page tells of its own loading: the largest paint, how far things jumped, the longest task, in ms.
_WATCH = """
    window.loading = {paint: 0, jumped: 0, task: 0}
    const watch = (type, take) => new PerformanceObserver(list => list.getEntries().forEach(take))
        .observe({type, buffered: true})
    watch('largest-contentful-paint', entry => { window.loading.paint = entry.startTime })
    watch('layout-shift', entry => { if (!entry.hadRecentInput) window.loading.jumped += entry.value })
    watch('longtask', entry => { window.loading.task = Math.max(window.loading.task, entry.duration) })
"""
#: From a key press in the reply until it is painted, while a suggestion may be coming in.
_TYPE = """() => new Promise(done => {
    const begun = performance.now()
    document.execCommand('insertText', false, 'x')
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)))
})"""
_FIRST_WORDS = """() => new Promise(done => {
    const begun = performance.now()
    const seen = new MutationObserver(() => {
        if (!document.querySelector('[data-testid=draft]')?.textContent) return
        seen.disconnect()
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)))
    })
    seen.observe(document.body, {subtree: true, childList: true, characterData: true})
    document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'd', bubbles: true}))
})"""
#: Of the rows that should be in sight, how many are not there in the frame after a jump.
_BLANKS_AFTER_JUMP = """top => new Promise(done => {
    const list = document.querySelector('[aria-label=Issues] ul, ul[aria-label=Issues]')
    const box = list.parentElement
    box.scrollTop = top
    requestAnimationFrame(() => setTimeout(() => {
        const frame = box.getBoundingClientRect()
        let blanks = 0
        for (let y = frame.top + 40; y < frame.bottom - 40; y += 40) {
            if (!document.elementFromPoint(frame.left + 100, y)?.closest('li')) blanks += 1
        }
        done(blanks)
    }))
})"""
MANY = 5_000


@pytest.mark.parametrize("place", ["list", "issue", "open issue", "board"])
def test_a_cold_load_is_painted_soon_and_does_not_jump(open_page: OpenPage, place: str) -> None:
    path = {"open issue": "/inbox/all", "board": "/critical"}.get(place, "/inbox/resolved")
    shown = re.compile("^Issues$|New")
    if "issue" in place:
        page = open_page(path)
        path = str(page.get_by_role("list", name="Issues").get_by_role("link").first.get_attribute("href"))
    jumped: list[float] = []

    def loads() -> dict[str, list[float]]:
        told = [_load(open_page, path, shown) for _ in range(5)]
        jumped.extend(one["jumped"] for one in told)
        return {name: [one[name] for one in told] for name in ("paint", "task")}

    hold({"paint": LOAD_TO_PAINT_MS, "task": LONGEST_TASK_MS}, open_page("/account"), loads)
    print("jumped:", [round(one, 3) for one in jumped])
    # What stands above the board is waited for, but not for long.
    assert median(jumped) < (0.05 if place == "board" else MOST_JUMPED)


def _load(open_page: OpenPage, path: str, shown: re.Pattern[str]) -> dict[str, float]:
    """What a fresh browser tells of its loading a page, until the list of that name is shown and nothing comes in."""
    fresh = open_page("about:blank")
    fresh.add_init_script(_WATCH)
    fresh.goto(path)
    expect(fresh.get_by_role("list", name=shown).get_by_role("link").first).to_be_visible()
    fresh.wait_for_load_state("networkidle")
    told: Any = fresh.evaluate("window.loading")
    fresh.context.close()
    return dict(told)


def test_writing_goes_on_while_a_suggestion_comes_in(open_page: OpenPage) -> None:
    page = open_page("/inbox/resolved")
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    reply = page.get_by_label("Reply to customer")

    def draft_and_write() -> dict[str, list[float]]:
        page.keyboard.press("j")  # one without a draft
        expect(page.get_by_role("heading", name="Severity", exact=True)).to_be_visible()
        until_words = page.evaluate(_FIRST_WORDS)
        page.keyboard.press("r")
        expect(reply).to_be_focused()
        page.get_by_role("button", name="Again").dispatch_event("click")
        times = [page.evaluate(_TYPE) for _ in range(12)]
        expect(reply).to_have_value("x" * 12)
        reply.fill("")
        page.keyboard.press("Escape")
        return {"first words": [until_words], "key": times}

    hold({"first words": FIRST_WORDS_MS, "key": KEY_TO_PAINT_MS}, page, draft_and_write)


def _many_issues(page: Page) -> None:
    """Has the list answer with five thousand issues, page by page, made from one that is there."""
    some = page.request.get("/v1/issues?view=resolved&limit=1").json()["data"][0]

    def answer(route: Route) -> None:
        start = int(parse_qs(urlsplit(route.request.url).query).get("cursor", ["0"])[0])
        rows = [some | {"id": f"iss_{at:026d}", "subject": f"Issue number {at}"} for at in range(start, start + 100)]
        after = start + 100
        route.fulfill(json={"data": rows, "next_cursor": str(after) if after < MANY else None})

    page.route(re.compile(r"/v1/issues\?"), answer)


def test_five_thousand_issues_scroll_without_a_blank(open_page: OpenPage) -> None:
    page = open_page("/account")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    _many_issues(page)
    page.goto("/inbox/all")
    rows = page.get_by_role("list", name="Issues").get_by_role("listitem")
    expect(rows.first).to_be_visible()
    while rows.last.get_attribute("aria-setsize") == "-1":
        last = rows.last.get_attribute("aria-posinset")
        page.evaluate(_BLANKS_AFTER_JUMP, 10_000_000)
        page.wait_for_function(
            "last => document.querySelector('[aria-label=Issues] li:last-child')?.ariaPosInSet !== last", arg=last
        )
    expect(rows.last).to_have_attribute("aria-setsize", str(MANY))
    blanks = [page.evaluate(_BLANKS_AFTER_JUMP, top) for top in (0, 50_000, 123_456, 200_000, 333_333, 40)]
    assert blanks == [0] * len(blanks)
    assert rows.count() < 60

    page.evaluate(_BLANKS_AFTER_JUMP, 10_000_000)
    expect(page.get_by_text(f"Issue number {MANY - 1}", exact=True)).to_be_visible()
    memory = page.context.new_cdp_session(page)
    memory.send("HeapProfiler.collectGarbage")
    used_mb = memory.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    print("memory with 5,000 issues, MB:", round(used_mb))
    assert used_mb < MEMORY_MB
