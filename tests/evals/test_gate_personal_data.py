"""What our own small set must reach; a change that misses more or masks more than this does not land."""

import pytest

from support_copilot.evaluation.run import evaluate
from support_copilot.evaluation.sampling import Figure


@pytest.fixture(scope="module")
def figures() -> dict[str, Figure]:
    return evaluate(["personal_data"], None, None)["personal_data"]


@pytest.mark.parametrize(
    ("metric", "least"),
    [
        ("own.person.recall", 0.92),
        ("own.address.recall", 0.92),
        ("own.pattern.recall", 0.95),
        ("own.characters_masked", 0.95),
    ],
)
def test_enough_is_found(figures: dict[str, Figure], metric: str, least: float) -> None:
    assert figures[metric].value >= least
    assert figures[metric].value >= figures[metric].baseline["regular expressions"]


def test_little_else_is_masked(figures: dict[str, Figure]) -> None:
    assert figures["own.false_alarms_per_1000_words"].value <= 3
