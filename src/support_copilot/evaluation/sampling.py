"""Figures with the interval in which they lie, and the folds that keep training and measuring apart."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FOLDS: Final = 5
_ROUNDS: Final = 1000
_FEWER_ROUNDS: Final = 300
_SEED: Final = 17


Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figure:
    """``low`` and ``high``: the 95 % interval; ``baseline``: the same figure of named simple ways, of the same run."""

    value: float
    low: float
    high: float
    baseline: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        rounded = {name: round(value, 4) for name, value in self.baseline.items()}
        return {
            "value": round(self.value, 4),
            "low": round(self.low, 4),
            "high": round(self.high, 4),
            "baseline": rounded,
        }


def fold_of(group: str) -> int:
    """The fold of a group of texts that belong together; the same on every machine."""
    return zlib.crc32(group.encode("utf-8")) % FOLDS


def figure(
    counts: NDArray[np.float64],
    statistic: Callable[[NDArray[np.float64]], float],
    baselines: dict[str, NDArray[np.float64]],
) -> Figure:
    """A statistic of summed counts, with its bootstrap interval (percentiles of 1,000 draws of whole groups).

    Args:
        counts: float64 (groups, k), what was counted in each group of texts that belong together.
        statistic: of the sum over the groups, float64 (k,).
        baselines: counts of the same groups by other ways.
    """
    chance = np.random.default_rng(_SEED)
    drawn = chance.integers(0, len(counts), size=(_ROUNDS, len(counts)))
    values = [statistic(counts[rows].sum(axis=0)) for rows in drawn]
    low, high = np.percentile(values, [2.5, 97.5])
    others = {name: statistic(other.sum(axis=0)) for name, other in baselines.items()}
    return Figure(statistic(counts.sum(axis=0)), float(low), float(high), others)


def figure_of_rows(
    statistic: Callable[[Rows], float], rows: int, baselines: dict[str, Callable[[Rows], float]] | None = None
) -> Figure:
    """A statistic that no sum of counts gives, with its bootstrap interval (percentiles of 300 draws of rows).

    Args:
        statistic: of the rows with these positions, which may repeat.
        baselines: the same statistic of other ways.
    """
    chance, everything = np.random.default_rng(_SEED), np.arange(rows)
    values = [statistic(chance.integers(0, rows, size=rows)) for _ in range(_FEWER_ROUNDS)]
    low, high = np.percentile(values, [2.5, 97.5])
    others = {name: other(everything) for name, other in (baselines or {}).items()}
    return Figure(statistic(everything), float(low), float(high), others)
