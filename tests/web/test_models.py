"""Language models in the console, on a server with one set: real HTTP to a provider that misbehaves on demand."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.model_server import KEY, Manner, ModelServer, running_model_server
from tests.web.conftest import WIDTHS, Look, OpenPage, sign_in_by_link
from tests.web.people import ask
from tests.web.server import Running, running_console

Check = Callable[[Page], None]
Take = Callable[[Page, str], None]
WORDS = "The violet lamp on the router blinks. It does not stop when I restart it."


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with running_model_server() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[Running]:
    chosen = {
        "KIND": "openai", "BASE_URL": model.url, "API_KEY": KEY, "MODEL": "stand-in-1",
        "PROVIDERS__MAIN__ATTEMPTS": "1", "PROVIDERS__MAIN__INPUT_USD_PER_MILLION": "3",
        "PROVIDERS__MAIN__OUTPUT_USD_PER_MILLION": "15", "BUDGET__DAILY_USD": "20", "TASKS__REPLY__DAILY_USD": "5",
        "TASKS__SUMMARY__CHAIN": "[]", "TASKS__SENTIMENT__CHAIN": "[]", "TASKS__CLASSIFICATION__CHAIN": "[]",
    }  # fmt: skip
    settings = {f"SUPPORT_COPILOT_LLM__{name}": value for name, value in chosen.items()}
    with running_console(tmp_path_factory.mktemp("models"), sample=False, settings=settings) as running:
        yield running


@pytest.fixture(scope="module")
def session_state(browser: Browser, server: Running) -> StorageState:
    return sign_in_by_link(browser, server, empty=True)


def open_issue(page: Page) -> None:
    made: Any = ask(page, "POST", "/v1/issues", {"subject": "Violet lamp", "body": WORDS})
    page.goto(f"/inbox/all/{made['issue']['id']}")
    expect(page.locator("#conversation li").first).to_be_visible()


def test_an_admin_checks_a_model_pauses_all_and_lets_them_go_on(
    open_page: OpenPage, model: ModelServer, check_access: Check, picture: Take
) -> None:
    model.script(Manner(texts=("ready",)), Manner(status=401))
    page = open_page("/admin/models")
    providers = page.get_by_role("table", name="Providers")
    expect(providers.get_by_text("In use")).to_be_visible()
    tasks = page.get_by_role("table", name="What answers")
    expect(tasks.get_by_role("row", name="Suggested replies")).to_contain_text("main → Offline engine")
    expect(tasks.get_by_role("row", name="Summaries")).to_contain_text("Offline engine")

    check = page.get_by_role("button", name="Check whether main answers")
    check.click()
    expect(providers.get_by_text("Answers: first word after")).to_be_visible()
    expect(page.get_by_role("table", name="Usage").get_by_role("row", name="Checks")).to_be_visible()
    check.click()
    expect(providers.get_by_text("It refuses us")).to_be_visible()
    check_access(page)
    for theme, width in (("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        picture(page, f"admin-models-in-use-{theme}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.get_by_role("button", name="Pause all models").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("An invoice that nobody understands")
    check_access(page)
    picture(page, "admin-models-pausing")
    dialog.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("An invoice that nobody understands")).to_be_visible()
    expect(providers.get_by_text("Paused")).to_be_visible()
    check_access(page)
    for theme, width in (("light", 1440), ("dark", 390)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        picture(page, f"admin-models-paused-{theme}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.set_viewport_size({"width": 1440, "height": 900})
    open_issue(page)
    page.keyboard.press("d")
    expect(page.get_by_text("An administrator has paused the language models")).to_be_visible()

    page.goto("/admin/models")
    page.get_by_role("button", name="Let models be asked again").click()
    expect(providers.get_by_text("In use")).to_be_visible()
    assert len(model.requests) == 2, "nobody was asked meanwhile"


def test_who_answers_for_privacy_sees_what_a_provider_is_given(open_page: OpenPage, look: Look) -> None:
    for width in WIDTHS:
        page = open_page("/admin/prompts", width=width)
        expect(page.get_by_text("All services that are set are reached at an address of this machine")).to_be_visible()
        row = page.get_by_role("table", name="Data sharing").get_by_role("row", name="main")
        expect(row).to_contain_text("stand-in-1")
        expect(row).to_contain_text("articles, templates and fixes that fit")
        expect(row).to_contain_text("Suggested replies")
        expect(row).not_to_contain_text("Summaries")
        expect(page.get_by_text("Nothing is sent for: Summaries, Sentiment, Classification")).to_be_visible()
        expect(page.get_by_text("Card numbers")).to_be_visible()
        expect(page.get_by_text("masked, for 30 days")).to_be_visible()
        prompt = page.get_by_role("list", name="Prompts").get_by_role("listitem").filter(has_text="reply/1")
        prompt.locator("summary").press("Enter")
        expect(prompt.get_by_text("Promise nothing: no refund, credit, discount")).to_be_visible()
        expect(prompt.get_by_text("main → Offline engine")).to_be_visible()
        look(page, "admin-prompts")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_model_that_breaks_off_is_told_and_the_reply_is_written_anew(
    open_page: OpenPage, model: ModelServer, picture: Take
) -> None:
    texts = ("I am sorry that the violet lamp on the router blinks. ", "Does it stop when you restart it? ", "Then")
    model.script(Manner(texts=texts, fails_after=3, failure="cut"))
    page = open_page("/inbox/all")
    expect(page.get_by_text("No issues yet").or_(page.get_by_role("list", name="Issues"))).to_be_visible()
    open_issue(page)

    page.keyboard.press("d")

    expect(page.get_by_text("broke off in the middle of its answer, so the offline engine wrote")).to_be_visible()
    expect(page.get_by_test_id("draft")).not_to_be_empty()
    picture(page, "draft-broke-off")
