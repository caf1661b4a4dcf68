"""Vectors for texts, now for a request and in batches for whatever still waits for one."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import structlog

from support_copilot.backends.embedder.port import Embedder
from support_copilot.db.documents import Vector, store_vectors
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import SearchDocument
from support_copilot.db.next_vectors import count_without, customers_of, documents_without
from support_copilot.kit.text import shorten
from support_copilot.resources import Resources
from support_copilot.retrieval.feed import catch_up
from support_copilot.retrieval.outside import NOBODY, Speaker, speaker_of, to_send

_log = structlog.get_logger("support_copilot.retrieval")
_BATCH = 128
#: The model reads about 256 tokens; more text than this cannot change its answer.
_READ_CHARS = 4000


#: Leaves room for requests among what a service is asked at the same time.
_REMOTE_THREADS = 4
#: Models that were trained on English alone, by the beginning of their names.
_ENGLISH_MODELS = ("minilm-",)


def understands(model: str, language: str) -> bool:
    """Whether vectors of this model tell what a text of this language says; else any two texts of it look alike."""
    return language == "en" or not model.startswith(_ENGLISH_MODELS)


def embedded_text(title: str, body: str) -> str:
    """The text that stands for a document: its title, then the beginning of its body."""
    return shorten(f"{title}\n{body}" if body and body != title else title, _READ_CHARS)


def embed_texts(resources: Resources, texts: Sequence[str], speaker: Speaker = NOBODY) -> Vector | None:
    """float32 (len(texts), n), or None when there is no embedding model for them at the moment.

    Args:
        speaker: whose words they are; a service is not asked about those of somebody who does not want it.
    """
    if not speaker.allowed and resources.embedder.is_remote:
        return None
    if resources.embedder.is_remote:
        texts = to_send(texts, [speaker] * len(texts))
    return _embedded(resources, texts)


def _embedded(resources: Resources, texts: Sequence[str]) -> Vector | None:
    if resources.embedder.dimension == 0:
        return None
    try:
        return resources.embedder.embed(texts)
    except Exception as error:  # noqa: BLE001  # whatever a model meets, words still find
        _log.warning("retrieval.embedder.unavailable", exc_info=error)
        return None


def embed_text(resources: Resources, text: str, speaker: Speaker = NOBODY) -> Vector | None:
    """float32 (n,), or None when there is no embedding model for it at the moment; see ``embed_texts``."""
    vectors = embed_texts(resources, [text], speaker)
    return None if vectors is None else vectors[0]


def texts_of(session: ReadSession, rows: Sequence[SearchDocument], embedder: Embedder) -> list[str]:
    """What the embedder is given for these documents, none of them by a customer whom it may not read."""
    texts = [embedded_text(row.title, row.body) for row in rows]
    if not embedder.is_remote:
        return texts
    customers = customers_of(session, rows)
    return to_send(texts, [speaker_of(customers.get(row.id)) for row in rows])


def embed_waiting(
    resources: Resources,
    report: Callable[[int], None] = lambda _count: None,
    most: int | None = None,
    *,
    threads: int = 1,
) -> int:
    """Embed documents that have no vector of the present model, all or ``most`` of them; returns how many.

    Can be stopped or killed at any moment and goes on where it was: each batch is committed on its own.

    Args:
        threads: texts embedded at once; more than one only where nobody waits for an answer meanwhile.
    """
    if resources.embedder.dimension == 0:
        return 0
    if resources.embedder.is_remote:
        threads = min(threads, _REMOTE_THREADS)
    done, behind = 0, ""
    while most is None or done < most:
        with resources.database.read() as session:
            embedder = resources.embedder
            rows = documents_without(
                session, embedder.model, limit=_BATCH * threads, after=behind, remote=embedder.is_remote
            )
            texts = texts_of(session, rows, embedder)
        if not rows and behind:
            # From the beginning once more: what was changed meanwhile waits there.
            behind = ""
            continue
        if not rows:
            break
        behind = rows[-1].id
        vectors = _embed_at_once(resources, texts, threads)
        if vectors is None:
            break
        with resources.database.transaction() as write:
            store_vectors(write, rows, vectors, resources.embedder.model)
        done += len(rows)
        report(len(rows))
        catch_up(resources)
    return done


def _embed_at_once(resources: Resources, texts: Sequence[str], threads: int) -> Vector | None:
    """Each distinct text once, in shares of like length to each thread, so that all end at about the same time."""
    distinct = sorted(dict.fromkeys(texts), key=len)
    shares = [distinct[first::threads] for first in range(min(threads, len(distinct)))]
    if len(shares) == 1:
        made = [_embedded(resources, distinct)]
    else:
        with ThreadPoolExecutor(threads) as pool:
            made = list(pool.map(lambda share: _embedded(resources, share), shares))
    by_text: dict[str, Vector] = {}
    for share, vectors in zip(shares, made, strict=True):
        if vectors is None:
            return None
        by_text.update(zip(share, vectors, strict=True))
    return np.stack([by_text[text] for text in texts])


def count_waiting(resources: Resources) -> int:
    """How many documents wait for a vector of the present model (0 when there is no model)."""
    if resources.embedder.dimension == 0:
        return 0
    with resources.database.read() as session:
        return count_without(session, resources.embedder.model, remote=resources.embedder.is_remote)
