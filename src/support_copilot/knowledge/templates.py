"""What may be done to a reply template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

from sqlalchemy import update

from support_copilot.db.documents import Vector, put_document
from support_copilot.db.engine import WriteSession
from support_copilot.db.models import Template
from support_copilot.http.concurrency import check_version
from support_copilot.http.idempotency import CreateRequest, Creation, create_once
from support_copilot.issues.documents import customer_words
from support_copilot.issues.queries import load_issue
from support_copilot.kit.ids import new_id
from support_copilot.knowledge.documents import template_document, template_text
from support_copilot.knowledge.known_placeholders import check_placeholders
from support_copilot.knowledge.queries import get_template, id_by_reference, lock_template
from support_copilot.knowledge.rendering import (
    Rendering,
    check_template,
    placeholder_values,
    placeholders,
    render_template,
    with_overrides,
)
from support_copilot.ml.entities import extract_entities
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text, embedded_text
from support_copilot.retrieval.feed import tell_index

_OUTCOME_COLUMNS: Final = {
    "accepted": Template.accepted_count,
    "edited": Template.edited_count,
    "rejected": Template.rejected_count,
}


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """A template to be stored; ``body`` is Liquid with placeholders."""

    title: str
    body: str
    language: str = "en"
    category: str | None = None
    folder: str | None = None
    tone: str | None = None
    tags: Sequence[str] = ()
    add_tags: Sequence[str] = ()
    then_status: str | None = None
    external_source: str | None = None
    external_id: str | None = None
    created_at: datetime | None = None

    @property
    def reference(self) -> tuple[str, str] | None:
        """Source and id at another system, where both are given."""
        return (self.external_source, self.external_id) if self.external_source and self.external_id else None


class TemplateChanges(TypedDict, total=False):
    """Fields of an edit; one that is absent stays as it is."""

    title: str
    body: str
    language: str
    category: str | None
    folder: str | None
    tone: str | None
    tags: Sequence[str]
    add_tags: Sequence[str]
    then_status: str | None
    active: bool


def create_template(resources: Resources, new: NewTemplate, key: str | None, body_fingerprint: str) -> Creation:
    """Store a template once and make it findable.

    Raises:
        InvalidRequestError: its placeholders cannot be read, or there is none of that name.
        IdempotencyKeyReusedError: the key came before with another body.
    """
    check_template(new.body)
    check_placeholders(new.body)
    now = resources.clock()
    vector = embed_text(resources, embedded_text(new.title, template_text(new.body)))
    creation = create_once(
        resources.database,
        CreateRequest("templates", key, body_fingerprint),
        existing=lambda session: id_by_reference(session, Template, new.reference),
        make=lambda session: insert_template(session, new, vector, resources.embedder.model, now=now).id,
        now=now,
    )
    tell_index(resources)
    return creation


def insert_template(
    session: WriteSession, new: NewTemplate, vector: Vector | None, model: str | None, *, now: datetime
) -> Template:
    """Store a template that was checked, with its search document.

    Args:
        vector: float32 (n,) of ``embedded_text(title, template_text(body))`` by ``model``; None to embed it later.

    Raises:
        sqlalchemy.exc.IntegrityError: the external reference is taken.
    """
    created_at = new.created_at or now
    template = Template(
        id=new_id("template"), title=new.title, body=new.body, category=new.category, folder=new.folder,
        language=new.language, tone=new.tone, tags=list(dict.fromkeys(new.tags)),
        add_tags=list(dict.fromkeys(new.add_tags)), then_status=new.then_status, active=True, used_count=0,
        accepted_count=0, edited_count=0, rejected_count=0, external_source=new.external_source,
        external_id=new.external_id, created_at=created_at, updated_at=created_at, version=1,
    )  # fmt: skip
    session.add(template)
    session.flush()
    put_document(session, template_document(template), vector, model)
    return template


def edit_template(
    resources: Resources, template_id: str, changes: TemplateChanges, *, if_match: str | None = None
) -> Template:
    """Change a template and what it is found by; ``active`` false archives it.

    Raises:
        TemplateNotFoundError: no template has this id.
        StaleVersionError: the template changed since ``if_match`` was read.
        InvalidRequestError: its placeholders cannot be read.
    """
    if "body" in changes:
        check_template(changes["body"])
    with resources.database.read() as reader:
        before = get_template(reader, template_id)
    title, body = changes.get("title", before.title), changes.get("body", before.body)
    check_placeholders(body, spared=placeholders(before.body))
    vector = embed_text(resources, embedded_text(title, template_text(body)))
    with resources.database.transaction() as session:
        template = lock_template(session, template_id)
        check_version(if_match, template.version)
        if changes:
            for name, value in changes.items():
                setattr(template, name, value)
            template.version += 1
            template.updated_at = resources.clock()
            # Another edit in between may have left a text that the vector is not of: let that be embedded later.
            fits = (template.title, template.body) == (title, body)
            put_document(session, template_document(template), vector if fits else None, resources.embedder.model)
    tell_index(resources)
    return template


def count_template_use(session: WriteSession, template_id: str) -> None:
    """One more draft was made from the template."""
    session.execute(update(Template).where(Template.id == template_id).values(used_count=Template.used_count + 1))


def count_template_outcome(session: WriteSession, template_id: str, outcome: str) -> None:
    """What became of a draft made from the template: ``accepted``, ``edited`` or ``rejected``."""
    column = _OUTCOME_COLUMNS[outcome]
    session.execute(update(Template).where(Template.id == template_id).values({column: column + 1}))


def preview_template(
    resources: Resources, template_id: str, issue_id: str | None, given: Mapping[str, str], agent_name: str | None
) -> Rendering:
    """The template filled for an issue, with values given by placeholder name on top.

    Raises:
        TemplateNotFoundError, IssueNotFoundError: there is no such template or issue.
    """
    with resources.database.read() as session:
        body = get_template(session, template_id).body
    return preview_text(resources, body, issue_id, given, agent_name)


def preview_text(
    resources: Resources, body: str, issue_id: str | None, given: Mapping[str, str], agent_name: str | None
) -> Rendering:
    """A text filled likewise, stored or not.

    Raises:
        IssueNotFoundError: there is no such issue.
        InvalidRequestError: its placeholders cannot be read.
    """
    with resources.database.read() as session:
        record = load_issue(session, issue_id) if issue_id else None
    entities = extract_entities(customer_words(record.messages)) if record else []
    values = placeholder_values(record, agent_name, entities)
    return render_template(body, with_overrides(values, given))
