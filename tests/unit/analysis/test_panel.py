"""Each part of the panel may fail alone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from structlog.testing import capture_logs

from support_copilot.analysis.case import Case, case_of_words
from support_copilot.analysis.gather import gather
from support_copilot.analysis.panel import analyze_case, assemble
from support_copilot.analysis.schemas import Panel
from support_copilot.backends.embedder.none import NoEmbedder
from support_copilot.backends.search.port import SearchUnavailableError
from support_copilot.db.engine import DatabaseUnavailableError
from support_copilot.issues.service import NewMessage
from support_copilot.resources import Resources
from tests.conftest import StepClock

PARTS = set(Panel.model_fields) - {"issue_id", "analyzed_at", "duration_ms"}


def a_case(**given: Any) -> Case:
    messages = [NewMessage("customer", "Nobody can pay since this morning, order A-10442 is stuck. Very angry!")]
    return replace(case_of_words("Checkout fails", messages, None, StepClock().now), **given)


def unavailable(panel: Panel) -> set[str]:
    return {name for name in PARTS if getattr(panel, name).status == "unavailable"}


@pytest.mark.parametrize(
    ("broken", "takes_along"),
    [
        ("parts.language_part", {"language"}),
        ("parts.sentiment_part", {"sentiment"}),
        ("parts.entities_part", {"entities"}),
        ("parts.category_part", {"category"}),
        # What is critical is read from the severity; without it nobody knows.
        ("parts.read_severity", {"severity", "critical"}),
        ("parts.severity_part", {"severity"}),
        ("parts.critical_part", {"critical"}),
        ("parts.resolution_time_part", {"resolution_time"}),
        ("parts.satisfaction_part", {"satisfaction_risk"}),
        ("fitting.templates_part", {"templates"}),
        ("similar_issues", {"similar_issues"}),
        ("customer_part", {"customer"}),
    ],
)
def test_a_part_that_fails_says_so_and_leaves_the_others_alone(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, broken: str, takes_along: set[str]
) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("secret text")

    monkeypatch.setattr(f"support_copilot.analysis.panel.{broken}", fail)
    case = a_case()
    with capture_logs() as logs:
        panel = assemble(case, gather(resources, case, case.created_at), case.created_at)

    assert unavailable(panel) == takes_along
    assert "secret" not in panel.model_dump_json()
    assert {event["event"] for event in logs} == {"analysis.part.failed"}


class _BrokenSearch:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def position(self) -> int:
        raise self.error

    def search(self, _query: object) -> None:
        raise self.error


class _BrokenEmbedder(NoEmbedder):
    dimension = 384  # type: ignore[assignment]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise RuntimeError("the model's session is gone")


@pytest.mark.parametrize(
    "error", [SearchUnavailableError(), ValueError("a file is damaged")], ids=["away", "unexpected"]
)
def test_without_search_the_parts_that_need_none_still_answer(resources: Resources, error: Exception) -> None:
    case = a_case()
    broken = replace(resources, search=_BrokenSearch(error))  # type: ignore[arg-type]

    panel, _ = analyze_case(broken, case, case.created_at)

    assert unavailable(panel) == {"similar_issues", "category", "templates"}
    assert panel.severity.value is not None


@pytest.mark.parametrize("error", [DatabaseUnavailableError(), RuntimeError("unexpected")], ids=["away", "unexpected"])
def test_without_history_the_parts_that_need_none_still_answer(
    resources: Resources, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr("support_copilot.analysis.gather.load_cards", fail)
    case = a_case()

    panel, _ = analyze_case(resources, case, case.created_at)

    assert unavailable(panel) == {"similar_issues", "customer", "resolution_time", "satisfaction_risk", "templates"}


@pytest.mark.parametrize("embedder", [NoEmbedder(), _BrokenEmbedder()], ids=["none", "unexpected"])
def test_without_a_model_of_meaning_everything_answers_by_words(resources: Resources, embedder: NoEmbedder) -> None:
    case = a_case()

    panel, vector = analyze_case(replace(resources, embedder=embedder), case, case.created_at)

    assert unavailable(panel) == set()
    assert vector is None


@pytest.mark.parametrize(
    ("part", "field", "said"),
    [("severity", "value", "low"), ("category", "value", "billing"), ("language", "code", "de"),
     ("sentiment", "label", "positive"), ("resolution_time", "median_hours", 3.0),
     ("satisfaction_risk", "probability", 0.9), ("critical", "value", True)],
)  # fmt: skip
def test_a_persons_word_stands_above_the_models(resources: Resources, part: str, field: str, said: object) -> None:
    case = a_case(corrected={part: said})

    panel, _ = analyze_case(resources, case, case.created_at)

    assert getattr(getattr(panel, part), field) == said
    assert getattr(panel, part).status == "ok"


def test_a_persons_word_stands_even_where_the_model_fails(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support_copilot.analysis.panel.parts.read_severity", None)
    case = a_case(corrected={"severity": "critical"})

    panel, _ = analyze_case(resources, case, case.created_at)

    assert (panel.severity.status, panel.severity.problem, panel.severity.value) == ("ok", None, "critical")
    assert panel.critical.value is True
    assert unavailable(panel) == set()
