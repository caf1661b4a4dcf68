"""The keyword index on disk (tantivy): BM25 over terms that were cut beforehand."""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import structlog
import tantivy

from support_copilot.backends.search.port import SearchQuery
from support_copilot.backends.search.stored import StoredDocument

_log = structlog.get_logger("support_copilot.search")

#: A word in the title says more about what a text is about than one in its body.
TITLE_WEIGHT: Final = 2.0
#: What somebody asks with says more in its first line, the subject, than in the text below.
SUBJECT_WEIGHT: Final = 2.0
#: Of a long text the rarest terms are asked for; more change little and cost time.
MAX_QUERY_TERMS: Final = 40
_WRITER_BYTES: Final = 40_000_000


class KeywordIndex:
    """One writer at a time; searches see the state of the last ``write``."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(path), reuse=True)
        self._index.config_reader("manual")
        self._writer: Any = None
        self.reload()

    def write(self, documents: Iterable[StoredDocument]) -> None:
        """Add, replace and remove; on return it is on disk and can be found."""
        if self._writer is None:
            self._writer = self._index.writer(_WRITER_BYTES, 1)
        try:
            for document in documents:
                self._writer.delete_documents_by_term("id", document.id)
                if not document.deleted:
                    self._writer.add_document(_document(document))
            self._writer.commit()
        except ValueError:
            # A writer whose thread died, on a full disk say, never works again; the next one may.
            self._writer = None
            raise
        self.reload()

    def reload(self) -> None:
        """See what another process has written."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def document_frequency(self, term: str) -> int:
        """In how many documents the term occurs (replaced ones may still count)."""
        return int(self._searcher.doc_freq("body", term)) + int(self._searcher.doc_freq("title", term))

    def size(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, terms: Mapping[str, float], query: SearchQuery | None, limit: int) -> list[tuple[int, float]]:
        """Change numbers and BM25 scores of the best documents, best first.

        Args:
            terms: how much each counts.
            query: what it allows; None for all documents, which is much faster than allowing most of them.
        """
        if not terms:
            return []
        tantivy_query = self._words(terms)
        if query is not None:
            limits = ((tantivy.Occur.Must, part) for part in self._limits(query))
            tantivy_query = tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy_query), *limits])
            limit += len(query.exclude_ids)
        found = self._searcher.search(tantivy_query, limit, count=False).hits
        seqs = self._searcher.fast_field_values("seq", [address for _, address in found])
        return [(int(seq), float(score)) for seq, (score, _) in zip(seqs, found, strict=True) if seq is not None]

    def close(self) -> None:
        """Let running merges end and give the writer's lock back."""
        if self._writer is not None:
            try:
                self._writer.wait_merging_threads()
            except ValueError as error:
                # What was committed is on disk; only the tidying failed.
                _log.warning("search.merge.failed", exc_info=error)
            self._writer = None

    def _words(self, terms: Mapping[str, float]) -> tantivy.Query:
        parts = []
        for term, weight in terms.items():
            title = tantivy.Query.term_query(self._schema, "title", term)
            body = tantivy.Query.term_query(self._schema, "body", term)
            parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(title, TITLE_WEIGHT * weight)))
            parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(body, weight) if weight != 1 else body))
        return tantivy.Query.boolean_query(parts)

    def _limits(self, query: SearchQuery) -> list[tantivy.Query]:
        wanted: Mapping[str, Sequence[str]] = {**query.filters, **({"kind": query.kinds} if query.kinds else {})}
        limits = [
            tantivy.Query.const_score_query(
                tantivy.Query.term_set_query(self._schema, "filter", [f"{name}={value}" for value in values]), 0.0
            )
            for name, values in wanted.items()
        ]
        after, before = query.created_after, query.created_before
        if after is not None or before is not None:
            ranged = tantivy.Query.range_query(
                self._schema,
                "created_at",
                tantivy.FieldType.Integer,
                lower_bound=None if after is None else math.floor(after.timestamp()),
                upper_bound=None if before is None else math.ceil(before.timestamp()),
                include_lower=True,
                include_upper=True,
            )
            limits.append(tantivy.Query.const_score_query(ranged, 0.0))
        return limits


def rarest(
    terms: Sequence[str],
    frequency: Mapping[str, int],
    most: int = MAX_QUERY_TERMS,
    first: frozenset[str] = frozenset(),
) -> list[str]:
    """The distinct terms, the rarest first, at most ``most``; those of ``first`` are chosen before all others."""
    chosen = sorted(dict.fromkeys(terms), key=lambda term: (term not in first, frequency[term], term))[:most]
    return sorted(chosen, key=lambda term: (frequency[term], term))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("filter", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("seq", fast=True)
    builder.add_integer_field("created_at", indexed=True)
    return builder.build()


def _document(document: StoredDocument) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("id", document.id)
    made.add_text("title", " ".join(document.title_terms))
    made.add_text("body", " ".join(document.body_terms))
    for name, value in {**document.filters, "kind": document.kind}.items():
        made.add_text("filter", f"{name}={value}")
    made.add_unsigned("seq", document.seq)
    made.add_integer("created_at", math.floor(document.created_at.timestamp()))
    return made
