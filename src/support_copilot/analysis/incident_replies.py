"""One reply to all issues of an incident: filled for each customer, looked at by a person, queued, to be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from support_copilot.analysis.incident_answered import note_replies, refuse_second, replies_had
from support_copilot.analysis.incident_schemas import (
    MOST_REPLIES,
    IncidentPreviewsOut,
    ReplyPreviewIn,
    ReplyPreviewOut,
)
from support_copilot.analysis.incidents import linked_issues, lock_incident, lock_issues
from support_copilot.analysis.queued_replies import NewReply, as_queued, check_may_stop, put_in_queue, remove_waiting
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import IdempotencyKey, Incident, Issue, Message, QueuedMessage
from support_copilot.http.idempotency import (
    CreateRequest,
    create_once,
    keep_from_coming,
    recall,
    remember,
    scope_of_queue,
    scope_of_replies,
)
from support_copilot.identity.principal import Principal
from support_copilot.identity.visibility import (
    IncidentNotFoundError,
    IssueNotFoundError,
    Sees,
    check_issue_seen,
    seen_issue_ids,
)
from support_copilot.issues.documents import customer_words
from support_copilot.issues.queries import ENDED, IssueRecord, customers_by_id
from support_copilot.kit.errors import ConflictError, InvalidRequestError
from support_copilot.kit.ids import is_id
from support_copilot.knowledge.rendering import Rendering, placeholder_values, placeholders, render_template
from support_copilot.ml.entities import extract_entities
from support_copilot.resources import Resources

#: Groups of placeholders that can stand for what the customer's messages name.
_OF_MESSAGES: Final = ("issue.", "ask.")


class IssueEndedError(ConflictError):
    code, title = "issue_ended", "One of the issues was resolved meanwhile; look at the replies once more"


@dataclass(frozen=True, slots=True)
class ReplyToAll:
    """``body`` has placeholders as templates have; ``issue_ids`` are the issues that somebody looked at and chose.

    ``again``: also those that have a reply of the incident.
    """

    body: str
    issue_ids: Sequence[str]
    delay_s: int
    then_status: str | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Replies that waited and are removed, and the ids of issues whose reply waited no longer."""

    taken: Sequence[QueuedMessage]
    gone: Sequence[str]


def preview_replies(
    resources: Resources, incident_id: str, text: ReplyPreviewIn, principal: Principal
) -> IncidentPreviewsOut:
    """What the customers of open issues of the incident would get, oldest issue first; keeps nothing.

    Of those named, or of as many as one reply goes to, with the number of the others.

    Raises:
        IssueNotFoundError: one of the issues named does not belong to the incident, or is not seen.
        IssueEndedError: one of those named was resolved meanwhile.
        InvalidRequestError: its placeholders cannot be read.
    """
    with resources.database.read() as session:
        issues = _open_issues(session, incident_id, text.issue_ids, principal.sees)
        records = _load(session, issues[:MOST_REPLIES], text.body)
        had = replies_had(session, [incident_id], [record.issue.id for record in records])
    return IncidentPreviewsOut(
        data=[
            ReplyPreviewOut(
                issue_id=record.issue.id,
                subject=record.issue.subject,
                customer_name=record.customer.name if record.customer else None,
                text=filled.text,
                reply=had.get((incident_id, record.issue.id)),
                missing=list(filled.missing),
            )
            for record in records
            for filled in [_filled(record, text.body, principal)]
        ],
        rest=len(issues) - len(records),
    )


