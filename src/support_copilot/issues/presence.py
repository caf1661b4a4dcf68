"""Who has which issue open just now, so that two people do not answer one customer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Issue, Presence, User
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.issues.queries import get_issue
from support_copilot.resources import Resources

PresenceState = Literal["viewing", "replying", "left"]
#: A browser says it again every 15 seconds; two of those may be lost.
PRESENT_FOR: Final = timedelta(seconds=40)


class PresenceIn(BaseModel):
    """What somebody does with an issue; ``left`` ends it at once."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"state": "viewing"}]})

    state: PresenceState


class PersonPresent(BaseModel):
    """Somebody who has an issue open."""

    model_config = ConfigDict(frozen=True)

    person_id: str = Field(examples=["usr_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    name: str
    state: PresenceState


class PresenceOut(BaseModel):
    """Everybody who has the issue open, the one who asks included, by name."""

    people: list[PersonPresent]


def note_presence(resources: Resources, issue_id: str, person_id: str, state: PresenceState) -> PresenceOut:
    """Keep what a person does with an issue, and answer who else has it open.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    now = resources.clock()
    try:
        _note(resources, issue_id, person_id, state, now)
    except IntegrityError:
        # Another page of the same person said so first at this moment.
        _note(resources, issue_id, person_id, state, now)
    with resources.database.read() as session:
        return PresenceOut(people=list(people_present(session, None, now, issue_id=issue_id).get(issue_id, ())))


def _note(resources: Resources, issue_id: str, person_id: str, state: PresenceState, now: datetime) -> None:
    with resources.database.transaction() as session:
        get_issue(session, issue_id)
        row = session.lock(Presence, (issue_id, person_id))
        if row is None:
            row = Presence(issue_id=issue_id, person_id=person_id)
            session.add(row)
        row.state, row.seen_at = state, now


def people_present(
    session: ReadSession, sees: Sees, now: datetime, *, issue_id: str | None = None
) -> Mapping[str, tuple[PersonPresent, ...]]:
    """Who has which issue open, by the id of the issue; those that are not seen and those nobody has are left out."""
    query = (
        select(Presence.issue_id, Presence.person_id, Presence.state, User.name)
        .join(User, User.id == Presence.person_id)
        .where(Presence.seen_at > now - PRESENT_FOR, Presence.state != "left")
        .order_by(User.name, User.id)
    )
    if issue_id is not None:
        query = query.where(Presence.issue_id == issue_id)
    if sees is not None:
        query = query.join(Issue, Issue.id == Presence.issue_id).where(seen_issue(sees))
    found: dict[str, tuple[PersonPresent, ...]] = {}
    for row in session.execute(query).mappings():
        person = PersonPresent(person_id=row["person_id"], name=row["name"], state=row["state"])
        found[row["issue_id"]] = (*found.get(row["issue_id"], ()), person)
    return found
