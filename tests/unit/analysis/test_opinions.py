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
    heard = with_sentiment(mood("neutral", 0.1, 0.5), opinion("negative"))
    assert (heard.label, heard.value, heard.model, heard.confidence) == ("negative", -0.3, ENGINE, None)
    assert heard.opinion is not None
    assert heard.opinion.counts


@pytest.mark.parametrize("said", ["positive", "neutral"])
@pytest.mark.parametrize(("confidence", "stays"), [(0.98, True), (0.7, True), (0.69, False)])
def test_against_plain_words_a_model_makes_the_part_unsure_and_no_more(
    said: str, confidence: float, stays: bool
) -> None:
    heard = with_sentiment(mood("negative", -0.6, confidence), opinion(said))
    assert (heard.label, heard.status) == (("negative", "unsure") if stays else (said, "ok"))
    assert heard.opinion is not None
    assert heard.opinion.counts is not stays


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


def severity(critical: float, high: float, medium: float, low: float, status: str = "ok") -> SeverityPart:
    shares = {"critical": critical, "high": high, "medium": medium, "low": low}
    value = max(shares, key=lambda level: shares[level])
    return SeverityPart.model_validate(
        {"value": value, "confidence": shares[value], "probabilities": shares, "status": status}
    )


@pytest.mark.parametrize(("before", "said", "after", "status"), [
    (severity(0.05, 0.4, 0.45, 0.1), "high", "high", "unsure"),
    (severity(0.0, 0.37, 0.63, 0.0), "high", "medium", "ok"),
    (severity(0.0, 0.38, 0.62, 0.0), "high", "high", "unsure"),
    (severity(0.05, 0.4, 0.45, 0.1), "medium", "medium", "ok"),
    (severity(0.59, 0.36, 0.03, 0.02), "high", "critical", "ok"),
    (severity(0.45, 0.44, 0.06, 0.05, "unsure"), "high", "critical", "unsure"),
    (severity(0.05, 0.48, 0.45, 0.02), "medium", "high", "ok"),
    (severity(0.05, 0.48, 0.45, 0.02, "unsure"), "medium", "medium", "unsure"),
])  # fmt: skip
def test_severity_moves_by_one_voice_and_never_down_from_what_is_sure(
    before: SeverityPart, said: str, after: str, status: str
) -> None:
    heard = with_severity(before, opinion(said))
    assert (heard.value, heard.status) == (after, status)
    assert sum(heard.probabilities.values()) == pytest.approx(1, abs=0.001)
