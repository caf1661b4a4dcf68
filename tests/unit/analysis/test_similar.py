"""Which past issues are shown: what is alike, also in languages that the embedding model hardly knows."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, Final

import pytest

from support_copilot.analysis.case import case_of_words
from support_copilot.analysis.gather import Gathered
from support_copilot.analysis.queries import Card
from support_copilot.analysis.similar import similar_issues
from support_copilot.backends.search.port import SearchHit
from support_copilot.issues.service import NewMessage
from tests.conftest import StepClock

NOW: Final = StepClock().now
ENGLISH_MODEL: Final = "minilm-l6-v2-int8/1"


def shown(
    language: str,
    likeness: float | None,
    words: tuple[str, ...] = (),
    model: str = ENGLISH_MODEL,
    word_likeness: float | None = None,
) -> bool:
    body = "Hola, no puedo imprimir las etiquetas de envío, sale una hoja en blanco."
    case = case_of_words("Etiquetas", [NewMessage("customer", body)], None, NOW)
    card = Card(
        id="iss_1", subject="Añadir un usuario", status="resolved", severity=None, severity_source=None, category=None,
        category_source=None, channel="email", customer_id=None, created_at=NOW - timedelta(days=9), resolved_at=None,
        reopened_count=0, rating=None, fix=None,
    )  # fmt: skip
    hit = SearchHit("iss_1", "issue", 0.5, likeness, 1.0 if words else None, words, word_likeness=word_likeness)
    found = Gathered(body, None, model, (hit,), {"iss_1": card})
    return bool(similar_issues(case, found, NOW, language).items)


@pytest.mark.parametrize(
    ("likeness", "words", "expected"),
    [
        (0.56, (), False),
        (0.56, ("de", "una"), False),
        (0.56, ("etiquetas",), True),
        (0.45, ("etiquetas",), False),
        (0.85, (), True),
    ],
)
def test_where_the_model_hardly_knows_the_language_likeness_needs_telling_words(
    likeness: float, words: tuple[str, ...], expected: bool
) -> None:
    assert shown("es", likeness, words) is expected


def test_where_it_knows_the_language_likeness_is_enough() -> None:
    assert shown("en", 0.45)
    assert shown("es", 0.45, model="text-embedding-3-small")
    assert not shown("en", 0.35)


def test_without_vectors_the_share_of_words_in_common_decides() -> None:
    assert shown("es", None, ("etiquetas", "blanco"), word_likeness=0.2)
    assert not shown("es", None, ("etiquetas",), word_likeness=0.0)
    assert not shown("es", None, ("etiquetas", "blanco"), word_likeness=0.01)


def order(*issues: tuple[str, float, float, str | None]) -> list[tuple[str, list[str]]]:
    """Ids in the order shown with their reasons; of each issue: id, score, cosine, kind of its fix (None: no fix)."""
    case = case_of_words("Etiketten", [NewMessage("customer", "All labels come out blank.")], None, NOW)
    cards, hits = {}, []
    for name, score, likeness, kind in issues:
        fix: Any = kind and SimpleNamespace(
            text=f"Cleaned print head {name}", steps=[], kind=kind, reopened=False, resolved_in_hours=2.0
        )
        cards[name] = Card(
            id=name, subject=name, status="resolved", severity=None, severity_source=None, category=None,
            category_source=None, channel="email", customer_id=None, created_at=NOW, resolved_at=NOW,
            reopened_count=0, rating=None, fix=fix,
        )  # fmt: skip
        hits.append(SearchHit(name, "issue", score, likeness, 1.0, ("labels",)))
    found = Gathered("All labels come out blank.", None, ENGLISH_MODEL, tuple(hits), cards)
    return [(item.issue_id, item.why) for item in similar_issues(case, found, NOW, "en").items]


def test_a_fix_puts_one_of_two_like_issues_first() -> None:
    assert [name for name, _ in order(("open", 0.80, 0.78, None), ("solved", 0.76, 0.75, "fix"))] == ["solved", "open"]


def test_no_fix_puts_an_issue_before_a_far_more_alike_one() -> None:
    shown = order(("alike", 0.60, 0.78, None), ("solved", 0.66, 0.50, "fix"))
    assert [name for name, _ in shown] == ["alike", "solved"]


def test_a_duplicate_is_no_fix() -> None:
    shown = dict(order(("closed", 0.8, 0.8, "Duplicate"), ("solved", 0.8, 0.8, "fix")))
    assert list(shown) == ["solved", "closed"]
    assert "closed without a fix" in shown["closed"]
    assert "the fix lasted" not in shown["closed"]


@pytest.mark.parametrize("fix", ["done", "Fixed it.", "erledigt", "résolu", "Solved, see conversation", "hecho"])
def test_of_a_fix_that_tells_nothing_nobody_says_that_it_lasted(fix: str) -> None:
    told: Any = SimpleNamespace(text=fix, steps=[], kind="fix", reopened=False, resolved_in_hours=2.0)
    why = reasons_of(told)
    assert "the fix lasted" not in why
    assert "how it was solved was not written down" in why


def test_steps_tell_how_also_beside_a_bare_word() -> None:
    told: Any = SimpleNamespace(
        text="Done.", steps=["Remove the printer", "Add it anew"], kind="fix", reopened=False, resolved_in_hours=2.0
    )
    assert "the fix lasted" in reasons_of(told)


def reasons_of(fix: Any) -> list[str]:
    case = case_of_words("Labels", [NewMessage("customer", "All labels come out blank.")], None, NOW)
    card = Card(
        id="iss_1", subject="Blank labels", status="resolved", severity=None, severity_source=None, category=None,
        category_source=None, channel="email", customer_id=None, created_at=NOW, resolved_at=NOW,
        reopened_count=0, rating=None, fix=fix,
    )  # fmt: skip
    hit = SearchHit("iss_1", "issue", 0.8, 0.8, 1.0, ("labels",))
    found = Gathered("All labels come out blank.", None, ENGLISH_MODEL, (hit,), {"iss_1": card})
    return similar_issues(case, found, NOW, "en").items[0].why


def test_a_share_of_words_is_called_one() -> None:
    case = case_of_words("Labels", [NewMessage("customer", "All labels come out blank.")], None, NOW)
    card = Card(
        id="iss_1", subject="Blank labels", status="open", severity=None, severity_source=None, category=None,
        category_source=None, channel="import", customer_id=None, created_at=NOW, resolved_at=None,
        reopened_count=0, rating=None, fix=None,
    )  # fmt: skip
    hit = SearchHit("iss_1", "issue", 1.0, None, 9.0, ("labels", "blank"), word_likeness=0.31)
    found = Gathered("All labels come out blank.", None, "", (hit,), {"iss_1": card})
    item = similar_issues(case, found, NOW, "en").items[0]
    assert (item.similarity, item.similarity_of) == (0.31, "words")
    assert item.why[0] == "has 31 % of what the words here tell"
