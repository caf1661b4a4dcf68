"""The record"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import MYSQL_OPTIONS, Blob, Id, JsonValue, LongText, UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", Id, nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("category", sa.String(length=80), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("tags", JsonValue, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("contradictions", JsonValue, nullable=False),
        sa.Column("source_issue_ids", JsonValue, nullable=False),
        sa.Column("external_source", sa.String(length=60), nullable=True),
        sa.Column("external_id", sa.String(length=190), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("external_source", "external_id", name=op.f("uq_articles_external_source_external_id")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_articles_created_at_id", "articles", ["created_at", "id"], unique=False)
    op.create_index("ix_articles_status_created_at", "articles", ["status", "created_at"], unique=False)

    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
        **MYSQL_OPTIONS,
    )
    op.create_table(
        "customers",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("plan", sa.String(length=60), nullable=True),
        sa.Column("value_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("value_currency", sa.String(length=3), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("notes", LongText, nullable=True),
        sa.Column("attributes", JsonValue, nullable=False),
        sa.Column("external_source", sa.String(length=60), nullable=True),
        sa.Column("external_id", sa.String(length=190), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("external_source", "external_id", name=op.f("uq_customers_external_source_external_id")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_customers_created_at_id", "customers", ["created_at", "id"], unique=False)
    op.create_index("ix_customers_email", "customers", ["email"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=190), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("resource_id", Id, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency_keys")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("payload", JsonValue, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("leased_by", sa.String(length=80), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("dedupe_key", sa.String(length=190), nullable=True),
        sa.Column("last_error", LongText, nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_jobs_created_at_id", "jobs", ["created_at", "id"], unique=False)
    op.create_index("ix_jobs_dedupe_key", "jobs", ["dedupe_key"], unique=True)
    op.create_index("ix_jobs_status_run_at", "jobs", ["status", "run_at"], unique=False)

    op.create_table(
        "search_documents",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("filters", JsonValue, nullable=False),
        sa.Column("vector", Blob, nullable=True),
        sa.Column("vector_model", sa.String(length=80), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_search_documents_seq", "search_documents", ["seq"], unique=True)
    op.create_index("ix_search_documents_vector_model_id", "search_documents", ["vector_model", "id"], unique=False)

    op.create_table(
        "templates",
        sa.Column("id", Id, nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("category", sa.String(length=80), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("tone", sa.String(length=20), nullable=True),
        sa.Column("tags", JsonValue, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("used_count", sa.Integer(), nullable=False),
        sa.Column("accepted_count", sa.Integer(), nullable=False),
        sa.Column("edited_count", sa.Integer(), nullable=False),
        sa.Column("rejected_count", sa.Integer(), nullable=False),
        sa.Column("external_source", sa.String(length=60), nullable=True),
        sa.Column("external_id", sa.String(length=190), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("external_source", "external_id", name=op.f("uq_templates_external_source_external_id")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_templates_created_at_id", "templates", ["created_at", "id"], unique=False)

    op.create_table(
        "issues",
        sa.Column("id", Id, nullable=False),
        sa.Column("customer_id", Id, nullable=True),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=True),
        sa.Column("severity_source", sa.String(length=20), nullable=True),
        sa.Column("category", sa.String(length=80), nullable=True),
        sa.Column("category_source", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("language_source", sa.String(length=20), nullable=True),
        sa.Column("assignee", sa.String(length=200), nullable=True),
        sa.Column("tags", JsonValue, nullable=False),
        sa.Column("first_response_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("reopened_count", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_comment", LongText, nullable=True),
        sa.Column("external_source", sa.String(length=60), nullable=True),
        sa.Column("external_id", sa.String(length=190), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_issues_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint("external_source", "external_id", name=op.f("uq_issues_external_source_external_id")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_issues_created_at_id", "issues", ["created_at", "id"], unique=False)
    op.create_index("ix_issues_customer_id_created_at", "issues", ["customer_id", "created_at"], unique=False)
    op.create_index("ix_issues_resolved_at", "issues", ["resolved_at"], unique=False)
    op.create_index("ix_issues_status_created_at", "issues", ["status", "created_at"], unique=False)
    op.create_index("ix_issues_updated_at_id", "issues", ["updated_at", "id"], unique=False)

    op.create_table(
        "analyses",
        sa.Column("id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("panel", JsonValue, nullable=False),
        sa.Column("message_count", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_analyses_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analyses")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_analyses_issue_id_created_at", "analyses", ["issue_id", "created_at"], unique=False)

    op.create_table(
        "conversations",
        sa.Column("id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_conversations_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("issue_id", "sequence", name=op.f("uq_conversations_issue_id_sequence")),
        **MYSQL_OPTIONS,
    )
    op.create_table(
        "corrections",
        sa.Column("id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("value", JsonValue, nullable=False),
        sa.Column("predicted", JsonValue, nullable=True),
        sa.Column("model", sa.String(length=120), nullable=True),
        sa.Column("note", LongText, nullable=True),
        sa.Column("created_by", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_corrections_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_corrections_issue_id_part", "corrections", ["issue_id", "part"], unique=False)
    op.create_index("ix_corrections_part_created_at", "corrections", ["part", "created_at"], unique=False)

    op.create_table(
        "suggestions",
        sa.Column("id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("template_id", Id, nullable=True),
        sa.Column("template_version", sa.Integer(), nullable=True),
        sa.Column("request", JsonValue, nullable=False),
        sa.Column("context", JsonValue, nullable=False),
        sa.Column("text", LongText, nullable=False),
        sa.Column("citations", JsonValue, nullable=False),
        sa.Column("checks", JsonValue, nullable=False),
        sa.Column("engine", sa.String(length=120), nullable=False),
        sa.Column("usage", JsonValue, nullable=False),
        sa.Column("duration_ms", sa.Double(), nullable=False),
        sa.Column("message_count", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("final_text", LongText, nullable=True),
        sa.Column("edit_distance", sa.Double(), nullable=True),
        sa.Column("outcome_reason", LongText, nullable=True),
        sa.Column("outcome_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_suggestions_issue_id")),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name=op.f("fk_suggestions_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_suggestions_issue_id_created_at", "suggestions", ["issue_id", "created_at"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=20), nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=True),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("body_html", LongText, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_messages_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("issue_id", "position", name=op.f("uq_messages_issue_id_position")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_messages_conversation_id", "messages", ["conversation_id"], unique=False)

    op.create_table(
        "resolutions",
        sa.Column("id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=True),
        sa.Column("text", LongText, nullable=False),
        sa.Column("steps", JsonValue, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("resolved_in_hours", sa.Double(), nullable=False),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_resolutions_conversation_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_resolutions_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolutions")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_resolutions_issue_id_created_at", "resolutions", ["issue_id", "created_at"], unique=False)

    op.create_table(
        "summaries",
        sa.Column("id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("conversation_id", Id, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sections", JsonValue, nullable=False),
        sa.Column("text", LongText, nullable=False),
        sa.Column("engine", sa.String(length=120), nullable=False),
        sa.Column("message_count", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_summaries_conversation_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_summaries_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summaries")),
        **MYSQL_OPTIONS,
    )
    op.create_index(
        "ix_summaries_issue_id_kind_created_at", "summaries", ["issue_id", "kind", "created_at"], unique=False
    )

    op.create_table(
        "attachments",
        sa.Column("id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("message_id", Id, nullable=True),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("content_type", sa.String(length=120), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("blob_key", sa.String(length=190), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_attachments_issue_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_attachments_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_attachments_issue_id", "attachments", ["issue_id"], unique=False)

    op.create_table(
        "knowledge_proposals",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("article_id", Id, nullable=True),
        sa.Column("article_version", sa.Integer(), nullable=True),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("resolution_id", Id, nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("category", sa.String(length=80), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("tags", JsonValue, nullable=False),
        sa.Column("reason", LongText, nullable=False),
        sa.Column("likeness", sa.Double(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decision_note", LongText, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_knowledge_proposals_article_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_knowledge_proposals_issue_id")),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolutions.id"], name=op.f("fk_knowledge_proposals_resolution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_proposals")),
        sa.UniqueConstraint("issue_id", "resolution_id", name=op.f("uq_knowledge_proposals_issue_id_resolution_id")),
        **MYSQL_OPTIONS,
    )
    op.create_index(
        "ix_knowledge_proposals_status_created_at", "knowledge_proposals", ["status", "created_at"], unique=False
    )

    op.execute("INSERT INTO counters (name, value) VALUES ('search_documents', 0)")


def downgrade() -> None:
    for table in (
        "knowledge_proposals",
        "attachments",
        "summaries",
        "resolutions",
        "messages",
        "suggestions",
        "corrections",
        "conversations",
        "analyses",
        "issues",
        "templates",
        "search_documents",
        "jobs",
        "idempotency_keys",
        "customers",
        "counters",
        "articles",
    ):
        op.drop_table(table)
