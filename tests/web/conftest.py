"""A real browser on a real server with the sample company."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, StorageState, expect, sync_playwright

from tests.web.server import Running, running_console

BROWSER_HINT = "apt-get install chromium-headless-shell"
PICTURES = os.environ.get("CONSOLE_PICTURES")
_STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RULES = {"runOnly": _STANDARDS, "resultTypes": ["violations"]}
_RULES_OF_COLOR = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
#: Axe is half a megabyte of program, which stays with a page.
_AXE, _AXE_IS_THERE = Axe(), Axe("true")
#: Colours that inherit one another change one after the other, each in frames of its own, also with reduced motion.
_AT_REST = """async () => {
    for (let still = 0; still < 4;) {
        await new Promise(requestAnimationFrame)
        still = document.getAnimations().some(one => one.playState === 'running') ? 0 : still + 1
    }
}"""
_PREFER = """theme => {
    localStorage.setItem('prefs', JSON.stringify({ ...JSON.parse(localStorage.getItem('prefs') ?? '{}'), theme }))
    dispatchEvent(new StorageEvent('storage', { key: 'prefs' }))
}"""
WIDTHS = (1440, 390)

_PAGES = pytest.StashKey[list[Page]]()

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]
Take = Callable[[Page, str], None]
Look = Callable[[Page, str], None]

expect.set_options(timeout=15_000)  # a machine that does other work


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = str(Path(__file__).parent) + os.sep
    others: list[pytest.Item] = []
    ours: list[pytest.Item] = []
    for item in items:
        (ours if str(item.path).startswith(here) else others).append(item)
    for item in ours:
        item.add_marker(pytest.mark.timeout(180))
    # Those of one file stay with one worker: long files come first, so that none waits for the other at the end.
    tests = Counter(item.path for item in ours)
    items[:] = others + sorted(ours, key=lambda item: -tests[item.path])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell with a failure what its pages showed, for those who see no more than that."""
    report = yield
    if report.when == "call" and report.failed:
        report.sections += [(f"Page {page.url}", _seen(page)) for page in item.stash.get(_PAGES, [])]
    return report


def _seen(page: Page) -> str:
    try:
        focused = page.evaluate("document.activeElement?.outerHTML.slice(0, 300)")
        return f"focus: {focused}\n…{page.locator('body').aria_snapshot(timeout=5_000)[-5_000:]}"
    except Error as error:  # closed, or a page of no use any more
        return str(error)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """``support-copilot serve`` with sample data."""
    loopback = {"SUPPORT_COPILOT_OUTGOING__ALLOW": '["127.0.0.1"]'}  # where the receiver of webhooks is
    with running_console(tmp_path_factory.mktemp("console"), settings=loopback) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the one named by CHROMIUM, else the one that is installed. None is a failure, not a skip.

    Better the one without windows: the other draws one, with its bars, for each page, which takes as long as the page.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.fail(f"The console is tested in a browser, and there is none: {BROWSER_HINT}")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=[*sandbox, "--disable-dev-shm-usage"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def session_state(browser: Browser, server: Running) -> StorageState:
    return sign_in_by_link(browser, server)


def sign_in_by_link(browser: Browser, server: Running, *, empty: bool = False) -> StorageState:
    """The cookies of a browser that opened the link which the server printed; ``empty``: it has no issues yet."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.sign_in_link)
    inbox = page.get_by_text("No issues yet") if empty else page.get_by_role("list", name="Issues")
    expect(inbox).to_be_visible(timeout=30_000)
    state = context.storage_state()
    context.close()
    return {"cookies": state["cookies"], "origins": []}


@pytest.fixture
def complaints() -> list[str]:
    """What browsers complained of; a test that provokes it empties the list, else the test fails at its end."""
    return []


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest,
    browser: Browser,
    server: Running,
    session_state: StorageState,
    complaints: list[str],
) -> Iterator[OpenPage]:
    """Opens pages of fresh browsers, on desks with nothing left on them.

    ``open_page("/inbox/all", theme="dark", width=390)``.
    """
    contexts = []
    server.clear_desks()

    def open_one(
        path: str,
        *,
        theme: str = "light",
        width: int = 1440,
        height: int = 900,
        signed_in: bool = True,
        state: StorageState | None = None,
        **options: object,
    ) -> Page:
        touch = width < 768
        context = browser.new_context(
            base_url=server.address,
            storage_state=state or (session_state if signed_in else None),
            viewport={"width": width, "height": height},
            color_scheme=theme,
            has_touch=touch,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        request.node.stash.setdefault(_PAGES, []).append(page)
        page.set_default_timeout(15_000)
        page.on("console", lambda said: _note(complaints, said))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == [], server.last_errors() if "status of 5" in str(complaints) else None


def _note(complaints: list[str], said: ConsoleMessage) -> None:
    if said.type in ("error", "warning"):
        complaints.append(f"{said.type}: {said.text} {said.location.get('url', '')}")


@pytest.fixture
def check_access() -> Check:
    """Fails with what axe finds on the page as it is now."""
    return lambda page: _check(page, _RULES)


def _check(page: Page, rules: dict[str, object]) -> None:
    found = (_AXE_IS_THERE if page.evaluate("'axe' in window") else _AXE).run(page, options=rules)
    assert found.violations_count == 0, found.generate_report()


@pytest.fixture
def picture() -> Take:
    """Writes a picture for people to look at, into the folder named by CONSOLE_PICTURES, if one is."""

    def take(page: Page, name: str) -> None:
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}.png")

    return take


@pytest.fixture
def look(picture: Take) -> Look:
    """Fails with what axe finds on the page in one of both themes, and takes a picture of each.

    ``look(page, "inbox")`` writes ``inbox-light-1440`` and ``inbox-dark-1440``. The page is left
    to follow the system again, which is light.
    """

    def both(page: Page, name: str) -> None:
        width = page.viewport_size["width"] if page.viewport_size else 0
        # What is not a matter of colours is the same in both.
        for theme, rules in (("dark", _RULES_OF_COLOR), ("light", _RULES)):
            # As if chosen in another tab: a busy browser may tell a page late that the system's scheme has changed.
            page.evaluate(_PREFER, theme)
            expect(page.locator("html")).to_have_attribute("data-theme", theme)
            page.evaluate(_AT_REST)
            _check(page, rules)
            picture(page, f"{name}-{theme}-{width}")
        page.evaluate(_PREFER, "system")

    return both
