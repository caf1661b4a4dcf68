"""Keys that come faster than pages, menus and answers: none is lost, and none is for something else."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import OpenPage
from tests.web.test_working_by_keyboard import drafted, open_next, started


def held(page: Page, address: str | re.Pattern[str], *, method: str = "GET") -> Callable[[], None]:
    """Keep requests of an address waiting until what is returned is called."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == method:
            waiting.append(route)
        else:
            route.fallback()

    def release() -> None:
        for _ in range(150):  # what is taken back soon enough is not asked at all
            if not waiting:
                page.wait_for_timeout(20)
        for route in waiting:
            route.continue_()
        page.unroute(address, hold)

    page.route(address, hold)
    return release


def test_a_reply_is_taken_back_before_the_server_has_answered(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all"))
    open_next(page)
    page.keyboard.press("r")
    page.keyboard.type("Too early.")
    release = held(page, "**/queued-messages", method="POST")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    release()

    expect(page.get_by_label("Reply to customer")).to_have_value("Too early.")
    expect(page.get_by_text(re.compile("Sent in"))).to_have_count(0)


def test_fast_moves_lose_nothing(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))  # an order that no news changes
    third = page.get_by_role("list", name="Issues").get_by_role("listitem").nth(2).get_by_role("link")
    path = third.get_attribute("href")
    for key in "jjjjjjkkk":
        page.keyboard.press(key)

    assert path
    expect(page).to_have_url(re.compile(re.escape(path.partition("?")[0])))
    expect(third).to_have_attribute("aria-current", "page")
    expect(page.locator("#composer")).to_have_attribute("data-issue", path.partition("?")[0].rpartition("/")[2])
    drafted(page)


def test_keys_between_two_drawings_all_count(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))
    page.evaluate("[...'jx'.repeat(10)].forEach(key => dispatchEvent(new KeyboardEvent('keydown', {key})))")
    expect(page.get_by_role("toolbar", name="Selected issues")).to_contain_text("10 selected")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("toolbar", name="Selected issues")).to_contain_text("11 selected")


def test_keys_for_a_selection_wait_for_its_bar(open_page: OpenPage) -> None:
    page = open_page("about:blank")
    release = held(page, re.compile(r"/assets/BulkBar-[\w-]+\.js"))
    page.goto("/inbox/all?sort=oldest")
    started(page)
    for key in "jxjx":
        page.keyboard.press(key)
    open_next(page)
    page.keyboard.press("e")
    release()

    expect(page.get_by_text("2 issues: Resolved")).to_be_visible()
    page.get_by_role("button", name="Undo").click()


def test_what_opens_late_goes_on_where_it_was_left(open_page: OpenPage) -> None:
    page = open_page("about:blank")
    popovers = held(page, re.compile(r"/assets/Popover-[\w-]+\.js"))
    page.goto("/inbox/all?sort=oldest")
    open_next(started(page))
    wrong = page.get_by_role("button", name="Not right? Severity")
    wrong.focus()
    popovers()
    expect(wrong).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Correct: Severity").get_by_label("It should be")).to_be_focused()
    page.keyboard.press("Escape")
    expect(wrong).to_be_focused()


def test_a_menu_opened_by_a_key_before_it_is_here_has_the_focus(open_page: OpenPage) -> None:
    page = open_page("about:blank")
    menus = held(page, re.compile(r"/assets/Menu-[\w-]+\.js"))
    page.goto("/inbox/all?sort=oldest")
    open_next(started(page))
    page.get_by_role("button", name="Ways to send").focus()
    page.keyboard.press("Enter")
    menus()
    expect(page.get_by_role("menuitem", name="Send and resolve")).to_be_focused()


def test_a_menu_that_a_key_opens_takes_the_next_key(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))
    open_next(page)
    page.keyboard.press("h")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("Snoozed until"))).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="Snooze")).to_be_visible()
    page.keyboard.press("s")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("High.*Change severity"))).to_be_visible()
    page.keyboard.press("x")
    expect(page.get_by_role("toolbar", name="Selected issues")).to_be_visible()
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Critical.*Change severity"))).to_be_visible()


def test_the_next_issue_after_one_that_left_the_list_is_the_one_in_its_place(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))
    rows = page.get_by_role("list", name="Issues").get_by_role("listitem")
    fifth, sixth = (rows.nth(place).get_by_role("link").get_attribute("href") or "" for place in (4, 5))
    page.keyboard.press("End")
    for _ in range(5):
        page.keyboard.press("j")
    expect(page).to_have_url(re.compile(re.escape(fifth.partition("?")[0])))
    page.keyboard.press("e")
    page.get_by_label(re.compile("Copilot learns")).fill("The label printer was off.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Resolved", exact=True).first).to_be_visible()
    expect(rows.nth(4).get_by_role("link")).to_have_attribute("href", sixth)
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(re.escape(sixth.partition("?")[0])))
    page.keyboard.press("k")
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(re.escape(sixth.partition("?")[0])))

    page.keyboard.press("z")  # also when somebody has moved on
    expect(rows.nth(4).get_by_role("link")).to_have_attribute("href", fifth)


