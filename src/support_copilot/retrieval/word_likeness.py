"""How like two texts are by their words alone, where no cosine tells it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from support_copilot.backends.search.port import SearchHit, SharedWords
from support_copilot.ml.entities import extract_entities
from support_copilot.ml.function_words import Wording, is_held, read_wording, telling_terms, terms_within

#: One word in common ("order") says nothing; an error code or a number that stands for one thing does.
_LEAST_WORDS: Final = 2
_IDENTIFIERS: Final = frozenset(
    {
        "error_code", "identifier", "product_code", "ticket_number", "order_number", "invoice_number",
        "tracking_number", "reference_number", "account_number", "registration_number",
    }
)  # fmt: skip
_LEAST_CHARS: Final = 4
#: Of two texts of the sample company that share words at all as many are about one problem as of those with this
#: cosine; all words in common stand for a cosine that few texts of one problem reach.
_ANY_WORDS, _ALL_WORDS = 0.4, 0.85


def with_word_likeness(hits: Sequence[SearchHit], text: str) -> list[SearchHit]:
    """The same hits; those without a cosine with how much of what the text says they say too.

    Args:
        text: what was asked for.
    """
    if all(hit.likeness is not None for hit in hits):
        return list(hits)
    wording = read_wording(text)
    identifiers = _identifiers(text)
    return [
        hit
        if hit.likeness is not None
        else replace(hit, word_likeness=_likeness(hit.wording, wording, identifiers) if hit.wording else 0.0)
        for hit in hits
    ]


def likeness_of(hit: SearchHit) -> float:
    """0..1, how sure it is that two texts are about the same, on the scale of a cosine: for limits and for weights.

    What people are shown is ``word_likeness`` where there is no cosine, said to be one of words.
    """
    if hit.likeness is not None:
        return min(1.0, max(0.0, hit.likeness))
    return _ANY_WORDS + (_ALL_WORDS - _ANY_WORDS) * hit.word_likeness if hit.word_likeness else 0.0


def _likeness(shared: SharedWords, wording: Wording, identifiers: Sequence[frozenset[str]]) -> float:
    """Which share of the telling words of the query, each by its rarity, the document holds; 0 for one word alone."""
    telling = telling_terms(shared.weights, wording)
    held = [term for term in telling if is_held(term, shared.held)]
    if len(held) < _LEAST_WORDS and not any(each <= shared.held for each in identifiers):
        return 0.0
    return sum(shared.weights[term] for term in held) / sum(shared.weights[term] for term in telling)


def _identifiers(text: str) -> list[frozenset[str]]:
    """What stands for one thing, each as its words."""
    found = (entity.text for entity in extract_entities(text) if entity.type in _IDENTIFIERS)
    return [terms_within(each) for each in found if len(each) >= _LEAST_CHARS]
