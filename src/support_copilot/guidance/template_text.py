"""Fills a template for one issue and reads its parts: greeting, body, closing."""

import re
from dataclasses import dataclass
from typing import Final

from support_copilot.guidance.context import GuidanceContext, TemplateOption
from support_copilot.guidance.draft import Block, CheckResult, Piece, piece_of
from support_copilot.guidance.layout import parse_blocks, plain_markdown
from support_copilot.guidance.phrasebook import CLOSINGS, GREETING_WORDS
from support_copilot.guidance.phrases import THINGS
from support_copilot.guidance.wording import apologises
from support_copilot.kit.reasons import Reason
from support_copilot.knowledge.rendering import ASK_GROUP, marker, render_template
from support_copilot.ml.mail_text import clean_message

_GREETING_CHARS: Final = 80
#: With less of its text a template has lost its point.
_LEAST_TOLD: Final = 0.5
_INVITES: Final = re.compile(
    r"\b(?:let (?:us|me) know|reply|get back to|contact us|bescheid|melden|antworten|n'hésitez|répond\w*|dites-nous|"
    r"avise\w*|respond\w*|contáct\w*|diga|avis\w*|laat .{0,20}weten|neem .{0,20}contact|facci\w* sapere|rispond\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FilledTemplate:
    """``asks`` names what the customer has to be asked for because the template needs it."""

    greeting: Piece | None
    blocks: tuple[Block, ...]
    closing: tuple[Piece, ...]
    asks: tuple[str, ...]
    remarks: tuple[CheckResult, ...]

    def text(self) -> str:
        return "\n".join(block.text() for block in self.blocks)

    @property
    def apologises(self) -> bool:
        return apologises(self.text())

    @property
    def invites_answer(self) -> bool:
        return bool(_INVITES.search(self.text()))


def fill_template(option: TemplateOption, context: GuidanceContext, *, asked_for: bool = False) -> FilledTemplate:
    """The template with the values of the issue.

    A sentence that lacks a value is left out. When only the customer can give it, it is asked for instead. Without
    blocks when most of its text would be left out, unless an agent asked for this template.

    Raises:
        InvalidRequestError: the template cannot be read.
    """
    rendering = render_template(option.body, context.values)
    cleaned = clean_message(plain_markdown(rendering.text))
    gaps = {marker(name): name for name in rendering.missing}
    basis = f"{option.body}\n{rendering.text}"

    def piece(text: str) -> Piece:
        return piece_of(text, option.source, basis)

    def complete(text: str) -> bool:
        return not any(gap in text for gap in gaps)

    greeting, letter = _split_greeting(cleaned.text)
    body, sign_off = _split_closing(letter)
    blocks: list[Block] = []
    told = 0
    parts = parse_blocks(body, context.language)
    for part in parts:
        kept = tuple(piece(text) for text in part.parts if complete(text))
        told += sum(len(one.text) for one in kept)
        if kept:
            blocks.append(Block("steps" if part.kind == "list" else "paragraph", kept))
    if not asked_for and told < _LEAST_TOLD * sum(len(text) for part in parts for text in part.parts):
        blocks = []
    closing = [line for line in f"{sign_off}\n{cleaned.signature}".split("\n") if line.strip() and complete(line)]
    return FilledTemplate(
        greeting=piece(greeting) if greeting and complete(greeting) else None,
        blocks=tuple(blocks),
        closing=tuple(piece(line) for line in closing),
        asks=_asked(rendering.missing),
        remarks=_remarks(rendering.missing),
    )


def _split_greeting(text: str) -> tuple[str | None, str]:
    first, _, rest = text.partition("\n")
    line = first.strip()
    if len(line) <= _GREETING_CHARS and line.endswith((",", "!", ":")) and line.casefold().startswith(GREETING_WORDS):
        return line, rest
    return None, text


def _split_closing(text: str) -> tuple[str, str]:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.strip().casefold().rstrip(",") in CLOSINGS:
            return "\n".join(lines[:number]), "\n".join(lines[number:])
    return text, ""


def _asked(missing: tuple[str, ...]) -> tuple[str, ...]:
    """What only the customer can say: by the template's own word, or a number such as that of an invoice."""
    return tuple(dict.fromkeys(name.rpartition(".")[2] for name in missing if _is_asked(name)))


def _is_asked(name: str) -> bool:
    group, _dot, leaf = name.partition(".")
    return group == ASK_GROUP or (group == "issue" and leaf in THINGS)


def _remarks(missing: tuple[str, ...]) -> tuple[CheckResult, ...]:
    asked = [name for name in missing if _is_asked(name)]
    unknown = [name for name in missing if name not in asked]
    remarks: list[CheckResult] = []
    if unknown:
        said = f"The template needs what is not known here, sentences with it were left out: {', '.join(unknown)}."
        told = Reason("check.template_unknown", said, names=", ".join(unknown))
        remarks.append(CheckResult("placeholders", "flagged", told))
    if asked:
        detail = f"The template needs what the customer has not said, so it is asked for: {', '.join(asked)}."
        remarks.append(CheckResult("placeholders", "fixed", detail))
    return tuple(remarks)
