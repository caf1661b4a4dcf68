"""What the figures are compared with: the bare embedding, a brute-force scan, SQLite's full-text search."""

import re
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence

import numpy as np
from sqlalchemy import select

from support_copilot.backends.search.port import SearchQuery
from support_copilot.db.documents import Vector, unpack_vector
from support_copilot.db.models import SearchDocument
from support_copilot.resources import Resources

Measure = Callable[[str], None]


def alternatives(resources: Resources) -> dict[str, Measure]:
    """Name -> a function that does the work for one text."""
    scan, words = _brute_force(resources), _full_text(resources)
    vectors: dict[str, Vector] = {}

    def embed(text: str) -> None:
        vectors[text] = resources.embedder.embed([text])[0]

    def search(text: str) -> None:
        resources.search.search(SearchQuery(text, vectors[text], kinds=["issue"], limit=30))

    return {
        "bare embedding": embed,
        "search: keywords + vectors": search,
        "brute-force float32 scan": lambda text: scan(vectors[text]),
        "SQLite FTS5, all words": words,
    }


def embedding_rate(resources: Resources, texts: Sequence[str], clients: int) -> tuple[float, float]:
    """Texts a second that the bare embedder does for so many callers, and seconds of CPU for each text."""
    shares = [texts[number::clients] for number in range(clients)]

    def work(share: Sequence[str]) -> None:
        for text in share:
            resources.embedder.embed([text])

    threads = [threading.Thread(target=work, args=(share,)) for share in shares]
    started, used = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(texts) / (time.perf_counter() - started), (time.process_time() - used) / len(texts)


def _brute_force(resources: Resources) -> Callable[[Vector], None]:
    with resources.database.read() as session:
        stored = session.scalars(select(SearchDocument.vector).where(SearchDocument.kind == "issue"))
        matrix = np.stack([vector for blob in stored if (vector := unpack_vector(blob)) is not None])

    def scan(query: Vector) -> None:
        scores = matrix @ query
        best = np.argpartition(scores, -30)[-30:]
        best[np.argsort(-scores[best])]

    return scan


def _full_text(resources: Resources) -> Measure:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5(title, body)")
    with resources.database.read() as session:
        rows = session.execute(select(SearchDocument.title, SearchDocument.body)).mappings()
        connection.executemany("INSERT INTO texts VALUES (?, ?)", ((row["title"], row["body"]) for row in rows))

    def search(text: str) -> None:
        words = list(dict.fromkeys(re.findall(r"\w+", text.lower())))
        query = " OR ".join(f'"{word}"' for word in words)
        connection.execute("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 30", (query,)).fetchall()

    return search
