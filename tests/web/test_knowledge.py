"""The review queue and articles by keyboard: decisions taken back, earlier texts, two who write at once."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import WIDTHS, Check, Look, OpenPage
from tests.web.people import ask, invite, sign_in_as


def article(page: Page, title: str, body: str = "Hold the left button.", **given: object) -> str:
    made: Any = ask(
        page, "POST", "/v1/knowledge/articles", {"title": title, "body": body, "status": "published", **given}
    )
    return str(made["id"])


def stored(page: Page, article_id: str) -> Any:
    return page.request.get(f"/v1/knowledge/articles/{article_id}").json()


def proposed(page: Page) -> dict[str, Any]:
    """A proposal that waits for review, made from a solved issue once and reopened for each test."""
    known = page.request.get("/v1/knowledge/proposals?limit=100").json()["data"]
    ours = [one for one in known if "Krill" in one["body"]]
    if ours:
        reopened: Any = ask(page, "POST", f"/v1/knowledge/proposals/{ours[0]['id']}/reopen", {})
        return dict(reopened)
    body = {"subject": "The brewer of the Krill 4 leaks", "body": "The Krill 4 leaks below the tank."}
    made: Any = ask(page, "POST", "/v1/issues", body)
    fix = "Turn the brass ring of the Krill 4 a quarter to the left, then descale it and rinse it twice."
    ask(page, "POST", f"/v1/issues/{made['issue']['id']}/resolve", {"resolution": {"text": fix}})
    for _ in range(60):
        waiting = page.request.get("/v1/knowledge/proposals?status=pending&limit=100").json()["data"]
        ours = [one for one in waiting if one["issue_id"] == made["issue"]["id"]]
        if ours:
            return dict(ours[0])
        page.wait_for_timeout(500)
    raise AssertionError("nothing was proposed")


def status_of(page: Page, proposal: dict[str, Any]) -> str:
    return str(page.request.get(f"/v1/knowledge/proposals/{proposal['id']}").json()["status"])


def open_review(page: Page, proposal: dict[str, Any]) -> None:
    page.goto("/knowledge/review")
    page.get_by_role("navigation", name="Proposals").get_by_role("button").filter(has_text=proposal["title"]).click()
    expect(page.get_by_role("heading", name=proposal["title"], level=2)).to_be_visible()


def test_letters_of_elsewhere_decide_nothing_and_a_decision_is_taken_back_by_z(
    open_page: OpenPage, check_access: Check
) -> None:
    page = open_page("/knowledge")
    proposal = proposed(page)
    open_review(page, proposal)
    for key in ("a", "x", "m", "s"):
        page.keyboard.press(key)
    page.get_by_text("Write", exact=True).click()
    page.get_by_label("Text", exact=True).fill("Better words: turn the brass ring.")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Approved and published")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    check_access(page)
    assert status_of(page, proposal) == "approved"

    page.keyboard.press("z")
    expect(page.get_by_text("Waits for review again")).to_be_visible()
    expect(page.get_by_role("heading", name=proposal["title"], level=2)).to_be_visible()
    page.get_by_text("Write", exact=True).click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Better words: turn the brass ring.")
    assert status_of(page, proposal) == "pending"

    page.get_by_label("Reason (optional)").fill("Too special.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rejected", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").first.click()
    # The message of the first time may still stand there.
    page.wait_for_function(
        "id => fetch(`/v1/knowledge/proposals/${id}`).then(answer => answer.json())"
        ".then(one => one.status === 'pending')",
        arg=proposal["id"],
        polling=200,
    )


def test_z_right_after_the_key_takes_the_decision_back(open_page: OpenPage) -> None:
    page = open_page("/knowledge")
    proposal = proposed(page)
    open_review(page, proposal)
    page.keyboard.press("Control+Backspace")
    page.keyboard.press("z")
    expect(page.get_by_text("Waits for review again")).to_be_visible()
    assert status_of(page, proposal) == "pending"


@pytest.mark.parametrize("width", WIDTHS)
def test_what_was_decided_is_listed_and_reopened(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/knowledge", width=width)
    proposal = proposed(page)
    ask(page, "POST", f"/v1/knowledge/proposals/{proposal['id']}/reject", {"reason": "Known already."})
    page.goto("/knowledge/decided")
    row = page.get_by_role("row").filter(has_text=proposal["title"])
    expect(row).to_contain_text("“Known already.”")
    expect(row).to_contain_text("Rejected")
    look(page, "knowledge-decided")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    row.get_by_role("button", name="Reopen").press("Enter")
    expect(page.get_by_text("Waits for review again")).to_be_visible()
    expect(row).to_have_count(0)
    assert status_of(page, proposal) == "pending"
    page.keyboard.press("z")
    expect(row).to_contain_text("“Known already.”")
    assert status_of(page, proposal) == "rejected"


def test_what_somebody_else_decided_is_said_and_no_error(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/knowledge")
    proposal = proposed(page)
    open_review(page, proposal)
    ask(page, "POST", f"/v1/knowledge/proposals/{proposal['id']}/reject", {})
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile("^Rejected meanwhile by "))).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    complaints.clear()  # the browser itself tells of the answer 409


def test_z_takes_back_no_decision_that_somebody_else_made_since(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/knowledge")
    proposal = proposed(page)
    open_review(page, proposal)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Approved and published")).to_be_visible()
    path = f"/v1/knowledge/proposals/{proposal['id']}"
    ask(page, "POST", f"{path}/reopen", {})
    ask(page, "POST", f"{path}/reject", {"reason": "Wrong, do not publish."})
    page.keyboard.press("z")
    expect(page.get_by_text(re.compile("^Rejected meanwhile by "))).to_be_visible()
    kept = page.request.get(path).json()
    assert (kept["status"], kept["decision_note"]) == ("rejected", "Wrong, do not publish.")
    complaints.clear()  # the browser itself tells of the answer 412


def test_a_change_opens_with_what_changes(open_page: OpenPage, look: Look) -> None:
    page = open_page("/knowledge")
    article_id = article(page, "Cleaning the Zeppelin 3", "Rinse it.\n\nDry it.")
    now = stored(page, article_id)
    waiting = {
        "id": "prp_01j9z3k6w8f5v9m2q4x7c1b0ad", "kind": "change", "article_id": article_id, "article_version": 1,
        "issue_id": "iss_01j9z3k6w8f5v9m2q4x7c1b0ad", "resolution_id": None, "title": now["title"],
        "body": "Rinse it twice.\n\nDry it.", "language": "en", "category": None, "tags": [], "reason": "A newer fix.",
        "reason_code": None, "likeness": 0.8, "language_model_allowed": True, "engine": None, "engine_note": None,
        "status": "pending", "decided_at": None, "decided_by": None, "decision_note": None,
        "created_at": now["created_at"], "updated_at": now["created_at"], "version": 1,
    }  # fmt: skip
    page.route(
        "**/v1/knowledge/proposals?*", lambda route: route.fulfill(json={"data": [waiting], "next_cursor": None})
    )
    page.goto("/knowledge/review")
    changes = page.get_by_role("list", name="What changes")
    expect(changes.get_by_text("Now: Rinse it.")).to_be_visible()
    expect(changes.get_by_text("Proposed: Rinse it twice.")).to_be_visible()
    look(page, "review-change")


def test_an_earlier_text_is_compared_restored_and_that_taken_back(open_page: OpenPage) -> None:
    page = open_page("/knowledge")
    article_id = article(page, "Cleaning the Vogel 9", "Rinse it.\n\nDry it.")
    page.goto(f"/knowledge/articles/{article_id}")
    expect(page.get_by_role("article")).to_be_visible()
    page.keyboard.press("e")
    page.get_by_label("Text", exact=True).fill("Rinse it twice.\n\nDry it.")
    page.get_by_label("Why (optional)").fill("Once was not enough.")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("article")).to_contain_text("twice")

    page.keyboard.press("v")
    texts = page.get_by_role("navigation", name="Versions")
    expect(texts.get_by_role("link")).to_have_count(2)
    expect(texts.get_by_role("link").first).to_contain_text("Once was not enough.")
    expect(texts.get_by_role("link").first).to_contain_text("Edited by")
    changes = page.get_by_role("list", name="What changes")
    expect(changes).to_contain_text("Now: Rinse it twice.")
    page.keyboard.press("j")
    restore = page.get_by_role("button", name="Restore this text")
    restore.press("Enter")
    expect(page.get_by_text("Text restored")).to_be_visible()
    assert stored(page, article_id)["body"].startswith("Rinse it.\n")
    page.keyboard.press("z")
    expect(page.get_by_text("The text is as it was")).to_be_visible()
    assert stored(page, article_id)["body"].startswith("Rinse it twice.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("article")).to_contain_text("twice")


def test_what_somebody_else_wrote_since_a_text_was_restored_stands(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/knowledge")
    article_id = article(page, "Emptying the Vogel 9", "Tip it out.")
    path = f"/v1/knowledge/articles/{article_id}"
    ask(page, "PATCH", path, {"body": "Use the tap."})
    page.goto(f"/knowledge/articles/{article_id}/versions")
    expect(page.get_by_role("navigation", name="Versions").get_by_role("link")).to_have_count(2)
    page.keyboard.press("j")
    page.get_by_role("button", name="Restore this text").press("Enter")
    expect(page.get_by_text("Text restored")).to_be_visible()
    ask(page, "PATCH", path, {"body": "Use the tap, slowly."})

    page.keyboard.press("z")

    told = "Local administrator has changed the article since; nothing was taken back"
    expect(page.get_by_text(told)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert stored(page, article_id)["body"] == "Use the tap, slowly."
    complaints.clear()  # the browser itself tells of the answer 412


@pytest.mark.parametrize("width", WIDTHS)
def test_versions_are_read_by_everybody(open_page: OpenPage, look: Look, width: int) -> None:
    admin = open_page("/knowledge")
    article_id = article(admin, f"Filters of the Vogel {width}", "\n\n".join(f"Step {step}." for step in range(20)))
    path = f"/v1/knowledge/articles/{article_id}"
    new = "\n\n".join(f"Step {step}." if step != 9 else "Step nine, slowly." for step in range(20))
    ask(admin, "PATCH", path, {"body": new, "change_note": "Too fast."})
    ask(admin, "PATCH", path, {"title": f"Filter of the Vogel {width}", "tags": ["filter"]})
    person = invite(admin)
    page = open_page("/sign-in", width=width, signed_in=False)
    sign_in_as(page, person)
    page.goto(f"/knowledge/articles/{article_id}/versions?text=2")
    expect(page.get_by_role("list", name="What changes")).to_contain_text("Version 2: Step nine, slowly.")
    expect(page.get_by_text(re.compile("lines unchanged")).first).to_be_visible()
    look(page, "article-versions")
    page.get_by_label("Compared with").select_option(label="Now")
    expect(page.get_by_text("The text is the same.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(f"Version 2: Filters of the Vogel {width} → Now: Filter of")
    expect(page.get_by_role("button", name="Restore this text")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_both_texts_are_shown_where_two_wrote_and_neither_is_lost(
    open_page: OpenPage, look: Look, complaints: list[str]
) -> None:
    page = open_page("/knowledge")
    article_id = article(page, "Descaling the Tuba 2", "Ten minutes.\n\nThen rinse.")
    page.goto(f"/knowledge/articles/{article_id}")
    page.get_by_role("button", name="Edit").click()
    text = page.get_by_label("Text", exact=True)
    text.fill("Twenty minutes.\n\nThen rinse.")
    ask(page, "PATCH", f"/v1/knowledge/articles/{article_id}", {"body": "Five minutes.\n\nThen rinse."})
    page.keyboard.press("Control+s")
    conflict = page.get_by_role("alert").filter(has_text="changed this article meanwhile")
    expect(conflict).to_contain_text("Theirs: Five minutes.")
    expect(conflict).to_contain_text("Yours: Twenty minutes.")
    look(page, "article-conflict")
    assert stored(page, article_id)["body"].startswith("Five")

    page.get_by_role("button", name="Take theirs").press("Enter")
    expect(text).to_have_value("Five minutes.\n\nThen rinse.")
    page.get_by_role("button", name="Undo").click()
    expect(text).to_have_value("Twenty minutes.\n\nThen rinse.")
    page.get_by_role("button", name="Save mine").click()
    expect(page.get_by_role("article")).to_contain_text("Twenty minutes.")
    kept = page.request.get(f"/v1/knowledge/articles/{article_id}/versions/2").json()
    assert kept["body"].startswith("Five")
    complaints.clear()  # the browser itself tells of the answer 412


def test_a_text_read_anew_is_not_overwritten_unseen(open_page: OpenPage, complaints: list[str]) -> None:
    page = open_page("/knowledge")
    article_id = article(page, "Descaling the Tuba 3", "Ten minutes.")
    page.goto(f"/knowledge/articles/{article_id}")
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Text", exact=True).fill("Mine.")
    ask(page, "PATCH", f"/v1/knowledge/articles/{article_id}", {"body": "Theirs."})
    page.evaluate("new BroadcastChannel('live-events').postMessage({ event: { type: 'missed' } })")
    expect(page.get_by_text("changed this article meanwhile")).to_be_visible()
    assert stored(page, article_id)["body"] == "Theirs."
    ask(page, "PATCH", f"/v1/knowledge/articles/{article_id}", {"body": "Theirs again."})
    page.get_by_role("button", name="Save mine").click()
    expect(page.get_by_role("alert")).to_contain_text("Theirs again.")
    assert stored(page, article_id)["body"] == "Theirs again."
    complaints.clear()


def test_words_of_a_new_article_outlive_back_cancel_and_escape(open_page: OpenPage) -> None:
    page = open_page("/knowledge")
    expect(page.get_by_role("table", name="Articles")).to_be_visible()
    page.keyboard.press("n")
    title = page.get_by_label("Title")
    title.fill("Half an article")
    question = page.get_by_role("dialog", name="Leave without saving?")
    page.go_back()
    expect(question).to_be_visible()
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(title).to_have_value("Half an article")
    title.focus()
    page.keyboard.press("Escape")
    expect(title).not_to_be_focused()
    expect(question).to_have_count(0)
    page.keyboard.press("Escape")
    question.get_by_role("button", name="Cancel").click()
    expect(title).to_have_value("Half an article")
    page.get_by_label("Text", exact=True).fill("Said [bad](javascript:alert(1)) and [good](https://example.com).")
    page.get_by_text("Preview", exact=True).click()
    preview = page.locator(".prose")
    expect(preview.get_by_role("link")).to_have_count(1)
    expect(preview.locator("a")).to_have_count(1)
    expect(preview).to_contain_text("Said bad and good.")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="Half an article", level=1)).to_be_visible()

    page.keyboard.press("e")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_label("Title").fill("Another title")
    page.get_by_role("main").get_by_role("button", name="Cancel").click()
    question.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="Half an article", level=1)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("table", name="Articles")).to_be_visible()
    assert "PATCH" not in sent


def test_an_article_names_the_issues_it_was_learned_from(open_page: OpenPage) -> None:
    page = open_page("/knowledge")
    proposal = proposed(page)
    done: Any = ask(page, "POST", f"/v1/knowledge/proposals/{proposal['id']}/approve", {})
    key = page.request.get(f"/v1/issues/{proposal['issue_id']}").json()["key"]
    page.goto(f"/knowledge/articles/{done['article']['id']}")
    page.get_by_role("link", name=key).click()
    expect(page.get_by_role("heading", name=re.compile("Krill 4"), level=1)).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_articles_show_how_they_do_and_are_narrowed_and_ordered_by_it(
    open_page: OpenPage, look: Look, width: int
) -> None:
    page = open_page("/knowledge", width=width)
    oldest = "/v1/knowledge/health?status=published&state=stale&sort=oldest&limit=1"
    old = page.request.get(oldest).json()["data"][0]
    table = page.get_by_role("table", name="Articles")
    expect(table).to_be_visible()
    look(page, "knowledge-health")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Health").select_option(label="Stale")
    page.get_by_label("Order").select_option(label="Unchanged for longest")
    row = table.get_by_role("row").nth(1)
    expect(row).to_contain_text(old["title"])
    expect(row).to_contain_text("Stale")
    row.get_by_role("link").press("Enter")
    page.get_by_role("button", name="Still right").press("Enter")
    expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()
    expect(page.get_by_text("Unchanged for long")).to_have_count(0)
    page.keyboard.press("z")
    expect(page.get_by_text("Unchanged for long")).to_be_visible()
    assert stored(page, old["id"])["updated_at"] == old["updated_at"]
    page.get_by_role("button", name="Still right").press("Enter")
    expect(page.get_by_text("Unchanged for long")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(table).to_be_visible()
    page.get_by_label("Health").select_option(label="Stale")
    expect(table.get_by_role("link", name=old["title"])).to_have_count(0)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_gap_becomes_a_drafted_article(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/knowledge/gaps", width=width)
    gaps = page.get_by_role("list", name="Gaps")
    expect(gaps.get_by_role("heading").first).to_be_visible()
    look(page, "knowledge-gaps")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    gaps.get_by_role("button", name=re.compile("^Draft an article: ")).first.press("Enter")
    expect(page.get_by_text("Article drafted")).to_be_visible()
    expect(page.get_by_role("article")).to_contain_text("Draft")
    expect(page.get_by_text(re.compile("^Learned from"))).to_be_visible()
    look(page, "article-drafted")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Gaps").press("Enter")
    expect(gaps.get_by_text("A draft waits:").first).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_in_a_long_paragraph_the_words_that_changed_are_marked(open_page: OpenPage, look: Look, width: int) -> None:
    page = open_page("/knowledge", width=width)
    long = " ".join(f"Turn screw {number} by a quarter." for number in range(400))
    article_id = article(page, f"Screws of the Vogel {width}", long)
    changed = long.replace("Turn screw 200 by a quarter.", "Turn screw 200 slowly by a half.")
    ask(page, "PATCH", f"/v1/knowledge/articles/{article_id}", {"body": changed})
    page.goto(f"/knowledge/articles/{article_id}/versions")
    changes = page.get_by_role("list", name="What changes")
    expect(changes.get_by_role("deletion")).to_have_text(["quarter"])
    expect(changes.get_by_role("insertion")).to_have_text([re.compile(r"^\s*slowly\s*$"), "half"])
    assert len(changes.inner_text()) < 2_000, "what is the same is not shown twice from end to end"
    look(page, "article-words")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
