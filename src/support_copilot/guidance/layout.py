"""Reads the shape of a plain or Markdown text: headings, paragraphs, lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from support_copilot.kit.text import one_line
from support_copilot.ml.sentences import split_sentences

LIST_ITEM: Final = re.compile(r"\s{0,8}(?:[-*•‣▪●–]|\(?\d{1,2}[.)])\s+(?=\S)")
_HEADING: Final = re.compile(r"\s{0,3}#{1,6}\s+")
_LINK: Final = re.compile(r"\[([^\[\]]{1,200})\]\((https?://[^\s()]{1,500})\)")
_STRONG: Final = re.compile(r"(\*\*|__|`)(?=\S)(.{1,300}?)(?<=\S)\1")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """``parts``: the sentences of a paragraph, the items of a list, or the one line of a heading."""

    kind: Literal["heading", "paragraph", "list"]
    parts: tuple[str, ...]


def plain_markdown(text: str) -> str:
    """Without the marks for bold, code and links; a link keeps its address in brackets."""
    return _STRONG.sub(r"\2", _LINK.sub(r"\1 (\2)", text))


def parse_blocks(text: str, language: str) -> list[TextBlock]:
    """The blocks in order, none empty. Numbers and bullets of list items are left out."""
    blocks: list[TextBlock] = []
    for kind, lines in _runs(text):
        if kind == "list":
            parts = tuple(filter(None, map(one_line, lines)))
        elif kind == "heading":
            parts = (one_line(_HEADING.sub("", lines[0])),)
        else:
            parts = tuple(split_sentences("\n".join(lines), language))
        if any(parts):
            blocks.append(TextBlock(kind, parts))
    return blocks


def _runs(text: str) -> Iterator[tuple[Literal["heading", "paragraph", "list"], list[str]]]:
    """Lines that belong together, and what they are."""
    kind: Literal["heading", "paragraph", "list"] = "paragraph"
    lines: list[str] = []
    for line in text.split("\n"):
        item = LIST_ITEM.match(line)
        if _HEADING.match(line) or not line.strip() or (item and kind != "list"):
            if lines and not (kind == "list" and not line.strip()):
                yield kind, lines
                lines = []
            if _HEADING.match(line):
                yield "heading", [line]
                kind = "paragraph"
                continue
        if item:
            kind = "list"
            lines.append(line[item.end() :])
        elif not line.strip():
            kind = kind if lines else "paragraph"
        elif kind == "list" and not line[:1].isspace():
            yield kind, lines
            kind, lines = "paragraph", [line]
        elif kind == "list":
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line)
    if lines:
        yield kind, lines
