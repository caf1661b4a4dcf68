import numpy as np

from support_copilot.evaluation.sampling import FOLDS, figure, fold_of


def test_interval_holds_the_value_and_the_baseline_is_of_the_same_groups() -> None:
    counts = np.array([[float(n % 3 == 0), 1.0] for n in range(300)])
    found = figure(counts, lambda sums: float(sums[0] / sums[1]), {"never": counts * np.array([0.0, 1.0])})
    assert found.low < found.value == 100 / 300 < found.high
    assert found.high - found.low < 0.15
    assert found.baseline == {"never": 0.0}


def test_same_counts_give_the_same_interval() -> None:
    counts = np.arange(40, dtype=np.float64).reshape(20, 2)
    first, second = (figure(counts, lambda sums: float(sums[0]), {}) for _ in range(2))
    assert first == second


def test_folds_are_fixed_and_all_used() -> None:
    assert fold_of("presidio-12") == fold_of("presidio-12")
    assert {fold_of(f"group-{n}") for n in range(100)} == set(range(FOLDS))
