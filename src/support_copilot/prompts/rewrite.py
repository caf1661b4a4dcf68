"""The prompt that says a text of the agent in other words."""

from typing import Final, Literal

from support_copilot.prompts.prompt import Passage, Prompt

VERSION: Final = 1
Manner = Literal["shorter", "warmer", "formal", "simpler", "translate"]
RULES: Final = """Your task: say a text of the support team in other words, as plain text.
- Keep all facts, numbers, names, links and steps of the text, and add none. Keep its paragraphs and numbered lists.
- Stay close to its words; write nothing but the new text."""
_ORDERS: Final[dict[Manner, str]] = {
    "shorter": "Make the text shorter: leave out what does not help, keep every fact and step that does.",
    "warmer": "Make the text warmer and more personal, without exaggeration.",
    "formal": "Make the text formal and polite.",
    "simpler": "Make the text simpler: short sentences, common words.",
    "translate": "Translate the text into the language with the code {language}.",
}


def rewrite_prompt(text: str, manner: Manner, language: str) -> Prompt:
    """The text in other words, or in the language given."""
    return Prompt(
        name="rewrite",
        version=VERSION,
        task="rewrite",
        rules=RULES,
        passages=(Passage("text", "text of the support team", text, needed=True),),
        order=f"{_ORDERS[manner].format(language=language)} Write it in the language with the code {language}.",
    )
