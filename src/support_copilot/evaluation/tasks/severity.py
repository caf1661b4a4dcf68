"""Severity with no history at all: what a new installation says of an issue.

Our own set has our four levels. The public ones are bug trackers with levels of their own and defaults that most people
never change, so an order is what can be measured there: how far the expected level agrees with theirs, and whether the
severe ones come first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from support_copilot.evaluation.baselines import NaiveBayes
from support_copilot.evaluation.product import read_lines, read_table, scratch_product
from support_copilot.evaluation.sampling import Figure, Rows, figure_of_rows
from support_copilot.ml.severity import SEVERITIES, IssueText, classify_severity
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text, embedded_text

_RANK: Final = {severity: 3 - place for place, severity in enumerate(SEVERITIES)}
_HADOOP: Final = {"Trivial": 0, "Minor": 0, "Major": 1, "Critical": 3, "Blocker": 3}
_ECLIPSE: Final = {"trivial": 0, "minor": 0, "normal": 1, "major": 2, "critical": 3, "blocker": 3}
_SEVERE: Final = 3
_ALERT_RATE: Final = 0.1
_BINS: Final = 10

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Issue:
    subject: str
    body: str
    rank: int
    language: str = "en"

    @property
    def text(self) -> str:
        return f"{self.subject}\n{self.body}"


def measure(sets: Path, data: Path | None, _held_out: Path | None) -> dict[str, Figure]:
    with scratch_product() as resources:
        own = [
            Issue(row["subject"], row["body"], _RANK[row["severity"]], row["language"])
            for row in read_lines(sets / "severity.jsonl")
        ]
        chances = _ours(resources, own)
        figures = _levels("own", own, chances) | _calibration("own", own, chances)
        foreign = np.array([number for number, issue in enumerate(own) if issue.language != "en"])
        figures |= _levels("own.not_english", [own[n] for n in foreign], chances[foreign])
        if data is not None:
            folder = data / "severity"
            figures |= _public(resources, "hadoop", *(_hadoop(folder, split) for split in ("dev", "train")))
            figures |= _public(resources, "eclipse", *(_eclipse(folder, split) for split in ("dev", "train")))
    return figures


def _ours(resources: Resources, issues: Sequence[Issue]) -> Numbers:
    """float64 (issues, 4): the chance of each level, from low to critical."""
    rows = []
    for issue in issues:
        vector = embed_text(resources, embedded_text(issue.subject, issue.body))
        found = classify_severity(IssueText(issue.subject, issue.body, issue.language), None, vector)
        rows.append([found.probabilities[severity] for severity in reversed(SEVERITIES)])
    return np.array(rows)


def _levels(name: str, issues: Sequence[Issue], chances: Numbers) -> dict[str, Figure]:
    gold, said = np.array([issue.rank for issue in issues]), chances.argmax(axis=1)
    most = np.full(len(gold), np.bincount(gold, minlength=4).argmax())
    return {
        f"{name}.accuracy": figure_of_rows(
            lambda rows: float((gold[rows] == said[rows]).mean()),
            len(gold),
            {"most common level": lambda rows: float((gold[rows] == most[rows]).mean())},
        ),
        f"{name}.qwk": figure_of_rows(lambda rows: weighted_kappa(gold[rows], said[rows]), len(gold)),
        f"{name}.macro_f1": figure_of_rows(
            lambda rows: macro_f1(gold[rows], said[rows]),
            len(gold),
            {"most common level": lambda rows: macro_f1(gold[rows], most[rows])},
        ),
    }


def _calibration(name: str, issues: Sequence[Issue], chances: Numbers) -> dict[str, Figure]:
    right = np.array([issue.rank for issue in issues]) == chances.argmax(axis=1)
    sure = chances.max(axis=1)
    return {
        f"{name}.calibration_error": figure_of_rows(lambda rows: calibration_error(sure[rows], right[rows]), len(right))
    }


def _public(resources: Resources, name: str, issues: Sequence[Issue], earlier: Sequence[Issue]) -> dict[str, Figure]:
    chances = _ours(resources, issues)
    learned = NaiveBayes([issue.text for issue in earlier], [str(issue.rank) for issue in earlier])
    ranks = np.array([float(label) for label in learned.labels])
    of_words = np.array([learned.chances(issue.text) for issue in issues])
    expected, simple = chances @ np.arange(4), of_words @ ranks
    gold = np.array([issue.rank for issue in issues])
    simple_level = ranks[of_words.argmax(axis=1)].astype(np.int64)
    severe = gold >= _SEVERE
    way = "naive Bayes learned on earlier issues"

    def beside(measured: Callable[[Numbers, Rows], float]) -> Figure:
        return figure_of_rows(
            lambda rows: measured(expected, rows), len(gold), {way: lambda rows: measured(simple, rows)}
        )

    return {
        f"{name}.auroc_severe": beside(lambda score, rows: auroc(score[rows], severe[rows])),
        f"{name}.recall_severe_at_10_percent_alerts": beside(
            lambda score, rows: recall_at_rate(score[rows], severe[rows], _ALERT_RATE)
        ),
        f"{name}.qwk": figure_of_rows(
            lambda rows: weighted_kappa(gold[rows], chances[rows].argmax(axis=1)),
            len(gold),
            {way: lambda rows: weighted_kappa(gold[rows], simple_level[rows])},
        ),
    }


def _hadoop(folder: Path, split: str) -> list[Issue]:
    rows = read_table(folder / "hadoop_priority.csv.gz", split)
    return [Issue(row["title"], row["description"], _HADOOP[row["priority"]]) for row in rows]


def _eclipse(folder: Path, split: str) -> list[Issue]:
    rows = read_table(folder / "eclipse_severity.csv.gz", split)
    return [Issue(row["title"], "", _ECLIPSE[row["severity"]]) for row in rows if row["severity"] in _ECLIPSE]


def auroc(score: Numbers, positive: NDArray[np.bool_]) -> float:
    """The chance that a positive has the higher score; 0.5 where there is only one kind."""
    many, few = score[~positive], score[positive]
    if not len(many) or not len(few):
        return 0.5
    ordered = np.sort(many)
    below = np.searchsorted(ordered, few, "left") + np.searchsorted(ordered, few, "right")
    return float(below.mean() / (2 * len(many)))


def recall_at_rate(score: Numbers, positive: NDArray[np.bool_], rate: float) -> float:
    """The share of positives among so many with the highest scores."""
    if not positive.any():
        return 0.0
    first = np.argsort(-score, kind="stable")[: max(1, round(rate * len(score)))]
    return float(positive[first].sum() / positive.sum())


def weighted_kappa(gold: NDArray[np.int64], said: NDArray[np.int64]) -> float:
    """Quadratic weighted kappa (Cohen, 1968) of four ordered levels; 0 for agreement by chance."""
    seen = np.zeros((4, 4))
    np.add.at(seen, (gold, said), 1)
    apart = (np.arange(4)[:, None] - np.arange(4)[None, :]) ** 2
    by_chance = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / max(1, len(gold))
    expected = float((apart * by_chance).sum())
    return 1 - float((apart * seen).sum()) / expected if expected else 0.0


def macro_f1(gold: NDArray[np.int64], said: NDArray[np.int64]) -> float:
    """The mean F1 of the labels that there are."""
    f1 = []
    for label in np.unique(gold):
        hit = float(((gold == label) & (said == label)).sum())
        f1.append(2 * hit / max(1.0, float((gold == label).sum() + (said == label).sum())))
    return float(np.mean(f1))


def calibration_error(sure: Numbers, right: NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al., 2017)."""
    place = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    parts = [(place == number) for number in range(_BINS)]
    return float(sum(abs(sure[part].mean() - right[part].mean()) * part.mean() for part in parts if part.any()))
