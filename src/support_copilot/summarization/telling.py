"""Which sentences of a conversation tell most: what the customer came with, and what was answered."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from support_copilot.ml.extractive import rank_sentences
from support_copilot.summarization.parser import ParsedConversation, Sentence

#: From so many words on a sentence says as much as a longer one.
_TELLING_WORDS: Final = 12
_LINK: Final = re.compile(r"https?://|<LINK>")
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much each property speaks for a sentence. ``late``: at the end of what this side said; negative: early."""

    length: float
    central: float
    first: float
    late: float
    last_turn: float
    figures: float
    link: float
    question: float
    empty: float
    closing: float
    confirmation: float


#: Set by hand; the order of importance is that of a regression on public support conversations.
PROBLEM: Final = Wanted(
    length=0.7, central=0.6, first=0.75, late=-0.3, last_turn=0, figures=0, link=-0.15, question=0.1, empty=-0.2,
    closing=0, confirmation=-1,
)  # fmt: skip
ANSWER: Final = Wanted(
    length=1.15, central=0.55, first=0, late=0.25, last_turn=0.15, figures=0.15, link=-0.2, question=-0.2, empty=-0.2,
    closing=-1, confirmation=0,
)  # fmt: skip


def centrality(sentences: Sequence[Sentence]) -> Mapping[int, float]:
    """By position: 1 for the sentence that stands for the most others, 0 for the one that stands for none."""
    order = rank_sentences([sentence.text for sentence in sentences])
    last = max(1, len(order) - 1)
    return {sentences[index].position: 1 - place / last for place, index in enumerate(order)}


def answers_of(conversation: ParsedConversation) -> list[Sentence]:
    """What the agent said: where the customer says that it works, only what was said last before that."""
    said = [sentence for sentence in conversation.by("agent") if not sentence.closing]
    confirmed = [sentence.turn for sentence in conversation.sentences if sentence.confirmation]
    if not confirmed:
        return said
    before = [sentence for sentence in said if sentence.turn < confirmed[-1] and not sentence.empty]
    return [sentence for sentence in before if sentence.turn == before[-1].turn] or said


def most_telling(sentences: Sequence[Sentence], central: Mapping[int, float], wanted: Wanted) -> list[Sentence]:
    """The sentences of one side, the most telling first; ties go to the earlier one. Calls for somebody are none of
    them, unless nothing else was said.

    Args:
        sentences: in the order in which they were said.
        central: of the whole conversation, by position.
    """
    if not sentences:
        return []
    sentences = [sentence for sentence in sentences if not sentence.call] or sentences
    last, last_turn = max(1, len(sentences) - 1), sentences[-1].turn
    scores = [
        wanted.length * min(1.0, len(sentence.text.split()) / _TELLING_WORDS)
        + wanted.central * central.get(sentence.position, 0.0)
        + wanted.first * (place == 0)
        + wanted.late * place / last
        + wanted.last_turn * (sentence.turn == last_turn)
        + wanted.figures * bool(_DIGIT.search(sentence.text))
        + wanted.link * bool(_LINK.search(sentence.text))
        + wanted.question * sentence.question
        + wanted.empty * sentence.empty
        + wanted.closing * sentence.closing
        + wanted.confirmation * sentence.confirmation
        for place, sentence in enumerate(sentences)
    ]
    return [sentences[place] for place in sorted(range(len(scores)), key=lambda place: -scores[place])]
