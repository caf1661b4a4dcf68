"""How long each kind of data is kept: rules, what they would remove now, and the daily run that removes it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, get_args

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.orm import aliased

from support_copilot.customers.merging import CustomerHeldError
from support_copilot.customers.queries import lock_customers
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.functions import is_nothing
from support_copilot.db.models import (
    Analysis,
    ArticleVersion,
    Attachment,
    Customer,
    Draft,
    IdempotencyKey,
    Issue,
    Message,
    ModelCallRecord,
    RetentionRule,
    Suggestion,
    WebhookDelivery,
)
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.issues.message_files import GOING, remove_taken_out, take_out
from support_copilot.issues.queries import ENDED, get_issue
from support_copilot.privacy.anonymization import anonymize_issues
from support_copilot.privacy.holds import not_held
from support_copilot.privacy.person import person_of
from support_copilot.privacy.removal import remove_files, remove_rows_of_issues
from support_copilot.privacy.requests import ask
from support_copilot.resources import Resources

DataKind = Literal[
    "conversations", "attachments", "draft_files", "unsent", "drafts", "panels", "customers", "idempotency_keys",
    "model_calls", "webhook_deliveries", "article_versions",
]  # fmt: skip
KINDS: Final[tuple[DataKind, ...]] = get_args(DataKind)
#: Nothing of the record goes by itself until somebody says so.
DEFAULT_DAYS: Final[Mapping[DataKind, int | None]] = {
    "conversations": None, "attachments": None, "draft_files": 30, "unsent": 30, "drafts": None, "panels": None,
    "customers": None, "idempotency_keys": 7, "model_calls": 30, "webhook_deliveries": 30,
    "article_versions": None,
}  # fmt: skip
_BATCH: Final = 50
_DAILY_RUN: Final = Principal("job", "privacy.enforce_retention", "retention", None, frozenset())


@dataclass(frozen=True, slots=True)
class Due:
    """What one rule removes now."""

    kind: DataKind
    days: int | None
    count: int


def rules(session: ReadSession) -> dict[DataKind, int | None]:
    """Days for every kind of data; None keeps for good."""
    stored = {row.kind: row.days for row in session.scalars(select(RetentionRule))}
    return {kind: stored.get(kind, DEFAULT_DAYS[kind]) for kind in KINDS}


def change_rules(
    session: WriteSession, changes: Mapping[DataKind, int | None], principal: Principal, now: datetime
) -> None:
    """Set the days of the kinds named; the others stay."""
    before = rules(session)
    for kind, days in changes.items():
        row = session.lock(RetentionRule, kind) or RetentionRule(kind=kind)
        row.days, row.updated_by, row.updated_at = days, principal.id, now
        session.add(row)
    session.flush()
    event = AuditEvent(
        "privacy.retention_changed", now, principal, "retention", before=_plain(before), after=_plain(rules(session))
    )
    record_audit(session, event)


def _plain(days: Mapping[DataKind, int | None]) -> dict[str, Any]:
    return {str(kind): each for kind, each in days.items()}


def due(session: ReadSession, now: datetime, changes: Mapping[DataKind, int | None] | None = None) -> list[Due]:
    """What would go now, by the rules in force or as ``changes`` would have them; nothing is touched."""
    days = rules(session) | dict(changes or {})
    return [Due(kind, days[kind], _count(session, kind, days[kind], now)) for kind in KINDS]


def enforce_retention(resources: Resources) -> list[Due]:
    """Remove what is older than its rule says, a batch in a transaction; what a legal hold names stays."""
    now = resources.clock()
    with resources.database.read() as session:
        days = rules(session)
    done: list[Due] = []
    for kind in KINDS:
        limit = days[kind]
        removed = _ENFORCE[kind](resources, now - timedelta(days=limit)) if limit is not None else 0
        done.append(Due(kind, limit, removed))
        if removed:
            with resources.database.transaction() as session:
                event = AuditEvent("privacy.retention_enforced", now, _DAILY_RUN, kind, after={"count": removed})
                record_audit(session, event)
    return done


def _count(session: ReadSession, kind: DataKind, days: int | None, now: datetime) -> int:
    if days is None:
        return 0
    return int(session.scalar(select(func.count()).select_from(_due_ids(kind, now - timedelta(days=days)).subquery())))


def _due_ids(kind: DataKind, before: datetime) -> Any:
    """The ids that a rule is about, as a query."""
    free = not_held(Issue.customer_id)
    survivor, part = aliased(Issue), aliased(Customer)
    # What is merged into an issue is part of it until that one's time is over.
    goes_on = (survivor.id == Issue.merged_into_id) & (survivor.status.not_in(ENDED) | (survivor.resolved_at >= before))
    ended = Issue.status.in_(ENDED) & (Issue.resolved_at < before) & ~exists().where(goes_on)
    of_issue: dict[str, Any] = {
        "attachments": select(Attachment.id).join(Issue, Issue.id == Attachment.issue_id)
        .where(Attachment.created_at < before, free),
        "draft_files": select(Attachment.id).join(Issue, Issue.id == Attachment.issue_id)
        .where(free, or_(_in_a_draft_untouched_since(before), Attachment.drafted_by == GOING)),
        "unsent": select(Draft.id).join(Issue, Issue.id == Draft.issue_id).where(Draft.updated_at < before, free),
        "drafts": select(Suggestion.id).join(Issue, Issue.id == Suggestion.issue_id)
        .where(Suggestion.created_at < before, Issue.status.in_(ENDED), free),
        "panels": select(Analysis.id).join(Issue, Issue.id == Analysis.issue_id)
        .where(Analysis.created_at < before, Issue.status.in_(ENDED), free),
        "conversations": select(Issue.id).where(ended, free, exists().where(Message.issue_id == Issue.id)),
        "customers": select(Customer.id).where(
            Customer.anonymized_at.is_(None), Customer.updated_at < before, not_held(Customer.id),
            # A record that is merged goes with its customer, whom it keeps.
            is_nothing(Customer.merged_into_id),
            ~exists().where(part.merged_into_id == Customer.id, part.updated_at >= before),
            ~exists().where(Issue.customer_id == Customer.id, Issue.updated_at >= before),
        ),
        "idempotency_keys": select(IdempotencyKey.resource_id).where(IdempotencyKey.created_at < before),
        "model_calls": select(ModelCallRecord.id).outerjoin(Issue, Issue.id == ModelCallRecord.issue_id)
        .where(ModelCallRecord.created_at < before, or_(Issue.id.is_(None), free)),
        "webhook_deliveries": select(WebhookDelivery.id).outerjoin(Issue, Issue.id == WebhookDelivery.issue_id)
        .where(WebhookDelivery.created_at < before, or_(Issue.id.is_(None), free)),
        "article_versions": select(ArticleVersion.id).where(ArticleVersion.replaced_at < before),
    }  # fmt: skip
    return of_issue[kind]


def _in_a_draft_untouched_since(before: datetime) -> Any:
    """Of older files that nobody sent, and beside which nobody has written since."""
    goes_on = exists().where(
        Draft.person_id == Attachment.drafted_by, Draft.issue_id == Attachment.issue_id, Draft.updated_at >= before
    )
    unsent = Attachment.drafted_by.is_not(None) & Attachment.message_id.is_(None)
    return (Attachment.created_at < before) & unsent & ~goes_on


def _due_batch(resources: Resources, kind: DataKind, before: datetime) -> list[str]:
    with resources.database.read() as session:
        return list(session.scalars(_due_ids(kind, before).limit(_BATCH)))


def _due_of(session: ReadSession, kind: DataKind, model: type[Any], before: datetime, ids: Sequence[str]) -> list[str]:
    """Those of these ids that the rule is about."""
    return list(session.scalars(_due_ids(kind, before).where(model.id.in_(ids))))


def _still_due(
    session: WriteSession, kind: DataKind, model: type[Any], before: datetime, ids: Sequence[str]
) -> list[str]:
    """Those that the rule is about by now; until the transaction ends, nobody can place a hold on their customers."""
    issue_ids = ids if model is Issue else session.scalars(select(model.issue_id).where(model.id.in_(ids))).all()
    of_issues = select(Issue.customer_id).where(Issue.id.in_(issue_ids), Issue.customer_id.is_not(None))
    lock_customers(session, session.scalars(of_issues).all())
    return _due_of(session, kind, model, before, ids)


def _remove_conversations(resources: Resources, before: datetime) -> int:
    """Old issues keep their figures, their fix and a subject without persons; the words, files and drafts go."""
    removed = 0
    while issue_ids := _due_batch(resources, "conversations", before):
        for issue_id in issue_ids:
            with resources.database.read() as session:
                if not _due_of(session, "conversations", Issue, before, [issue_id]):
                    continue
            remove_files(resources, [issue_id])
            with resources.database.transaction() as session:
                if _still_due(session, "conversations", Issue, before, [issue_id]):
                    _remove_words(session, issue_id)
                    removed += 1
    return removed


def _remove_words(session: WriteSession, issue_id: str) -> None:
    customer = session.get(Customer, get_issue(session, issue_id).customer_id or "")
    person = person_of(session, customer) if customer else None
    tables = ["messages", "attachments", "suggestions", "analyses", "summaries", "model_calls"]
    remove_rows_of_issues(session, [issue_id], tables)
    anonymize_issues(session, [issue_id], person)


def _remove_attachments(resources: Resources, before: datetime) -> int:
    removed = 0
    while ids := _due_batch(resources, "attachments", before):
        with resources.database.read() as session:
            keys = list(session.scalars(select(Attachment.blob_key).where(Attachment.id.in_(ids))))
        for key in keys:
            resources.blobs.delete(key)
        with resources.database.transaction() as session:
            removed += _delete(session, Attachment, ids)
    return removed


def _remove_draft_files(resources: Resources, before: datetime) -> int:
    """What somebody sends at this moment is locked by them, and in no draft afterwards."""
    removed = 0
    while ids := _due_batch(resources, "draft_files", before):
        with resources.database.transaction() as session:
            still = select(Attachment).where(Attachment.id.in_(ids), Attachment.id.in_(_due_ids("draft_files", before)))
            going = take_out(list(session.scalars(still.with_for_update())))
        removed += remove_taken_out(resources, going)
    return removed


def _remove_unsent(resources: Resources, before: datetime) -> int:
    """What somebody goes on with at this moment is young again, and stays."""
    removed = 0
    while ids := _due_batch(resources, "unsent", before):
        with resources.database.transaction() as session:
            still = _still_due(session, "unsent", Draft, before, ids)
            result: Any = session.execute(delete(Draft).where(Draft.id.in_(still), Draft.updated_at < before))
        removed += int(result.rowcount)
    return removed


def _remove_rows(kind: DataKind, model: type[Any]) -> Callable[[Resources, datetime], int]:
    def remove(resources: Resources, before: datetime) -> int:
        removed = 0
        while ids := _due_batch(resources, kind, before):
            with resources.database.transaction() as session:
                still = _still_due(session, kind, model, before, ids)
                removed += _delete(session, model, still)
        return removed

    return remove


def _delete(session: WriteSession, model: type[Any], ids: Sequence[str]) -> int:
    result: Any = session.execute(delete(model).where(model.id.in_(ids)))
    return int(result.rowcount)


def _remove_keys(resources: Resources, before: datetime) -> int:
    """A record may have a younger key beside an old one: that one stays."""
    removed = 0
    while ids := _due_batch(resources, "idempotency_keys", before):
        old = IdempotencyKey.resource_id.in_(ids) & (IdempotencyKey.created_at < before)
        with resources.database.transaction() as session:
            result: Any = session.execute(delete(IdempotencyKey).where(old))
        removed += int(result.rowcount)
    return removed


def _remove_versions(resources: Resources, before: datetime) -> int:
    """Texts that articles had before; they are no customer's, so that no hold keeps them."""
    removed = 0
    while ids := _due_batch(resources, "article_versions", before):
        with resources.database.transaction() as session:
            removed += _delete(session, ArticleVersion, ids)
    return removed


def _anonymize_customers(resources: Resources, before: datetime) -> int:
    """Ask for the anonymization of customers whose time is over; the requests show what became of each."""
    with resources.database.read() as session:
        ids = list(session.scalars(_due_ids("customers", before)))
    asked = 0
    for customer_id in ids:
        # A hold may have come meanwhile; it must not end the run.
        with suppress(CustomerHeldError):
            ask(resources, "anonymization", customer_id, _DAILY_RUN)
            asked += 1
    return asked


_ENFORCE: Final[Mapping[DataKind, Callable[[Resources, datetime], int]]] = {
    "conversations": _remove_conversations,
    "attachments": _remove_attachments,
    "draft_files": _remove_draft_files,
    "unsent": _remove_unsent,
    "drafts": _remove_rows("drafts", Suggestion),
    "panels": _remove_rows("panels", Analysis),
    "customers": _anonymize_customers,
    "idempotency_keys": _remove_keys,
    "model_calls": _remove_rows("model_calls", ModelCallRecord),
    "webhook_deliveries": _remove_rows("webhook_deliveries", WebhookDelivery),
    "article_versions": _remove_versions,
}
