"""Runs tasks and writes one document that the next run can be compared with."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from support_copilot.evaluation.sampling import Figure
from support_copilot.evaluation.tasks import TASKS
from support_copilot.kit.errors import InvalidRequestError

_PACKAGE = Path(__file__).resolve().parent.parent


def evaluate(names: Iterable[str], data: Path | None, held_out: Path | None) -> dict[str, dict[str, Figure]]:
    """Figures of each named task, all tasks where none is named.

    Args:
        data: folder of public data sets, or None: only our own small sets are measured.
        held_out: folder of artefacts that were learned without parts of ``data`` (``make eval`` makes them).

    Raises:
        InvalidRequestError: a task that there is not, a folder that is not there.
    """
    wanted = list(names) or list(TASKS)
    for name in wanted:
        if name not in TASKS:
            raise InvalidRequestError.of_field("task", "unknown", f"must be one of: {', '.join(TASKS)}")
    if data is not None and not data.is_dir():
        raise InvalidRequestError.of_field("data", "not_found", "must be a folder")
    return {name: TASKS[name].measure(own_sets(), data, held_out) for name in wanted}


def as_document(figures: Mapping[str, Mapping[str, Figure]]) -> dict[str, Any]:
    return {"tasks": {task: {name: each.as_json() for name, each in found.items()} for task, found in figures.items()}}


def own_sets() -> Path:
    """The small sets that we wrote: packaged, or in the source tree."""
    packaged = _PACKAGE / "_evals"
    return packaged if packaged.is_dir() else _PACKAGE.parent.parent / "evals"
