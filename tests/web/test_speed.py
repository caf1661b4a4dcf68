"""Fast enough to feel like nothing: what is loaded first, what moving through the list costs."""

import gzip
import json
from statistics import median

from playwright.sync_api import expect

from support_copilot.gateway.console import BUILT
from tests.web.conftest import OpenPage

#: Generous, because the tests share a machine; a quiet one takes a tenth.
J_TO_PAINT_MS = 400
FIRST_SCRIPTS_KB, STYLES_KB, LAZY_PAGE_KB, FONTS_KB = 130, 20, 60, 60
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
    for name, chunk in manifest.items():
        if chunk.get("isDynamicEntry"):
            added = _needed_with(manifest, name) - first
            assert sum(_zipped_kb(manifest[one]["file"]) for one in added) < LAZY_PAGE_KB, name
    assert sum(_zipped_kb(f"assets/{path.name}") for path in BUILT.glob("assets/*.css")) < STYLES_KB
    assert sum(path.stat().st_size / 1000 for path in BUILT.glob("assets/*.woff2")) < FONTS_KB
    assert not list(BUILT.rglob("*.map"))


def test_the_next_issue_is_painted_at_once(open_page: OpenPage) -> None:
    page = open_page("/inbox/resolved")
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#conversation li").first).to_be_visible()
    times = []
    for _ in range(12):
        page.wait_for_timeout(150)
        times.append(page.evaluate(_MOVE, "j"))

    print("j to paint, ms:", [round(one) for one in times])
    assert median(times) < J_TO_PAINT_MS
