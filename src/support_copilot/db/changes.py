"""What a transaction does to rows, for whoever has to write down each change before it is committed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, Session, UOWTransaction

from support_copilot.db.sealed import SealedRow, SealingSession, encrypted_fields

RowEvent = Literal["created", "edited", "deleted"]
_NOTED: Final = "changes"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that was created, edited or deleted, with the fields that differ.

    ``before`` and ``after`` hold columns by name; an encrypted one goes by its plain name and has no value. A value
    that was never read has no ``before``.
    """

    event: RowEvent
    row: Any
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def note_changes(session: Session) -> list[RowChange]:
    """Have every flush of this session noted, in the order of writing; returns the list that fills."""
    changes: list[RowChange] = []
    session.info[_NOTED] = changes
    return changes


@event.listens_for(SealingSession, "after_flush")
def _note(session: Session, _context: UOWTransaction) -> None:
    changes: list[RowChange] | None = session.info.get(_NOTED)
    if changes is None:
        return
    changes += [RowChange("created", row, {}, _values(row)) for row in session.new]
    changes += [change for row in session.dirty if (change := _edited(row))]
    changes += [RowChange("deleted", row, _values(row), {}) for row in session.deleted]


def _values(row: Any) -> dict[str, Any]:
    names = _names(type(row))
    held = {names[key]: value for key, value in row.__dict__.items() if key in names and value is not None}
    return {name: _without_ciphertext(name, value, names) for name, value in held.items()}


def _edited(row: Any) -> RowChange | None:
    names, before, after = _names(type(row)), {}, {}
    for attribute in inspect(row).attrs:
        if attribute.key in names and attribute.history.has_changes():
            name = names[attribute.key]
            if name != attribute.key:
                before[name], after[name] = "encrypted", "encrypted anew"
                continue
            if attribute.history.deleted:
                before[name] = attribute.history.deleted[0]
            after[name] = attribute.value
    return RowChange("edited", row, before, after) if after else None


def _names(model: type) -> dict[str, str]:
    """Mapped columns by attribute, with the name that people know; blind indexes follow from what they index."""
    mapper: Mapper[Any] = inspect(model)
    names = {str(column.key): str(column.key) for column in mapper.column_attrs}
    if issubclass(model, SealedRow):
        for field in encrypted_fields(model):
            names[field.column] = field.name
            names.pop(field.index or "", None)
    return names


def _without_ciphertext(name: str, value: Any, names: Mapping[str, str]) -> Any:
    return value if names.get(name) == name else "encrypted"
