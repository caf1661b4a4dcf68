"""Every prompt of the product as its words are sent: what is ours outside of the fences, everything else inside."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

import support_copilot.prompts
from support_copilot.backends.llm.port import TASKS
from support_copilot.kit.text import count_tokens
from support_copilot.prompts.article import ArticleMaterial, article_prompt
from support_copilot.prompts.catalog import PROMPTS
from support_copilot.prompts.classification import classification_prompt
from support_copilot.prompts.macro import macro_prompt
from support_copilot.prompts.missing import missing_prompt
from support_copilot.prompts.next_action import next_action_prompt
from support_copilot.prompts.prompt import GROUND_RULES, Prompt, render
from support_copilot.prompts.question import question_prompt
from support_copilot.prompts.reply import ReplyMaterial, reply_prompt
from support_copilot.prompts.rewrite import rewrite_prompt
from support_copilot.prompts.sentiment import sentiment_prompt
from support_copilot.prompts.summary import SummaryMaterial, summary_prompt

TALK: Final = (("m1", "customer", "It does not sync."), ("m2", "agent", "Since when?"), ("m3", "customer", "Monday."))
KINDS: Final = {"customer": "message of the customer", "agent": "message of the support team"}
SAID: Final = tuple((name, KINDS[author], text) for name, author, text in TALK)
THEIRS: Final = tuple((name, text) for name, author, text in TALK if author == "customer")
SOURCES: Final = (("S1", "help article", "Sync", "Sign in again."),)
REPLY: Final = ReplyMaterial("Calendar", TALK, SOURCES, tone="warm")
ASKS_JSON: Final = "\n\nWrite the JSON now."


def fence(name: str, kind: str, text: str) -> str:
    return f'<data-k7 id="{name}" kind="{kind}">\n{text}\n</data-k7>'


SUBJECT: Final = fence("subject", "subject of the conversation", "Calendar")
CONVERSATION: Final = "\n".join(fence(*each) for each in SAID)
OF_THEM: Final = "\n".join(fence(name, KINDS["customer"], text) for name, text in THEIRS)
HELP: Final = fence("S1", "help article", "Sync\nSign in again.")

#: The prompt of each name, words of its rules with what was put in, and the whole of what follows them.
RENDERED: Final[Mapping[str, tuple[Callable[[], Prompt], str, str]]] = {
    "reply": (
        lambda: reply_prompt(REPLY),
        "Write in the language with the code en. Tone: warm. At most 160 words.",
        f"{SUBJECT}\n{CONVERSATION}\n{HELP}\n\nWrite the body of the reply to the newest message of the customer now.",
    ),
    "rewrite": (
        lambda: rewrite_prompt("Sign in again within 14 days.", "translate", "de"),
        "Keep all facts, numbers, names, links and steps of the text, and add none.",
        (
            f"{fence('text', 'text of the support team', 'Sign in again within 14 days.')}\n\n"
            "Translate the text into the language with the code de. Write it in the language with the code de."
        ),
    ),
    "question": (
        lambda: question_prompt("Since when?", [SAID[2], ("S1", "Sync", "Sign in again.")], "nl"),
        "Write in the language with the code nl.",
        (
            f"{fence('question', 'question of the agent', 'Since when?')}\n{fence(*SAID[2])}\n"
            f"{fence('S1', 'Sync', 'Sign in again.')}\n\nAnswer the question of the agent now."
        ),
    ),
    "macro": (
        lambda: macro_prompt(REPLY, ["calendar", "vip"]),
        "- Write in the language with the code en. Tone: warm. At most 160 words.",
        (
            f"{SUBJECT}\n{CONVERSATION}\n{HELP}\n{fence('tags', 'tags of the desk', 'calendar' + chr(10) + 'vip')}\n\n"
            "Write the JSON with the reply to the newest message of the customer now."
        ),
    ),
    "missing": (
        lambda: missing_prompt("Calendar", TALK, ["order_number", "device"], "en"),
        "in the language with the\n  code en and with words of the conversation",
        fence("things", "things to ask for", "order_number\ndevice") + f"\n{SUBJECT}\n{CONVERSATION}{ASKS_JSON}",
    ),
    "next_action": (
        lambda: next_action_prompt("Calendar", SAID, [("S1", "Sync", ["Sign out", "Sign in"])]),
        '"told": the support team asked for it.',
        (
            f"{fence('S1', 'procedure', 'Sync' + chr(10) + '1. Sign out' + chr(10) + '2. Sign in')}\n"
            f"{SUBJECT}\n{CONVERSATION}{ASKS_JSON}"
        ),
    ),
    "summary": (
        lambda: summary_prompt(SummaryMaterial("Calendar", SAID, "Signed in again.", "fr")),
        "Write in the language with the code fr.",
        (
            f"{SUBJECT}\n{CONVERSATION}\n{fence('fix', 'resolution as it was recorded', 'Signed in again.')}\n\n"
            "Write the summary of this issue, which was solved as JSON now."
        ),
    ),
    "article": (
        lambda: article_prompt(
            ArticleMaterial(
                "Calendar", ["It does not sync."], "The token had expired.", ["Sign in"], ["Since when?"], "pt"
            )
        ),
        "Write in the language with the code pt.",
        (
            f"{SUBJECT}\n{fence('told', 'what the customer told', 'It does not sync.')}\n"
            f"{fence('m1', 'message of the support team', 'Since when?')}\n"
            f"{fence('fix', 'resolution as it was recorded', 'The token had expired.')}\n"
            f"{fence('steps', 'recorded steps', '1. Sign in')}\n\nWrite the article as JSON now."
        ),
    ),
    "sentiment": (
        lambda: sentiment_prompt(THEIRS),
        "Courtesy alone is neutral, and so is a problem that is told calmly.",
        f"{OF_THEM}{ASKS_JSON}",
    ),
    "classification": (
        lambda: classification_prompt("Calendar", THEIRS, ["delivery", "sync"]),
        "What the customer\n  calls urgent is not severe by that.",
        fence("categories", "categories of the desk", "delivery\nsync") + f"\n{SUBJECT}\n{OF_THEM}{ASKS_JSON}",
    ),
}
#: A prompt as long as what a small local model reads leaves no room for the conversation.
MOST_RULES_TOKENS: Final = 700


def test_every_prompt_and_every_task_is_shown_here() -> None:
    files = {path.stem for path in Path(support_copilot.prompts.__file__).parent.glob("*.py")}
    with_version = {name for name in files if "\nVERSION: Final = " in _source(name)}
    assert RENDERED.keys() == {info.name for info in PROMPTS} == with_version
    # `probe` is what `doctor` asks: one word, no material, no prompt of the product.
    assert {info.task for info in PROMPTS} == set(TASKS) - {"probe"}
    assert all(info.version >= 1 for info in PROMPTS)


@pytest.mark.parametrize("name", RENDERED)
def test_a_prompt_reads_like_this(name: str) -> None:
    make, rule, material = RENDERED[name]
    info = next(each for each in PROMPTS if each.name == name)
    prompt = make()
    system, user = render(prompt, mark="k7", room=8000).messages
    assert (prompt.name, prompt.version, prompt.task) == (info.name, info.version, info.task)
    assert system.text.startswith(f"{GROUND_RULES}\n\n")
    assert rule in system.text
    assert "{" not in system.text, "a place for words that was not filled"
    assert user.text == material
    assert (system.trusted, user.trusted) == (True, False)


@pytest.mark.parametrize("name", RENDERED)
@pytest.mark.parametrize("room", [1000, 1500])
def test_a_prompt_keeps_to_a_small_model(name: str, room: int) -> None:
    prompt = RENDERED[name][0]()
    rendered = render(prompt, mark="k7", room=room)
    assert sum(count_tokens(message.text) for message in rendered.messages) <= room
    assert count_tokens(f"{GROUND_RULES}{prompt.rules}") <= MOST_RULES_TOKENS


def _source(name: str) -> str:
    return (Path(support_copilot.prompts.__file__).parent / f"{name}.py").read_text("utf-8")
