"""Templates: whether the draft follows one that is about what happened, and none where none is.

Issues that nobody sent before come to the desk of the sample company; ``fits`` names the templates that answer each
(none: no template does, and a draft without one is right). ``seen`` ones were there while the matters were written
down (``ml/matters.py``), ``fresh`` ones came afterwards.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import select

from support_copilot.analysis.service import Intake, receive_issue
from support_copilot.connect.columns import Kind
from support_copilot.connect.importer import ImportPlan, import_rows
from support_copilot.connect.readers import RawRow, flat_row
from support_copilot.connect.sample import SAMPLE_SOURCE, sample_issues, sample_templates
from support_copilot.db.models import Template
from support_copilot.evaluation.product import read_lines, scratch_product
from support_copilot.evaluation.sampling import Figure, figure
from support_copilot.guidance.composer import compose_offline
from support_copilot.guidance.gathering import analyze_context
from support_copilot.guidance.schemas import GuidanceRequest
from support_copilot.issues.service import NewMessage
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text, embed_waiting, embedded_text
from support_copilot.retrieval.find import find_documents

_NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
#: So many past issues have every topic several times.
_PAST_ISSUES: Final = 150


def measure(sets: Path, _data: Path | None, _held_out: Path | None) -> dict[str, Figure]:
    rows = read_lines(sets / "templates.jsonl")
    with scratch_product() as resources:
        _store(resources, "templates", sample_templates())
        _store(resources, "issues", islice(sample_issues(_NOW), _PAST_ISSUES))
        embed_waiting(resources)
        names = _names(resources)
        followed = [_followed(resources, row, names) for row in rows]
    figures: dict[str, Figure] = {}
    for name in ("seen", "fresh"):
        told = [(row["fits"], each) for row, each in zip(rows, followed, strict=True) if row["set"] == name]
        draft, panel, nearest = (np.array([_count(fits, each[place]) for fits, each in told]) for place in range(3))
        beside = {"the likest one": nearest}
        for place, metric in enumerate(("right", "wrongly_followed")):
            for prefix, counts in (("", draft), ("panel_", panel)):
                figures[f"own.{name}.{prefix}{metric}"] = figure(
                    counts,
                    lambda sums, place=place: float(sums[place] / sums[-1]),  # type: ignore[misc]
                    beside,
                )
    return figures


def _store(resources: Resources, kind: Kind, records: Iterable[dict[str, Any]]) -> None:
    rows = [RawRow(number, 0, flat_row(record)) for number, record in enumerate(records, 1)]
    import_rows(resources, rows, ImportPlan(kind=kind, source=SAMPLE_SOURCE))


def _names(resources: Resources) -> dict[str, str]:
    """The id of each template -> its name in the sample company."""
    with resources.database.read() as session:
        rows = session.execute(select(Template.id, Template.external_id))
        return {row.id: str(row.external_id) for row in rows}


def _followed(
    resources: Resources, row: Mapping[str, Any], names: Mapping[str, str]
) -> tuple[str | None, str | None, str | None]:
    """Which template the draft follows, which one the panel names first as fitting, and which one is likest."""
    intake = Intake(row["subject"], "email", [NewMessage("customer", row["body"])])
    received = receive_issue(resources, intake, None, "")
    request = GuidanceRequest()
    draft = compose_offline(analyze_context(resources, received.creation.resource_id, request), request)
    panel = received.panel.templates
    fitting = panel.items[0].template_id if panel.status == "ok" else ""
    text = embedded_text(row["subject"], row["body"])
    likest = find_documents(resources, text, embed_text(resources, text), kinds=["template"], limit=1)
    return (
        names[draft.template[0]] if draft.template else None,
        names.get(fitting),
        names[likest[0].id] if likest else None,
    )


def _count(fits: list[str], chosen: str | None) -> tuple[float, float, float]:
    """Right, wrongly followed, one."""
    return float(chosen in fits if fits else chosen is None), float(chosen is not None and chosen not in fits), 1.0
