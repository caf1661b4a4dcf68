"""One reply to all issues of an incident: filled for each customer, looked at by a person, queued, to be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from support_copilot.analysis.incident_schemas import ReplyPreviewOut
from support_copilot.analysis.incidents import linked_issues
from support_copilot.analysis.queued_replies import NewReply, queue_reply
from support_copilot.db.models import QueuedMessage
from support_copilot.identity.principal import Principal
from support_copilot.identity.visibility import IssueNotFoundError, Sees
from support_copilot.issues.documents import customer_words
from support_copilot.issues.queries import ENDED, IssueRecord, load_issue
from support_copilot.kit.errors import ConflictError, InvalidRequestError
from support_copilot.knowledge.rendering import Rendering, placeholder_values, render_template
from support_copilot.ml.entities import extract_entities
from support_copilot.resources import Resources


class IssueEndedError(ConflictError):
    code, title = "issue_ended", "One of the issues was resolved meanwhile; look at the replies once more"


@dataclass(frozen=True, slots=True)
class ReplyToAll:
    """``body`` has placeholders as templates have; ``issue_ids`` are the issues that somebody looked at and chose."""

    body: str
    issue_ids: Sequence[str]
    delay_s: int
    then_status: str | None


def preview_replies(resources: Resources, incident_id: str, body: str, principal: Principal) -> list[ReplyPreviewOut]:
    """What the customer of each open issue of the incident would get, oldest issue first; keeps nothing.

    Raises:
        InvalidRequestError: its placeholders cannot be read.
    """
    return [
        ReplyPreviewOut(
            issue_id=record.issue.id,
            subject=record.issue.subject,
            customer_name=record.customer.name if record.customer else None,
            text=filled.text,
            missing=list(filled.missing),
        )
        for record in _records(resources, incident_id, None, principal.sees)
        for filled in [_filled(record, body, principal)]
    ]


def queue_replies(
    resources: Resources, incident_id: str, reply: ReplyToAll, principal: Principal, key: str | None, fingerprint: str
) -> list[QueuedMessage]:
    """Queue the reply for each of these issues; each waits, and can be taken back, like any other.

    Nothing is queued unless all can be. With the same key the call can be repeated after a failure: no issue gets a
    second reply.

    Raises:
        IssueNotFoundError: one of the issues does not belong to the incident, or is not seen.
        IssueEndedError: one of them was resolved meanwhile.
        InvalidRequestError: a placeholder is not known for one of the customers.
        IdempotencyKeyReusedError: the key came before with another body.
    """
    records = _records(resources, incident_id, reply.issue_ids, principal.sees)
    filled = [(record.issue.id, _filled(record, reply.body, principal)) for record in records]
    if any(each.missing for _, each in filled):
        raise InvalidRequestError.of_field(
            "body", "unfilled_placeholders", "has placeholders that are not known for each of the customers"
        )
    return [
        queue_reply(
            resources,
            issue_id,
            NewReply(each.text, reply.delay_s, reply.then_status, principal.name, principal.id),
            key,
            fingerprint,
        )
        for issue_id, each in filled
    ]


def _records(resources: Resources, incident_id: str, issue_ids: Sequence[str] | None, sees: Sees) -> list[IssueRecord]:
    """The open issues of the incident, or those chosen of them."""
    with resources.database.read() as session:
        linked = {issue.id: issue for _, issue in linked_issues(session, [incident_id], sees)}
        chosen = list(dict.fromkeys(issue_ids)) if issue_ids is not None else None
        if chosen is not None and not set(chosen) <= linked.keys():
            raise IssueNotFoundError
        if chosen is not None and any(linked[each].status in ENDED for each in chosen):
            raise IssueEndedError
        wanted = [each for each in linked if linked[each].status not in ENDED and (chosen is None or each in chosen)]
        return [load_issue(session, each) for each in wanted]


def _filled(record: IssueRecord, body: str, principal: Principal) -> Rendering:
    entities = extract_entities(customer_words(record.messages))
    return render_template(body, placeholder_values(record, principal.name, entities))
