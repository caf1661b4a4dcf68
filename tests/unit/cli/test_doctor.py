"""What the doctor says of an installation, whole or broken."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support_copilot.backends.embedder.port import Embedder
from support_copilot.settings import load_settings
from tests.unit.cli.calls import answer, call


def test_doctor_finds_a_fresh_installation_well(tmp_path: Path, embedder: Embedder) -> None:
    call("migrate", data_dir=tmp_path)
    process = call("doctor", "--json", data_dir=tmp_path, SERVER__PORT="0")

    assert process.exit_code == 0, process.stderr
    assert {finding["verdict"] for finding in answer(process)["findings"]} == {"ok"}


def test_doctor_says_what_to_do_without_a_model(tmp_path: Path) -> None:
    call("migrate", data_dir=tmp_path)
    process = call("doctor", "--json", data_dir=tmp_path, EMBEDDER__KIND="none", SERVER__PORT="0")

    details = {finding["check"]: finding for finding in answer(process)["findings"]}
    assert process.exit_code == 0
    assert details["embedder"]["verdict"] == "warning"
    assert "support-copilot model" in details["embedder"]["detail"]


def test_doctor_makes_nothing_where_nothing_is(tmp_path: Path) -> None:
    process = call("doctor", "--json", data_dir=tmp_path / "typo")

    assert process.exit_code == 1
    assert "nothing is installed" in answer(process)["findings"][-1]["detail"]
    assert not (tmp_path / "typo").exists()


def _damaged(folder: Path) -> str:
    call("migrate", data_dir=folder)
    with (folder / "support-copilot.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 200_000)
    return "is damaged"


def _no_database(folder: Path) -> str:
    call("migrate", data_dir=folder)
    (folder / "support-copilot.db").write_bytes(b"This is no database at all. " * 1000)
    return "is damaged"


def _file_as_folder(folder: Path) -> str:
    folder.write_text("")
    return str(folder)


def _read_only(folder: Path) -> str:
    call("migrate", data_dir=folder)
    folder.chmod(0o500)
    return "nothing can be written"


@pytest.mark.parametrize("break_it", [_damaged, _no_database, _file_as_folder, _read_only])
def test_doctor_says_in_a_sentence_what_is_broken(
    tmp_path: Path, break_it: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = break_it(tmp_path / "data")
    if break_it is _read_only and os.access(tmp_path / "data", os.W_OK):
        # An administrator writes everywhere but on what is mounted read-only.
        may = os.access
        monkeypatch.setattr(os, "access", lambda path, mode, **how: mode != os.W_OK and may(path, mode, **how))
    process = call("doctor", "--json", data_dir=tmp_path / "data")

    assert (process.exit_code, "Traceback" in process.stderr) == (1, False)
    findings = answer(process)["findings"]
    assert (findings[-1]["check"], findings[-1]["verdict"]) == ("start", "failed")
    assert said in findings[-1]["detail"]


@pytest.mark.parametrize("command", ["doctor", "serve"])
@pytest.mark.parametrize("url", ["banana", "postgresql://u:hidden-word@host/x", "mysql+nothing://u:hidden-word@h/x"])
def test_an_address_of_another_kind_is_refused_with_the_forms_that_there_are(
    tmp_path: Path, command: str, url: str
) -> None:
    process = call(command, "--json", data_dir=tmp_path, DATABASE__URL=url)

    assert (process.exit_code, "Traceback" in process.stderr) == (2, False)
    assert "database.url" in process.stderr
    assert "hidden-word" not in process.stdout + process.stderr


@pytest.mark.parametrize("kind", ["mysql", "mariadb", "mysql+pymysql"])
def test_doctor_names_the_database_that_does_not_answer(tmp_path: Path, kind: str) -> None:
    process = call("doctor", "--json", data_dir=tmp_path, DATABASE__URL=f"{kind}://u:hidden-word@127.0.0.1:1/x")

    detail = answer(process)["findings"][-1]["detail"]
    assert "127.0.0.1:1/x" in detail
    assert "Connection refused" in detail
    assert "hidden-word" not in process.stdout + process.stderr


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        # Nobody answers there: who asks is let go at once.
        other.setblocking(False)
        yield other.getsockname()[1]


def _port(tmp_path: Path, port: int) -> dict[str, str]:
    process = call("doctor", "--json", data_dir=tmp_path, SERVER__PORT=str(port))
    return next(finding for finding in answer(process)["findings"] if finding["check"] == "port")


def test_doctor_says_that_another_program_has_the_port(tmp_path: Path, taken_port: int) -> None:
    found = _port(tmp_path, taken_port)
    assert found["verdict"] == "failed"
    assert f"port {taken_port} of 127.0.0.1 is taken by another program" in found["detail"]
    assert "SUPPORT_COPILOT_SERVER__PORT" in found["detail"]


def test_doctor_finds_a_free_port_well(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert _port(tmp_path, port) == {"check": "port", "verdict": "ok", "detail": f"127.0.0.1:{port}"}


def test_doctor_names_the_file_of_the_model_that_was_changed(tmp_path: Path, embedder: Embedder) -> None:
    model = tmp_path / "model"
    shutil.copytree(load_settings().embedder.model_dir, model)  # type: ignore[union-attr]  # the local one by default
    with (model / "tokenizer.json").open("a") as file:
        file.write(" ")
    call("migrate", data_dir=tmp_path / "data")
    process = call("doctor", "--json", data_dir=tmp_path / "data", EMBEDDER__MODEL_DIR=str(model), SERVER__PORT="0")

    found = next(finding for finding in answer(process)["findings"] if finding["check"] == "embedder")
    assert found["verdict"] == "warning"
    assert "tokenizer.json" in found["detail"]
    assert "model.int8.onnx" not in found["detail"]
    assert "SHA-256" in found["detail"]
