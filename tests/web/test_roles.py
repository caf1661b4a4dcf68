"""What a role may not do is not offered, by no button, key or command, and not asked of the server."""

import re

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.web.conftest import WIDTHS, Look, OpenPage
from tests.web.people import sign_in_colleague
from tests.web.server import Running

#: Where an auditor may read, and what says that the page stands.
PAGES = {
    "/critical": "Critical board", "/customers": "Customers", "/knowledge": "Knowledge",
    "/knowledge/review": "Knowledge", "/templates": "Templates", "/search?q=invoice": "Search",
    "/analytics": "Analytics", "/account": "Account",
    **dict.fromkeys(("/admin/users", "/admin/roles", "/admin/keys", "/admin/models"), "Administration"),
    **dict.fromkeys(("/admin/channels", "/admin/prompts"), "Administration"),
    **dict.fromkeys(("/admin/clocks", "/admin/health", "/admin/privacy", "/admin/audit"), "Administration"),
}  # fmt: skip
#: Of work at an issue; none of them for somebody who only reads.
WORK = re.compile(
    "Resolve|Reopen|Assign|Snooze|Change severity|Edit subject|Send|Templates|Draft|Insert|Not right|Not similar|Use "
)
COMMANDS = (
    *("Reply", "Note", "Send", "Templates", "Resolve", "Assign", "Assign to me", "Snooze", "Change severity"),
    *("Draft a reply", "Write a summary", "Ask about this issue", "Select or unselect", "Save as a view"),
)


@pytest.fixture
def auditor(open_page: OpenPage, browser: Browser, server: Running) -> StorageState:
    admin = open_page("/account")
    expect(admin.get_by_role("heading", level=1)).to_be_visible()
    return sign_in_colleague(browser, server, admin, "Uma Okafor", "auditor")


def _refused(page: Page) -> list[str]:
    """What the server refuses from now on."""
    found: list[str] = []
    page.on("response", lambda answer: found.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    return found


def _open_issue(page: Page) -> None:
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#conversation li").first).to_be_visible()


def _stands(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Loading")).to_have_count(0)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_auditor_reads_an_issue_and_finds_nothing_to_do(
    open_page: OpenPage, auditor: StorageState, look: Look, width: int
) -> None:
    page = open_page("/inbox/all?sort=oldest", state=auditor, width=width)
    refused = _refused(page)
    _open_issue(page)
    if width < 768:
        page.get_by_role("button", name="Copilot").click()
    expect(page.get_by_role("heading", name="Severity", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Similar issues")).to_be_visible()

    expect(page.get_by_role("button", name=WORK)).to_have_count(0)
    expect(page.locator("textarea, input[type=checkbox]")).to_have_count(0)
    look(page, "auditor")
    if width < 768:
        page.keyboard.press("Escape")
        look(page, "auditor-issue")
    assert refused == []


def test_keys_of_what_an_auditor_may_not_do_do_nothing(open_page: OpenPage, auditor: StorageState) -> None:
    page = open_page("/inbox/all?sort=oldest", state=auditor)
    refused = _refused(page)
    _open_issue(page)
    expect(page.get_by_role("heading", name="Severity", exact=True)).to_be_visible()
    address = page.url
    for key in ("r", "n", "d", "i", "t", "e", "a", "m", "s", "h", "x", "v", "Shift+J", "Shift+M", "Control+Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(page.get_by_role("toolbar")).to_have_count(0)
    assert page.url == address

    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.get_by_text("Next issue")).to_be_visible()
    for label in COMMANDS:
        if label != "Templates":  # the page of that name may be read
            expect(sheet.get_by_text(label, exact=True)).to_have_count(0)
    page.keyboard.press("Escape")

    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Copy link")).to_be_visible()
    for label in COMMANDS:
        offered = page.get_by_role("option", name=re.compile(f"^{label}( [A-Z]|$)"))
        expect(offered).to_have_count(int(label == "Templates"))
    assert refused == []


def test_an_auditor_goes_through_every_page_and_nothing_is_refused(open_page: OpenPage, auditor: StorageState) -> None:
    page = open_page("/inbox/resolved", state=auditor)
    refused = _refused(page)
    _open_issue(page)
    for path, title in PAGES.items():
        page.goto(path)
        expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
        _stands(page)
        assert refused == [], path

    for path, table in {"/customers": "Customers", "/knowledge": "Articles", "/templates": "Templates"}.items():
        page.goto(path)
        page.get_by_role("table", name=table).get_by_role("link").first.click()
        expect(page).to_have_url(re.compile(rf"{path}/"))
        _stands(page)
        expect(page.get_by_role("button", name=re.compile("Edit|Save|Archive|Publish"))).to_have_count(0)
    for path in ("/knowledge/new", "/templates/new"):
        page.goto(path)
        expect(page.get_by_text("Not for your role")).to_be_visible()
    page.goto("/critical")
    expect(page.get_by_role("button", name=re.compile("^Move"))).to_have_count(0)
    assert refused == []


def test_an_agent_is_asked_nothing_that_only_leads_may(open_page: OpenPage, browser: Browser, server: Running) -> None:
    admin = open_page("/account")
    page = open_page("/inbox/all", state=sign_in_colleague(browser, server, admin, "Ines Marin", "agent"))
    refused = _refused(page)
    _open_issue(page)
    expect(page.get_by_label("Reply to customer")).to_be_visible()
    for path in ("/knowledge", "/templates", "/admin/users"):
        page.goto(path)
        _stands(page)
        expect(page.get_by_role("button", name=re.compile("^New|^Invite"))).to_have_count(0)
    for path in ("/admin/audit", "/admin/privacy", "/admin/keys", "/knowledge/new"):
        page.goto(path)
        expect(page.get_by_text("Not for your role")).to_be_visible()
    assert refused == []


def _overruled(page: Page) -> str:
    """An issue whose severity came with the import and is another than the estimate."""
    for issue in page.request.get("/v1/issues?limit=100").json()["data"]:
        if issue["severity_source"] == "import":
            estimate = page.request.get(f"/v1/issues/{issue['id']}/panel").json()["severity"]["value"]
            if estimate and estimate != issue["severity"]:
                return str(issue["id"])
    pytest.fail("no severity of the sample is another than the estimate")


def test_who_may_only_read_is_not_asked_to_correct(open_page: OpenPage, auditor: StorageState) -> None:
    page = open_page("/account")
    address = f"/inbox/all/{_overruled(page)}"
    page.goto(address)
    expect(page.get_by_text("it came with the import. Correct it, or change the severity")).to_be_visible()

    page = open_page(address, state=auditor)
    expect(page.get_by_text("it came with the import.")).to_be_visible()
    expect(page.get_by_text("Correct it")).to_have_count(0)
