from pathlib import Path

import numpy as np
import pytest

from support_copilot.evaluation.run import own_sets
from support_copilot.evaluation.tasks.severity import (
    auroc,
    calibration_error,
    macro_f1,
    measure,
    recall_at_rate,
    weighted_kappa,
)
from tests.unit.evaluation.test_personal_data import packed


def numbers(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def test_agreement_is_1_for_the_same_0_for_chance_and_less_for_far_apart() -> None:
    gold = numbers(0, 1, 2, 3)

    assert weighted_kappa(gold, gold) == 1
    assert weighted_kappa(gold, numbers(1, 1, 1, 1)) == 0
    assert weighted_kappa(gold, numbers(0, 1, 3, 2)) > weighted_kappa(gold, numbers(3, 1, 2, 0))


def test_the_order_of_severe_ones_is_what_auroc_and_recall_see() -> None:
    score, severe = np.array([0.9, 0.8, 0.3, 0.1]), np.array([True, False, True, False])

    assert auroc(score, severe) == 0.75
    assert auroc(score, np.array([False] * 4)) == 0.5
    assert auroc(np.zeros(4), severe) == 0.5
    assert recall_at_rate(score, severe, 0.25) == 0.5
    assert recall_at_rate(score, np.array([False] * 4), 0.25) == 0


def test_macro_f1_counts_rare_labels_as_much() -> None:
    assert macro_f1(numbers(0, 0, 0, 1), numbers(0, 0, 0, 0)) == pytest.approx((6 / 7) / 2)


def test_calibration_error_is_the_distance_of_confidence_and_truth() -> None:
    assert calibration_error(np.array([0.75, 0.75, 0.75, 0.75]), np.array([True, True, True, False])) == 0
    assert calibration_error(np.array([1.0, 1.0]), np.array([False, False])) == 1


def test_trackers_are_measured_beside_what_was_learned_on_earlier_issues(tmp_path: Path) -> None:
    rows = ["id,title,description,priority,split"]
    rows += [f"{n},Cluster down data lost,,Blocker,train\n{n},Typo in the docs,,Trivial,dev" for n in range(6)]
    rows += [f"{n},Typo in the readme,,Trivial,train\n{n},Server down and data lost,,Critical,dev" for n in range(6)]
    packed(tmp_path / "severity" / "hadoop_priority.csv.gz", "\n".join(rows) + "\n")
    eclipse = "id,title,severity,split\n1,Crash,blocker,dev\n2,Crash,blocker,train\n3,Idea,enhancement,dev\n"
    eclipse += "4,Typo,trivial,dev\n"
    packed(tmp_path / "severity" / "eclipse_severity.csv.gz", eclipse)

    figures = measure(own_sets(), tmp_path, None)

    assert figures["hadoop.auroc_severe"].value == 1
    assert figures["hadoop.auroc_severe"].baseline == {"naive Bayes learned on earlier issues": 1}
    assert figures["eclipse.auroc_severe"].value == 1
