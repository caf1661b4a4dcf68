"""What stands in each column, by whose it is. A test fails while a column that can hold words is in none of the lists.

Times, numbers and flags are not listed, nor are ids, which name rows of ours; words of and about customers are those in
``catalog.TEXTS`` and ``catalog.SEALED_TEXTS``.
"""

from collections.abc import Mapping
from typing import Final

#: Of a customer, or derived from what they said or sent; goes with them.
OF_CUSTOMERS: Final[Mapping[str, str]] = {
    "customers": "name_sealed email_sealed email_index phone_sealed phone_index notes_sealed attributes_sealed plan "
    "merge_record_sealed also_known_sealed value_currency language external_source external_id",
    "issues": "external_source external_id",
    "attachments": "sha256 blob_key file_key_sealed content_type",
    "search_documents": "title body filters vector",
    "search_next_vectors": "vector",
    "idempotency_keys": "scope key fingerprint",
    "jobs": "payload dedupe_key",
    "privacy_requests": "blob_key file_key_sealed person_sealed",
}
#: Of the people and programs of the desk, who may see what is kept of them and are disabled rather than erased.
OF_THE_DESK: Final[Mapping[str, str]] = {
    "users": "email_sealed email_index name password_hash totp_secret_sealed oidc_issuer oidc_subject role signature "
    "notifications",
    "sessions": "secret_hash methods end_reason address user_agent",
    "known_devices": "hash",
    "one_time_links": "hash purpose",
    "recovery_codes": "hash",
    "refresh_tokens": "hash",
    "sign_in_attempts": "subject",
    "api_keys": "name role scopes hint created_by",
    "api_key_secrets": "hash shown_to",
    "teams": "name",
    "audit_events": "actor_kind actor target reason changed before after via address user_agent",
    "messages": "created_by",
    "queued_messages": "author_name created_by",
    "corrections": "created_by",
    "resolutions": "created_by",
    "knowledge_proposals": "decided_by",
    "article_versions": "replaced_by",
    "issues": "assignee merge_record",
    "attachments": "drafted_by",
    "response_targets": "updated_by",
    "presence": "state",
    "incidents": "created_by",
    "incident_links": "created_by",
    "incident_replies": "replied_by",
    "model_calls": "asked_by",
    "legal_holds": "reason created_by released_by",
    "privacy_requests": "reason requested_by",
    "reply_rules": "words updated_by",
    "model_switches": "reason updated_by",
    "retention_rules": "updated_by",
    "webhook_endpoints": "name created_by",
}
#: Of nobody: codes of ours, names of models and settings, words of the desk for all customers, keys.
OF_NOBODY: Final[Mapping[str, str]] = {
    "articles": "category language tags status source_issue_ids external_source external_id",
    "article_versions": "category language tags status source_issue_ids how",
    "templates": "category folder language tone tags add_tags then_status external_source external_id",
    "attachments": "drafted_for",
    "response_targets": "severity",
    "incidents": "title_of status",
    "knowledge_proposals": "kind category language tags status engine engine_note",
    "issues": "channel status severity severity_source category category_source language language_source",
    "messages": "author visibility",
    "queued_messages": "then_status attachment_ids",
    "corrections": "part model",
    "resolutions": "kind",
    "summaries": "kind engine engine_note",
    "suggestions": "engine usage outcome",
    "template_uses": "outcome",
    "model_calls": "task prompt provider model outcome",
    "search_documents": "kind vector_model",
    "search_next_vectors": "model",
    "jobs": "name status leased_by last_error",
    "privacy_requests": "kind status counts progress receipt",
    "privacy_secrets": "secret_sealed",
    "audit_events": "action outcome hash",
    "audit_checkpoints": "hash",
    "counters": "name",
    "embedding_models": "name state settings place",
    "encryption_keys": "state data_key index_key",
    "signing_keys": "public_jwk private_jwk_sealed",
    "model_budgets": "scope",
    "model_usage": "task provider",
    "reply_rules": "name action",
    "model_switches": "name",
    "retention_rules": "kind",
    "webhook_endpoints": "url_sealed events paused_reason secret_sealed previous_secret_sealed",
    "webhook_deliveries": "event data status tries error",
}