def queue_replies(
    resources: Resources, incident_id: str, reply: ReplyToAll, principal: Principal, key: str | None, fingerprint: str
) -> list[QueuedMessage]:
    """Queue the reply for each of these issues, or for none; each waits, and can be taken back, like any other.

    All are queued in one transaction under one key of the incident. A key that came before gets the answer of then,
    whatever became of the issues and the replies since: nobody gets a second one.

    Raises:
        IssueNotFoundError: one of the issues does not belong to the incident, or is not seen.
        IssueEndedError: one of them was resolved meanwhile.
        AlreadyRepliedError: one of them has a reply of the incident, and a second one was not asked for.
        InvalidRequestError: a placeholder is not known for one of the customers.
        IdempotencyKeyReusedError: the key came before with another body.
        RequestTakenBackError: it was taken back while it was on its way.
    """
    now = resources.clock()
    request = CreateRequest(scope_of_replies(incident_id), key, fingerprint)
    with resources.database.read() as session:
        before = recall(session, request.scope, key, fingerprint) is not None
        issues = (
            _seen_issues(session, reply.issue_ids, principal.sees)
            if before
            else _open_issues(session, incident_id, reply.issue_ids, principal.sees)
        )
        records = _load(session, issues, reply.body)
    if before:
        return _recalled(resources, records, reply, key, principal)
    news = {record.issue.id: _new_reply(record, reply, principal) for record in records}
    queued: dict[str, str] = {}

    def make(session: WriteSession) -> str:
        _check_still_open(session, incident_id, list(news), principal.sees)
        # The same request may have come at the same moment and been quicker.
        if not reply.again and recall(session, request.scope, key, fingerprint) is None:
            refuse_second(session, incident_id, list(news))
        queued.update((each, _queue_once(session, each, new, request, now)) for each, new in news.items())
        note_replies(session, incident_id, queued, principal.id, now)
        return next(iter(queued.values()))

    creation = create_once(resources.database, request, existing=lambda _session: None, make=make, now=now)
    if creation.resource_id not in queued.values():
        return _recalled(resources, records, reply, key, principal)
    return _answered(resources, [as_queued(made, each, news[each], now) for each, made in queued.items()])


def take_back_replies(
    resources: Resources, incident_id: str, key: str, issue_ids: Sequence[str], principal: Principal
) -> TakenBack:
    """Remove what waits of the reply to all that this key queued, all in one transaction.

    A key that never came is kept from coming: a request that was still on its way is refused. What was taken back is
    forgotten under the key, so that asking once more tells only of what has gone.

    An incident that lost its last issue is gone, and what was queued for its issues is found all the same.

    Raises:
        IncidentNotFoundError: no incident has this id, nor has the key queued anything for the issues; or none of the
            incident's issues is seen.
        PermissionDeniedError: somebody else wrote it, and those of others are not theirs to stop.
    """
    key = key.strip()
    with resources.database.transaction() as session:
        # Queuing locks the incident as well: a reply is there whole, or comes later and is refused.
        is_there = _lock_replied(session, incident_id, key, principal.sees, resources.clock())
        back = _remove_queued(session, key, issue_ids, principal)
        if not is_there and not (back.taken or back.gone):
            raise IncidentNotFoundError
    return back


def _lock_replied(session: WriteSession, incident_id: str, key: str, sees: Sees, now: datetime) -> bool:
    """Whether the incident is there; then it is locked, and the key refused when it comes later for the first time.

    Raises:
        IncidentNotFoundError: none of its issues is seen.
    """
    if not is_id(incident_id, "incident") or session.lock(Incident, incident_id) is None:
        return False
    if not linked_issues(session, incident_id, sees):
        raise IncidentNotFoundError
    scope = scope_of_replies(incident_id)
    if session.get(IdempotencyKey, (scope, key)) is None:
        keep_from_coming(session, scope, key, incident_id, now)
    return True


def _remove_queued(session: WriteSession, key: str, issue_ids: Sequence[str], principal: Principal) -> TakenBack:
    """Remove what waits of the replies that the key queued for these issues.

    Raises:
        IssueNotFoundError: somebody else wrote one for an issue that is not seen.
        PermissionDeniedError: somebody else wrote one, and those of others are not theirs to stop.
    """
    taken, gone = [], []
    for issue_id in dict.fromkeys(issue_ids):
        made = session.get(IdempotencyKey, (scope_of_queue(issue_id), key))
        row = session.lock(QueuedMessage, made.resource_id) if made else None
        if row is None:
            gone += [issue_id] if made else []
            continue
        if row.created_by != principal.id:
            check_issue_seen(session, issue_id, principal.sees)
        check_may_stop(row, principal)
        remove_waiting(session, row)
        session.delete(made)
        taken.append(row)
    return TakenBack(taken, gone)


def _open_issues(session: ReadSession, incident_id: str, issue_ids: Sequence[str] | None, sees: Sees) -> list[Issue]:
    """The open issues of the incident, or those chosen of them, oldest first."""
    linked = {issue.id: issue for issue in linked_issues(session, incident_id, sees)}
    chosen = set(linked if issue_ids is None else issue_ids)
    if not chosen <= linked.keys():
        raise IssueNotFoundError
    if issue_ids is not None and any(linked[each].status in ENDED for each in chosen):
        raise IssueEndedError
    return [issue for each, issue in linked.items() if each in chosen and issue.status not in ENDED]


