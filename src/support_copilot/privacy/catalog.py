"""Which tables hold what people said, and what becomes of each. A test fails when a table is in none of the lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table

from support_copilot.db.models import (
    Analysis,
    Article,
    ArticleVersion,
    Attachment,
    Base,
    Conversation,
    Correction,
    Customer,
    Draft,
    Incident,
    IncidentLink,
    Issue,
    Message,
    ModelCallRecord,
    Proposal,
    QueuedMessage,
    Resolution,
    SavedView,
    Suggestion,
    Summary,
    Template,
    TemplateUse,
)


@dataclass(frozen=True, slots=True)
class Texts:
    """Columns of a table in which a person's words, or words about a person, can stand."""

    model: type[Any]
    columns: tuple[str, ...]


#: Read through for mentions of a person who is erased, and masked when an issue is anonymized.
TEXTS: Final[Sequence[Texts]] = (
    Texts(Issue, ("subject", "rating_comment", "tags")),
    Texts(Message, ("body", "body_html", "author_name")),
    Texts(Resolution, ("text", "steps")),
    Texts(Correction, ("value", "predicted", "note")),
    Texts(Suggestion, ("request", "context", "text", "citations", "checks", "final_text", "outcome_reason")),
    Texts(Summary, ("text", "sections")),
    Texts(Proposal, ("title", "body", "reason", "decision_note", "compared")),
    Texts(Article, ("title", "body", "contradictions")),
    # After the articles: a text that is replaced meanwhile is kept without the person.
    Texts(ArticleVersion, ("title", "body", "contradictions", "note")),
    Texts(Template, ("title", "body")),
    Texts(Attachment, ("filename",)),
    Texts(Analysis, ("panel",)),
    Texts(Draft, ("reply", "note")),
    Texts(QueuedMessage, ("body", "add_tags", "made_of")),
    Texts(SavedView, ("name", "filters")),
    Texts(Incident, ("title",)),
    Texts(ModelCallRecord, ("request", "response")),
)

#: Encrypted texts about customers that may name another one: decrypted one by one, since no query can look inside.
SEALED_TEXTS: Final[Sequence[Texts]] = (Texts(Customer, ("notes", "attributes")),)

#: Tables of an issue that anonymization keeps, masked; the rows of all other tables with an ``issue_id`` are removed.
KEPT_WHEN_ANONYMIZED: Final = frozenset(
    model.__tablename__
    for model in (
        Conversation,
        Message,
        Resolution,
        Summary,
        Proposal,
        Correction,
        Suggestion,
        IncidentLink,
        TemplateUse,
    )
)

#: Tables without a customer's data, and why they hold none. Everything else with ``issue_id`` or ``customer_id`` goes.
NOT_OF_CUSTOMERS: Final[Mapping[str, str]] = {
    "audit_events": "holds ids and names of fields, never values of a person; is never changed",
    "audit_checkpoints": "numbers and hashes",
    "counters": "numbers",
    "idempotency_keys": "hashes of requests; those that made a record of the person are removed by its id",
    "jobs": "ids only; those that name a record of the person are removed",
    "search_documents": "derived from issues, articles and templates; removed or written anew with them",
    "search_next_vectors": "vectors of search_documents; removed with them",
    "embedding_models": "names and settings of models, without keys",
    "privacy_requests": "ids and counts, the proof that something was done; encrypted, whom held records still name",
    "legal_holds": "ids, and the name of a legal matter",
    "retention_rules": "numbers",
    "response_targets": "numbers",
    "model_switches": "what an admin set about models, and why",
    "reply_rules": "words that the desk does not want in replies",
    "incident_replies": "ids and moments, of incident_links; removed with them",
    "privacy_secrets": "keys, encrypted",
    "encryption_keys": "keys, wrapped",
    **dict.fromkeys(("model_budgets", "model_usage"), "sums of tokens and money by task, user and day"),
    **dict.fromkeys(
        (
            "users",
            "sessions",
            "refresh_tokens",
            "one_time_links",
            "recovery_codes",
            "known_devices",
            "sign_in_attempts",
            "teams",
            "team_members",
            "api_keys",
            "api_key_secrets",
            "signing_keys",
        ),
        "about the people and programs of the desk, who are not its customers",
    ),
    "webhook_endpoints": "addresses of other programs and secrets, encrypted",
    "alembic_version": "the version of the tables",
}

#: Handled by name: the person, and the root of each issue.
ROOTS: Final = frozenset({"customers", "issues"})


def issue_tables() -> list[Table]:
    """All tables whose rows belong to one issue, children before what they refer to."""
    return [table for table in reversed(Base.metadata.sorted_tables) if "issue_id" in table.c]


def customer_tables() -> list[Table]:
    """All tables beside issues whose rows belong to one customer, children first."""
    return [
        table
        for table in reversed(Base.metadata.sorted_tables)
        if "customer_id" in table.c and table.name not in NOT_OF_CUSTOMERS and table.name not in ROOTS
    ]
