"""How much a language model's word counts beside the local models: one voice, and never against plain words."""

import pytest

from support_copilot.analysis.opinions import with_category, with_sentiment, with_severity
from support_copilot.analysis.schemas import CategoryPart, ModelOpinion, SentimentPart, SeverityPart
from support_copilot.ml.sentiment import SentimentLabel

ENGINE = "stand-in-1 (sentiment/1)"


def opinion(value: str | None) -> ModelOpinion:
    return ModelOpinion(value=value, counts=False, detail="…", engine=ENGINE, messages_read=1)


def mood(label: SentimentLabel, value: float, confidence: float) -> SentimentPart:
    return SentimentPart(label=label, value=value, confidence=confidence, trend="steady", model="sentiment/1")


def test_a_mood_that_only_the_model_hears_is_taken_under_its_name() -> None:
    heard = with_sentiment(mood("neutral", 0.1, 0.9), opinion("negative"))
    assert (heard.label, heard.value, heard.model, heard.confidence) == ("negative", -0.3, ENGINE, None)
    assert heard.opinion is not None
    assert heard.opinion.counts


@pytest.mark.parametrize(("confidence", "label", "status"), [(0.9, "negative", "unsure"), (0.5, "positive", "ok")])
def test_the_opposite_of_plain_words_makes_the_part_unsure_and_no_more(
    confidence: float, label: str, status: str
) -> None:
    heard = with_sentiment(mood("negative", -0.6, confidence), opinion("positive"))
    assert (heard.label, heard.status) == (label, status)
    assert heard.opinion is not None
    assert heard.opinion.counts is (label == "positive")


def test_the_same_mood_keeps_the_value_of_the_local_model() -> None:
    heard = with_sentiment(mood("negative", -0.6, 0.9), opinion("negative"))
    assert (heard.value, heard.model) == (-0.6, "sentiment/1")


def test_a_model_that_said_nothing_usable_changes_nothing_but_is_mentioned() -> None:
    before = mood("neutral", 0.1, 0.9)
    heard = with_sentiment(before, opinion(None))
    assert heard == before.model_copy(update={"opinion": opinion(None)})


def test_a_category_fills_a_gap_and_overrules_nothing() -> None:
    gap = with_category(CategoryPart(status="unsure", value="billing", help="More."), opinion("delivery"))
    assert (gap.status, gap.value, gap.model, gap.help) == ("ok", "delivery", ENGINE, None)
    known = with_category(CategoryPart(value="billing", confidence=0.9, model="category/1"), opinion("delivery"))
    assert (known.value, known.model) == ("billing", "category/1")
    assert known.opinion is not None
    assert not known.opinion.counts


def severity(critical: float, high: float, medium: float, low: float) -> SeverityPart:
    shares = {"critical": critical, "high": high, "medium": medium, "low": low}
    value = max(shares, key=lambda level: shares[level])
    return SeverityPart.model_validate({"value": value, "confidence": shares[value], "probabilities": shares})


@pytest.mark.parametrize(("before", "said", "after"), [
    (severity(0.05, 0.4, 0.45, 0.1), "high", "high"),
    (severity(0.05, 0.2, 0.65, 0.1), "high", "medium"),
    (severity(0.7, 0.2, 0.05, 0.05), "low", "critical"),
])  # fmt: skip
def test_severity_moves_by_one_voice_and_stays_a_distribution(before: SeverityPart, said: str, after: str) -> None:
    heard = with_severity(before, opinion(said))
    assert heard.value == after
    assert sum(heard.probabilities.values()) == pytest.approx(1, abs=0.001)
    assert heard.factors[-1].label == f"a language model reads {said}"
