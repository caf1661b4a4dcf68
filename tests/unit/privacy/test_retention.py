"""Rules by kind of data: what they would remove, what they remove, and what a hold keeps from them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from support_copilot.db.models import (
    Analysis,
    ArticleVersion,
    Attachment,
    AuditEntry,
    Customer,
    Draft,
    IdempotencyKey,
    Issue,
    LegalHold,
    Message,
    ModelCallRecord,
    Resolution,
    Suggestion,
    WebhookDelivery,
)
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.issues.drafts import DraftIn, save_draft
from support_copilot.knowledge.articles import NewArticle, edit_article, insert_article
from support_copilot.knowledge.versions import Edit
from support_copilot.privacy import retention
from support_copilot.privacy.holds import place_hold
from support_copilot.privacy.retention import KINDS, DataKind, change_rules, due, enforce_retention
from support_copilot.resources import Resources
from support_copilot.retrieval.find import find_documents
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.unit.privacy.stories import Story, tell_story


@pytest.fixture
def story(resources: Resources, clock: StepClock) -> Story:
    told = tell_story(resources)
    clock.advance(days=40)
    return told


def rule(resources: Resources, kind: DataKind, days: int | None) -> None:
    with resources.database.transaction() as session:
        change_rules(session, {kind: days}, LOCAL_CLI, resources.clock())


def counted(resources: Resources, kind: DataKind, days: int | None) -> int:
    with resources.database.read() as session:
        return next(each.count for each in due(session, resources.clock(), {kind: days}) if each.kind == kind)


def rows(resources: Resources, model: type) -> int:
    with resources.database.read() as session:
        return int(session.scalar(select(func.count()).select_from(model)))


@pytest.mark.parametrize(
    ("kind", "model", "left"),
    [
        ("attachments", Attachment, 0),
        ("drafts", Suggestion, 0),
        ("conversations", Message, 1),
        ("panels", Analysis, 0),
        ("model_calls", ModelCallRecord, 0),
        ("webhook_deliveries", WebhookDelivery, 0),
    ],
)
def test_a_dry_run_tells_what_a_run_removes(
    resources: Resources, story: Story, kind: DataKind, model: type, left: int
) -> None:
    assert counted(resources, kind, 60) == 0
    assert counted(resources, kind, 30) == 1
    assert rows(resources, model) > left
    rule(resources, kind, 30)
    removed = {each.kind: each.count for each in enforce_retention(resources)}
    assert removed[kind] == 1
    assert rows(resources, model) == left
    assert counted(resources, kind, 30) == 0


def test_old_conversations_leave_figures_and_fix_findable(resources: Resources, story: Story) -> None:
    rule(resources, "conversations", 30)
    enforce_retention(resources)
    with resources.database.read() as session:
        issue = session.get(Issue, story.issue_id)
        fix = session.scalar(select(Resolution.text).where(Resolution.issue_id == story.issue_id))
    assert issue is not None
    assert (issue.status, issue.rating) == ("resolved", 5)
    assert issue.subject.startswith("Printer 0 of [PERSON]")
    assert fix == "Cleaned the rollers of the printer for [PERSON]."
    assert story.issue_id in {hit.id for hit in find_documents(resources, "printer", None, kinds=["issue"])}


def test_a_hold_keeps_everything_of_its_customer(resources: Resources, story: Story) -> None:
    with resources.database.transaction() as session:
        place_hold(session, story.customer_id, "Case 7", LOCAL_CLI, resources.clock())
    for kind in KINDS:
        rule(resources, kind, 1)
        assert counted(resources, kind, 1) == 0
    assert {each.count for each in enforce_retention(resources)} == {0}
    assert rows(resources, Attachment) == 1
    assert rows(resources, Suggestion) == 1
    assert rows(resources, Message) == 4
    assert rows(resources, Analysis) == rows(resources, ModelCallRecord) == rows(resources, WebhookDelivery) == 1


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("drafts", Suggestion),
        ("conversations", Message),
        ("panels", Analysis),
        ("model_calls", ModelCallRecord),
        ("webhook_deliveries", WebhookDelivery),
    ],
)
def test_a_hold_placed_in_the_middle_of_a_run_keeps_what_the_run_had_chosen(
    resources: Resources, story: Story, kind: DataKind, model: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(resources, kind, 30)
    before, chosen = rows(resources, model), retention._due_batch

    def choose_and_hold(*asked: Any) -> list[str]:
        ids = chosen(*asked)
        if ids:
            with resources.database.transaction() as session:
                place_hold(session, story.customer_id, "Case 7", LOCAL_CLI, resources.clock())
        return ids

    monkeypatch.setattr(retention, "_due_batch", choose_and_hold)
    assert {each.kind: each.count for each in enforce_retention(resources)}[kind] == 0
    assert rows(resources, model) == before
    assert rows(resources, LegalHold) == 1


def test_customers_nobody_hears_of_are_anonymized(resources: Resources, story: Story, worker: Worker) -> None:
    rule(resources, "customers", 30)
    enforce_retention(resources)
    while worker.run_once():
        pass
    with resources.database.read() as session:
        customer = session.get(Customer, story.customer_id)
    assert customer is not None
    assert customer.anonymized_at is not None


def test_nothing_of_the_record_goes_by_itself(resources: Resources, story: Story, clock: StepClock) -> None:
    clock.now += timedelta(days=4000)
    assert {each.kind: each.count for each in enforce_retention(resources)} == dict.fromkeys(
        (
            "conversations",
            "attachments",
            "draft_files",
            "drafts",
            "panels",
            "customers",
            "idempotency_keys",
            "article_versions",
        ),
        0,
    ) | {"model_calls": 1, "unsent": 1, "webhook_deliveries": 1}, (
        "what a model was asked, what programs were told, and what was begun and never sent, is kept for a month"
    )


def test_earlier_texts_of_articles_go_by_their_age(resources: Resources, clock: StepClock) -> None:
    edit = Edit("edited", "local")
    with resources.database.transaction() as session:
        article_id = insert_article(session, NewArticle("Rollers", "One"), None, None, now=resources.clock()).id
    edit_article(resources, article_id, {"body": "Two"}, edit, may_decide=True)
    clock.advance(days=40)
    edit_article(resources, article_id, {"body": "Three"}, edit, may_decide=True)
    assert (counted(resources, "article_versions", 30), counted(resources, "article_versions", 50)) == (1, 0)
    rule(resources, "article_versions", 30)

    done = {each.kind: each.count for each in enforce_retention(resources)}

    assert done["article_versions"] == 1
    with resources.database.read() as session:
        assert list(session.scalars(select(ArticleVersion.body))) == ["Two"]


def test_what_nobody_went_on_writing_goes(resources: Resources, story: Story, clock: StepClock) -> None:
    save_draft(resources, "usr_old", story.issue_id, DraftIn(reply="She said that", note="", unsigned=False))
    clock.now += timedelta(days=29)
    save_draft(resources, "usr_new", story.issue_id, DraftIn(reply="Dear Ana", note="", unsigned=False))
    clock.now += timedelta(days=2)

    done = {each.kind: each.count for each in enforce_retention(resources)}

    assert done["unsent"] == 2, "the one of the story, and the old one"
    with resources.database.read() as session:
        assert list(session.scalars(select(Draft.person_id))) == ["usr_new"]


def test_a_run_and_a_changed_rule_are_in_the_audit_trail(resources: Resources, story: Story) -> None:
    rule(resources, "attachments", 30)
    enforce_retention(resources)
    with resources.database.read() as session:
        actions = set(session.scalars(select(AuditEntry.action)))
    assert {"privacy.retention_changed", "privacy.retention_enforced"} <= actions


def test_a_young_key_of_a_record_outlives_an_old_one(resources: Resources, clock: StepClock) -> None:
    """Such as the key of a reply that was taken back, kept under the incident's id beside the key that made it."""
    with resources.database.transaction() as session:
        for scope, days in (("incident", 8), ("incident_replies:inc_1", 0)):
            made = clock() - timedelta(days=days)
            session.add(IdempotencyKey(scope=scope, key="k", fingerprint="f", resource_id="inc_1", created_at=made))
    enforce_retention(resources)
    with resources.database.read() as session:
        assert list(session.scalars(select(IdempotencyKey.scope))) == ["incident_replies:inc_1"]
