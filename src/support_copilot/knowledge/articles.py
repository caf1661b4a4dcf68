"""What may be done to an article of the knowledge base."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from support_copilot.db.documents import Vector, put_document
from support_copilot.db.engine import WriteSession
from support_copilot.db.models import Article
from support_copilot.http.concurrency import check_version
from support_copilot.http.idempotency import CreateRequest, Creation, create_once
from support_copilot.identity.errors import PermissionDeniedError
from support_copilot.kit.ids import new_id
from support_copilot.knowledge.documents import article_document
from support_copilot.knowledge.queries import get_article, id_by_reference, lock_article
from support_copilot.knowledge.versions import WORDS, ArticleChanges, Edit, keep_version
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text, embedded_text
from support_copilot.retrieval.feed import tell_index
from support_copilot.retrieval.outside import Speaker


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to be stored."""

    title: str
    body: str
    language: str = "en"
    category: str | None = None
    tags: Sequence[str] = ()
    status: str = "draft"
    source_issue_ids: Sequence[str] = ()
    language_model_allowed: bool = True
    external_source: str | None = None
    external_id: str | None = None
    created_at: datetime | None = None

    @property
    def reference(self) -> tuple[str, str] | None:
        """Source and id at another system, where both are given."""
        return (self.external_source, self.external_id) if self.external_source and self.external_id else None


def create_article(resources: Resources, new: NewArticle, key: str | None, body_fingerprint: str) -> Creation:
    """Store an article once and make it findable.

    Raises:
        IdempotencyKeyReusedError: the key came before with another body.
    """
    now = resources.clock()
    speaker = Speaker(allowed=new.language_model_allowed)
    vector = embed_text(resources, embedded_text(new.title, new.body), speaker)
    creation = create_once(
        resources.database,
        CreateRequest("articles", key, body_fingerprint),
        existing=lambda session: id_by_reference(session, Article, new.reference),
        make=lambda session: insert_article(session, new, vector, resources.embedder.model, now=now).id,
        now=now,
    )
    tell_index(resources)
    return creation


def insert_article(
    session: WriteSession, new: NewArticle, vector: Vector | None, model: str | None, *, now: datetime
) -> Article:
    """Store an article with its search document.

    Args:
        vector: float32 (n,) of ``embedded_text(title, body)`` made by ``model``; None to embed it later.

    Raises:
        sqlalchemy.exc.IntegrityError: the external reference is taken.
    """
    created_at = new.created_at or now
    article = Article(
        id=new_id("article"), title=new.title, body=new.body, category=new.category, language=new.language,
        tags=list(dict.fromkeys(new.tags)), status=new.status,
        published_at=created_at if new.status == "published" else None, contradictions=[],
        source_issue_ids=list(dict.fromkeys(new.source_issue_ids)),
        language_model_allowed=new.language_model_allowed, external_source=new.external_source,
        external_id=new.external_id, created_at=created_at, updated_at=created_at, version=1,
    )  # fmt: skip
    session.add(article)
    session.flush()
    put_document(session, article_document(article), vector, model)
    return article


def edit_article(
    resources: Resources,
    article_id: str,
    changes: ArticleChanges,
    edit: Edit,
    *,
    may_decide: bool,
    if_match: str | None = None,
) -> Article:
    """Change, publish or archive an article, and what it is found by; the text before is kept.

    Args:
        edit: who changes it, and why.
        may_decide: whether who edits may also let models have what is kept from them, as a reviewer does.

    Raises:
        ArticleNotFoundError: no article has this id.
        PermissionDeniedError: they may not.
        StaleVersionError: the article changed since ``if_match`` was read.
    """
    with resources.database.read() as reader:
        before = get_article(reader, article_id)
        # Before anything is sent, and once more when the article is locked.
        _check_may_let_models_read(before, changes, may_decide=may_decide)
    read = _embedded_as(before, changes)
    title, body, allowed = read
    vector = embed_text(resources, embedded_text(title, body), Speaker(allowed=allowed))
    with resources.database.transaction() as session:
        article = lock_article(session, article_id)
        check_version(if_match, article.version)
        _check_may_let_models_read(article, changes, may_decide=may_decide)
        if changes:
            # Another edit in between may have left a text that the vector is not of: let that be embedded later.
            fits = _embedded_as(article, changes) == read
            embedded = (vector if fits else None, resources.embedder.model)
            apply_changes(session, article, changes, embedded, edit, now=resources.clock())
    tell_index(resources)
    return article


def _check_may_let_models_read(article: Article, changes: ArticleChanges, *, may_decide: bool) -> None:
    if changes.get("language_model_allowed") and not (article.language_model_allowed or may_decide):
        raise PermissionDeniedError("To let models read it needs the permission knowledge.decide.")


def _embedded_as(article: Article, changes: ArticleChanges) -> tuple[str, str, bool]:
    """Title and body as they will be, and whether a model outside of this process may be given them."""
    return (
        changes.get("title", article.title),
        changes.get("body", article.body),
        changes.get("language_model_allowed", article.language_model_allowed),
    )


def apply_changes(
    session: WriteSession,
    article: Article,
    changes: ArticleChanges,
    embedded: tuple[Vector | None, str | None],
    edit: Edit,
    *,
    now: datetime,
) -> None:
    """Change a locked article and its search document; new words settle the contradictions noted on the old ones.

    The text before is kept where words change, and at each decision of a reviewer. An edit that changes nothing says
    that the article still holds, or takes that back.

    Args:
        embedded: the vector of the new text, None to embed it later, and the model that made it.
    """
    if edit.how != "edited" or any(
        changes.get(name, getattr(article, name)) != getattr(article, name) for name in WORDS
    ):
        keep_version(session, article, edit, now=now)
    since = edit.unchanged_since if all(getattr(article, name) == value for name, value in changes.items()) else None
    if changes.get("body", article.body) != article.body:
        article.contradictions = []
    if changes.get("status") == "published" and article.status != "published":
        article.published_at = now
    for name, value in changes.items():
        setattr(article, name, value)
    article.version += 1
    article.updated_at = min(since, article.updated_at) if since else now
    put_document(session, article_document(article), *embedded)


def note_contradiction(
    session: WriteSession, article_id: str, issue_id: str, resolution_id: str, reason: str, *, now: datetime
) -> bool:
    """Mark that a newer fix speaks against the article; False when it was marked for this fix before.

    Not an edit: the article's version stays, so that a change proposed meanwhile can still be approved.

    Raises:
        ArticleNotFoundError: no article has this id.
    """
    article = lock_article(session, article_id)
    if any(noted["resolution_id"] == resolution_id for noted in article.contradictions):
        return False
    note = {"issue_id": issue_id, "resolution_id": resolution_id, "reason": reason, "noted_at": now.isoformat()}
    article.contradictions = [*article.contradictions, note]
    article.updated_at = now
    return True
