"""The newest documents, in memory until they go to disk, scored like those on disk."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Final

from support_copilot.backends.search.keywords import TITLE_WEIGHT
from support_copilot.backends.search.stored import StoredDocument

# tantivy's own BM25 parameters, so that scores of both can be put in one order.
_K1: Final = 1.2
_B: Final = 0.75
_USUAL_TITLE_TERMS: Final = 8
_USUAL_BODY_TERMS: Final = 80


class Tail:
    """Documents waiting to be written, by id, with an inverted list of their terms."""

    def __init__(self) -> None:
        self.waiting: dict[str, StoredDocument] = {}
        #: Of each term, by the document's id: its change number, and what the term counts in it.
        self._holders: dict[str, dict[str, tuple[int, float]]] = {}

    def put(self, document: StoredDocument) -> None:
        self.drop(document.id)
        self.waiting[document.id] = document
        title, body = Counter(document.title_terms), Counter(document.body_terms)
        in_title, in_body = len(document.title_terms), len(document.body_terms)
        for term in title.keys() | body.keys():
            weight = TITLE_WEIGHT * _saturated(title[term], in_title, _USUAL_TITLE_TERMS)
            weight += _saturated(body[term], in_body, _USUAL_BODY_TERMS)
            self._holders.setdefault(term, {})[document.id] = (document.seq, weight)

    def drop(self, document_id: str) -> None:
        document = self.waiting.pop(document_id, None)
        if document is None:
            return
        for term in {*document.title_terms, *document.body_terms}:
            holders = self._holders[term]
            holders.pop(document_id, None)
            if not holders:
                del self._holders[term]

    def document_frequency(self, term: str) -> int:
        return len(self._holders.get(term, ()))

    def scores(self, terms: Mapping[str, float], frequency: Mapping[str, int], documents: int) -> dict[int, float]:
        """BM25 of each waiting document that holds a term, by change number.

        Args:
            terms: how much each counts.
            frequency: in how many documents each term occurs, on disk and here.
            documents: how many there are in all.
        """
        scores: dict[int, float] = {}
        for term, share in terms.items():
            idf = math.log(1 + (documents - frequency[term] + 0.5) / (frequency[term] + 0.5)) if documents else 0.0
            rarity = share * max(idf, 0.0)
            for seq, weight in self._holders.get(term, {}).values():
                scores[seq] = scores.get(seq, 0.0) + rarity * weight
        return scores


def _saturated(count: int, length: int, usual: int) -> float:
    return count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length / usual)) if count else 0.0
