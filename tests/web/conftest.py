"""A real browser on a real server with the sample company."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, StorageState, expect, sync_playwright

from tests.web.server import Running, running_console

BROWSER_HINT = "apt-get install chromium"
PICTURES = Path(os.environ.get("CONSOLE_PICTURES", ".cache/pictures"))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

OpenPage = Callable[..., Page]

expect.set_options(timeout=15_000)  # a machine that does other work


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(180))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """``support-copilot serve`` with sample data."""
    with running_console(tmp_path_factory.mktemp("console")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the one named by CHROMIUM, else the one that is installed. None is a failure, not a skip."""
    names = ("chromium", "chromium-browser", "google-chrome")
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


def sign_in_by_link(browser: Browser, server: Running) -> StorageState:
    """The cookies of a browser that opened the link which the server printed."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.sign_in_link)
    expect(page.get_by_role("list", name="Issues")).to_be_visible(timeout=30_000)
    state = context.storage_state()
    context.close()
    return {"cookies": state["cookies"], "origins": []}


@pytest.fixture
def complaints() -> list[str]:
    """What browsers complained of; a test that provokes it empties the list, else the test fails at its end."""
    return []


@pytest.fixture
def open_page(
    browser: Browser, server: Running, session_state: StorageState, complaints: list[str]
) -> Iterator[OpenPage]:
    """Opens pages of fresh browsers: ``open_page("/inbox/all", theme="dark", width=390)``."""
    contexts = []

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
def check_access() -> Callable[[Page], None]:
    """Fails with what axe finds on the page as it is now."""
    axe = Axe()

    def check(page: Page) -> None:
        found = axe.run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Writes a picture for people to look at, into the folder named by CONSOLE_PICTURES."""
    PICTURES.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=PICTURES / f"{name}.png")

    return take
