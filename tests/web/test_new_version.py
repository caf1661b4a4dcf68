"""The server is replaced by one with another build of the console while somebody works."""

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

import support_copilot
from support_copilot.gateway.console import BUILT
from tests.web.conftest import Check, Take
from tests.web.people import ask
from tests.web.server import running_console

_FIRST_SCRIPT = "document.querySelector('script[type=module][src^=\"/assets/\"]').getAttribute('src')"


def another_build(folder: Path) -> str:
    """A copy of the package whose console has another first script; returns that script's name."""
    package = Path(support_copilot.__file__).parent
    folder.mkdir()
    (folder.parent / "migrations").symlink_to(package.parents[1] / "migrations")
    shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    built = folder / package.name / BUILT.name
    page = (built / "index.html").read_text("utf-8")
    (first,) = [path.name for path in built.glob("assets/index-*.js")]
    for path in built.glob(f"assets/{first}*"):
        path.rename(path.with_name(path.name.replace(first, "index-another.js")))
    (built / "index.html").write_text(page.replace(first, "index-another.js"), "utf-8")
    return "/assets/index-another.js"


def test_a_new_build_is_told_and_taken_without_losing_a_word(
    browser: Browser, tmp_path: Path, check_access: Check, picture: Take
) -> None:
    code, data = tmp_path / "code", tmp_path / "data"
    data.mkdir()
    name = another_build(code)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce", locale="en-GB")
    page = context.new_page()
    notice = page.get_by_role("status").filter(has_text="A new version is ready")
    with running_console(data, sample=False) as old:
        page.goto(old.sign_in_link)
        expect(page.get_by_text("No issues yet")).to_be_visible(timeout=30_000)
        made: Any = ask(page, "POST", "/v1/issues", {"subject": "Printer on fire", "body": "It smokes."})
        with page.expect_request(lambda request: "/v1/events?after" in request.url):
            page.goto(f"{old.address}/inbox/all/{made['issue']['id']}")
        reply = page.get_by_label("Reply to customer")
        reply.fill("Please step back from it")
        expect(notice).to_have_count(0)

    with running_console(data, sample=False, port=urlsplit(old.address).port, code=code):
        expect(notice).to_be_visible(timeout=60_000)
        expect(reply).to_have_value("Please step back from it")
        check_access(page)
        picture(page, "new-version-light-1440")
        page.get_by_role("button", name="Switch theme").click()
        page.set_viewport_size({"width": 390, "height": 844})
        check_access(page)
        picture(page, "new-version-dark-390")
        page.set_viewport_size({"width": 1440, "height": 900})

        reply.press_sequentially(", now.")
        notice.get_by_role("button", name="Reload").click()

        expect(reply).to_have_value("Please step back from it, now.")
        assert page.evaluate(_FIRST_SCRIPT) == name
        expect(notice).to_have_count(0)
        context.close()
