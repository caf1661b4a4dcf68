"""Summaries beside those that people wrote: ROUGE (Lin, 2004), and whether a number or an id was made up.

ROUGE rewards length, so each simple way gets as many words as our text has. No stemming, and the mean over references.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from support_copilot.evaluation.product import read_lines
from support_copilot.evaluation.sampling import Figure, figure
from support_copilot.kit.text import shorten
from support_copilot.ml.extractive import rank_sentences
from support_copilot.ml.sentences import split_sentences
from support_copilot.summarization.generator import Facts, in_short
from support_copilot.summarization.parser import parse_conversation

_WORD: Final = re.compile(r"\w+")
_FACT: Final = re.compile(r"\w*\d\w*")
_METRICS: Final = ("rouge_1", "rouge_2", "rouge_l")
_COLUMNS: Final = (*_METRICS, "words", "facts_made_up", "conversations")
_SUBJECT_CHARS: Final = 110
_LEAST_WORDS: Final = 2
_DIALOGUE_LINE: Final = re.compile(r"#?(?P<who>[\w ]+?)#?: (?P<text>.*)")


@dataclass(frozen=True, slots=True)
class Turn:
    """A message as the parser takes it."""

    id: str
    author: str
    body: str
    visibility: str = "public"


@dataclass(frozen=True, slots=True)
class Told:
    turns: tuple[Turn, ...]
    references: tuple[str, ...]
    language: str = "en"


def measure(sets: Path, data: Path | None, _held_out: Path | None) -> dict[str, Figure]:
    figures = _figures("own", [_told(row) for row in read_lines(sets / "summary.jsonl")])
    if data is None:
        return figures
    tweets = read_lines(data / "summarization" / "tweetsumm_valid.jsonl.gz")
    figures |= _figures("tweetsumm", [_told(row) for row in tweets])
    dialogues = read_lines(data / "summarization" / "dialogsum_dev.jsonl.gz")
    return figures | _figures("dialogsum", [_dialogue(row) for row in dialogues])


def _told(row: Mapping[str, Any]) -> Told:
    turns = tuple(Turn(f"m{number}", turn["speaker"], turn["text"]) for number, turn in enumerate(row["turns"]))
    return Told(turns, tuple(row["references"]), row.get("language", "en"))


def _dialogue(row: Mapping[str, Any]) -> Told:
    """Two people who talk; the one who begins stands for the customer."""
    lines = [match for line in row["dialogue"].splitlines() if (match := _DIALOGUE_LINE.match(line.strip()))]
    first = lines[0]["who"] if lines else ""
    turns = tuple(
        Turn(f"m{number}", "customer" if line["who"] == first else "agent", line["text"])
        for number, line in enumerate(lines)
    )
    return Told(turns, tuple(row["references"]))


def _figures(name: str, conversations: Sequence[Told]) -> dict[str, Figure]:
    ours = [our_text(told) for told in conversations]
    ways: dict[str, Callable[[Told], str]] = {"first sentences": first_sentences, "TextRank": text_rank}
    counts = np.array([_counts(told, text) for told, text in zip(conversations, ours, strict=True)])
    others = {
        way: np.array([_counts(told, _cut(write(told), text)) for told, text in zip(conversations, ours, strict=True)])
        for way, write in ways.items()
    }
    return {f"{name}.{metric}": figure(counts, _mean(metric), others) for metric in (*_METRICS, "words")} | {
        f"{name}.facts_made_up": figure(counts, _mean("facts_made_up"), {})
    }


def our_text(told: Told) -> str:
    """What the product writes when a conversation ends."""
    opening = next((turn.body for turn in told.turns if turn.author == "customer"), "")
    facts = Facts(subject=shorten(opening, _SUBJECT_CHARS), language=told.language)
    return in_short(parse_conversation(told.turns, told.language), facts)


def first_sentences(told: Told) -> str:
    return " ".join(_sentences(told))


def text_rank(told: Told) -> str:
    sentences = _sentences(told)
    return " ".join(sentences[place] for place in rank_sentences(sentences, diversity=0.0))


def _sentences(told: Told) -> list[str]:
    """All, without what is hardly one."""
    found = [sentence for turn in told.turns for sentence in split_sentences(turn.body, told.language)]
    return [sentence for sentence in found if len(sentence.split()) >= _LEAST_WORDS]


def _cut(text: str, like: str) -> str:
    return " ".join(text.split()[: len(like.split())])


def _counts(told: Told, text: str) -> NDArray[np.float64]:
    said = _words(text)
    scores = np.mean([rouge(said, _words(reference)) for reference in told.references], axis=0)
    known = " ".join(turn.body for turn in told.turns).lower()
    made_up = sum(fact.lower() not in known for fact in _FACT.findall(text))
    return np.array([*scores, len(said), made_up, 1.0])


def _mean(metric: str) -> Callable[[NDArray[np.float64]], float]:
    place = _COLUMNS.index(metric)
    return lambda sums: float(sums[place] / sums[-1])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def rouge(said: Sequence[str], reference: Sequence[str]) -> tuple[float, float, float]:
    """F1 of ROUGE-1, ROUGE-2 and ROUGE-L."""
    shared = []
    for length in (1, 2):
        ours, theirs = _grams(said, length), _grams(reference, length)
        shared.append(_f1((ours & theirs).total(), ours.total(), theirs.total()))
    return shared[0], shared[1], _f1(_longest_common(said, reference), len(said), len(reference))


def _grams(said: Sequence[str], length: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(said[place : place + length]) for place in range(len(said) - length + 1))


def _f1(shared: int, ours: int, theirs: int) -> float:
    return 2 * shared / (ours + theirs) if shared else 0.0


def _longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    row = [0] * (len(other) + 1)
    for word in one:
        before = row
        row = [0]
        for place, against in enumerate(other):
            row.append(before[place] + 1 if word == against else max(before[place + 1], row[place]))
    return row[-1]
