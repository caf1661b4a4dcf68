"""Fills a template for one issue and reads its parts: greeting, body, closing."""

import re
from dataclasses import dataclass, replace
from typing import Final

from support_copilot.guidance.context import GuidanceContext, TemplateOption
from support_copilot.guidance.draft import Block, CheckResult, Piece, piece_of
from support_copilot.guidance.layout import parse_blocks, plain_markdown
from support_copilot.guidance.phrasebook import CLOSINGS, FALLBACK_LANGUAGE, GREETING_WORDS
from support_copilot.guidance.phrases import THINGS
from support_copilot.guidance.wording import apologises
from support_copilot.kit.reasons import Reason
from support_copilot.knowledge.rendering import ASK_GROUP, marker, render_template
from support_copilot.ml.content_words import words_of
from support_copilot.ml.mail_text import clean_message

_GREETING_CHARS: Final = 80
_ENDS_WITH_GAP: Final = re.compile(r"(?P<words>.*\w)\s*:\s*(?P<gap>\[[^\[\]]+\])\s*(?P<end>[.?!]?)\Z", re.DOTALL)
_PLACEHOLDER: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
#: With less of its text a template has lost its point.
_LEAST_TOLD: Final = 0.5
_INVITES: Final = re.compile(
    r"\b(?:let (?:us|me) know|reply|get back to|contact us|bescheid|melden|antworten|n'hésitez|répond\w*|dites-nous|"
    r"avise\w*|respond\w*|contáct\w*|diga|avis\w*|laat .{0,20}weten|neem .{0,20}contact|facci\w* sapere|rispond\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FilledTemplate:
    """``asks`` names what the customer has to be asked for because the template needs it.

    ``spoken``: those for which the template asks in words of its own.
    """

    greeting: Piece | None
    blocks: tuple[Block, ...]
    closing: tuple[Piece, ...]
    asks: tuple[str, ...]
    spoken: frozenset[str]
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

    A sentence that lacks a value is left out. When only the customer can give it, it is asked for instead: by the
    sentence itself where it ends with the value ("Which time suits you: {{ ask.time }}?"), else by its name. Without
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

    spoken: set[str] = set()

    def asked_in_words(text: str) -> str:
        found = _ENDS_WITH_GAP.match(text)
        name = gaps.get(found["gap"]) if found else None
        if found is None or name is None or not _is_asked(name) or _leaf(name) in THINGS:
            return text
        spoken.add(_leaf(name))
        return f"{found['words'].rstrip()}{found['end'] or '.'}"

    def complete(text: str) -> bool:
        return not any(gap in text for gap in gaps)

    greeting, letter = _split_greeting(cleaned.text)
    body, sign_off = _split_closing(letter)
    blocks: list[Block] = []
    told = 0
    parts = parse_blocks(body, context.language)
    for part in parts:
        kept = tuple(piece(said) for text in part.parts if complete(said := asked_in_words(text)))
        told += sum(len(one.text) for one in kept)
        if kept:
            blocks.append(Block("steps" if part.kind == "list" else "paragraph", kept))
    if not asked_for and told < _LEAST_TOLD * sum(len(text) for part in parts for text in part.parts):
        blocks = []
        spoken.clear()
    named, unnamed = _by_name(rendering.missing, option.body, context.language)
    closing = [line for line in f"{sign_off}\n{cleaned.signature}".split("\n") if line.strip() and complete(line)]
    return FilledTemplate(
        greeting=replace(piece(greeting), form=True) if greeting and complete(greeting) else None,
        blocks=tuple(blocks),
        closing=tuple(replace(piece(line), form=True) for line in closing),
        asks=named,
        spoken=frozenset(spoken),
        remarks=_remarks(rendering.missing, tuple(name for name in unnamed if name not in spoken)),
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


def _by_name(missing: tuple[str, ...], body: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What only the customer can say: by a name that stands in a letter of this language, and what has none.

    A name of the template's own is English as often as not; elsewhere it counts where the template speaks of it too.
    """
    said = " ".join(words_of(_PLACEHOLDER.sub(" ", body)))
    asked = dict.fromkeys(_leaf(name) for name in missing if _is_asked(name))
    named = {
        name for name in asked
        if name in THINGS or language == FALLBACK_LANGUAGE or all(word in said for word in name.casefold().split("_"))
    }  # fmt: skip
    return tuple(name for name in asked if name in named), tuple(name for name in asked if name not in named)


def _leaf(name: str) -> str:
    return name.rpartition(".")[2]


def _is_asked(name: str) -> bool:
    group, _dot, leaf = name.partition(".")
    return group == ASK_GROUP or (group == "issue" and leaf in THINGS)


def _remarks(missing: tuple[str, ...], unnamed: tuple[str, ...]) -> tuple[CheckResult, ...]:
    asked = [name for name in missing if _is_asked(name)]
    unknown = [name for name in missing if name not in asked]
    remarks: list[CheckResult] = []
    if unknown:
        said = f"The template needs what is not known here, sentences with it were left out: {', '.join(unknown)}."
        told = Reason("check.template_unknown", said, names=", ".join(unknown))
        remarks.append(CheckResult("placeholders", "flagged", told))
    if unnamed:
        names = ", ".join(name.replace("_", " ") for name in unnamed)
        said = f"The template needs “{names}”, which has no name in the language of the letter: ask for it yourself."
        remarks.append(CheckResult("placeholders", "flagged", Reason("check.thing_unnamed", said, names=names)))
    elif asked:
        detail = f"The template needs what the customer has not said, so it is asked for: {', '.join(asked)}."
        remarks.append(CheckResult("placeholders", "fixed", detail))
    return tuple(remarks)
