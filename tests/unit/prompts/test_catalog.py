"""What the catalogue says of a prompt, beside the prompt itself."""

from collections.abc import Callable
from typing import Final

import pytest

from support_copilot.prompts.article import ArticleMaterial, article_prompt
from support_copilot.prompts.catalog import PROMPTS, Material
from support_copilot.prompts.classification import classification_prompt
from support_copilot.prompts.macro import macro_prompt
from support_copilot.prompts.missing import missing_prompt
from support_copilot.prompts.next_action import next_action_prompt
from support_copilot.prompts.prompt import Prompt
from support_copilot.prompts.question import question_prompt
from support_copilot.prompts.reply import ReplyMaterial, reply_prompt
from support_copilot.prompts.rewrite import rewrite_prompt
from support_copilot.prompts.sentiment import sentiment_prompt
from support_copilot.prompts.summary import SummaryMaterial, summary_prompt

TALK: Final = (("m1", "customer", "It does not sync."), ("m2", "agent", "Since when?"))
THEIRS: Final = (("m1", "It does not sync."),)
SAID: Final = (
    ("m1", "message of the customer", "It does not sync."), ("m2", "message of the support team", "Since when?"),
    ("m3", "note among colleagues", "Known."),
)  # fmt: skip
REPLY: Final = ReplyMaterial("Sync", TALK, (("S1", "help article", "Sync", "Sign in."),), ("log.txt",), "Be brief")
#: Each prompt with everything that it can carry.
FULLEST: Final[dict[str, Callable[[], Prompt]]] = {
    "reply": lambda: reply_prompt(REPLY),
    "rewrite": lambda: rewrite_prompt("Sign in.", "shorter", "en"),
    "question": lambda: question_prompt(
        "Since when?",
        [("m1", "Message of the customer", "It."), ("m3", "Internal note", "K."), ("S1", "help article", "Sync")],
        "en",
    ),
    "macro": lambda: macro_prompt(REPLY, ["vip"]),
    "missing": lambda: missing_prompt("Sync", TALK, ["device"], "en"),
    "next_action": lambda: next_action_prompt("Sync", SAID, [("S1", "Sync", ["Sign in"])]),
    "summary": lambda: summary_prompt(SummaryMaterial("Sync", SAID, "Signed in.", handover=True)),
    "article": lambda: article_prompt(ArticleMaterial("Sync", ["It."], "Signed in.", ["Sign in"], ["Since when?"])),
    "sentiment": lambda: sentiment_prompt(THEIRS),
    "classification": lambda: classification_prompt("Sync", THEIRS, ["sync"]),
}
MATERIAL: Final[dict[str, Material]] = {
    "subject of the conversation": "subject",
    "message of the customer": "customer_messages",
    "message of the support team": "messages",
    "what the customer told": "messages",
    "note among colleagues": "notes",
    "internal note": "notes",
    "resolution as it was recorded": "resolution",
    "recorded steps": "resolution",
    "help article": "sources",
    "procedure": "procedures",
    "names of attached files": "file_names",
    "wish of the agent": "wish",
    "question of the agent": "question",
    "text of the support team": "text",
    "tags of the desk": "tags",
    "categories of the desk": "categories",
    "things to ask for": "things",
}


@pytest.mark.parametrize("info", PROMPTS, ids=lambda info: info.name)
def test_the_catalogue_says_what_a_prompt_carries(info: object) -> None:
    (known,) = [each for each in PROMPTS if each is info]
    carried = {MATERIAL[passage.kind.lower()] for passage in FULLEST[known.name]().passages}
    if known.name not in ("sentiment", "classification"):  # all others are given what the desk wrote, too
        carried = {"messages" if each == "customer_messages" else each for each in carried}
    assert carried == set(known.carries)
    assert FULLEST[known.name]().version == known.version
