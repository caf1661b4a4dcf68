"""How long an issue will take, as a range.

Quantiles of log hours of what was resolved before, each case weighted by how like and how recent it is. On the public
logs that we measured the level drifts by a factor of 30 within two months, so recency decides, and likeness refines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, exp2, expm1, log1p
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from support_copilot.kit.reasons import Reason
from support_copilot.ml.factors import Factor

RESOLUTION_TIME_MODEL: Final = "resolution-time/1"

_COVERAGE: Final = 0.8
#: After so many days a resolved issue counts half.
_HALF_LIFE_DAYS: Final = 14.0
#: When even the newest end is that old, all of them count half: the desk may work differently by now.
_STALE_DAYS: Final = 365.0
#: A neighbour whose likeness is 1 counts as much as so many issues that are merely recent.
_NEIGHBOUR_WEIGHT: Final = 20.0
#: The prior counts as so many issues of today.
_PRIOR_WEIGHT: Final = 3.0
#: Median hours by severity when nothing is known: what desks promise more than what they keep, so very wide.
_PRIOR_MEDIAN_HOURS: Final = {"critical": 4.0, "high": 12.0, "medium": 24.0, "low": 48.0}
_UNKNOWN_MEDIAN_HOURS: Final = 24.0
_PRIOR_SPREAD: Final = 1.3
#: How much faster a level is than "medium" among cases of all levels, in log hours; small, since priority says little.
_SEVERITY_SHIFT: Final = {"critical": -0.4, "high": -0.15, "medium": 0.0, "low": 0.1}
_SURE_WEIGHT: Final = 10.0
_FIRST: Final = Reason("time.severe_first", "severe issues are handled first")
_LATER: Final = Reason("time.less_severe_wait", "less severe issues wait")
_LONGEST_HOURS: Final = 24.0 * 365 * 3
#: z of the 10 % and 90 % points, and points of the prior that stand for its distribution.
_Z: Final = np.array([-1.6449, -1.0364, -0.6745, -0.3853, -0.1257, 0.1257, 0.3853, 0.6745, 1.0364, 1.6449])


class ResolvedNeighbour(NamedTuple):
    """A resolved issue like this one: likeness 0..1, hours from opened to resolved, days since it was resolved."""

    likeness: float
    hours: float
    age_days: float = 0.0


@dataclass(frozen=True, slots=True)
class TimeEstimate:
    """Hours: low <= median <= high; ``coverage`` of such ranges hold the truth."""

    median_hours: float
    low_hours: float
    high_hours: float
    coverage: float
    factors: tuple[Factor, ...]
    model: str
    sure: bool


def estimate_resolution_time(
    neighbours: Sequence[ResolvedNeighbour],
    recent: NDArray[np.float64],
    severity: str | None = None,
) -> TimeEstimate:
    """The range of hours from opening to resolution, in which 80 % of such issues end.

    Args:
        neighbours: resolved issues like this one, in any order.
        recent: float64 (n, 2), hours from opened to resolved and days since, of the newest resolved issues of any kind
            (some hundred are plenty), in any order.
        severity: critical, high, medium, low, or None when unknown.

    Returns:
        Always finite and in order. Without history it is a wide guess by severity, and not sure. Effects of the
        factors are in log hours: positive makes it longer than the recent median.
    """
    # Columns: likeness (1 for what is merely recent), hours, days since.
    near = _usable(np.array(neighbours, dtype=np.float64).reshape(-1, 3))
    late = _usable(np.insert(recent, 0, 1.0, axis=1))
    shift = _SEVERITY_SHIFT.get(severity or "", 0.0)
    near_logs, late_logs = np.log1p(near[:, 1]), np.log1p(late[:, 1])
    ages = np.concatenate([near[:, 2], late[:, 2]])
    # Recent means near the newest known end: an archive that stops last year still knows more than the prior.
    newest = max(0.0, float(ages.min())) if len(ages) else 0.0
    weights = exp2(-newest / _STALE_DAYS) * np.exp2(-np.maximum(0.0, ages - newest) / _HALF_LIFE_DAYS)
    weights[: len(near)] *= _NEIGHBOUR_WEIGHT * np.maximum(0.0, near[:, 0]) ** 2
    prior = log1p(_PRIOR_MEDIAN_HOURS.get(severity or "", _UNKNOWN_MEDIAN_HOURS))
    low, median, high = _quantiles(
        np.concatenate([near_logs, late_logs + shift, prior + _PRIOR_SPREAD * _Z]),
        np.concatenate([weights, np.full(len(_Z), _PRIOR_WEIGHT / len(_Z))]),
    )
    return TimeEstimate(
        median_hours=_hours(median),
        low_hours=_hours(low),
        high_hours=_hours(high),
        coverage=_COVERAGE,
        factors=_factors(near_logs, late_logs, shift, median),
        model=RESOLUTION_TIME_MODEL,
        sure=float(weights.sum()) >= _SURE_WEIGHT,
    )


def _usable(cases: NDArray[np.float64]) -> NDArray[np.float64]:
    hours, age_days = cases[:, 1], cases[:, 2]
    return cases[np.isfinite(hours) & np.isfinite(age_days) & (hours >= 0)]


def _quantiles(values: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[float, float, float]:
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order]
    middle = (np.cumsum(weights) - weights / 2) / weights.sum()
    margin = (1 - _COVERAGE) / 2
    low, median, high = np.interp([margin, 0.5, 1 - margin], middle, values)
    return float(low), float(median), float(high)


def _hours(log_hours: float) -> float:
    return round(min(_LONGEST_HOURS, max(0.0, expm1(log_hours))), 2)


def _factors(near: NDArray[np.float64], late: NDArray[np.float64], shift: float, median: float) -> tuple[Factor, ...]:
    """From log hours of similar and of recent cases."""
    factors = []
    usual = float(np.median(late)) if len(late) else None
    if len(near):
        typical = float(np.median(near))
        said = f"{len(near)} similar issues took about {_readable(typical)}"
        label = Reason("time.similar", said, count=len(near), hours=_hours(typical))
        factors.append(Factor(label, round(typical - (median if usual is None else usual), 3)))
    if usual is not None:
        said = f"{len(late)} recent issues took about {_readable(usual)}"
        factors.append(Factor(Reason("time.recent", said, count=len(late), hours=_hours(usual)), 0.0))
    if shift:
        factors.append(Factor(_FIRST if shift < 0 else _LATER, shift))
    if not len(near) and not len(late):
        factors.append(Factor(Reason("time.nothing_resolved", "no resolved issues to compare with yet"), 0.0))
    return tuple(factors)


def _readable(log_hours: float) -> str:
    hours = exp(log_hours) - 1
    return f"{hours:.0f} h" if hours >= 1.5 else f"{60 * hours:.0f} min"
