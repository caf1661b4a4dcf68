"""A reply in the making: sentences that know where they come from, laid out in blocks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from support_copilot.kit.text import one_line

SourceKind = Literal["issue", "article", "template", "conversation"]
Layout = Literal["paragraph", "steps", "lines"]
Verdict = Literal["pass", "fixed", "flagged"]


@dataclass(frozen=True, slots=True)
class Source:
    """What a sentence stems from; ``title`` holds nothing about another customer."""

    kind: SourceKind
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence, step or line. ``source`` None says that it is courtesy: it claims nothing about the matter.

    ``basis`` is the text of the source that it was made from; its numbers and names must be found there. One of
    ``form``, who is greeted and by whom, is held to its source as well, but states nothing for which it is cited.
    """

    text: str
    source: Source | None = None
    basis: str = ""
    form: bool = False

    @property
    def cited(self) -> Source | None:
        return None if self.form else self.source


@dataclass(frozen=True, slots=True)
class Block:
    """Pieces that stand together: sentences of a paragraph, numbered steps, or lines below each other."""

    layout: Layout
    pieces: tuple[Piece, ...]

    def text(self) -> str:
        if self.layout == "steps":
            return "\n".join(f"{number}. {piece.text}" for number, piece in enumerate(self.pieces, start=1))
        return (" " if self.layout == "paragraph" else "\n").join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found; ``detail`` is a sentence for the agent, without customer data."""

    name: str
    verdict: Verdict
    detail: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply with what its composer has to say about it. ``template`` is its id and version, if it used one."""

    blocks: tuple[Block, ...]
    language: str
    engine: str
    template: tuple[str, int] | None = None
    remarks: tuple[CheckResult, ...] = ()

    def text(self) -> str:
        return "\n\n".join(block.text() for block in self.blocks if block.pieces)

    def pieces(self) -> Iterator[Piece]:
        """All pieces in the order of the text; the position of one is the ``index`` of its citation."""
        for block in self.blocks:
            yield from block.pieces

    def claims(self) -> Iterator[Piece]:
        """The pieces that say something about the matter."""
        return (piece for piece in self.pieces() if piece.cited is not None)

    def keep(self, wanted: Callable[[Piece], bool]) -> "Draft":
        """Without the pieces that are not wanted, and without an introduction ("…:") that lost all it introduced."""
        kept = [tuple(piece for piece in block.pieces if wanted(piece)) for block in self.blocks]
        blocks: list[Block] = []
        for number, (block, pieces) in enumerate(zip(self.blocks, kept, strict=True)):
            following = kept[number + 1] if number + 1 < len(kept) else ()
            introduces = bool(pieces) and pieces[-1].text.endswith((":", "："))
            lost = block.pieces[-1] != pieces[-1] or not following if introduces else False
            left = pieces[:-1] if lost else pieces
            if left:
                blocks.append(replace(block, pieces=left))
        return replace(self, blocks=tuple(blocks))


def piece_of(text: str, source: Source | None = None, basis: str = "") -> Piece:
    """A piece on one line, as it will be shown."""
    return Piece(one_line(text), source, basis)
