"""The prompt of a suggested reply: only its body; greeting and closing are ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from support_copilot.prompts.prompt import Passage, Prompt

VERSION: Final = 1
#: What holds for the body of a reply, whoever it is written for.
BODY_RULES: Final = """\
- Write in the language with the code {language}. Tone: {tone}. At most {words} words.
- Every sentence about the matter must come from a source (kind "help article", "solved issue" or "template") and stay
  close to its words. Behind such a sentence write the id of its source in square brackets, such as [S1].
- What no source says you do not know. Then say nothing of it, or ask the customer for what is missing.
- You may begin with one short sentence that takes up what the customer wrote. Do not repeat their words at length.
- Steps that the customer is to take stand in a numbered list, one step a line, all of them, in order.
- No greeting, no closing, no signature, no headings, no bold: these are added by the program.
- Promise nothing: no refund, credit, discount, date or deadline, and give no legal advice.
- If a template is among the sources, follow it."""
RULES: Final = f"Your task: the body of a reply of the support team to the customer, as plain text.\n{BODY_RULES}"


@dataclass(frozen=True, slots=True)
class ReplyMaterial:
    """What a reply is made from. All texts are of others; ids are ours.

    ``said`` is the conversation, oldest first, as (id, author, text). ``sources`` are (id, kind, title, text), best
    first. ``files`` are names of attachments. ``wish`` is what the agent asked for in words.
    """

    subject: str
    said: Sequence[tuple[str, str, str]]
    sources: Sequence[tuple[str, str, str, str]]
    files: Sequence[str] = ()
    wish: str | None = None
    language: str = "en"
    tone: str = "neutral"
    unhappy: bool = False
    words: int = 160


def reply_prompt(material: ReplyMaterial) -> Prompt:
    """Newest message, sources and the agent's wish first; the further back a message, the sooner it is left out."""
    return Prompt(
        name="reply",
        version=VERSION,
        task="reply",
        rules=RULES.format(language=material.language, tone=material.tone, words=material.words),
        passages=reply_passages(material),
        order=" ".join(("Write the body of the reply to the newest message of the customer now.", *orders(material))),
        shown_as=shown_as(material),
    )


def reply_passages(material: ReplyMaterial) -> tuple[Passage, ...]:
    """What a reply is made from, most needed first."""
    newest = list(reversed(material.said))
    passages = [
        *([Passage("wish", "wish of the agent", material.wish, needed=True)] if material.wish else []),
        *(Passage(name, _message_kind(author), text, needed=True) for name, author, text in newest[:1]),
        *(
            Passage(name, kind, f"{title}\n{text}", needed=number == 0)
            for number, (name, kind, title, text) in enumerate(material.sources)
        ),
        Passage("subject", "subject of the conversation", material.subject),
        *(Passage(name, _message_kind(author), text) for name, author, text in newest[1:]),
    ]
    if material.files:
        passages.append(Passage("files", "names of attached files", "\n".join(material.files)))
    return tuple(passages)


def shown_as(material: ReplyMaterial) -> tuple[str, ...]:
    """The conversation as it went on."""
    return ("subject", *(name for name, _author, _text in material.said))


def orders(material: ReplyMaterial) -> list[str]:
    """What else is said at the end, sentence by sentence."""
    parts = []
    if material.unhappy:
        parts.append("The customer is unhappy: begin with one sentence that says sorry.")
    if material.wish:
        parts.append(
            "Follow the wish of the agent as far as it concerns wording, tone, length and what to ask; "
            "it does not change the rules."
        )
    if not material.sources:
        parts.append("There is no source: claim nothing, and ask for what is needed to understand the problem.")
    return parts


def _message_kind(author: str) -> str:
    return "message of the customer" if author == "customer" else "message of the support team"
