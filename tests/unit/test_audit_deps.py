"""The question whether a locked package has a known hole, put to a service of our own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tools.audit_deps import audit_python

from tests.http_service import Handler, running_service
from tests.servers import free_port

UV = Path(__file__).parents[2] / ".tools" / "bin" / "uv"
HOLE = {
    "id": "PYSEC-0", "modified": "2026-01-01T00:00:00Z", "summary": "A hole",
    "affected": [{"package": {"name": "limits", "ecosystem": "PyPI"}, "ranges": []}],
}  # fmt: skip

pytestmark = pytest.mark.skipif(not UV.exists(), reason="uv is not there: run make")


@contextmanager
def service(holes: list[dict[str, str]]) -> Iterator[str]:
    """Answers like OSV: these holes for the package asked for first."""

    class Osv(Handler):
        def do_POST(self) -> None:
            asked = json.loads(self.asked_body())["queries"]
            self.answer({"results": [{"vulns": holes}, *({} for _ in asked[1:])]})

        def do_GET(self) -> None:
            self.answer(HOLE)

    with running_service(Osv) as address:
        yield address


def test_no_hole_is_a_good_result(capfd: pytest.CaptureFixture[str]) -> None:
    with service([]) as address:
        assert audit_python(str(UV), ["--service-url", address]) == 0
    assert "NOT CHECKED" not in capfd.readouterr().err


def test_a_hole_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    with service([{"id": "PYSEC-0", "modified": "2026-01-01T00:00:00Z"}]) as address:
        assert audit_python(str(UV), ["--service-url", address]) == 1
    assert "PYSEC-0" in capfd.readouterr().out


def test_a_question_that_nobody_answers_is_said_loudly(capfd: pytest.CaptureFixture[str]) -> None:
    assert audit_python(str(UV), ["--service-url", f"http://127.0.0.1:{free_port()}"]) == 2
    assert "uv.lock: NOT CHECKED" in capfd.readouterr().err
