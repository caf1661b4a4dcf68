"""Which sentence comes from where, in the form in which it is sent and kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from support_copilot.guidance.draft import Draft

#: ``{"index", "source": {"kind", "id", "title"} | None, "sentence"}``; no source means courtesy.
Marked = Mapping[str, Any]


def mark_sentences(draft: Draft) -> list[Marked]:
    """Every sentence, step and line of the text in order with its source; this is what a suggestion keeps."""
    return [
        {
            "index": index,
            "source": {"kind": piece.cited.kind, "id": piece.cited.id, "title": piece.cited.title}
            if piece.cited
            else None,
            "sentence": piece.text,
        }
        for index, piece in enumerate(draft.pieces())
    ]


def citations(marked: Iterable[Marked]) -> list[Marked]:
    """The sentences that have a source."""
    return [sentence for sentence in marked if sentence["source"] is not None]


def courtesy(marked: Iterable[Marked]) -> list[int]:
    """The places of the sentences that claim nothing."""
    return [sentence["index"] for sentence in marked if sentence["source"] is None]
