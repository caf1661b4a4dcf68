"""Similar past issues: found by words and meaning, ordered also by how well their fix worked."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from support_copilot.analysis.case import Case, text_of
from support_copilot.analysis.gather import Gathered
from support_copilot.analysis.queries import Card
from support_copilot.analysis.schemas import SimilarIssue, SimilarIssuesPart, SimilarResolution
from support_copilot.backends.search.port import SearchHit
from support_copilot.issues.queries import ENDED
from support_copilot.kit.clock import hours_between
from support_copilot.kit.endings import is_fix
from support_copilot.kit.reasons import Reason
from support_copilot.kit.text import shorten
from support_copilot.ml.function_words import Wording, read_wording, telling_words
from support_copilot.ml.thin_fix import is_thin
from support_copilot.retrieval.embedding import understands
from support_copilot.retrieval.word_likeness import likeness_of

SIMILAR_MODEL: Final = "similar/2"
_SHOWN: Final = 8
#: Below this cosine two texts have hardly more in common than any two of one desk.
_LEAST_SIMILARITY: Final = 0.4
#: The same of the share of telling words in common, where there are no vectors.
_LEAST_WORDS_SHARED: Final = 0.05
#: Below this the best one is shown, but as not sure.
_SURE_SIMILARITY: Final = 0.5
#: From this cosine on two texts say the same even to a model that hardly knows their language.
_SAME_IN_ANY_LANGUAGE: Final = 0.8
#: After a flood of equal issues one fix would fill the whole list.
_SAME_FIX_SHOWN: Final = 2
_SHOWN_FIX_CHARS: Final = 2000
_FRESH_HOURS: Final = 24.0
#: An issue that is so much less alike than another never stands before it, however it ended.
_FAR_LESS: Final = 0.25
_SHOWN_WORDS: Final = 5
_LASTED: Final = Reason("similar.lasted", "the fix lasted")
_DID_NOT_LAST: Final = Reason("similar.did_not_last", "the fix did not last")
_NOT_TOLD: Final = Reason("similar.not_told", "how it was solved was not written down")
_MORE_SOLVED: Final = Reason("help.solved", "More solved issues like this one would help.")


#: Score, hit and card of a past issue.
_Ranked = tuple[float, SearchHit, Card]


def similar_issues(case: Case, found: Gathered, now: datetime, language: str = "en") -> SimilarIssuesPart:
    """The best of the past issues that were found, each with its fix and why it is here.

    Order: ``score = likeness score x outcome``, where the outcome is 1 for a lasting fix and less without a fix
    (0.9; a duplicate, a "won't fix" or a bare "done" is none), for a fix that did not last (0.85), for poor ratings
    (2 % a star from the middle) and with age (up to 10 %, half of it after a year). Likeness decides first; outcome and
    words decide among what is alike: no issue stands before another whose cosine is higher by a quarter. In a language
    that the embedding model was not trained on, likeness counts only together with telling words that both have.
    """
    wording = read_wording(text_of(case, found.words))
    ranked = [
        (round(hit.score * _outcome(card, now), 4), hit, card)
        for hit in found.issue_hits
        if (card := found.cards.get(hit.id)) is not None and is_like(found, hit, language, wording)
    ]
    ranked = sorted(_nearest_first(ranked), key=lambda entry: (-entry[0], -likeness_of(entry[1]), entry[2].id))
    varied = list(_varied(ranked))
    items = [_item(case, hit, card, score, wording) for score, hit, card in varied[:_SHOWN]]
    best = max((likeness_of(hit) for _, hit, _ in varied), default=0.0)
    if round(best, 4) < _SURE_SIMILARITY:
        return SimilarIssuesPart(status="unsure", items=items, model=SIMILAR_MODEL, help=_MORE_SOLVED)
    return SimilarIssuesPart(items=items, model=SIMILAR_MODEL)


def _nearest_first(ranked: Iterable[_Ranked]) -> Iterator[_Ranked]:
    """The issues with scores that are no higher than those of issues which are far more alike."""
    nearer: list[tuple[float, float]] = []
    for score, hit, card in sorted(ranked, key=lambda entry: -likeness_of(entry[1])):
        likeness = likeness_of(hit)
        capped = min([score, *(other for like, other in nearer if like >= likeness + _FAR_LESS)])
        nearer.append((likeness, capped))
        yield capped, hit, card


def _varied(ranked: Iterable[_Ranked]) -> Iterator[_Ranked]:
    """The issues in their order, without more than a few of those that one and the same fix solved."""
    seen: Counter[str] = Counter()
    for entry in ranked:
        fix = entry[2].fix.text[:_SHOWN_FIX_CHARS] if entry[2].fix else None
        if fix is None or seen[fix] < _SAME_FIX_SHOWN:
            yield entry
        if fix is not None:
            seen[fix] += 1


def is_like(found: Gathered, hit: SearchHit, language: str, wording: Wording) -> bool:
    """Whether a hit has more in common with the case than any two texts of one desk, or of one foreign language."""
    similarity = likeness_of(hit)
    if hit.likeness is None:
        return (hit.word_likeness or 0.0) >= _LEAST_WORDS_SHARED
    if understands(found.embedder, language):
        return similarity >= _LEAST_SIMILARITY
    shared = telling_words(hit.matched_words, wording)
    return similarity >= (_SURE_SIMILARITY if shared else _SAME_IN_ANY_LANGUAGE)


def _item(case: Case, hit: SearchHit, card: Card, score: float, wording: Wording) -> SimilarIssue:
    return SimilarIssue(
        issue_id=card.id,
        subject=card.subject,
        status=card.status,
        severity=card.severity,
        category=card.category,
        created_at=card.created_at,
        similarity=round((hit.word_likeness or 0.0) if hit.likeness is None else likeness_of(hit), 4),
        similarity_of="words" if hit.likeness is None else "meaning",
        score=score,
        why=list(_reasons(case, hit, card, wording)),
        resolution=_resolution(card),
    )


def _says_nothing(card: Card) -> bool:
    """Whether only that it is solved was written down ("done"): nobody can say of it that it held."""
    return card.fix is not None and not card.fix.steps and is_thin(card.fix.text)


def _outcome(card: Card, now: datetime) -> float:
    outcome = 1.0
    if card.fix is None or not is_fix(card.fix.kind) or _says_nothing(card):
        outcome *= 0.9
    elif card.fix.reopened:
        outcome *= 0.85
    if card.rating is not None:
        outcome *= 1 + 0.02 * (card.rating - 3)
    years = max(0.0, (now - card.created_at).days / 365)
    return float(outcome * (0.9 + 0.1 * 0.5**years))


def _reasons(case: Case, hit: SearchHit, card: Card, wording: Wording) -> Iterator[Reason]:
    yield from _likeness_reasons(hit, wording)
    if card.fix is not None:
        yield _ending_reason(card, card.fix)
    if card.rating is not None:
        yield Reason("similar.rated", f"rated {card.rating} of 5", rating=card.rating)
    if case.customer is not None and case.customer.id and card.customer_id == case.customer.id:
        yield Reason("similar.customer", "same customer")
    if is_of_now(card, case):
        yield Reason("similar.incident", "still open: could be the same incident")
    elif card.status not in ENDED:
        yield Reason("similar.open", "still open")


def _likeness_reasons(hit: SearchHit, wording: Wording) -> Iterator[Reason]:
    if hit.likeness is not None and hit.likeness >= _SURE_SIMILARITY:
        percent = round(hit.likeness * 100)
        yield Reason("similar.meaning", f"means the same ({percent} %)", percent=percent)
    if hit.likeness is None and hit.word_likeness:
        percent = round(hit.word_likeness * 100)
        yield Reason("similar.share", f"has {percent} % of what the words here tell", percent=percent)
    words = telling_words(hit.matched_words, wording)[:_SHOWN_WORDS]
    if words:
        yield Reason("similar.words", f"same words: {', '.join(words)}", words=", ".join(words))


def _ending_reason(card: Card, fix: Row[Any]) -> Reason:
    if not is_fix(fix.kind):
        return Reason("similar.no_fix", "closed without a fix")
    if fix.reopened:
        return _DID_NOT_LAST
    return _NOT_TOLD if _says_nothing(card) else _LASTED


def is_of_now(card: Card, case: Case) -> bool:
    """Whether a past issue is open and arrived within a day of this one, not with an archive."""
    hours = hours_between(card.created_at, case.created_at)
    return card.status not in ENDED and card.channel != "import" and 0 <= hours <= _FRESH_HOURS


def _resolution(card: Card) -> SimilarResolution | None:
    if card.fix is None:
        return None
    return SimilarResolution(
        text=shorten(card.fix.text, _SHOWN_FIX_CHARS),
        steps=[shorten(step, 500) for step in card.fix.steps],
        kind=card.fix.kind,
        resolved_in_hours=round(card.fix.resolved_in_hours, 2),
        reopened=card.fix.reopened,
        rating=card.rating,
    )
