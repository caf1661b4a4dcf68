"""Whether a sentence that changes what its source says is withheld, and one that keeps it is not."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from support_copilot.evaluation.product import read_lines
from support_copilot.evaluation.sampling import Figure, Rows, figure_of_rows
from support_copilot.guidance.context import GuidanceContext
from support_copilot.guidance.draft import Source
from support_copilot.guidance.judge import Judge
from support_copilot.guidance.policy import RULES, Policy
from support_copilot.guidance.scrub import numbered_words
from support_copilot.guidance.support import LOOSELY, model_source
from support_copilot.ml.content_words import share_of_words
from support_copilot.ml.personal_data import PlaceholderMasker

_SOURCE: Final = Source("article", "art_1", "Source")
_NO_RULES: Final = Policy(dict.fromkeys(RULES, "off"))
Flags = NDArray[np.bool_]


def measure(sets: Path, _data: Path | None, _held_out: Path | None) -> dict[str, Figure]:
    rows = read_lines(sets / "entailment.jsonl")
    figures = _figures("own", rows) | _figures("own.not_english", [row for row in rows if row["language"] != "en"])
    # Written after the rules, and measured without changing them.
    return figures | _figures("own.fresh", read_lines(sets / "entailment_fresh.jsonl"))


def _figures(name: str, rows: Sequence[Mapping[str, str]]) -> dict[str, Figure]:
    changed = np.array([row["label"] == "changed" for row in rows])
    ours = np.array([withheld(row) for row in rows])
    others = {
        "words": np.array([_few_words(row) for row in rows]),
        "words and numbers": np.array([_few_words(row) or _new_number(row) for row in rows]),
    }
    metrics: Mapping[str, Callable[[Flags, Flags], float]] = {
        "flag.precision": precision, "flag.recall": recall, "kept": kept,
    }  # fmt: skip
    return {
        f"{name}.{metric}": figure_of_rows(
            _of_drawn(measured, changed, ours),
            len(rows),
            {way: _of_drawn(measured, changed, flags) for way, flags in others.items()},
        )
        for metric, measured in metrics.items()
    }


def _of_drawn(measured: Callable[[Flags, Flags], float], changed: Flags, flags: Flags) -> Callable[[Rows], float]:
    return lambda drawn: measured(changed[drawn], flags[drawn])


def withheld(row: Mapping[str, str]) -> bool:
    """Whether the product would leave the sentence out of a reply that has this source."""
    context = GuidanceContext(issue_id="", subject="", language=row["language"], policy=_NO_RULES)
    judge = Judge(context, [model_source(1, _SOURCE, row["source"])], PlaceholderMasker())
    return judge.judge(row["sentence"]) is None


def _few_words(row: Mapping[str, str]) -> bool:
    return share_of_words(row["sentence"], row["source"]) < LOOSELY


def _new_number(row: Mapping[str, str]) -> bool:
    return not set(numbered_words(row["sentence"])) <= set(numbered_words(row["source"]))


def precision(changed: Flags, flagged: Flags) -> float:
    """Of the sentences that are withheld, how many were changed."""
    return float((changed & flagged).sum() / max(1, flagged.sum()))


def recall(changed: Flags, flagged: Flags) -> float:
    """Of the sentences that were changed, how many are withheld."""
    return float((changed & flagged).sum() / max(1, changed.sum()))


def kept(changed: Flags, flagged: Flags) -> float:
    """Of the sentences that say what the source says, how many stay."""
    return float((~changed & ~flagged).sum() / max(1, (~changed).sum()))
