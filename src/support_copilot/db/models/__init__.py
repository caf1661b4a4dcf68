"""All tables, one file a family; imports nothing above ``db``."""

from support_copilot.db.models.audit import AuditCheckpoint, AuditEntry
from support_copilot.db.models.base import Base
from support_copilot.db.models.customers import Customer, CustomerWord
from support_copilot.db.models.desk import (
    Draft,
    NoteMention,
    Presence,
    QueuedMessage,
    ReadingMark,
    ResponseTarget,
    SavedView,
)
from support_copilot.db.models.encryption import EncryptionKey
from support_copilot.db.models.identity import (
    ApiKey,
    ApiKeySecret,
    KnownDevice,
    OneTimeLink,
    RecoveryCode,
    RefreshToken,
    SignInAttempts,
    SigningKey,
    Team,
    TeamMember,
    User,
    UserSession,
)
from support_copilot.db.models.incidents import Incident, IncidentLink, IncidentReply
from support_copilot.db.models.insight import Analysis, Correction, Suggestion, Summary
from support_copilot.db.models.issues import Attachment, Conversation, Issue, Message, Resolution
from support_copilot.db.models.knowledge import Article, ArticleVersion, Proposal, ReplyRule, Template, TemplateUse
from support_copilot.db.models.plumbing import Counter, IdempotencyKey, Job, SearchDocument
from support_copilot.db.models.privacy import LegalHold, PrivacyRequest, PrivacySecret, RetentionRule
from support_copilot.db.models.spending import ModelBudget, ModelCallRecord, ModelSwitch, ModelUsage
from support_copilot.db.models.vectors import EmbeddingModel, NextVector
from support_copilot.db.models.webhooks import WebhookDelivery, WebhookEndpoint

__all__ = [
    "Analysis",
    "ApiKey",
    "ApiKeySecret",
    "Article",
    "ArticleVersion",
    "Attachment",
    "AuditCheckpoint",
    "AuditEntry",
    "Base",
    "Conversation",
    "Correction",
    "Counter",
    "Customer",
    "CustomerWord",
    "Draft",
    "EmbeddingModel",
    "EncryptionKey",
    "IdempotencyKey",
    "Incident",
    "IncidentLink",
    "IncidentReply",
    "Issue",
    "Job",
    "KnownDevice",
    "LegalHold",
    "Message",
    "ModelBudget",
    "ModelCallRecord",
    "ModelSwitch",
    "ModelUsage",
    "NextVector",
    "NoteMention",
    "OneTimeLink",
    "Presence",
    "PrivacyRequest",
    "PrivacySecret",
    "Proposal",
    "QueuedMessage",
    "ReadingMark",
    "RecoveryCode",
    "RefreshToken",
    "ReplyRule",
    "Resolution",
    "ResponseTarget",
    "RetentionRule",
    "SavedView",
    "SearchDocument",
    "SignInAttempts",
    "SigningKey",
    "Suggestion",
    "Summary",
    "Team",
    "TeamMember",
    "Template",
    "TemplateUse",
    "User",
    "UserSession",
    "WebhookDelivery",
    "WebhookEndpoint",
]
