"""One file a task; ``TASKS`` is the list that ``support-copilot eval`` knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from support_copilot.evaluation.sampling import Figure
from support_copilot.evaluation.tasks import (
    entailment,
    incidents,
    personal_data,
    retrieval,
    sentiment,
    severity,
    summary,
    templates,
)


@dataclass(frozen=True, slots=True)
class Task:
    """``measure`` takes the folder of our own small sets and, where they are there, the folder of public data and the
    one of artefacts that were learned without parts of it; what cannot be measured without them is left out.
    """

    measure: Callable[[Path, Path | None, Path | None], dict[str, Figure]]


TASKS: Final[Mapping[str, Task]] = {
    "personal_data": Task(personal_data.measure),
    "retrieval": Task(retrieval.measure),
    "sentiment": Task(sentiment.measure),
    "severity": Task(severity.measure),
    "incidents": Task(incidents.measure),
    "entailment": Task(entailment.measure),
    "summary": Task(summary.measure),
    "templates": Task(templates.measure),
}
