import numpy as np

from support_copilot.evaluation.baselines import Bm25, NaiveBayes


def test_naive_bayes_takes_the_label_whose_words_are_there() -> None:
    learned = NaiveBayes(["site down now", "site is down", "nice colour please"], ["severe", "severe", "harmless"])

    assert learned.labels == ["harmless", "severe"]
    assert learned.label("is the site down?") == "severe"
    assert learned.label("another colour") == "harmless"
    assert learned.chances("words it never saw").sum() == 1.0


def test_bm25_prefers_the_rare_word_and_the_short_text() -> None:
    index = Bm25(["the printer is blank", "the printer prints the report of the month", "the invoice"])

    assert int(np.argmax(index.scores("blank printer"))) == 0
    assert index.scores("zebra").tolist() == [0.0, 0.0, 0.0]
    scores = index.scores("printer")
    assert scores[0] > scores[1] > scores[2] == 0
