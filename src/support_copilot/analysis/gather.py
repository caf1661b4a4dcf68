"""Collects all that the parts of the panel are made from: one embedding, two searches, one short read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy import Row

from support_copilot.analysis.case import Case, text_of
from support_copilot.analysis.queries import Card, load_cards, recent_resolutions, template_cards
from support_copilot.backends.search.port import SearchHit
from support_copilot.customers.queries import CustomerHistory, customer_history
from support_copilot.db.documents import Vector
from support_copilot.kit.errors import AppError, UnavailableError
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text
from support_copilot.retrieval.find import find_documents

_log = structlog.get_logger("support_copilot.analysis")

T = TypeVar("T")
_ISSUES: Final = 30
#: Nearly all of a desk: which one is meant is told by more than likeness.
_TEMPLATES: Final = 48
EMPTY_HISTORY: Final = CustomerHistory((), 0, 0)


class SourceFailedError(UnavailableError):
    code, title = "source_failed", "What this part is made from could not be read"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found. ``failures`` maps a source (``search``, ``history``) to the error that kept it away."""

    words: str
    vector: Vector | None
    #: The model that made it.
    embedder: str
    issue_hits: tuple[SearchHit, ...] = ()
    cards: Mapping[str, Card] = field(default_factory=dict)
    template_hits: tuple[SearchHit, ...] = ()
    templates: Mapping[str, Row[Any]] = field(default_factory=dict)
    history: CustomerHistory = EMPTY_HISTORY
    #: float64 (n, 2): hours that recent issues took, days since they were resolved.
    recent: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    failures: Mapping[str, AppError] = field(default_factory=dict)


def gather(resources: Resources, case: Case, now: datetime) -> Gathered:
    """Everything known about the case; a source that fails is named and leaves the others alone."""
    failures: dict[str, AppError] = {}
    words = case.words
    text = text_of(case, words)
    vector = embed_text(resources, text, case.speaker)
    excluded = [*([case.issue_id] if case.issue_id else []), *case.hidden_issue_ids]
    hits: list[SearchHit] = _or_failure(
        failures,
        "search",
        lambda: find_documents(resources, text, vector, kinds=["issue"], exclude_ids=excluded, limit=_ISSUES),
        [],
    )
    documents: list[SearchHit] = _or_failure(
        failures,
        "search",
        lambda: find_documents(
            resources, text, vector, kinds=["template"], filters={"active": ["yes"]}, limit=_TEMPLATES, caught_up=True
        ),
        [],
    )
    found = Gathered(
        words, vector, resources.embedder.model, tuple(hits), template_hits=tuple(documents), failures=failures
    )
    return _or_failure(failures, "history", lambda: _read(resources, case, found, now), found)


def _read(resources: Resources, case: Case, found: Gathered, now: datetime) -> Gathered:
    with resources.database.read() as session:
        return Gathered(
            words=found.words,
            vector=found.vector,
            embedder=found.embedder,
            issue_hits=found.issue_hits,
            cards=load_cards(session, [hit.id for hit in found.issue_hits]),
            template_hits=found.template_hits,
            templates=template_cards(session, [hit.id for hit in found.template_hits]),
            history=customer_history(session, case.customer.id, before=now, exclude_issue_id=case.issue_id)
            if case.customer is not None and case.customer.id
            else EMPTY_HISTORY,
            recent=recent_resolutions(session, now),
            failures=found.failures,
        )


def _or_failure(failures: dict[str, AppError], source: str, ask: Callable[[], T], without: T) -> T:
    try:
        return ask()
    except AppError as error:
        _log.warning("analysis.source.failed", source=source, code=error.code)
        failures[source] = error
    except Exception as error:  # noqa: BLE001  # whatever one source meets, the others still answer
        _log.error("analysis.source.failed", source=source, exc_info=error)
        failures[source] = SourceFailedError()
    return without
