"""The sample company in the record: loaded at once by the command line, or in the background for whoever asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any, Final, Literal

from sqlalchemy import func, or_, select

from support_copilot.connect.columns import Kind
from support_copilot.connect.importer import ImportPlan, import_rows
from support_copilot.connect.readers import RawRow, flat_row
from support_copilot.connect.sample import (
    SAMPLE_SOURCE,
    sample_articles,
    sample_customers,
    sample_issues,
    sample_templates,
)
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Article, Customer, Issue, Job, Template
from support_copilot.db.outbox import enqueue, revive
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import LOCAL_CLI, Principal
from support_copilot.kit.errors import ConflictError
from support_copilot.resources import Resources

LOAD_SAMPLE: Final = "connect.load_sample"
#: So few at a time that whoever watches sees it go on.
_BATCH: Final = 40
_ROWS: Final = (Customer, Template, Article, Issue)

_OTHERS: Final = (
    select(Issue.id).where(or_(Issue.external_source.is_(None), Issue.external_source != SAMPLE_SOURCE)).limit(1)
)
_NEWEST_JOB: Final = select(Job).where(Job.name == LOAD_SAMPLE).order_by(Job.created_at.desc(), Job.id.desc()).limit(1)

State = Literal["none", "loading", "loaded", "failed"]


class RecordNotEmptyError(ConflictError):
    code, title = "record_not_empty", "There are issues already, and made-up ones would stand among them"


@dataclass(frozen=True, slots=True)
class SampleProgress:
    """How far the sample company has come: ``done`` of ``total`` rows are in the record."""

    state: State
    done: int
    total: int


def load_sample(
    resources: Resources,
    now: datetime,
    actor: Principal = LOCAL_CLI,
    report_rows: Callable[[int], None] = lambda _rows: None,
    *,
    alone: bool = False,
) -> dict[str, int]:
    """Import the sample company, in the order in which its parts refer to each other.

    Args:
        now: when its story ends. The same moment again makes no difference, so that a load that broke off goes on.
        actor: whom the audit trail names.
        alone: stop as soon as there are other issues.

    Returns:
        Rows by kind.

    Raises:
        RecordNotEmptyError: ``alone``, and issues came that are not of the sample; what is loaded by then stays.
    """
    counts: dict[str, int] = {}
    for kind, records in _parts(now):
        rows = (RawRow(number, 0, flat_row(record)) for number, record in enumerate(records, 1))
        counts[kind] = 0
        while batch := list(islice(rows, _BATCH)):
            if alone:
                with resources.database.read() as session:
                    if session.scalar(_OTHERS) is not None:
                        raise RecordNotEmptyError
            report = import_rows(resources, batch, ImportPlan(kind=kind, source=SAMPLE_SOURCE, actor=actor))
            counts[kind] += report.read - report.rejected
            report_rows(report.read)
    return counts


def ask_for_sample(resources: Resources, principal: Principal) -> SampleProgress:
    """Have the sample company loaded in the background; asking again meanwhile changes nothing.

    Raises:
        RecordNotEmptyError: there are issues, of the sample or of real people.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        progress = sample_progress(session)
        if progress.state == "loading":
            return progress
        if progress.state == "loaded" or session.scalar(_OTHERS) is not None:
            raise RecordNotEmptyError
        failed = session.scalar(_NEWEST_JOB) if progress.state == "failed" else None
        # The job that failed knows the moment at which the story ends: what is there already is as it tells.
        # Where somebody else asks again at the same moment, one of the two revives it and the other finds it going on.
        if failed is None:
            enqueue(session, LOAD_SAMPLE, {"at": now.isoformat()}, now=now, dedupe_key=LOAD_SAMPLE, max_attempts=3)
        elif not revive(session, failed.id, now=now):
            return SampleProgress("loading", progress.done, progress.total)
        record_audit(session, AuditEvent("sample_data.requested", now, principal, "sample_data"))
        return SampleProgress("loading", progress.done, progress.total)


def sample_progress(session: ReadSession) -> SampleProgress:
    """What of the sample company is in the record."""
    counts = [
        session.scalar(select(func.count()).select_from(row).where(row.external_source == SAMPLE_SOURCE)) or 0
        for row in _ROWS
    ]
    if sum(counts) >= sample_size():
        return SampleProgress("loaded", sum(counts), sample_size())
    job = session.scalar(_NEWEST_JOB)
    states: dict[str | None, State] = {"queued": "loading", "running": "loading", "buried": "failed"}
    # Without a job that has more to do, somebody has taken some of it away since.
    state = states.get(job.status if job else None, "loaded" if counts[-1] else "none")
    return SampleProgress(state, sum(counts), sample_size())


@cache
def sample_size() -> int:
    """Rows of the sample company, which are as many at any moment."""
    return sum(1 for _, records in _parts(datetime(2026, 1, 1, tzinfo=UTC)) for _ in records)


def _parts(now: datetime) -> list[tuple[Kind, Iterable[dict[str, Any]]]]:
    return [
        ("customers", sample_customers(now)),
        ("templates", sample_templates()),
        ("articles", sample_articles(now)),
        ("issues", sample_issues(now)),
    ]
