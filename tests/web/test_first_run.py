"""An installation without issues: what a newcomer is offered, and that it happens."""

import re
import shlex
import urllib.request
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.web.conftest import WIDTHS, Check, Look, Take, sign_in_by_link
from tests.web.people import ask, sign_in_colleague
from tests.web.server import Running, running_console

OpenHere = Callable[..., Page]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_console(tmp_path_factory.mktemp("empty"), sample=False) as running:
        yield running


@pytest.fixture(scope="module")
def newcomer(browser: Browser, empty: Running) -> StorageState:
    """The cookies of whoever started the server and opened its link."""
    return sign_in_by_link(browser, empty, empty=True)


@pytest.fixture
def open_here(browser: Browser, empty: Running, newcomer: StorageState, complaints: list[str]) -> Iterator[OpenHere]:
    contexts = []

    def open_one(path: str, *, width: int = 1440, theme: str = "light", state: StorageState = newcomer) -> Page:
        context = browser.new_context(
            base_url=empty.address, storage_state=state, viewport={"width": width, "height": 900}, color_scheme=theme,
            has_touch=width < 768, reduced_motion="reduce", locale="en-GB",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_empty_inbox_says_how_the_first_issues_come(open_here: OpenHere, look: Look, width: int) -> None:
    page = open_here("/inbox/all", width=width)
    expect(page.get_by_role("button", name="Load sample data")).to_be_visible()
    look(page, "first-run")

    page.get_by_role("button", name="Connect a channel").click()
    ways = page.get_by_role("dialog", name="Connect a channel")
    expect(ways.get_by_text("/v1/issues")).to_be_visible()
    look(page, "first-run-connect")
    ways.get_by_role("link", name="Make an API key").click()
    expect(page).to_have_url(re.compile("/admin/keys$"))


def test_the_call_that_is_shown_brings_the_first_issue(browser: Browser, tmp_path: Path) -> None:
    with running_console(tmp_path, sample=False) as server:
        page = browser.new_page(base_url=server.address, locale="en-GB")
        page.goto(server.sign_in_link)
        page.get_by_role("button", name="Connect a channel").click()
        shown = page.get_by_role("note").first.text_content() or ""
        page.keyboard.press("Escape")
        made: Any = ask(page, "POST", "/v1/api-keys", {"name": "Shop", "role": "machine"})

        _command, address, *options = shlex.split(shown.replace("$KEY", made["key"]))
        headers = dict(value.split(": ", 1) for name, value in pairwise(options) if name == "-H")
        body = next(value for name, value in pairwise(options) if name == "-d").encode()
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=30) as answer:
            assert answer.status == 201

        expect(page.get_by_role("list", name="Issues").get_by_role("link", name=re.compile("Checkout"))).to_be_visible()
        page.close()


def test_agents_are_offered_neither(open_here: OpenHere, browser: Browser, empty: Running) -> None:
    admin = open_here("/inbox/all")
    page = open_here("/inbox/all", state=sign_in_colleague(browser, empty, admin, "Ines Marin"))
    expect(page.get_by_text("No issues yet")).to_be_visible()
    expect(page.get_by_text("An administrator connects the first channel.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Load sample|Connect a"))).to_have_count(0)


def test_the_sample_company_comes_when_it_is_asked_for_and_says_that_it_is_made_up(
    open_here: OpenHere, check_access: Check, picture: Take
) -> None:
    page = open_here("/inbox/all")
    page.get_by_role("button", name="Load sample data").click()
    asking = page.get_by_role("dialog", name="Load made-up sample data?")
    expect(asking.get_by_text("is an invented company")).to_be_visible()
    expect(asking.get_by_text("empty data folder")).to_be_visible()
    check_access(page)
    picture(page, "first-run-sample-light-1440")
    asking.get_by_role("button", name="Load sample data").click()

    rows = page.get_by_role("list", name="Issues").get_by_role("link")
    expect(rows.first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("link", name=re.compile("^All open 3[0-9]"))).to_be_visible(timeout=60_000)
    rows.first.click()
    expect(page.get_by_text("Sample data, made up")).to_be_visible()
    assert page.request.get("/v1/sample-data").json()["state"] == "loaded"
    refused = page.request.post("/v1/sample-data", headers=_token(page))
    assert (refused.status, refused.json()["code"]) == (409, "record_not_empty")


def _token(page: Page) -> dict[str, str]:
    me = page.request.get("/v1/auth/me").json()
    return {"X-CSRF-Token": me["csrf_token"], "Content-Type": "application/json"}
