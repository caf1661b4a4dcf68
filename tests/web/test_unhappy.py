"""What goes wrong is told in words, can be tried again, and takes nothing that was typed."""

import re

from playwright.sync_api import Page, Route, expect

from tests.web.conftest import OpenPage
from tests.web.people import ask

HOSTILE = (
    "<p onclick='top.hacked=1'>Hello</p><script>top.hacked = 1</script><img src=x onerror='top.hacked=1'>"
    "<a href='javascript:top.hacked=1'>click</a><form action='https://example.com'><input name=password></form>"
)


def fail(route: Route) -> None:
    body = '{"title": "Broken", "status": 500, "code": "internal", "detail": "It broke.", "request_id": "r1"}'
    route.fulfill(status=500, content_type="application/problem+json", body=body)


def oldest(open_page: OpenPage) -> Page:
    return opened(open_page("/inbox/all?sort=oldest"))


def opened(page: Page) -> Page:
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#conversation li").first).to_be_visible()
    return page


def test_a_list_that_failed_can_be_tried_again(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/knowledge")
    expect(page.get_by_role("table", name="Articles")).to_be_visible()
    page.route(re.compile(r"/v1/customers"), fail)
    page.get_by_role("link", name="Customers").click()

    told = page.get_by_role("alert")
    expect(told).to_contain_text("It broke.", timeout=30_000)
    page.unroute_all()
    told.get_by_role("button").click()

    expect(page.get_by_role("table", name="Customers")).to_be_visible()
    complaints.clear()  # the browser itself tells of each answer 500


def test_without_a_network_the_page_says_so_and_goes_on(open_page: OpenPage, complaints: list[str]) -> None:
    page = oldest(open_page)
    page.keyboard.press("r")
    page.context.set_offline(True)
    banner = page.get_by_role("status").filter(has_text="offline")
    expect(banner).to_be_visible()
    page.keyboard.type("Words on the train.")

    page.context.set_offline(False)

    expect(banner).to_have_count(0)
    reply = page.get_by_label("Reply to customer")
    expect(reply).to_have_value("Words on the train.")
    reply.fill("")
    complaints.clear()


def test_a_stream_that_breaks_off_keeps_its_words(open_page: OpenPage) -> None:
    begun = 'event: token\ndata: {"text": "Dear customer, we are"}\n\n'
    page = open_page("/inbox/all?sort=oldest")
    page.route("**/guidance", lambda route: route.fulfill(content_type="text/event-stream", body=begun))
    opened(page)
    page.keyboard.press("d")

    expect(page.get_by_test_id("draft")).to_have_text("Dear customer, we are")
    expect(page.get_by_role("alert").filter(has=page.get_by_role("button"))).to_be_visible()


def test_hostile_mail_does_nothing(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    mail = {"author": "customer", "body_html": HOSTILE}
    made = ask(page, "POST", "/v1/issues", {"subject": "Look at this mail", "messages": [mail]})
    page.goto(f"/inbox/all/{made['issue']['id']}")
    expect(page.locator("#conversation li")).to_have_count(1)
    page.get_by_role("button", name="Show as it was sent").click()
    frame = page.frame_locator("#conversation iframe")
    expect(frame.get_by_text("Hello")).to_be_visible()

    assert frame.locator("script, form, input, [onclick], [onerror], a[href^=javascript]").count() == 0
    assert page.evaluate("window.hacked") is None
