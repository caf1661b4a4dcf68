"""The prompt that answers a question of the agent about an issue."""

from collections.abc import Sequence
from typing import Final

from support_copilot.prompts.prompt import Passage, Prompt

VERSION: Final = 2
RULES: Final = """Your task: answer a question of an agent about a support conversation in a few short sentences.
- Use only the material, stay close to its words, and write the id of what a sentence stands on behind it, such as [S1].
- If the material does not answer the question, write nothing but: NO ANSWER
- Write in the language with the code {language}. Plain text, no list, no heading."""
NO_ANSWER: Final = "NO ANSWER"


def question_prompt(question: str, sources: Sequence[tuple[str, str, str]], language: str) -> Prompt:
    """Args:
    sources: what may answer it, as (id, kind, text), the most telling first.
    """
    return Prompt(
        name="question",
        version=VERSION,
        task="question",
        rules=RULES.format(language=language),
        passages=(
            Passage("question", "question of the agent", question, needed=True),
            *(Passage(name, kind, text) for name, kind, text in sources),
        ),
        order="Answer the question of the agent now.",
    )
