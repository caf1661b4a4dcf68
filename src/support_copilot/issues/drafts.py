"""What people have begun to write: one draft a person and issue, kept so that another browser can go on with it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from support_copilot.db.models import Draft
from support_copilot.issues.queries import get_issue
from support_copilot.kit.ids import new_id
from support_copilot.kit.text import storable
from support_copilot.resources import Resources

MAX_DRAFT_CHARS = 100_000
_Text = Annotated[
    str, BeforeValidator(lambda v: storable(v) if isinstance(v, str) else v), Field(max_length=MAX_DRAFT_CHARS)
]


class DraftIn(BaseModel):
    """Both texts of the composer as they are now; two empty ones remove the draft."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reply": "Hello Ana,", "note": ""}]})

    reply: _Text = ""
    note: _Text = ""
    unsigned: bool = Field(default=False, description="The reply has its signature already, or is to have none.")


class DraftOut(BaseModel):
    """``updated_at`` is null where nothing was begun."""

    reply: str
    note: str
    unsigned: bool
    updated_at: datetime | None


def read_draft(resources: Resources, person_id: str, issue_id: str) -> DraftOut:
    """The draft of this person, empty where there is none.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    with resources.database.read() as session:
        get_issue(session, issue_id)
        row = session.scalar(_of(person_id, issue_id))
    return _draft(row) if row else _EMPTY


def save_draft(resources: Resources, person_id: str, issue_id: str, new: DraftIn) -> DraftOut:
    """Keep the texts in the place of what was kept before.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    try:
        return _save(resources, person_id, issue_id, new)
    except IntegrityError:
        # Another page of the same person stored the first words at this moment.
        return _save(resources, person_id, issue_id, new)


def _save(resources: Resources, person_id: str, issue_id: str, new: DraftIn) -> DraftOut:
    now = resources.clock()
    with resources.database.transaction() as session:
        get_issue(session, issue_id)
        row = session.scalar(_of(person_id, issue_id).with_for_update())
        if not (new.reply or new.note):
            if row:
                session.delete(row)
            return _EMPTY
        if row is None:
            row = Draft(id=new_id("draft"), person_id=person_id, issue_id=issue_id)
            session.add(row)
        row.reply, row.note, row.updated_at = new.reply, new.note, now
        row.without_signature = new.unsigned
        return _draft(row)


def _draft(row: Draft) -> DraftOut:
    return DraftOut(reply=row.reply, note=row.note, unsigned=bool(row.without_signature), updated_at=row.updated_at)


def _of(person_id: str, issue_id: str) -> Select[Draft]:
    return select(Draft).where(Draft.person_id == person_id, Draft.issue_id == issue_id)


_EMPTY = DraftOut(reply="", note="", unsigned=False, updated_at=None)
