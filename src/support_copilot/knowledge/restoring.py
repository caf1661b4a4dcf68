"""An earlier text of an article becomes its text again."""

from support_copilot.db.models import Article, ArticleVersion
from support_copilot.http.concurrency import check_version
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.knowledge.articles import apply_changes
from support_copilot.knowledge.queries import get_article, lock_article
from support_copilot.knowledge.versions import ArticleChanges, Edit, get_version, words_of
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text, embedded_text
from support_copilot.retrieval.feed import tell_index
from support_copilot.retrieval.outside import Speaker


def restore_version(
    resources: Resources,
    article_id: str,
    version: int,
    note: str | None,
    principal: Principal,
    *,
    if_match: str | None = None,
) -> Article:
    """Give an article the text that it had as ``version``; its status stays, and the text of now is kept as well.

    Contradictions that were noted on that text are noted again. Models are given it as they were then, but nobody
    who may not decide that gives them what is kept from them now.

    Raises:
        ArticleNotFoundError: no article has this id.
        VersionNotFoundError: no such text was kept.
        StaleVersionError: the article changed since ``if_match`` was read.
    """
    may_decide = principal.may("knowledge.decide")
    with resources.database.read() as reader:
        article = get_article(reader, article_id)
        seen = _words_of(get_version(reader, article_id, version), article, may_decide=may_decide)
    text = embedded_text(seen["title"], seen["body"])
    vector = embed_text(resources, text, Speaker(allowed=seen["language_model_allowed"]))
    now = resources.clock()
    with resources.database.transaction() as session:
        article = lock_article(session, article_id)
        check_version(if_match, article.version)
        # Read anew: what somebody was taken out of meanwhile comes back without them.
        kept = get_version(session, article_id, version)
        words = _words_of(kept, article, may_decide=may_decide)
        contradictions = list(kept.contradictions)
        embedded = (vector if words == seen else None, resources.embedder.model)
        apply_changes(session, article, words, embedded, Edit("restored", principal.name, note), now=now)
        article.contradictions = contradictions
        record_audit(session, AuditEvent("article.restored", now, principal, article_id, after={"version": version}))
    tell_index(resources)
    return article


def _words_of(kept: ArticleVersion, article: Article, *, may_decide: bool) -> ArticleChanges:
    allowed = kept.language_model_allowed and (may_decide or article.language_model_allowed)
    return {**words_of(kept), "language_model_allowed": allowed}
