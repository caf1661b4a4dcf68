"""Which records a person sees, where the settings limit agents to their teams: one place for all routes.

What is not seen is answered like what does not exist, so that ids cannot be probed.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Attachment, Customer, IncidentLink, Issue, Proposal, QueuedMessage, Suggestion
from support_copilot.kit.errors import NotFoundError

#: Teams whose issues are seen, beside those of no team; None: everything is.
Sees = frozenset[str] | None


class IssueNotFoundError(NotFoundError):
    code, title = "issue_not_found", "There is no issue with this id"


class AttachmentNotFoundError(NotFoundError):
    code, title = "attachment_not_found", "There is no attachment with this id"


class SuggestionNotFoundError(NotFoundError):
    code, title = "suggestion_not_found", "There is no suggestion with this id"


class QueuedMessageNotFoundError(NotFoundError):
    code, title = "queued_message_not_found", "No such message waits: it was sent or taken back"


class IncidentNotFoundError(NotFoundError):
    code, title = "incident_not_found", "There is no incident with this id"


class ProposalNotFoundError(NotFoundError):
    code, title = "proposal_not_found", "There is no proposal with this id"


class CustomerNotFoundError(NotFoundError):
    code, title = "customer_not_found", "There is no customer with this id"


def seen_issue(sees: frozenset[str]) -> ColumnElement[bool]:
    """Issues of these teams and of none."""
    return or_(Issue.team_id.is_(None), Issue.team_id.in_(sees))


def seen_customer(sees: frozenset[str]) -> ColumnElement[bool]:
    """Customers with an issue that is seen, or with none at all.

    A record that is merged is seen by who sees its customer, and an issue that came by it where any did: that they are
    one person shows nobody what is known of them by the other record.
    """
    theirs = Issue.customer_id == func.coalesce(Customer.merged_into_id, Customer.id)
    came = Issue.came_by_customer_id == Customer.id
    return and_(
        or_(exists().where(theirs, seen_issue(sees)), ~exists().where(theirs)),
        or_(Customer.merged_into_id.is_(None), exists().where(came, seen_issue(sees)), ~exists().where(came)),
    )


def seen_issue_ids(session: ReadSession, ids: Collection[str], sees: Sees) -> set[str]:
    """Those of the issues that are seen."""
    if sees is None or not ids:
        return set(ids)
    return set(session.scalars(select(Issue.id).where(Issue.id.in_(ids), seen_issue(sees))))


def check_issue_seen(session: ReadSession, issue_id: str | None, sees: Sees) -> None:
    """Refuse an issue that is not seen.

    Raises:
        IssueNotFoundError: as if there were none.
    """
    if issue_id is not None and sees is not None and not seen_issue_ids(session, [issue_id], sees):
        raise IssueNotFoundError


def check_customer_seen(session: ReadSession, customer_id: str | None, sees: Sees) -> None:
    """Refuse a customer who is not seen.

    Raises:
        CustomerNotFoundError: as if there were none.
    """
    if customer_id is None or sees is None:
        return
    if session.scalar(select(Customer.id).where(Customer.id == customer_id, seen_customer(sees))) is None:
        raise CustomerNotFoundError


def check_path_seen(session: ReadSession, path: Mapping[str, Any], sees: frozenset[str]) -> None:
    """Refuse a request whose path names what is not seen; called for every route by its guard.

    Raises:
        IssueNotFoundError, AttachmentNotFoundError, SuggestionNotFoundError, QueuedMessageNotFoundError,
            IncidentNotFoundError, ProposalNotFoundError, CustomerNotFoundError.
    """
    check_issue_seen(session, path.get("issue_id"), sees)
    check_customer_seen(session, path.get("customer_id"), sees)
    for name, (owned, refusal) in _OF_ISSUES.items():
        if name in path:
            query: Select[Any] = owned.where(seen_issue(sees))
            if session.scalar(query, {"id": path[name]}) is None:
                raise refusal


def _of_issue(table: type[Attachment | Suggestion | QueuedMessage | Proposal]) -> Select[Any]:
    return select(table.id).join(Issue, Issue.id == table.issue_id).where(table.id == bindparam("id"))


_OF_ISSUES: Final[Mapping[str, tuple[Select[Any], type[NotFoundError]]]] = {
    "attachment_id": (_of_issue(Attachment), AttachmentNotFoundError),
    "suggestion_id": (_of_issue(Suggestion), SuggestionNotFoundError),
    "queued_id": (_of_issue(QueuedMessage), QueuedMessageNotFoundError),
    "proposal_id": (_of_issue(Proposal), ProposalNotFoundError),
    "incident_id": (
        select(IncidentLink.id)
        .join(Issue, Issue.id == IncidentLink.issue_id)
        .where(IncidentLink.incident_id == bindparam("id"))
        .limit(1),
        IncidentNotFoundError,
    ),
}
