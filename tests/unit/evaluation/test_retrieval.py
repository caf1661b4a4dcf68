import json
from pathlib import Path
from typing import Any

import pytest

from support_copilot.evaluation.tasks.retrieval import measure, sample_company
from tests.unit.evaluation.test_personal_data import packed

REPORTS = [
    {
        "id": 1,
        "title": "Editor crashes on save",
        "description": "It ends with an error.",
        "created": "2024-01-01T00:00:00",
    },
    {"id": 2, "title": "Typo in menu", "description": None, "created": "2024-01-02T00:00:00"},
    {"id": 3, "title": "Editor crashes when saving", "description": "", "created": "2024-01-03T00:00:00"},
    {"id": 4, "title": "Editor crashes on save again", "description": "", "created": "2024-01-04T00:00:00"},
]


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "similar_issues"
    undated = [{name: value for name, value in row.items() if name != "created"} for row in REPORTS]
    packed(folder / "eclipse_corpus.jsonl.gz", lines(undated))
    packed(folder / "eclipse_queries.jsonl.gz", lines([{"query_id": 3, "relevant_ids": [1]}]))
    packed(folder / "eclipse_distractor_titles.csv.gz", "id,title\n9,Something else\n")
    packed(folder / "hadoop_corpus.jsonl.gz", lines(REPORTS))
    asked = {"query_id": 3, "relevant_ids": [1], "created": "2024-01-03T00:00:00"}
    packed(folder / "hadoop_queries.jsonl.gz", lines([asked]))
    packed(
        folder / "stackfaq_faqs.jsonl.gz", lines([{"id": 0, "question": "How to strike text", "answers": ["Tildes"]}])
    )
    packed(folder / "stackfaq_queries.jsonl.gz", lines([{"query_id": 0, "query": "strike text", "relevant_id": 0}]))
    return tmp_path


def test_linked_issues_are_found_and_later_ones_are_no_candidates(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_COPILOT_EMBEDDER__KIND", "none")
    figures = measure(data, data, None)

    assert {name.partition(".")[0] for name in figures} == {"own", "eclipse", "eclipse_titles", "hadoop", "stackfaq"}
    # The fourth report is the likest one, and was not there when the third was written.
    assert figures["hadoop.mrr_100"].value == figures["hadoop.mrr_100"].baseline["BM25"] == 1
    assert figures["eclipse.mrr_100"].baseline["BM25"] == 0.5
    assert figures["stackfaq.hit_1"].value == 1


def test_every_question_of_the_sample_company_has_an_answer_that_is_not_itself() -> None:
    collection = sample_company()
    known = {document.id for document in collection.documents}

    assert len(collection.questions) >= 100
    for question in collection.questions:
        assert question.own_id not in question.relevant
        assert question.relevant <= known
