"""The mood of single messages, with nothing learned on the texts that are measured."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from support_copilot.evaluation.baselines import NaiveBayes
from support_copilot.evaluation.product import read_lines, read_table
from support_copilot.evaluation.sampling import Figure, figure_of_rows
from support_copilot.evaluation.tasks.severity import macro_f1
from support_copilot.ml.sentiment import score_sentiment

_LABELS: Final = ("negative", "neutral", "positive")
Labels = NDArray[np.int64]


def measure(sets: Path, data: Path | None, _held_out: Path | None) -> dict[str, Figure]:
    own = read_lines(sets / "sentiment.jsonl")
    figures = _figures("own", own, {})
    figures |= _figures("own.not_english", [row for row in own if row["language"] != "en"], {})
    if data is None:
        return figures
    airline = data / "sentiment" / "airline_tweets_dev.csv.gz"
    earlier = read_table(airline, "train")
    learned = NaiveBayes([row["text"] for row in earlier], [row["label"] for row in earlier])
    ways = {"naive Bayes learned on 9,207 of them": learned}
    figures |= _figures("airline", read_table(airline, "dev"), ways)
    tweets = read_table(data / "sentiment" / "tweeteval_sentiment_val.csv.gz")
    return figures | _figures("tweeteval", tweets, {"naive Bayes learned on airline tweets": learned})


def _figures(name: str, rows: Sequence[Mapping[str, str]], ways: Mapping[str, NaiveBayes]) -> dict[str, Figure]:
    gold = _numbers([row["label"] for row in rows])
    ours = _numbers([score_sentiment(row["text"], row.get("language") or "en").label for row in rows])
    most = np.full(len(gold), np.bincount(gold, minlength=3).argmax())
    others = {"most common mood": most} | {
        way: _numbers([learned.label(row["text"]) for row in rows]) for way, learned in ways.items()
    }
    return {
        f"{name}.{metric}": figure_of_rows(
            lambda drawn, measured=measured: measured(gold[drawn], ours[drawn]),  # type: ignore[misc]
            len(gold),
            {
                way: lambda drawn, measured=measured, said=said: measured(gold[drawn], said[drawn])  # type: ignore[misc]
                for way, said in others.items()
            },
        )
        for metric, measured in (("macro_f1", macro_f1), ("macro_recall", macro_recall), ("negative.f1", negative_f1))
    }


def _numbers(labels: Sequence[str]) -> Labels:
    return np.array([_LABELS.index(label) for label in labels])


def macro_recall(gold: Labels, said: Labels) -> float:
    return float(np.mean([(said[gold == label] == label).mean() for label in np.unique(gold)]))


def negative_f1(gold: Labels, said: Labels) -> float:
    hit = float(((gold == 0) & (said == 0)).sum())
    return 2 * hit / max(1.0, float((gold == 0).sum() + (said == 0).sum()))
