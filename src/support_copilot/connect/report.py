"""What an import did, row by row where a row was refused."""

from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["created", "updated", "unchanged"]
#: More refused rows than this are only counted, so that a file of rot does not fill the memory.
MAX_ERRORS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row was not imported; never quotes the row."""

    line: int
    field: str | None
    reason: str


@dataclass(slots=True)
class ImportReport:
    """Counts that add up: read = created + updated + unchanged + rejected."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    errors: list[RowError] = field(default_factory=list)
    #: Column -> field, and columns of the file that no field takes.
    mapping: dict[str, str] = field(default_factory=dict)
    unused_columns: list[str] = field(default_factory=list)
    #: Why the file could not be read to its end, in words; None when it could.
    broken: str | None = None

    def count(self, outcome: Outcome) -> None:
        setattr(self, outcome, getattr(self, outcome) + 1)

    def reject(self, line: int, field_name: str | None, reason: str) -> None:
        self.rejected += 1
        if len(self.errors) < MAX_ERRORS_KEPT:
            self.errors.append(RowError(line, field_name, reason))

    def as_json(self) -> dict[str, Any]:
        """The document of ``import --json``."""
        errors = [
            {"line": e.line, **({"field": e.field} if e.field else {}), "reason": e.reason}
            for e in sorted(self.errors, key=lambda error: error.line)
        ]
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "errors": errors,
            "errors_not_listed": self.rejected - len(errors),
            "mapping": self.mapping,
            "unused_columns": self.unused_columns,
            **({"error": {"code": "unreadable_file", "detail": self.broken}} if self.broken else {}),
        }