def _check_still_open(session: WriteSession, incident_id: str, issue_ids: Sequence[str], sees: Sees) -> None:
    """Once more, as they are while nobody else can change them."""
    lock_incident(session, incident_id)
    lock_issues(session, issue_ids)
    _open_issues(session, incident_id, issue_ids, sees)


def _load(session: ReadSession, issues: Sequence[Issue], body: str) -> list[IssueRecord]:
    """What the placeholders of ``body`` are filled with; messages only where it names what they tell."""
    ids = [issue.id for issue in issues]
    customer_ids = {issue.customer_id for issue in issues if issue.customer_id}
    customers = customers_by_id(session, customer_ids)
    said: dict[str, list[Message]] = {}
    if any(name.startswith(_OF_MESSAGES) for name in placeholders(body)):
        query = select(Message).where(Message.issue_id.in_(ids), Message.author == "customer")
        for message in session.scalars(query.order_by(Message.issue_id, Message.position)):
            said.setdefault(message.issue_id, []).append(message)
    return [
        IssueRecord(issue, customers.get(issue.customer_id or ""), tuple(said.get(issue.id, ()))) for issue in issues
    ]


def _new_reply(record: IssueRecord, reply: ReplyToAll, principal: Principal) -> NewReply:
    new, missing = _reply_to(record, reply, principal)
    if missing:
        raise InvalidRequestError.of_field(
            "body", "unfilled_placeholders", "has placeholders that are not known for each of the customers"
        )
    return new


def _reply_to(record: IssueRecord, reply: ReplyToAll, principal: Principal) -> tuple[NewReply, Sequence[str]]:
    """The reply filled for this issue, and what is not known for it."""
    filled = _filled(record, reply.body, principal)
    new = NewReply(filled.text, reply.delay_s, reply.then_status, principal.name, principal.id)
    return new, filled.missing


def _queue_once(session: WriteSession, issue_id: str, new: NewReply, request: CreateRequest, now: datetime) -> str:
    """The id of the issue's reply; it is found by the key beside the issue's other replies, and forgotten with them."""
    scope = scope_of_queue(issue_id)
    known = recall(session, scope, request.key, request.body_fingerprint)
    if known is not None:
        return known
    queued_id = put_in_queue(session, issue_id, new, now)
    remember(session, scope, request.key, request.body_fingerprint, queued_id, now)
    return queued_id


def _seen_issues(session: ReadSession, issue_ids: Sequence[str], sees: Sees) -> list[Issue]:
    """Those of the issues that are there and seen, oldest first."""
    seen = seen_issue_ids(session, set(issue_ids), sees)
    return list(session.scalars(select(Issue).where(Issue.id.in_(seen)).order_by(Issue.created_at, Issue.id)))


def _recalled(
    resources: Resources,
    records: Sequence[IssueRecord],
    reply: ReplyToAll,
    key: str | None,
    principal: Principal,
) -> list[QueuedMessage]:
    """What the key queued before for these issues; also what was sent or taken back since."""
    scopes = {scope_of_queue(record.issue.id): record for record in records}
    named = IdempotencyKey.scope.in_(scopes) & (IdempotencyKey.key == (key or "").strip())
    with resources.database.read() as session:
        keys = {row.scope: row for row in session.scalars(select(IdempotencyKey).where(named))}
    found = [(keys[scope], record) for scope, record in scopes.items() if scope in keys]
    return _answered(
        resources,
        [
            as_queued(row.resource_id, record.issue.id, _reply_to(record, reply, principal)[0], row.created_at)
            for row, record in found
        ],
    )


def _answered(resources: Resources, queued: Sequence[QueuedMessage]) -> list[QueuedMessage]:
    """The replies as they wait, or as they waited where they are no longer there."""
    query = select(QueuedMessage).where(QueuedMessage.id.in_({each.id for each in queued}))
    with resources.database.read() as session:
        waiting = {row.id: row for row in session.scalars(query)}
    return [waiting.get(each.id, each) for each in queued]


def _filled(record: IssueRecord, body: str, principal: Principal) -> Rendering:
    entities = extract_entities(customer_words(record.messages)) if record.messages else ()
    return render_template(body, placeholder_values(record, principal.name, entities))
