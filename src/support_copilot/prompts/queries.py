"""All SQL about calls of models."""

from collections.abc import Sequence

from sqlalchemy import select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import ModelCallRecord
from support_copilot.http.paging import PageRequest, paged
from support_copilot.kit.errors import NotFoundError
from support_copilot.kit.ids import is_id


class ModelCallNotFoundError(NotFoundError):
    code, title = "model_call_not_found", "There is no call of a model with this id"


def get_model_call(session: ReadSession, call_id: str) -> ModelCallRecord:
    """The call's row.

    Raises:
        ModelCallNotFoundError: no call has this id, or its time was over.
    """
    row = session.get(ModelCallRecord, call_id) if is_id(call_id, "model_call") else None
    if row is None:
        raise ModelCallNotFoundError
    return row


def list_model_calls(
    session: ReadSession, page: PageRequest, *, issue_id: str | None, task: str | None, outcome: str | None
) -> Sequence[ModelCallRecord]:
    """One page of calls and one row more, newest first."""
    query = select(ModelCallRecord)
    for column, wanted in (
        (ModelCallRecord.issue_id, issue_id), (ModelCallRecord.task, task), (ModelCallRecord.outcome, outcome),
    ):  # fmt: skip
        if wanted is not None:
            query = query.where(column == wanted)
    return list(session.scalars(paged(query, page, ModelCallRecord.created_at, ModelCallRecord.id)))
