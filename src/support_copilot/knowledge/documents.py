"""Templates and articles as they are found by a search."""

import re
from typing import Final

from support_copilot.db.documents import DocumentText
from support_copilot.db.models import Article, Template
from support_copilot.kit.text import shorten

_DOCUMENT_CHARS: Final = 6_000
_PLACEHOLDER: Final = re.compile(r"{{-?\s*([\w.]*)[^}]*}}")
_TAG: Final = re.compile(r"{%.*?%}", re.DOTALL)


def template_text(body: str) -> str:
    """The words of a template: placeholders as the words they stand for, conditions left out."""
    spoken = _PLACEHOLDER.sub(lambda found: found[1].rpartition(".")[2].replace("_", " "), _TAG.sub(" ", body))
    return shorten(spoken, _DOCUMENT_CHARS)


def template_document(template: Template) -> DocumentText:
    """The template as it is found."""
    filters = {"language": template.language, "active": "yes" if template.active else "no"}
    if template.category:
        filters["category"] = template.category
    return DocumentText(
        id=template.id,
        kind="template",
        title=template.title,
        body=template_text(template.body),
        created_at=template.created_at,
        filters=filters,
    )


def article_document(article: Article) -> DocumentText:
    """The article as it is found; only published ones are shown to guidance, which asks for that status."""
    filters = {"status": article.status, "language": article.language}
    if article.category:
        filters["category"] = article.category
    return DocumentText(
        id=article.id,
        kind="article",
        title=article.title,
        body=shorten(article.body, _DOCUMENT_CHARS),
        created_at=article.created_at,
        filters=filters,
    )
