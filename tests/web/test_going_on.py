"""What happened while the connection was gone is shown once it is back."""

import re
import time
from typing import Any

from playwright.sync_api import Page, expect

from tests.web.conftest import OpenPage
from tests.web.people import ask, new_issue


def _open_list(page: Page) -> None:
    """Until the page has asked to be told what happens."""
    with page.expect_request(lambda request: "/v1/events" in request.url and "event-stream" in _accept(request)):
        page.goto("/inbox/all")
    expect(page.get_by_role("list", name="Issues")).to_be_visible()


def _accept(request: Any) -> str:
    return str(request.headers.get("accept", ""))


def test_a_page_that_cannot_be_loaded_now_comes_with_the_network_and_loses_no_change(
    open_page: OpenPage, complaints: list[str]
) -> None:
    page = open_page("/inbox/all")
    issue_id = new_issue(page, "Opened before the bridge")
    # Who else could take it has not come yet.
    page.route("**/v1/issues/assignees", lambda route: route.abort("internetdisconnected"))
    page.goto(f"/inbox/all/{issue_id}")
    expect(page.locator("#composer[data-issue]")).to_be_visible()
    page.context.set_offline(True)
    page.keyboard.press("m")
    waiting = page.get_by_role("status").filter(has_text="One change goes then by itself")
    expect(waiting).to_be_visible()

    with page.expect_event("requestfailed", lambda request: "/assets/AnalyticsPage" in request.url):
        page.get_by_role("link", name="Analytics").click()
    expect(waiting).to_be_visible()
    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="Analytics", level=1)).to_be_visible()
    expect(waiting).to_have_count(0)
    assert page.request.get(f"/v1/issues/{issue_id}").json()["assignee"]
    complaints.clear()  # the browser itself tells of what it could not fetch


def test_what_happened_without_a_network_is_shown_with_it_again(open_page: OpenPage, complaints: list[str]) -> None:
    elsewhere = open_page("/account")
    made: Any = ask(elsewhere, "POST", "/v1/issues", {"subject": "Before the tunnel", "body": "It smokes."})
    page = open_page("about:blank")
    _open_list(page)
    page.get_by_role("link", name=re.compile("Before the tunnel")).click()
    expect(page.locator("#conversation").get_by_text("It smokes.")).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="offline")).to_be_visible()
    cut_at = time.monotonic()

    issue_id = made["issue"]["id"]
    ask(elsewhere, "POST", f"/v1/issues/{issue_id}/messages", {"author": "customer", "body": "Now it burns."})
    ask(elsewhere, "POST", "/v1/issues", {"subject": "From inside the tunnel", "body": "Anybody there?"})
    page.context.set_offline(False)

    expect(page.locator("#conversation").get_by_text("Now it burns.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("From inside the tunnel"))).to_be_visible()
    print("seconds from the cut until all was shown:", round(time.monotonic() - cut_at, 1))
    complaints.clear()
