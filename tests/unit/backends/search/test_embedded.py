"""The embedded index on disk: real deletion, damage, crashes, several processes of one folder."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from support_copilot.backends.search.config import EmbeddedSearchConfig
from support_copilot.backends.search.embedded import EmbeddedSearchIndex
from support_copilot.backends.search.keywords import KeywordIndex
from support_copilot.backends.search.port import IndexedDocument, SearchQuery
from support_copilot.backends.search.stored import DocumentFile
from tests.threads import meanwhile
from tests.unit.backends.search.samples import NOW, random_vectors

VECTORS = random_vectors(600, 8)
CANARY = "kanarienvogel"


@contextmanager
def opened(folder: Path, *, model: str = "m/1", flush_after: int = 500) -> Iterator[EmbeddedSearchIndex]:
    config = EmbeddedSearchConfig(kind="embedded", path=folder, flush_after_s=3600, flush_after_documents=flush_after)
    index = EmbeddedSearchIndex(config, dimension=8, embedder_model=model)
    try:
        yield index
    finally:
        index.close()


def document(number: int, title: str = "", *, deleted: bool = False, name: str = "") -> IndexedDocument:
    return IndexedDocument(
        name or f"d{number}", "issue", number, title or f"Printer {number}", "", NOW, VECTORS[number % 600],
        deleted=deleted,
    )  # fmt: skip


def ids(index: EmbeddedSearchIndex, text: str) -> list[str]:
    return sorted(hit.id for hit in index.search(SearchQuery(text, limit=1000, candidates=1000)))


def holds(folder: Path, content: bytes) -> bool:
    return any(content in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_bytes_of_removed_documents_leave_every_file(tmp_path: Path) -> None:
    vector_bytes = VECTORS[7].astype("<f2").tobytes()
    with opened(tmp_path) as index:
        index.apply([document(1), document(7, f"{CANARY} secret"), document(8, f"{CANARY} stays not")])
        index.flush()
        assert holds(tmp_path, CANARY.encode())
        assert holds(tmp_path, vector_bytes)
        index.apply([document(9, "", deleted=True, name="d7"), document(10, "Replaced", name="d8")])
        index.compact()

        assert not holds(tmp_path, CANARY.encode())
        assert not holds(tmp_path, vector_bytes)
        assert not (index._slots._vectors == VECTORS[7].astype(np.float16)).all(axis=1).any()
        assert ids(index, "replaced printer") == ["d1", "d8"]
    assert not holds(tmp_path, CANARY.encode())


def test_the_words_of_a_tombstone_are_never_kept(tmp_path: Path) -> None:
    with opened(tmp_path) as index:
        index.apply([document(1, CANARY)])
        index.apply([document(2, CANARY, deleted=True, name="d1")])

        assert index.search(SearchQuery(CANARY)) == []
        assert index._tail.document_frequency(CANARY) == 0
        index.flush()
    assert not holds(tmp_path, CANARY.encode())


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "documents.db").write_bytes(b"rot" * 2000),
        lambda folder: (folder / "documents.db").write_bytes(b""),
        lambda folder: (folder / "documents.db").unlink(),
        lambda folder: shutil.rmtree(folder / "keywords"),
        lambda folder: (folder / "keywords" / "meta.json").write_bytes(b"{"),
        lambda folder: [path.write_bytes(b"rot") for path in (folder / "keywords").glob("*.*")],
        lambda folder: [path.unlink() for path in (folder / "keywords").glob("*.term")],
    ],
    ids=["documents rot", "documents empty", "documents gone", "keywords gone", "meta rot", "all rot", "a part gone"],
)
def test_damaged_files_are_thrown_away_and_made_anew(tmp_path: Path, damage: object) -> None:
    with opened(tmp_path) as index:
        index.apply([document(1), document(2)])
    damage(tmp_path)  # type: ignore[operator]

    with opened(tmp_path) as index:
        assert index.position() in (0, 2)
        index.apply([document(1), document(2)])
        assert ids(index, "printer") == ["d1", "d2"]
        index.flush()
    with opened(tmp_path) as index:
        assert ids(index, "printer") == ["d1", "d2"]


def test_an_index_of_another_model_starts_empty(tmp_path: Path) -> None:
    with opened(tmp_path) as index:
        index.apply([document(1)])

    with opened(tmp_path, model="m/2") as index:
        assert (index.position(), index.count()) == (0, 0)


def test_a_crash_between_keywords_and_documents_costs_nothing(tmp_path: Path) -> None:
    """Keywords are ahead of the position: the same documents come again and are there once."""
    with opened(tmp_path) as index:
        index.apply([document(1)])
    keywords = KeywordIndex(tmp_path / "keywords")
    with opened(tmp_path / "other") as ahead:
        ahead.apply([document(2)])
        keywords.write(ahead._tail.waiting.values())
    keywords.close()

    with opened(tmp_path) as index:
        assert (index.position(), ids(index, "printer")) == (1, ["d1"])
        index.apply([document(2)])
        index.flush()
        assert ids(index, "printer") == ["d1", "d2"]
        assert index._files is not None
        assert index._files.keywords.size() == 2


def test_a_flush_that_fails_keeps_everything_in_memory_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError("no space left on device")

    with opened(tmp_path) as index:
        index.apply([document(1)])
        with monkeypatch.context() as broken, capture_logs() as logs:
            broken.setattr(DocumentFile, "write", full)
            index._flush_or_log()
        assert [event["event"] for event in logs] == ["search.flush.failed"]
        assert ids(index, "printer") == ["d1"]
        index.flush()
    with opened(tmp_path) as index:
        assert (index.position(), ids(index, "printer")) == (1, ["d1"])


def test_whoever_brings_too_much_at_once_waits_for_the_disk(tmp_path: Path) -> None:
    with opened(tmp_path, flush_after=5) as index:
        index.apply(document(number) for number in range(1, 51))

        assert len(index._tail.waiting) < 40
        assert len(ids(index, "printer")) == 50


def test_many_replacements_do_not_fill_the_memory(tmp_path: Path) -> None:
    with opened(tmp_path) as index:
        for start in range(1, 3000, 300):
            index.apply(document(number, name=f"d{number % 300}") for number in range(start, start + 300))
            index.flush()

        assert index.count() == 300
        assert len(index._slots.ids) <= 1324


def test_documents_that_are_not_asked_for_crowd_none_out(tmp_path: Path) -> None:
    crowd = [IndexedDocument(f"a{n}", "article", n, "Printer printer", "printer", NOW, None) for n in range(1, 251)]
    wanted = [IndexedDocument(f"i{n}", "issue", n, "A printer beside many other words", "", NOW, None)
              for n in range(251, 551)]  # fmt: skip
    with opened(tmp_path) as index:
        index.apply([*crowd, *wanted])
        index.flush()
        found = index.search(SearchQuery("printer", kinds=["issue"], limit=30, candidates=100))

    assert len(found) == 30
    assert {hit.kind for hit in found} == {"issue"}


def test_what_is_of_no_document_finds_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as index:
        index.apply([document(1)])
        assert index.search(SearchQuery("printer", VECTORS[1], kinds=["template"])) == []


class TestSeveralProcesses:
    """The first one to open a folder writes; a second one follows."""

    def test_the_second_finds_what_the_first_wrote_and_what_it_applied_itself(self, tmp_path: Path) -> None:
        with opened(tmp_path) as writer:
            writer.apply([document(1)])
            writer.flush()
            with opened(tmp_path) as follower:
                assert (follower.position(), ids(follower, "printer")) == (1, ["d1"])
                follower.apply([document(2)])
                follower.flush()
                assert ids(follower, "printer") == ["d1", "d2"]
                assert ids(writer, "printer") == ["d1"]

    def test_the_second_forgets_what_the_first_has_written_meanwhile(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("support_copilot.backends.search.embedded._FOLLOW_EVERY_S", 0.0)
        with opened(tmp_path) as writer, opened(tmp_path) as follower:
            for index in (writer, follower):
                index.apply([document(1), document(2)])
            writer.flush()

            assert ids(follower, "printer") == ["d1", "d2"]
            assert len(follower._tail.waiting) == 0
            assert [hit.matched_words for hit in follower.search(SearchQuery("printer"))] == [("printer",)] * 2

    def test_the_second_answers_while_the_first_rebuilds_and_rewrites(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("support_copilot.backends.search.embedded._FOLLOW_EVERY_S", 0.0)
        with opened(tmp_path) as writer, opened(tmp_path) as follower:
            for index in (writer, follower):
                index.apply(document(number) for number in range(1, 51))
            writer.flush()

            def ask() -> None:
                assert len(ids(follower, "printer")) == 50

            with meanwhile(ask) as problems:
                for number in range(51, 71):
                    writer.apply([document(number, "Scanner")])
                    writer.flush()
                    writer.compact()
                writer.clear()
                writer.apply(document(number) for number in range(1, 51))
                writer.flush()

            assert problems == []

    def test_the_second_takes_files_that_were_made_anew(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("support_copilot.backends.search.embedded._FOLLOW_EVERY_S", 0.0)
        with opened(tmp_path) as writer, opened(tmp_path) as follower:
            for index in (writer, follower):
                index.apply([document(1), document(2)])
            writer.clear()
            assert ids(follower, "printer") == ["d1", "d2"]
            writer.apply([document(1), document(2)])
            writer.flush()

            assert ids(follower, "printer") == ["d1", "d2"]
            assert len(follower._tail.waiting) == 0

    def test_a_removed_document_is_found_by_no_process(self, tmp_path: Path) -> None:
        with opened(tmp_path) as writer:
            writer.apply([document(1, CANARY), document(2)])
            writer.flush()
            with opened(tmp_path) as follower:
                gone = document(3, "", deleted=True, name="d1")
                for index in (writer, follower):
                    index.apply([gone])
                    assert index.search(SearchQuery(CANARY)) == []
                writer.compact()
                assert follower.search(SearchQuery(CANARY)) == []

    def test_the_next_one_writes_after_the_writer_has_gone(self, tmp_path: Path) -> None:
        with opened(tmp_path) as writer:
            writer.apply([document(1)])
        with opened(tmp_path) as writer:
            writer.apply([document(2)])
            writer.flush()
        with opened(tmp_path) as index:
            assert ids(index, "printer") == ["d1", "d2"]

    def test_a_killed_writer_leaves_no_lock_behind(self, tmp_path: Path) -> None:
        script = (
            "import os, sys; from pathlib import Path\n"
            "from tests.unit.backends.search.test_embedded import document, opened\n"
            f"kept = opened(Path({str(tmp_path)!r})); index = kept.__enter__()\n"
            "index.apply([document(1)]); index.flush(); index.apply([document(2)]); os.kill(os.getpid(), 9)"
        )
        assert subprocess.run([sys.executable, "-c", script], timeout=60).returncode == -9

        with opened(tmp_path) as index:
            assert (index.position(), ids(index, "printer")) == (1, ["d1"])
            index.apply([document(2)])
            index.flush()
        with opened(tmp_path) as index:
            assert index.position() == 2

    def test_one_that_comes_before_the_files_follows_from_memory(self, tmp_path: Path) -> None:
        with opened(tmp_path) as writer:
            (tmp_path / "documents.db").unlink()
            with opened(tmp_path) as follower:
                follower.apply([document(1)])
                assert ids(follower, "printer") == ["d1"]
                follower.clear()
                assert follower.position() == 0
            assert writer.count() == 0


def test_words_of_the_subject_count_more_than_words_below_it(tmp_path: Path) -> None:
    with opened(tmp_path) as index:
        index.apply([document(1, "scanner"), document(2, "printer")])
        for flushed in (False, True):
            if flushed:
                index.flush()
            for subject, body in (("scanner", "printer"), ("printer", "scanner")):
                first, second = index.search(SearchQuery(f"{subject}\n{body}"))
                scores = [hit.keyword_score or 0.0 for hit in (first, second)]
                assert scores[1] > 0, flushed
                assert scores[0] == pytest.approx(2 * scores[1], rel=0.01), flushed
                assert first.id == ("d1" if subject == "scanner" else "d2")
