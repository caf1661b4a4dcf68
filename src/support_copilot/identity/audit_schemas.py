"""The audit trail as people and programs read it."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from support_copilot.db.models import AuditEntry
from support_copilot.http.reasons import ReasonCode, WithReasons
from support_copilot.identity.audit import Outcome, entry_fields
from support_copilot.identity.audit_chain import TamperingKind, Verification
from support_copilot.identity.audit_names import NamedKind, NamedRecord, ids_of

#: A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS: Final = tuple(column.key for column in AuditEntry.__table__.columns)


class AuditActionsOut(BaseModel):
    """Actions of the trail, by name."""

    data: list[str]


class NamedRecordOut(BaseModel):
    """A record that is still there and may be seen: of a file its issue, of a session its person."""

    model_config = ConfigDict(from_attributes=True)

    kind: NamedKind
    id: str
    name: str


class AuditEventOut(BaseModel):
    """``changed`` names every field that changed; values are kept only of fields that hold nothing personal."""

    id: str = Field(examples=["aud_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    seq: int = Field(description="Position in the trail; there are no gaps.")
    occurred_at: datetime
    action: str = Field(examples=["issue.resolved"])
    outcome: Outcome
    actor_kind: str | None = Field(examples=["user"])
    actor: str | None
    target: str | None
    reason: str | None
    changed: list[str]
    before: dict[str, JsonValue]
    after: dict[str, JsonValue]
    via: str
    address: str | None
    user_agent: str | None
    request_id: str | None
    hash: str = Field(description="SHA-256 over the hash before and this event as canonical JSON.")
    records: dict[str, NamedRecordOut] = Field(description="What the ids of this event stand for now, by id.")


class HeadOut(BaseModel):
    """The newest event: its number and its hash."""

    model_config = ConfigDict(from_attributes=True)

    seq: int
    hash: str


class TamperingOut(WithReasons, BaseModel):
    """One thing that is wrong, at the event of this number."""

    model_config = ConfigDict(from_attributes=True)

    kind: TamperingKind
    seq: int
    detail: str
    detail_code: ReasonCode | None = None


class VerificationOut(BaseModel):
    """What a walk along the whole trail found. ``guarded``: the database itself refuses changes of events."""

    model_config = ConfigDict(from_attributes=True)

    whole: bool
    events: int
    head: HeadOut
    sealed_through: int = Field(description="Number of the last event that was removed when its time was over.")
    guarded: bool
    findings: list[TamperingOut] = Field(max_length=1000)
    verified_at: datetime


def render_verification(found: Verification, at: datetime) -> VerificationOut:
    return VerificationOut.model_validate(
        {**asdict(found), "whole": not found.findings, "verified_at": at}, from_attributes=True
    )


def render_event(entry: AuditEntry, names: Mapping[str, NamedRecord]) -> AuditEventOut:
    """The public form of an event, with those of the names that its ids stand for."""
    shown = entry_fields(entry) | {"occurred_at": entry.occurred_at, "hash": entry.hash}
    records = {value: asdict(names[value]) for value in ids_of(entry) if value in names}
    return AuditEventOut.model_validate(shown | {"records": records})


def json_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """One event a line, with everything that its hash is computed from."""
    for entry in entries:
        yield json.dumps(entry_fields(entry) | {"hash": entry.hash}, ensure_ascii=False) + "\n"


def csv_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """A head line, then one event a line (RFC 4180); no cell is taken for a formula."""
    yield _csv_line(_COLUMNS)
    for entry in entries:
        fields = entry_fields(entry) | {"hash": entry.hash}
        yield _csv_line([_cell(fields[name]) for name in _COLUMNS])


def _cell(value: object) -> str:
    if value is None:
        return ""
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{written}" if written.startswith(_FORMULA_STARTS) else written


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
