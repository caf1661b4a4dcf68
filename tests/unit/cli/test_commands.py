"""Commands as people and programs call them: exit codes, JSON alone on standard output, words on standard error."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from support_copilot.backends.embedder.port import Embedder
from tests.unit.cli.calls import answer, call


def test_a_process_of_its_own_keeps_standard_output_for_the_document_and_loads_no_routes(tmp_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-c", "from support_copilot.cli import main; main()"]

    process = subprocess.run(
        [*command, "migrate", "--json", "--data-dir", str(tmp_path)], capture_output=True, text=True, timeout=100
    )

    assert process.returncode == 0, process.stderr
    assert json.loads(process.stdout)["revision"]
    loaded = {line.rpartition("|")[2].strip() for line in process.stderr.splitlines()}
    assert "support_copilot.cli.running" in loaded
    assert "support_copilot.serve" not in loaded, "only commands that serve take the time for it"


def test_analyze_prints_the_panel_alone(tmp_path: Path, embedder: Embedder) -> None:
    process = call("analyze", "Nobody can pay, the checkout is down", "--json", data_dir=tmp_path)

    assert process.exit_code == 0, process.stderr
    panel = answer(process)
    assert panel["issue_id"] is None
    assert panel["severity"]["value"] == "critical"


def test_analyze_for_people_says_what_it_found(tmp_path: Path, embedder: Embedder) -> None:
    process = call("analyze", "How do I change my password?", data_dir=tmp_path)

    assert process.exit_code == 0
    assert "Severity" in process.stdout


def test_import_reports_and_ends_with_3_for_rejected_rows(tmp_path: Path) -> None:
    file = tmp_path / "desk.csv"
    file.write_text("id,subject,rating\n1,good,5\n2,bad,99\n", encoding="utf-8")

    process = call("import", str(file), "--json", data_dir=tmp_path / "data", EMBEDDER__KIND="none")

    assert process.exit_code == 3, process.stderr
    report = answer(process)
    assert {name: report[name] for name in ("read", "created", "updated", "unchanged", "rejected")} == {
        "read": 2, "created": 1, "updated": 0, "unchanged": 0, "rejected": 1,
    }  # fmt: skip
    assert report["errors"] == [{"line": 3, "field": "rating", "reason": "must be between 1 and 5"}]


def test_import_takes_a_mapping_and_constants(tmp_path: Path) -> None:
    file = tmp_path / "desk.csv"
    file.write_text("nr,words\n1,hello there\n", encoding="utf-8")
    arguments = ["import", str(file), "--map", "words=subject", "--map", "nr=external_id", "--set", "status=closed"]

    process = call(*arguments, "--json", data_dir=tmp_path / "data", EMBEDDER__KIND="none")

    assert process.exit_code == 0, process.stderr
    assert answer(process)["mapping"] == {"words": "subject", "nr": "external_id"}


@pytest.mark.parametrize(("constants", "advised"), [([], True), (["--set", "status=closed"], False)])
def test_import_reminds_of_the_state_of_an_archive_until_it_is_given(
    tmp_path: Path, constants: list[str], advised: bool
) -> None:
    file = tmp_path / "desk.csv"
    file.write_text("id,subject\n1,hello there\n", encoding="utf-8")

    process = call("import", str(file), *constants, data_dir=tmp_path / "data", EMBEDDER__KIND="none")

    assert ("No column says where the issues stand" in process.stderr) is advised


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["missing.csv"], 1),
        (["desk.csv", "--map", "nonsense"], 2),
        (["desk.csv", "--map", "a=colour"], 2),
        (["desk.csv", "--map", "id=subject", "--map", "words=subject"], 2),
        (["desk.csv", "--map", "wrods=subject"], 2),
        (["desk.csv", "--map", "wrods=", "--dry-run"], 2),
    ],
)
def test_a_refused_import_says_why_and_keeps_nothing(tmp_path: Path, arguments: list[str], code: int) -> None:
    (tmp_path / "desk.csv").write_text("id,words\n1,hello there\n", encoding="utf-8")
    named = [str(tmp_path / arguments[0]), *arguments[1:]]
    process = call("import", *named, "--json", data_dir=tmp_path / "data", EMBEDDER__KIND="none")

    assert process.exit_code == code
    assert answer(process)["error"]["detail"]
    look = answer(call("doctor", "--json", data_dir=tmp_path / "data", EMBEDDER__KIND="none"))["findings"]
    assert {each["check"]: each["detail"] for each in look}.get("record", "0 issues") == "0 issues"


def test_a_trial_import_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "desk.csv").write_text("id,subject\n1,hello there\n", encoding="utf-8")
    process = call(
        "import", str(tmp_path / "desk.csv"), "--dry-run", "--json", data_dir=tmp_path / "data", EMBEDDER__KIND="none"
    )

    assert process.exit_code == 0, process.stderr
    assert answer(process)["created"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["desk.csv"]


def test_wrong_use_ends_with_2(tmp_path: Path) -> None:
    assert call("import", "desk.csv", "--kind", "spaceships", data_dir=tmp_path).exit_code == 2
    assert call("config", data_dir=tmp_path, SERVR__PORT="1").exit_code == 2


def test_a_wrong_setting_is_named_without_its_value(tmp_path: Path) -> None:
    process = call("config", data_dir=tmp_path, SERVER__PORT="secret-value")

    assert process.exit_code == 2
    assert "server.port" in process.stderr
    assert "secret-value" not in process.stderr + process.stdout


def test_config_hides_the_password_of_the_database(tmp_path: Path) -> None:
    process = call("config", "--json", data_dir=tmp_path, DATABASE__URL="mysql+pymysql://user:hidden-word@host/name")

    assert process.exit_code == 0, process.stderr
    assert "hidden-word" not in process.stdout
    assert answer(process)["database"]["url"] == "mysql+pymysql://user:***@host/name"


def test_a_file_of_settings_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / "support-copilot.toml").write_text('log_level = "error"\n[server]\nport = 9001\n', encoding="utf-8")

    shown = answer(call("config", "--json", data_dir=tmp_path, SERVER__PORT="9002"))

    assert (shown["log_level"], shown["server"]["port"]) == ("error", 9002)


def test_a_database_that_does_not_answer_is_said_in_a_sentence(tmp_path: Path) -> None:
    process = call("reindex", "--json", data_dir=tmp_path, DATABASE__URL="mysql+pymysql://u:p@127.0.0.1:1/x")

    assert process.exit_code == 1
    assert "Traceback" not in process.stderr
    assert answer(process)["error"]["code"] == "database_unavailable"


def test_a_data_folder_that_cannot_be_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    process = call("reindex", "--json", data_dir=tmp_path / "file" / "data")

    assert process.exit_code == 1
    assert "Traceback" not in process.stderr
    assert answer(process)["error"]["code"] == "storage_failed"


def test_a_port_in_use_is_said_in_a_sentence_before_anything_is_opened(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = call("serve", "--port", str(port), "--json", data_dir=tmp_path / "data")

    assert process.exit_code == 1
    assert answer(process)["error"]["code"] == "address_unavailable"
    assert str(port) in process.stderr
    assert not (tmp_path / "data").exists()


def test_reindex_counts_what_it_read(tmp_path: Path) -> None:
    file = tmp_path / "desk.csv"
    file.write_text("id,subject\n1,one\n2,two\n", encoding="utf-8")
    call("import", str(file), data_dir=tmp_path / "data", EMBEDDER__KIND="none")

    process = call("reindex", "--json", data_dir=tmp_path / "data", EMBEDDER__KIND="none")

    assert answer(process) == {"documents": 2}


@pytest.mark.parametrize("name", ["volume.jsonl", "volume.jsonl.gz"])
def test_generated_issues_can_be_imported_and_a_file_is_never_overwritten(tmp_path: Path, name: str) -> None:
    file, data_dir = tmp_path / name, tmp_path / "data"
    generate = ["demo", "--generate", "25", "--output", str(file), "--json"]

    made = call(*generate, data_dir=data_dir)
    imported = call("import", str(file), "--json", data_dir=data_dir, EMBEDDER__KIND="none")
    again = call(*generate, data_dir=data_dir)

    assert answer(made) == {"issues": 25, "file": str(file)}
    assert answer(imported)["created"] == 25
    assert (again.exit_code, answer(again)["error"]["code"]) == (1, "file_exists")
