from pathlib import Path

import numpy as np

from support_copilot.evaluation.run import own_sets
from support_copilot.evaluation.tasks.sentiment import macro_recall, measure, negative_f1
from tests.unit.evaluation.test_personal_data import packed

ROWS = (
    "text,label,split\nthis is awful and broken,negative,{0}\n"
    "many thanks it is great,positive,{0}\nmy number is 4,neutral,{0}\n"
)


def test_recall_and_negative_f1() -> None:
    gold, said = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1])

    assert macro_recall(gold, said) == (0.5 + 1 + 0) / 3
    assert negative_f1(gold, said) == 2 / 3
    assert negative_f1(np.array([1]), np.array([1])) == 0


def test_tweets_are_measured_beside_what_was_learned_on_others(tmp_path: Path) -> None:
    rows = ROWS.format("train") + ROWS.format("dev").partition("\n")[2]
    packed(tmp_path / "sentiment" / "airline_tweets_dev.csv.gz", rows)
    packed(tmp_path / "sentiment" / "tweeteval_sentiment_val.csv.gz", "text,label\nawful,negative\ngreat,positive\n")

    figures = measure(own_sets(), tmp_path, None)

    assert figures["airline.macro_f1"].value == 1
    assert figures["airline.macro_f1"].baseline["naive Bayes learned on 9,207 of them"] == 1
    assert set(figures["tweeteval.macro_f1"].baseline) == {"most common mood", "naive Bayes learned on airline tweets"}
