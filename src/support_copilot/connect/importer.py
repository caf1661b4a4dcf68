"""Streams a file into the record: in batches, silently, re-runnable, and past rotten rows.

Each batch is one transaction, so a run killed at any moment has stored whole batches and a second run adds the
rest. A row that is there already is changed only where the file says something else. No job is added and nobody
is alerted: these are events of the past.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from support_copilot.connect.columns import Kind, MappingError, choose_columns
from support_copilot.connect.readers import RawRow, UnreadableFileError, read_rows
from support_copilot.connect.report import ImportReport, Outcome
from support_copilot.connect.rows import customer_row, document_row, issue_row, message_row
from support_copilot.connect.values import CellError
from support_copilot.connect.write_documents import write_article, write_template
from support_copilot.connect.write_issues import write_customer, write_issues, write_message
from support_copilot.db.engine import WriteSession
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import LOCAL_CLI, Principal
from support_copilot.kit.errors import AppError
from support_copilot.resources import Resources
from support_copilot.retrieval.feed import catch_up

_BATCH = 200


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What to import and how to read it.

    ``source`` names the desk that the ids of the file belong to. ``overrides`` maps columns to fields,
    ``constants`` gives fields that the file lacks one value for all rows. A dry run checks and counts but
    stores nothing. ``actor`` is whom the audit trail names.
    """

    kind: Kind
    source: str
    overrides: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    encoding: str | None = None
    actor: Principal = LOCAL_CLI


@dataclass(frozen=True, slots=True)
class _ReadyRow:
    line: int
    row: Any


_Writer = Callable[[WriteSession, Sequence[Any]], list[Outcome]]
_PARSERS: Mapping[Kind, Callable[[Mapping[str, Any]], Any]] = {
    "issues": issue_row,
    "messages": message_row,
    "customers": customer_row,
    "articles": document_row,
    "templates": document_row,
}


class _DryRunOverError(Exception):
    """Ends a transaction of a dry run without keeping it."""


def import_file(
    resources: Resources, path: Path, plan: ImportPlan, report_progress: Callable[[int], None] = lambda _bytes: None
) -> ImportReport:
    """Import a CSV or JSON Lines file.

    Args:
        report_progress: called with the bytes of the file that are behind us.

    Raises:
        UnreadableFileError: the file is not of a kind that can be imported; what came before is kept.
        MappingError: the plan names a column that the file does not have.
    """
    return import_rows(resources, read_rows(path, plan.encoding), plan, report_progress)


def import_rows(
    resources: Resources,
    rows: Iterable[RawRow],
    plan: ImportPlan,
    report_progress: Callable[[int], None] = lambda _bytes: None,
) -> ImportReport:
    """Import rows that were read already; see ``import_file``."""
    report = ImportReport()
    write = _writer(resources, plan)
    for batch in _batches(rows, report):
        if report.read == 0:
            _check_columns(batch, plan)
        ready = list(_parse(batch, plan, report))
        _store(resources, ready, write, plan, report)
        if not plan.dry_run:
            catch_up(resources)
        report_progress(batch[-1].offset)
    return report


def _batches(rows: Iterable[RawRow], report: ImportReport) -> Iterator[list[RawRow]]:
    """Some rows at a time; a file that breaks off gives all rows before the damage, and the report says so."""
    batch: list[RawRow] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == _BATCH:
                yield batch
                batch = []
    except UnreadableFileError as error:
        if not (batch or report.read):
            raise
        report.broken = error.detail
    if batch:
        yield batch


def _check_columns(batch: Sequence[RawRow], plan: ImportPlan) -> None:
    """Refuse a file of which nothing is understood, instead of each of its rows, and a mistyped name of a column."""
    readable = [row for row in batch if not row.problem]
    tables = {tuple(row.values) for row in readable}
    # Where each row has columns of its own, one that is missing may still come.
    if len(tables) == 1:
        (columns,) = tables
        if unknown := [column for column in plan.overrides if column not in columns]:
            raise MappingError(f"There is no column {unknown[0]}; the file has: {', '.join(columns)}.")
    if readable and not any(choose_columns(plan.kind, list(row.values), plan.overrides) for row in readable):
        raise UnreadableFileError("None of its columns is known; name them with --map COLUMN=FIELD.")


def _parse(batch: Sequence[RawRow], plan: ImportPlan, report: ImportReport) -> Iterator[_ReadyRow]:
    for raw in batch:
        report.read += 1
        if raw.problem:
            report.reject(raw.line, None, raw.problem)
            continue
        mapping = choose_columns(plan.kind, list(raw.values), plan.overrides)
        _note_mapping(report, raw, mapping)
        fields = {**plan.constants, **{name: raw.values[column] for column, name in mapping.items()}}
        try:
            yield _ReadyRow(raw.line, _PARSERS[plan.kind](fields))
        except CellError as error:
            report.reject(raw.line, error.field, error.reason)


def _store(
    resources: Resources, ready: Sequence[_ReadyRow], write: _Writer, plan: ImportPlan, report: ImportReport
) -> None:
    """One transaction for all; if one row spoils it, one for each, so that only that row is lost."""
    try:
        for outcome in _transact(resources, ready, write, plan):
            report.count(outcome)
    except (AppError, IntegrityError, DataError, CellError) as error:
        if isinstance(error, AppError) and error.status >= 500:
            raise
        if len(ready) == 1:
            name, reason = _explain(error)
            report.reject(ready[0].line, name, reason)
            return
        for row in ready:
            _store(resources, [row], write, plan, report)


def _transact(resources: Resources, ready: Sequence[_ReadyRow], write: _Writer, plan: ImportPlan) -> list[Outcome]:
    outcomes: list[Outcome] = []
    try:
        with resources.database.transaction(silent=True) as session:
            outcomes = write(session, [row.row for row in ready])
            if plan.dry_run:
                raise _DryRunOverError
            counts: dict[str, int] = {name: count for name, count in Counter(outcomes).items() if name != "unchanged"}
            if counts:
                now = resources.clock()
                record_audit(session, AuditEvent(f"{plan.kind}.imported", now, plan.actor, plan.kind, after=counts))
    except _DryRunOverError:
        pass
    return outcomes


def _writer(resources: Resources, plan: ImportPlan) -> _Writer:
    now = resources.clock()
    if plan.kind == "issues":
        return partial(write_issues, source=plan.source, now=now)
    writers: Mapping[Kind, Callable[..., Outcome]] = {
        "messages": write_message,
        "customers": write_customer,
        "articles": write_article,
        "templates": write_template,
    }
    write_one = writers[plan.kind]

    def write_each(session: WriteSession, rows: Sequence[Any]) -> list[Outcome]:
        return [write_one(session, row, source=plan.source, now=now) for row in rows]

    return write_each


def _note_mapping(report: ImportReport, raw: RawRow, mapping: Mapping[str, str]) -> None:
    report.mapping.update(mapping)
    for column in raw.values:
        if column not in report.mapping and column not in report.unused_columns and len(report.unused_columns) < 100:
            report.unused_columns.append(column)


def _explain(error: Exception) -> tuple[str | None, str]:
    if isinstance(error, CellError):
        return error.field, error.reason
    if isinstance(error, AppError):
        return (error.errors[0].field if error.errors else None), error.detail
    return None, "the database refused it"