def test_a_key_after_fast_moves_is_for_the_issue_that_comes(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/unassigned?sort=oldest"))
    open_next(page)
    for pause in (0, 15, 30, 45, 60):
        with page.expect_response(lambda answer: answer.request.method == "PATCH") as changed:
            for _ in "jj":
                page.keyboard.press("j")
                page.wait_for_timeout(pause)
            shown = page.evaluate("location.pathname.split('/').at(-1)")
            for key in ("s", "c", "Enter"):
                page.keyboard.press(key)
        assert changed.value.url.endswith(shown)
        assert changed.value.json()["severity"] == "critical"


def test_a_name_typed_in_a_menu_is_found_by_its_letters(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))
    open_next(page)
    page.keyboard.press("a")
    page.keyboard.type("sas")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Assign: Sascha")).to_be_visible()


def test_words_typed_before_the_field_is_there_are_words_and_not_commands(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))
    open_next(page)
    pressed = "['j', 'n', 'm', 'k', 'x'].forEach(key => dispatchEvent(new KeyboardEvent('keydown', {key})))"
    before = page.locator("#composer").get_attribute("data-issue")
    page.evaluate(pressed)  # in one go: nothing is drawn between the keys

    note = page.get_by_label("Internal note")
    expect(note).to_be_focused()
    expect(note).to_have_value("mkx")
    assert note.get_attribute("data-issue") != before
    expect(page.get_by_role("toolbar", name="Selected issues")).to_have_count(0)


def test_a_draft_asked_for_before_the_page_of_an_issue_is_there_counts_once(open_page: OpenPage) -> None:
    page = open_page("about:blank")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/assets/IssuePage-[\w-]+\.js"), hold)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/guidance") else None)
    page.goto("/inbox/resolved")
    started(page)

    for key in "jjjkdd":
        page.keyboard.press(key)
    while not held:
        page.wait_for_timeout(50)
    for route in held:
        route.continue_()

    draft = page.get_by_test_id("draft")
    expect(draft).not_to_be_empty()
    expect(draft).to_have_attribute("aria-busy", "false")
    assert [re.findall(r"iss_\w+", url) for url in asked] == [re.findall(r"iss_\w+", page.url)]


#: All of them before anything is drawn, as after a moment in which the machine stood still.
_AT_ONCE = """keys => { for (const [key, init] of keys)
    (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true, ...init})) }"""


def press_at_once(page: Page, *keys: str) -> None:
    """Press keys, such as ``Control+k``, without a pause."""
    parts = [key.split("+") for key in keys]
    page.evaluate(
        _AT_ONCE, [[key, {"ctrlKey": "Control" in mods, "shiftKey": "Shift" in mods}] for *mods, key in parts]
    )


@pytest.mark.parametrize(
    ("keys", "field", "words"),
    [
        (("j", "r", *"hello there"), "Reply to customer", "hello there"),
        (("j", "n", *"note words"), "Internal note", "note words"),
        (("j", "r", *"ab", "Backspace", "c"), "Reply to customer", "ac"),
        (("j", "r", *"ab", "Control+a", "c"), "Reply to customer", "c"),
        (("j", "Control+k", *"abc", "Backspace", "d"), "Search commands and issues", "abd"),
        (("j", "Control+k", "Escape", "r", *"hey"), "Reply to customer", "hey"),
        (("j", "?", "Escape", "r", *"hey"), "Reply to customer", "hey"),
        (("j", "l", *"two words"), "Find or add a tag", "two words"),
        (("j", "x", "l", *"two words"), "Find or add a tag", "two words"),
        (("j", "t", *"late deliv"), "Search templates", "late deliv"),
        (("j", "Shift+M", *"late deliv"), "Search macros", "late deliv"),
        (("j", "e", *"Solved by x y"), "Copilot learns from this ", "Solved by x y"),
        (("j", "Control+k", *"note", "Enter", *"words"), "Internal note", "words"),
        (("j", "r", *"see /late deliv"), "Search templates", "late deliv"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_keys_pressed_at_once_come_in_their_order(
    open_page: OpenPage, keys: tuple[str, ...], field: str, words: str
) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))
    press_at_once(page, *keys)

    line = page.get_by_role("textbox", name=field).or_(page.get_by_role("combobox", name=field))
    expect(line).to_have_value(words)
    expect(line).to_be_focused()
    expect(page.locator("[role=dialog], [role=menu]")).to_have_count(
        0 if field in ("Reply to customer", "Internal note") else 1
    )


def test_words_for_two_issues_at_once_are_each_where_they_belong(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))
    open_next(page)
    first = page.locator("#composer").get_attribute("data-issue")
    press_at_once(page, "r", *"one", "Escape", "j", "r", *"two")

    reply = page.locator(f"#composer:not([data-issue={first}])")
    expect(reply).to_have_value("two")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    expect(page.locator(f"#composer[data-issue={first}]")).to_have_value("one")


def test_replies_sent_at_once_go_to_the_issues_they_were_written_in(open_page: OpenPage) -> None:
    page = started(open_page("/inbox/all?sort=oldest"))
    open_next(page)
    first = page.locator("#composer").get_attribute("data-issue")
    press_at_once(page, "r", *"to one", "Control+Enter", "Escape", "j", "r", *"to two", "Control+Enter")
    expect(page.locator(f"#composer:not([data-issue={first}])")).to_be_visible()
    second = page.locator("#composer").get_attribute("data-issue")

    for issue, words in ((first, "to one"), (second, "to two")):
        page.wait_for_function(
            "([id, words]) => fetch(`/v1/issues/${id}/queued-messages`).then(answer => answer.json())"
            ".then(({data}) => data.length === 1 && data[0].body === words)",
            arg=[issue, words],
            polling=300,
        )
