import math
import random

import numpy as np
import pytest
from numpy.typing import NDArray

from support_copilot.ml.resolution_time import (
    ResolvedNeighbour,
    TimeEstimate,
    estimate_resolution_time,
)


def late(*rows: tuple[float, float]) -> NDArray[np.float64]:
    """Hours from opened to resolved, days since."""
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def in_order(estimate: TimeEstimate) -> bool:
    return 0 <= estimate.low_hours <= estimate.median_hours <= estimate.high_hours < math.inf


def test_without_history_it_is_a_wide_guess_by_severity() -> None:
    critical, low = (estimate_resolution_time([], late(), severity) for severity in ("critical", "low"))
    assert not critical.sure
    assert in_order(critical)
    assert critical.median_hours < low.median_hours
    assert critical.high_hours > 5 * critical.low_hours


def test_recent_history_decides() -> None:
    recent = late(*[(2.0, 1.0)] * 50, *[(200.0, 120.0)] * 50)
    estimate = estimate_resolution_time([], recent)
    assert estimate.sure
    assert 1.5 < estimate.median_hours < 3


def test_similar_issues_pull_the_estimate() -> None:
    recent = late(*[(2.0, 3.0)] * 20)
    near = [ResolvedNeighbour(0.9, 72.0, 5.0)] * 5
    assert estimate_resolution_time(near, recent).median_hours > 20 > estimate_resolution_time([], recent).median_hours


def test_four_fifths_of_like_cases_end_within_the_range() -> None:
    source = random.Random(3)
    hours = [math.exp(source.gauss(2, 1.2)) for _ in range(2300)]
    estimate = estimate_resolution_time([], late(*[(value, 1.0) for value in hours[:300]]))
    inside = sum(estimate.low_hours <= value <= estimate.high_hours for value in hours[300:])
    assert 0.76 < inside / 2000 < 0.84


def test_factors_say_what_was_compared() -> None:
    estimate = estimate_resolution_time([ResolvedNeighbour(0.9, 10.0)], late((5.0, 1.0)), "critical")
    assert [factor.label for factor in estimate.factors] == [
        "1 similar issues took about 10 h",
        "1 recent issues took about 5 h",
        "severe issues are handled first",
    ]
    assert estimate.factors[0].effect > 0


@pytest.mark.parametrize("hours", [math.nan, math.inf, -5.0, 0.0, 1e300])
def test_rotten_numbers_leave_it_finite_and_in_order(hours: float) -> None:
    near = [ResolvedNeighbour(2.0, hours, hours), ResolvedNeighbour(-1.0, 5.0, -3.0)]
    assert in_order(estimate_resolution_time(near, late((hours, 1.0)), "no such level"))


def test_an_archive_that_ended_long_ago_still_counts_more_than_nothing() -> None:
    old = late(*[(300.0, 200.0 + day) for day in range(60)])
    estimate = estimate_resolution_time([], old, "medium")
    assert estimate.median_hours == 300.0


def test_what_is_recent_is_measured_from_the_newest_end() -> None:
    old = [(300.0, 400.0 + day) for day in range(60)]
    new = [(2.0, 300.0 + day) for day in range(60)]
    assert estimate_resolution_time([], late(*old, *new), "medium").median_hours < 10
