"""The tone of a reply, and wording in it that a customer should not get."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["formal", "warm", "neutral"]


@dataclass(frozen=True, slots=True)
class ToneReading:
    """``impolite`` and ``blaming`` hold the phrases found, as written in the text, in order."""

    tone: Tone
    impolite: tuple[str, ...]
    blaming: tuple[str, ...]


def read_tone(text: str) -> ToneReading:
    return ToneReading("neutral", (), ())
