"""How issues come in, and the programs that are told what becomes of them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.receiver import Receiver, running_receiver
from tests.web.conftest import WIDTHS, Check, Look, OpenPage, Take
from tests.web.people import ask, sign_in_colleague
from tests.web.server import Running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


@pytest.fixture
def hook(open_page: OpenPage, receiver: Receiver) -> Iterator[dict[str, Any]]:
    """A webhook at the receiver; removed again, so that no other test finds it."""
    page = open_page("/account")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    body = {"name": "Night watch", "url": receiver.url, "events": ["issue.created", "issue.critical"]}
    made: Any = ask(page, "POST", "/v1/webhooks", body)
    yield made["webhook"]
    for left in page.request.get("/v1/webhooks").json()["data"]:
        ask(page, "DELETE", f"/v1/webhooks/{left['id']}", None)


def opened(page: Page, name: str = "Night watch") -> Page:
    expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_what_there_is_and_what_was_sent(
    open_page: OpenPage, look: Look, receiver: Receiver, hook: dict[str, Any], width: int
) -> None:
    page = open_page("/admin/channels", width=width)
    expect(page.get_by_role("table", name="Webhooks")).to_be_visible()
    address = page.evaluate("location.origin")
    expect(page.get_by_role("note", name="Copy: From a program, a form or a mail gateway")).to_contain_text(
        f"curl {address}/v1/issues"
    )
    look(page, "admin-channels")

    page.get_by_role("link", name="Night watch").click()
    opened(page)
    expect(page.get_by_text("Nothing was sent yet")).to_be_visible()
    receiver.answers = [503, 204]
    send = page.get_by_role("button", name="Send a test")
    send.click()
    expect(page.get_by_role("status").filter(has_text="did not arrive")).to_contain_text("The answer was 503")
    send.click()
    expect(page.get_by_role("status").filter(has_text="Answered 204")).to_be_visible()
    table = page.get_by_role("table", name="Deliveries")
    expect(table.get_by_role("row")).to_have_count(3)
    look(page, "admin-webhook")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    table.get_by_role("button", name="Test", exact=True).first.click()
    drawer = page.get_by_role("dialog", name="Delivery: Test")
    expect(drawer).to_contain_text(hook["id"])
    expect(drawer).to_contain_text(receiver.taken[-1].id)
    look(page, "admin-delivery")


def test_a_webhook_is_made_told_edited_and_removed(
    open_page: OpenPage, check_access: Check, picture: Take, receiver: Receiver, hook: dict[str, Any]
) -> None:
    page = open_page("/admin/channels")
    expect(page.get_by_role("table", name="Webhooks")).to_be_visible()
    page.keyboard.press("n")
    drawer = page.get_by_role("dialog", name="New webhook")
    drawer.get_by_label("Name").fill("On call")
    drawer.get_by_label("Address").fill(receiver.url)
    drawer.get_by_label("Issue became critical").uncheck()
    make = drawer.get_by_role("button", name="Make the webhook")
    expect(make).to_be_disabled()
    drawer.get_by_label("New message").check()
    check_access(page)
    picture(page, "admin-new-webhook-light-1440")
    make.click()
    shown = page.get_by_role("dialog", name="Secret of On call")
    secret = shown.get_by_role("note", name="Secret").inner_text()
    check_access(page)
    picture(page, "admin-webhook-secret-light-1440")
    shown.get_by_role("button", name="Done").click()

    issue: Any = ask(page, "POST", "/v1/issues", {"subject": "The label printer is blank", "body": "It is blank."})
    said = {"author": "customer", "body": "Still blank, says Zephyrine."}
    ask(page, "POST", f"/v1/issues/{issue['issue']['id']}/messages", said)
    page.get_by_role("link", name="On call").click()
    row = page.get_by_role("table", name="Deliveries").get_by_role("row", name=re.compile("New message"))
    expect(row).to_contain_text("Delivered")
    told = next(each for each in receiver.taken if each.said["type"] == "message.created")
    assert told.is_signed_by(secret)
    assert b"Zephyrine" not in told.body
    row.get_by_role("button", name=re.compile("^Send again")).click()
    expect(page.get_by_text("It is sent again")).to_be_visible()
    expect(row).to_contain_text("2")

    page.get_by_role("button", name="Edit", exact=True).click()
    drawer = page.get_by_role("dialog", name="Edit On call")
    drawer.get_by_label("Name").fill("On call, quiet")
    drawer.get_by_role("switch").click()
    check_access(page)
    drawer.get_by_role("button", name="Save").click()
    opened(page, "On call, quiet")
    expect(page.get_by_text("Off", exact=True)).to_be_visible()
    page.get_by_role("button", name="New secret").click()
    page.get_by_role("dialog").get_by_role("button", name="New secret").click()
    renewed = page.get_by_role("dialog", name="Secret of On call, quiet").get_by_role("note").inner_text()
    assert renewed != secret
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text(re.compile("^The secret before signs as well until"))).to_be_visible()

    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page).to_have_url(re.compile("/admin/channels$"))
    expect(page.get_by_role("link", name="On call, quiet")).to_have_count(0)


def test_an_address_inside_is_refused_and_the_form_stays(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/admin/channels")
    page.get_by_role("button", name="New webhook").click()
    drawer = page.get_by_role("dialog", name="New webhook")
    drawer.get_by_label("Name").fill("Inside")
    drawer.get_by_label("Address").fill("https://169.254.169.254/latest")
    drawer.get_by_role("button", name="Make the webhook").click()

    expect(drawer.get_by_role("alert")).to_contain_text("leads into a network that requests may not go to")
    expect(drawer.get_by_label("Name")).to_have_value("Inside")
    complaints.clear()


def test_one_that_was_paused_is_resumed(
    open_page: OpenPage, check_access: Check, picture: Take, receiver: Receiver, hook: dict[str, Any]
) -> None:
    receiver.answers = [410]
    page = open_page(f"/admin/channels/{hook['id']}")
    opened(page)
    ask(page, "POST", "/v1/issues", {"subject": "The scanner is deaf", "body": "It hears nothing."})
    notice = page.get_by_role("status").filter(has_text="it answered that it is gone for good")
    expect(notice).to_be_visible()
    expect(page.get_by_role("table", name="Deliveries")).to_contain_text("Held")
    check_access(page)
    picture(page, "admin-webhook-paused-light-1440")
    receiver.answers = [204]
    notice.get_by_role("button", name="Resume").click()

    expect(page.get_by_role("table", name="Deliveries")).to_contain_text("Delivered")
    expect(notice).to_have_count(0)


def test_an_auditor_sees_and_is_offered_nothing(
    open_page: OpenPage, browser: Browser, server: Running, look: Look, hook: dict[str, Any]
) -> None:
    admin = open_page("/account")
    expect(admin.get_by_role("heading", level=1)).to_be_visible()
    auditor: StorageState = sign_in_colleague(browser, server, admin, "Uma Brandt", "auditor")
    page = open_page(f"/admin/channels/{hook['id']}", state=auditor)
    opened(page)

    expect(page.get_by_text("Nothing was sent yet")).to_be_visible()
    for name in ("Send a test", "Edit", "New secret", "Remove"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.goto("/admin/channels")
    expect(page.get_by_role("table", name="Webhooks")).to_be_visible()
    expect(page.get_by_role("button", name="New webhook")).to_have_count(0)


def test_it_is_slow_or_fails_and_says_so(open_page: OpenPage, hook: dict[str, Any], complaints: list[str]) -> None:
    page = open_page("/account")
    problem = {"status": 500, "code": "internal_error", "title": "Broken", "detail": "It broke.", "request_id": "r"}
    refuse = {"status": 500, "json": problem, "content_type": "application/problem+json"}
    page.route(re.compile(r"/v1/webhooks(\?|$)"), lambda route: route.fulfill(**refuse))
    page.goto("/admin/channels")
    told = page.get_by_role("alert")
    expect(told).to_contain_text("It broke.")
    expect(page.get_by_role("heading", name="How issues come in")).to_be_visible()
    page.unroute_all()
    told.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("table", name="Webhooks")).to_be_visible()

    page.goto("/admin/channels/whk_00000000000000000000000000")
    expect(page.get_by_text("There is nothing here")).to_be_visible()
    complaints.clear()


def test_it_is_german_where_the_console_is(open_page: OpenPage, hook: dict[str, Any], picture: Take) -> None:
    page = open_page("/account")
    page.evaluate("localStorage.setItem('prefs', JSON.stringify({language: 'de'}))")
    page.goto(f"/admin/channels/{hook['id']}")
    opened(page)
    page.get_by_role("button", name="Probe senden").click()
    expect(page.get_by_role("status").filter(has_text="Antwort 204")).to_be_visible()
    expect(page.get_by_role("table", name="Zustellungen")).to_contain_text("Zugestellt")
    picture(page, "admin-webhook-german")
