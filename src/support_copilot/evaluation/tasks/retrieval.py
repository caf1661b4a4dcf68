"""Similar past issues: how high the search puts an issue that people linked to the one asked about.

The product's own way: documents in its database, vectors of its embedder, its index, its fusion. The issue itself is
never a candidate; where times are known, only earlier issues are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from support_copilot.connect.sample.writing import families
from support_copilot.db.documents import DocumentText, add_documents
from support_copilot.evaluation.baselines import Bm25
from support_copilot.evaluation.product import read_lines, read_table, scratch_product
from support_copilot.evaluation.sampling import Figure, figure
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text, embed_waiting, embedded_text
from support_copilot.retrieval.find import find_documents

_DEPTH: Final = 100
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    title: str
    body: str
    created_at: datetime = _LONG_AGO


@dataclass(frozen=True, slots=True)
class Question:
    """``own_id``: the document that asks, if it is one; ``before``: only earlier ones can be known."""

    title: str
    body: str
    relevant: frozenset[str]
    own_id: str | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    documents: Sequence[Document]
    questions: Sequence[Question]


Order = Callable[[Question], Sequence[str]]


def measure(_sets: Path, data: Path | None, _held_out: Path | None) -> dict[str, Figure]:
    collections = {"own": sample_company()}
    if data is not None:
        folder = data / "similar_issues"
        collections |= {
            "eclipse": _eclipse(folder),
            "eclipse_titles": _eclipse_titles(folder),
            "hadoop": _hadoop(folder),
            "stackfaq": _stackfaq(folder),
        }
    figures: dict[str, Figure] = {}
    for name, collection in collections.items():
        with scratch_product() as resources:
            figures |= _figures(name, collection, resources)
    return figures


def _figures(name: str, collection: Collection, resources: Resources) -> dict[str, Figure]:
    _store(resources, collection.documents)
    ways: dict[str, Order] = {
        "ours": lambda question: _found(resources, question, words=True, meaning=True),
        "words alone": lambda question: _found(resources, question, words=True, meaning=False),
        "meaning alone": lambda question: _found(resources, question, words=False, meaning=True),
        "BM25": _bm25(collection.documents),
    }
    counts = {
        way: np.array([_count(order(question), question.relevant) for question in collection.questions])
        for way, order in ways.items()
    }
    ours = counts.pop("ours")
    return {
        f"{name}.{metric}": figure(ours, lambda sums, place=place: float(sums[place] / sums[-1]), counts)  # type: ignore[misc]
        for place, metric in enumerate(("mrr_100", "hit_1", "recall_10"))
    }


def _count(order: Sequence[str], relevant: frozenset[str]) -> tuple[float, float, float, float]:
    place = next((number for number, each in enumerate(order[:_DEPTH], 1) if each in relevant), 0)
    recalled = len(relevant & set(order[:10])) / len(relevant)
    return (1 / place if place else 0.0), float(place == 1), recalled, 1.0


def _store(resources: Resources, documents: Sequence[Document]) -> None:
    for first in range(0, len(documents), _BATCH):
        with resources.database.transaction() as session:
            texts = [
                DocumentText(each.id, "issue", each.title, each.body, each.created_at)
                for each in documents[first : first + _BATCH]
            ]
            add_documents(session, texts)
    embed_waiting(resources)


def _found(resources: Resources, question: Question, *, words: bool, meaning: bool) -> list[str]:
    text = embedded_text(question.title, question.body)
    hits = find_documents(
        resources,
        text if words else "",
        embed_text(resources, text) if meaning else None,
        kinds=["issue"],
        exclude_ids=[question.own_id] if question.own_id else [],
        created_before=question.before,
        limit=_DEPTH,
    )
    return [hit.id for hit in hits]


def _bm25(documents: Sequence[Document]) -> Order:
    index = Bm25([f"{each.title}\n{each.body}" for each in documents])

    def order(question: Question) -> list[str]:
        best = np.argsort(-index.scores(f"{question.title}\n{question.body}"), kind="stable")
        allowed = (
            each.id
            for each in map(documents.__getitem__, best.tolist())
            if each.id != question.own_id and (question.before is None or each.created_at < question.before)
        )
        return [identifier for identifier, _ in zip(allowed, range(_DEPTH), strict=False)]

    return order


def sample_company() -> Collection:
    """Every way in which customers of the sample company put a problem asks for the other ways, in any language."""
    documents, questions = [], []
    for family in families():
        ids = [f"{family['key']}-{number}" for number in range(len(family["asks"]))]
        for identifier, ask in zip(ids, family["asks"], strict=True):
            documents.append(Document(identifier, ask["subject"], ask["body"]))
            others = frozenset(ids) - {identifier}
            if others:
                questions.append(Question(ask["subject"], ask["body"], others, identifier))
    return Collection(documents, questions)


def _reports(rows: Sequence[Mapping[str, Any]]) -> dict[str, Document]:
    return {
        str(row["id"]): Document(str(row["id"]), row["title"] or "", row["description"] or "", _moment(row))
        for row in rows
    }


def _moment(row: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(row["created"]).replace(tzinfo=UTC) if row.get("created") else _LONG_AGO


def _asked(known: Mapping[str, Document], rows: Sequence[Mapping[str, Any]]) -> list[Question]:
    questions = []
    for row in rows:
        asks = known[str(row["query_id"])]
        relevant = frozenset(map(str, row["relevant_ids"]))
        before = asks.created_at if row.get("created") else None
        questions.append(Question(asks.title, asks.body, relevant, asks.id, before))
    return questions


def _eclipse(folder: Path) -> Collection:
    known = _reports(read_lines(folder / "eclipse_corpus.jsonl.gz"))
    return Collection(list(known.values()), _asked(known, read_lines(folder / "eclipse_queries.jsonl.gz")))


def _eclipse_titles(folder: Path) -> Collection:
    """The titles alone, among four times as many that nobody asks for."""
    reports = _reports(read_lines(folder / "eclipse_corpus.jsonl.gz"))
    known = {each.id: Document(each.id, each.title, "") for each in reports.values()}
    others = [
        Document(f"other-{row['id']}", row["title"], "")
        for row in read_table(folder / "eclipse_distractor_titles.csv.gz")
    ]
    return Collection([*known.values(), *others], _asked(known, read_lines(folder / "eclipse_queries.jsonl.gz")))


def _hadoop(folder: Path) -> Collection:
    known = _reports(read_lines(folder / "hadoop_corpus.jsonl.gz"))
    return Collection(list(known.values()), _asked(known, read_lines(folder / "hadoop_queries.jsonl.gz")))


def _stackfaq(folder: Path) -> Collection:
    documents = [
        Document(str(row["id"]), row["question"], "\n".join(row["answers"]))
        for row in read_lines(folder / "stackfaq_faqs.jsonl.gz")
    ]
    questions = [
        Question(row["query"], "", frozenset({str(row["relevant_id"])}))
        for row in read_lines(folder / "stackfaq_queries.jsonl.gz")
    ]
    return Collection(documents, questions)
