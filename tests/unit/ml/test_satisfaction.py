import math

import pytest

from support_copilot.ml.satisfaction import SatisfactionFeatures, predict_satisfaction_risk


def test_nothing_known_is_the_base_rate_and_unsure() -> None:
    risk = predict_satisfaction_risk(SatisfactionFeatures())
    assert 0.1 < risk.probability < 0.25
    assert not risk.sure
    assert risk.factors == ()


def test_anger_waiting_and_repeats_raise_the_risk() -> None:
    features = SatisfactionFeatures(
        sentiment_last=-0.8, sentiment_trend="falling", hours_waiting=30, repeat_contacts=2, reopened=True
    )
    risk = predict_satisfaction_risk(features)
    assert risk.probability > 0.7
    assert risk.sure
    assert "the mood is falling" in [factor.label for factor in risk.factors]
    assert all(factor.effect > 0 for factor in risk.factors)


def test_a_happy_customer_with_good_ratings_is_no_risk() -> None:
    features = SatisfactionFeatures(sentiment_last=0.8, sentiment_trend="rising", past_ratings=(5, 5))
    assert predict_satisfaction_risk(features).probability < 0.1


def test_the_strongest_reason_comes_first() -> None:
    features = SatisfactionFeatures(sentiment_last=-0.9, customer_messages=3, past_ratings=(1, 2))
    effects = [abs(factor.effect) for factor in predict_satisfaction_risk(features).factors]
    assert effects == sorted(effects, reverse=True)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, -5.0, 1e300])
def test_rotten_numbers_stay_in_range(number: float) -> None:
    features = SatisfactionFeatures(
        sentiment_last=number, sentiment_lowest=number, hours_open=number, hours_waiting=number, past_ratings=(99, -3)
    )
    assert 0 <= predict_satisfaction_risk(features).probability <= 1
