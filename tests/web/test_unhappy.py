"""What goes wrong is told in words, can be tried again, and takes nothing that was typed."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import Check, OpenPage, Take
from tests.web.people import ask

HOSTILE = (
    "<p onclick='top.hacked=1'>Hello</p><script>top.hacked = 1</script><img src=x onerror='top.hacked=1'>"
    "<a href='javascript:top.hacked=1'>click</a><form action='https://example.com'><input name=password></form>"
)


#: What failed is asked for again after a second, in these pages at once; behind what is told each five, here never.
_IMPATIENT = """(() => {
    const wait = window.setTimeout
    window.setTimeout = (then, ms, ...more) => wait(then, {1000: 0, 5000: 600000}[ms] ?? ms, ...more)
})()"""


def impatient(open_page: OpenPage, path: str) -> Page:
    page = open_page("about:blank")
    page.add_init_script(_IMPATIENT)
    page.goto(path)
    return page


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
    page = impatient(open_page, "/knowledge")
    expect(page.get_by_role("table", name="Articles")).to_be_visible()
    page.route(re.compile(r"/v1/customers"), fail)
    page.get_by_role("link", name="Customers").click()

    told = page.get_by_role("alert")
    expect(told).to_contain_text("It broke.", timeout=30_000)
    page.unroute_all()
    told.get_by_role("button").click()

    expect(page.get_by_role("table", name="Customers")).to_be_visible()
    complaints.clear()  # the browser itself tells of each answer 500


def test_what_failed_is_told_after_one_more_try_and_gone_on_with_behind(
    open_page: OpenPage, complaints: list[str]
) -> None:
    page = open_page("/knowledge")
    expect(page.get_by_role("table", name="Articles")).to_be_visible()
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        fail(route)

    page.route(re.compile(r"/v1/customers\?"), refuse)
    page.get_by_role("link", name="Customers").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("It broke.")
    assert len(asked) == 2
    again = told.get_by_role("button", name="Try again")
    again.focus()
    with page.expect_request(re.compile(r"/v1/customers\?")):
        pass
    expect(again).to_be_focused()  # what is told stays while another try is made
    page.unroute_all()

    expect(page.get_by_role("table", name="Customers").get_by_role("link").first).to_be_visible()
    complaints.clear()  # the browser itself tells of each answer 500


def test_a_search_for_incidents_that_failed_is_told(open_page: OpenPage, complaints: list[str]) -> None:
    page = impatient(open_page, "/knowledge")
    expect(page.get_by_role("table", name="Articles")).to_be_visible()
    page.route("**/v1/incident-clusters", fail)
    page.goto("/critical")
    told = page.get_by_role("region", name="Incidents").get_by_role("alert")
    expect(told).to_contain_text("could not be looked for. It broke.")
    page.unroute_all()
    told.get_by_role("button", name="Try again").click()

    expect(told).to_have_count(0)
    complaints.clear()  # the browser itself tells of each answer 500


def test_a_server_that_does_not_say_who_works_here_is_asked_again(open_page: OpenPage, complaints: list[str]) -> None:
    page = impatient(open_page, "/account")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.route("**/v1/auth/me", fail)
    page.goto("/knowledge")
    told = page.get_by_role("alert")
    expect(told).to_contain_text("It broke.", timeout=30_000)
    page.unroute_all()
    told.get_by_role("button").click()

    expect(page.get_by_role("table", name="Articles")).to_be_visible()
    expect(page.get_by_role("button", name="New article")).to_be_visible()
    complaints.clear()  # the browser itself tells of each answer 500


def test_without_a_network_the_page_says_so_and_goes_on(open_page: OpenPage, complaints: list[str]) -> None:
    page = oldest(open_page)
    page.keyboard.press("r")
    reply = page.get_by_label("Reply to customer")
    expect(reply).to_be_focused()
    page.context.set_offline(True)
    banner = page.get_by_role("status").filter(has_text="offline")
    expect(banner).to_be_visible()
    page.keyboard.type("Words on the train.")

    page.context.set_offline(False)

    expect(banner).to_have_count(0)
    expect(reply).to_have_value("Words on the train.")
    reply.fill("")
    complaints.clear()


def test_changes_without_a_network_wait_for_it(open_page: OpenPage, complaints: list[str]) -> None:
    page = oldest(open_page)
    page.keyboard.press("a")
    expect(page.get_by_role("combobox", name="Find a person")).to_be_focused()
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    page.keyboard.press("m")
    banner = page.get_by_role("status").filter(has_text="offline")
    expect(banner).to_contain_text("One change goes then by itself.")
    expect(page.get_by_role("button", name="Assign: Local administrator")).to_be_visible()

    page.context.set_offline(False)

    expect(banner).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Assign: Local administrator")).to_be_visible()
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


PARTS = {
    "panel": r"/panel$", "messages": r"/messages\?", "summaries": r"/summaries", "attachments": r"/attachments$",
    "draft": r"/draft$", "queued replies": r"/queued-messages$", "presence": r"/presence$", "missing": r"/missing",
    "counts": r"/issues/counts$",
}  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_each_part_of_an_issue_fails_alone(open_page: OpenPage, complaints: list[str], part: str) -> None:
    page = impatient(open_page, "about:blank")
    issue = page.request.get("/v1/issues?limit=1").json()["data"][0]["id"]
    page.route(re.compile(r"/v1/issues" + ".*" + PARTS[part]), fail)
    page.goto(f"/inbox/all/{issue}")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_label("Reply to customer")).to_be_editable()
    if part != "messages":
        expect(page.locator("#conversation li").first).to_be_visible()
    if part != "panel":
        expect(page.get_by_role("heading", name="Severity", exact=True)).to_be_visible()
    if part in ("messages", "panel"):
        told = page.get_by_role("alert").filter(has_text="It broke.")
        expect(told).to_be_visible(timeout=30_000)
        page.unroute_all()
        told.get_by_role("button", name="Try again").click()
        expect(told).to_have_count(0)
    # What failed is asked for again for a while.
    page.close()
    complaints.clear()


def test_an_issue_of_others_is_not_shown_and_the_list_stays(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/inbox/all")
    rows = page.get_by_role("list", name="Issues").get_by_role("link")
    expect(rows.first).to_be_visible()
    problem = {"title": "Forbidden", "status": 403, "code": "forbidden", "detail": "Not yours.", "request_id": "r1"}
    page.route(
        re.compile(r"/v1/issues/iss_"),
        lambda route: route.fulfill(status=403, content_type="application/problem+json", body=json.dumps(problem)),
    )
    page.goto("/inbox/all/iss_00000000000000000000000000")

    expect(page.get_by_text("Not for your role")).to_be_visible()
    expect(rows.first).to_be_visible()
    expect(page.get_by_label("Reply to customer")).to_have_count(0)
    complaints.clear()


def test_what_takes_long_shows_where_it_will_be(open_page: OpenPage) -> None:
    held: list[Route] = []
    page = open_page("/inbox/all?sort=oldest")

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/panel$"), hold)
    opened(page)
    waiting = page.get_by_role("complementary", name="Copilot").get_by_role("status").filter(has_text="Loading")
    expect(waiting.first).to_be_attached()
    expect(page.get_by_label("Reply to customer")).to_be_editable()

    page.unroute_all()
    expect(page.get_by_role("heading", name="Severity", exact=True)).to_be_visible()
    expect(waiting).to_have_count(0)


def test_a_server_that_is_away_is_told_and_found_again(open_page: OpenPage, complaints: list[str]) -> None:
    page = impatient(open_page, "/knowledge")
    expect(page.get_by_role("table", name="Articles")).to_be_visible()
    page.route("**/v1/**", lambda route: route.abort())
    page.get_by_role("link", name="Templates", exact=True).click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("The server cannot be reached", timeout=30_000)

    page.unroute_all()
    told.get_by_role("button").click()

    expect(page.get_by_role("table", name="Templates")).to_be_visible()
    complaints.clear()


def test_a_draft_that_is_refused_says_why(open_page: OpenPage) -> None:
    detail = "This customer’s words may not be read by language models."
    refused = f'event: error\ndata: {{"title": "Refused", "status": 403, "code": "x", "detail": "{detail}"}}\n\n'
    page = open_page("/inbox/all?sort=oldest")
    page.route("**/guidance", lambda route: route.fulfill(content_type="text/event-stream", body=refused))
    opened(page)
    page.keyboard.press("d")

    told = page.get_by_role("alert").filter(has_text="No reply was drafted")
    expect(told).to_contain_text(detail)
    page.unroute_all()
    told.get_by_role("button", name="Try again").click()
    expect(page.get_by_test_id("draft")).not_to_be_empty()
    expect(told).to_have_count(0)


EMPTY = {
    "/inbox/all": "No issues yet", "/critical": "Nothing is critical", "/customers": "No customers yet",
    "/knowledge": "No articles", "/knowledge/review": "Nothing to review", "/templates": "No templates yet",
    "/admin/keys": "No API keys yet", "/admin/channels": "No webhooks yet",
}  # fmt: skip


@pytest.mark.parametrize("width", [1440, 390])
def test_where_nothing_is_yet_the_page_says_what_comes(
    open_page: OpenPage, check_access: Check, picture: Take, width: int
) -> None:
    page = open_page("/account", width=width)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    lists = re.compile(r"/v1/(issues|customers|articles|review|templates|api-keys|webhooks|knowledge/\w+)(\?.*)?$")
    page.route(lists, lambda route: route.fulfill(json={"data": [], "next_cursor": None}))
    counts = dict.fromkeys(("mine", "unassigned", "all", "critical", "waiting", "snoozed", "resolved"), 0)
    page.route("**/v1/issues/counts", lambda route: route.fulfill(json={"views": counts}))
    for path, said in EMPTY.items():
        page.goto(path)
        expect(page.get_by_text(said, exact=True)).to_be_visible()
        check_access(page)
        picture(page, f"empty{path.replace('/', '-')}-{width}")


def test_a_message_of_ten_thousand_words_is_folded(open_page: OpenPage) -> None:
    page = open_page("/inbox/all")
    expect(page.get_by_role("list", name="Issues")).to_be_visible()
    words = " ".join(f"word{number}" for number in range(10_000))
    made: Any = ask(page, "POST", "/v1/issues", {"subject": "A long story", "body": words})
    page.goto(f"/inbox/all/{made['issue']['id']}")
    message = page.locator("#conversation li").first
    expect(message).to_contain_text("word100 ")
    assert "word9999" not in (message.text_content() or "")

    message.get_by_role("button", name="Show the whole message").click()

    expect(message).to_contain_text("word9999")
    message.get_by_role("button", name="Show less").click()
    expect(message).not_to_contain_text("word9999")
