"""The embedded search index: keywords on disk, vectors in memory, the newest documents in memory until written.

One process of a folder writes; others follow: they read what it wrote and keep everything newer themselves. What
is on disk is first the keywords, then, in one transaction, the documents with the position reached; so a crash
between the two only means that some documents are applied again.
"""

import math
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import structlog

from support_copilot.backends.search.config import EmbeddedSearchConfig
from support_copilot.backends.search.folder_lock import FolderLock
from support_copilot.backends.search.fusion import fuse
from support_copilot.backends.search.index_files import IndexFiles, wipe
from support_copilot.backends.search.keywords import SUBJECT_WEIGHT, KeywordIndex, rarest
from support_copilot.backends.search.port import (
    IndexedDocument,
    SearchHit,
    SearchQuery,
    SearchUnavailableError,
    SharedWords,
)
from support_copilot.backends.search.slots import Mask, Slots
from support_copilot.backends.search.stored import StoredDocument, StoredIndexError
from support_copilot.backends.search.tail import Tail
from support_copilot.backends.search.terms import terms_of

_log = structlog.get_logger("support_copilot.search")

_DISTINCT_TERMS: Final = 300
_MATCHED_WORDS: Final = 10
#: So far ahead of the disk an importer waits for it, which bounds memory and what a crash costs.
_TAIL_LIMIT_FACTOR: Final = 8
_FOLLOW_EVERY_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words that were asked for, the rarest first; in how many of the ``documents`` each word of the query is."""

    terms: list[str]
    frequency: Mapping[str, int]
    documents: int

    def weights(self) -> dict[str, float]:
        """By the inverse document frequency of BM25; a word that no document holds tells most."""
        return {
            term: math.log(1 + (max(self.documents, count) - count + 0.5) / (count + 0.5))
            for term, count in self.frequency.items()
        }


class EmbeddedSearchIndex:
    _slots: Slots
    _tail: Tail
    _position: int
    _stored_position: int

    def __init__(self, config: EmbeddedSearchConfig, *, dimension: int, embedder_model: str) -> None:
        self._config = config
        self._dimension = dimension
        self._fingerprint = f"{embedder_model}/{dimension}"
        self._lock = threading.RLock()  # slots, tail and position change together
        self._flushing = threading.Lock()
        self._wake = threading.Event()
        self._closed = False
        self._followed_at = 0.0
        #: None in a process that follows, until the writer has made files.
        self._files: IndexFiles | None = None
        config.path.mkdir(parents=True, exist_ok=True)
        self._writer_lock = FolderLock(config.path)
        self._open_files()
        self._flusher: threading.Thread | None = None
        if self._writer_lock.held:
            self._flusher = threading.Thread(target=self._flush_when_due, name="search-flush", daemon=True)
            self._flusher.start()

    def apply(self, documents: Iterable[IndexedDocument]) -> None:
        with self._lock:
            for document in documents:
                self._apply(document)
            waiting = len(self._tail.waiting)
        if waiting >= self._config.flush_after_documents * _TAIL_LIMIT_FACTOR:
            self.flush()
        elif waiting >= self._config.flush_after_documents:
            self._wake.set()

    def position(self) -> int:
        return self._position

    def count(self) -> int:
        return self._slots.count()

    def held(self, document_ids: Sequence[str]) -> set[str]:
        self._follow()
        with self._lock:
            return {each for each in document_ids if self._slots.seq_of(each)}

    def search(self, query: SearchQuery) -> list[SearchHit]:
        if self._closed:
            raise SearchUnavailableError
        self._follow()
        slots = self._slots
        allowed = slots.mask(query)
        if not allowed.any():
            return []
        asked, keyword_scores = self._keyword_scores(slots, query, allowed)
        cosines = self._cosines(slots, query, allowed, keyword_scores)
        fused = fuse(cosines, keyword_scores, meaning=query.vector is not None)
        best = sorted(fused, key=lambda slot: (-fused[slot], -slot))[: query.limit]
        found = [
            SearchHit(
                id=slots.ids[slot],
                kind=slots.kinds[slot],
                score=fused[slot],
                likeness=cosines.get(slot),
                keyword_score=keyword_scores.get(slot),
            )
            for slot in best
        ]
        return self._with_matched_words(found, asked)

    def flush(self) -> None:
        with self._flushing:
            files = self._writable()
            if files is None:
                return
            with self._lock:
                batch, position = list(self._tail.waiting.values()), self._position
            if not batch and self._stored_position == position:
                return
            files.keywords.write(batch)
            files.documents.write(batch, position)
            with self._lock:
                self._stored_position = position
                for document in batch:
                    if self._tail.waiting.get(document.id) is document:
                        self._tail.drop(document.id)
                if self._slots.is_wasteful():
                    self._slots = self._slots.compacted()

    def compact(self) -> None:
        self.flush()
        with self._flushing:
            files = self._writable()
            if files is None:
                return
            files.documents.compact()
            fresh = files.rewritten_keywords()
            with self._lock:
                files.use_keywords(fresh)
                self._slots = self._slots.compacted()

    def clear(self) -> None:
        with self._flushing, self._lock:
            self._close_files()
            if self._writer_lock.held:
                wipe(self._config.path)
                self._open_files()
            else:
                self._start_empty()

    def ping(self) -> None:
        if self._closed or not self._config.path.is_dir():
            raise SearchUnavailableError

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._wake.set()
        if self._flusher is not None:
            self._flusher.join()
        self._flush_or_log()
        self._close_files()
        self._writer_lock.release()

    def _writable(self) -> IndexFiles | None:
        return self._files if self._writer_lock.held else None

    def _open_files(self) -> None:
        """Load what is on disk; whatever cannot be loaded is made anew, since the database has it all."""
        try:
            self._load()
        except (StoredIndexError, ValueError, OSError) as error:
            self._close_files()
            if not self._writer_lock.held:
                self._start_empty()
                return
            _log.warning("search.index.unreadable", exc_info=error, effect="it is built anew")
            wipe(self._config.path)
            self._load()

    def _load(self) -> None:
        self._start_empty()
        self._files = self._opened()
        for stored in self._files.documents.documents():
            self._slots.put(stored.id, stored.kind, stored.seq, stored.created_at, stored.filters, stored.vector)
        if self._slots.count() and not self._files.keywords.size():
            raise StoredIndexError("the keywords are gone")
        self._position = self._stored_position = self._files.documents.position()

    def _opened(self) -> IndexFiles:
        return IndexFiles(self._config.path, fingerprint=self._fingerprint, read_only=not self._writer_lock.held)

    def _start_empty(self) -> None:
        self._slots, self._tail = Slots(self._dimension), Tail()
        self._position = self._stored_position = 0

    def _close_files(self) -> None:
        if self._files is not None:
            self._files.close()
            self._files = None

    def _apply(self, document: IndexedDocument) -> None:
        waiting = self._tail.waiting.get(document.id)
        known = max(self._slots.seq_of(document.id), waiting.seq if waiting else 0)
        if document.seq > known and document.seq > 0:
            stored = _stored(document)
            self._tail.put(stored)
            if document.deleted:
                self._slots.remove(document.id)
            else:
                self._slots.put(
                    document.id, document.kind, document.seq, document.created_at, document.filters, document.vector
                )
        self._position = max(self._position, document.seq)

    def _keyword_scores(self, slots: Slots, query: SearchQuery, allowed: Mask) -> tuple[_Asked, dict[int, float]]:
        distinct = list(dict.fromkeys(terms_of(query.text)))[:_DISTINCT_TERMS]
        with self._lock:
            on_disk = self._files.keywords if self._files else None
            frequency = {
                term: self._tail.document_frequency(term) + (on_disk.document_frequency(term) if on_disk else 0)
                for term in distinct
            }
            terms = _weighed([term for term in distinct if frequency[term]], frequency, query.text)
            by_seq = self._tail.scores(terms, frequency, slots.count())
        scores = _of_slots(by_seq.items(), slots, allowed)
        for slot, score in self._scores_on_disk(on_disk, slots, terms, query, allowed).items() if on_disk else ():
            scores.setdefault(slot, score)
        asked = _Asked(list(terms), frequency, slots.count())
        return asked, dict(sorted(scores.items(), key=lambda item: -item[1])[: query.candidates])

    @staticmethod
    def _scores_on_disk(
        on_disk: KeywordIndex, slots: Slots, terms: Mapping[str, float], query: SearchQuery, allowed: Mask
    ) -> dict[int, float]:
        """Scores of the best documents on disk by slot; at least as many as the query wants, if there are."""
        if 2 * np.count_nonzero(allowed) >= len(allowed):
            # Where most are allowed, to ask for more and leave out the others takes half the time.
            asked = 2 * query.candidates
            found = on_disk.search(terms, None, asked)
            scores = _of_slots(found, slots, allowed)
            if len(found) < asked or len(scores) >= query.candidates:
                return scores
        return _of_slots(on_disk.search(terms, query, query.candidates), slots, allowed)

    @staticmethod
    def _cosines(
        slots: Slots, query: SearchQuery, allowed: Mask, keyword_scores: dict[int, float]
    ) -> dict[int, float | None]:
        """Of the nearest, and of those found by keywords."""
        if query.vector is None or len(query.vector) == 0:
            return {}
        cosines: dict[int, float | None] = dict(slots.nearest(query.vector, allowed, query.candidates))
        others = np.array([slot for slot in keyword_scores if slot not in cosines], dtype=np.intp)
        for slot, cosine in zip(others, slots.cosines(query.vector, others), strict=True):
            cosines[int(slot)] = float(cosine) if slots.is_embedded(int(slot)) else None
        return cosines

    def _with_matched_words(self, hits: list[SearchHit], asked: _Asked) -> list[SearchHit]:
        ids = [hit.id for hit in hits if hit.keyword_score is not None]
        if not ids:
            return hits
        with self._lock:
            held = {
                document_id: {*waiting.title_terms, *waiting.body_terms}
                for document_id in ids
                if (waiting := self._tail.waiting.get(document_id))
            }
            on_disk = [document_id for document_id in ids if document_id not in held]
            if on_disk and self._files:
                held |= self._terms_on_disk(self._files, on_disk)
        # Where the cosines of all hits are known nobody asks for more than the words to show.
        weights = asked.weights() if any(hit.likeness is None for hit in hits) else {}
        return [
            hit
            if hit.keyword_score is None
            else SearchHit(
                hit.id, hit.kind, hit.score, hit.likeness, hit.keyword_score,
                tuple([term for term in asked.terms if term in held.get(hit.id, ())][:_MATCHED_WORDS]),
                SharedWords(weights, frozenset(weights.keys() & held.get(hit.id, set())))
                if hit.likeness is None else None,
            )
            for hit in hits
        ]  # fmt: skip

    @staticmethod
    def _terms_on_disk(files: IndexFiles, ids: list[str]) -> dict[str, set[str]]:
        try:
            return files.documents.terms(ids)
        except StoredIndexError as error:
            _log.warning("search.matched_words.missing", exc_info=error, effect="hits do not say which words matched")
            return {}

    def _follow(self) -> None:
        """A follower looks now and then how far the writer got, and forgets what is on disk by now."""
        if self._writer_lock.held or time.monotonic() - self._followed_at < _FOLLOW_EVERY_S:
            return
        self._followed_at = time.monotonic()
        with self._lock:
            try:
                self._look_at_files()
            except (StoredIndexError, ValueError, OSError) as error:
                _log.info("search.follow.later", exc_info=error, effect="the files known so far answer")

    def _look_at_files(self) -> None:
        if self._files is not None and not self._files.documents.is_replaced():
            position = self._files.documents.position()
            if position > self._stored_position:
                self._files.keywords.reload()
                self._forget_stored(position)
            return
        fresh = self._opened()
        position = fresh.documents.position()
        if position < self._stored_position:
            # The writer builds its files anew, and the old ones still know more.
            fresh.close()
            return
        self._close_files()
        self._files = fresh
        self._forget_stored(position)

    def _forget_stored(self, position: int) -> None:
        self._stored_position = position
        for document in [d for d in self._tail.waiting.values() if d.seq <= position]:
            self._tail.drop(document.id)

    def _flush_when_due(self) -> None:
        while not self._closed:
            self._wake.wait(self._config.flush_after_s)
            self._wake.clear()
            self._flush_or_log()

    def _flush_or_log(self) -> None:
        try:
            self.flush()
        except Exception as error:  # noqa: BLE001  # a full disk must not end the thread; the tail keeps everything
            _log.warning("search.flush.failed", exc_info=error, effect="the newest documents stay in memory")


def _of_slots(by_seq: Collection[tuple[int, float]], slots: Slots, allowed: Mask) -> dict[int, float]:
    """The scores of allowed slots; change numbers that were replaced meanwhile are nobody's."""
    found = slots.slots_of_seqs([seq for seq, _ in by_seq]).tolist()
    # What came while the question was being answered lies behind what the mask knows.
    return {
        slot: score
        for slot, (_, score) in zip(found, by_seq, strict=True)
        if 0 <= slot < len(allowed) and allowed[slot]
    }


def _stored(document: IndexedDocument) -> StoredDocument:
    if document.deleted:
        return StoredDocument(document.id, document.seq, "", document.created_at, {}, None, (), (), deleted=True)
    return StoredDocument(
        id=document.id,
        seq=document.seq,
        kind=document.kind,
        created_at=document.created_at,
        filters=dict(document.filters),
        vector=document.vector,
        title_terms=tuple(terms_of(document.title)),
        body_terms=tuple(terms_of(document.body)),
    )


def _weighed(terms: list[str], frequency: Mapping[str, int], text: str) -> dict[str, float]:
    """The terms to ask for, the rarest first, with what each counts: in a longer text those of its first line more."""
    subject, _, body = text.partition("\n")
    first = frozenset(terms_of(subject)) if body else frozenset()
    return {term: SUBJECT_WEIGHT if term in first else 1.0 for term in rarest(terms, frequency, first=first)}
