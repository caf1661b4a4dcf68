"""How long an issue will take, as a range."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from support_copilot.ml.factors import Factor

RESOLUTION_TIME_MODEL: Final = "resolution-time/1"


@dataclass(frozen=True, slots=True)
class ResolvedNeighbour:
    """A resolved issue like this one: likeness 0..1, hours from opened to resolved, days since it was resolved."""

    likeness: float
    hours: float
    age_days: float = 0.0


@dataclass(frozen=True, slots=True)
class RecentResolution:
    """Any resolved issue of late: hours from opened to resolved, days since it was resolved."""

    hours: float
    age_days: float


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
    neighbours: Sequence[ResolvedNeighbour], recent: Sequence[RecentResolution], severity: str | None = None
) -> TimeEstimate:
    return TimeEstimate(24.0, 1.0, 240.0, 0.8, (), RESOLUTION_TIME_MODEL, False)
