import json
from pathlib import Path

import pytest

from support_copilot.cli.main import app
from tests.unit.cli.calls import RUNNER


def test_eval_prints_each_figure_beside_its_baselines(tmp_path: Path) -> None:
    out = tmp_path / "made" / "figures.json"
    process = RUNNER.invoke(app, ["eval", "--json", "--out", str(out), "--data-dir", str(tmp_path)])
    assert process.exit_code == 0
    document = json.loads(process.stdout)
    found = document["tasks"]["personal_data"]["own.pattern.recall"]
    assert found["low"] <= found["value"] <= found["high"]
    assert set(found["baseline"]) == {"patterns only", "regular expressions"}
    assert json.loads(out.read_text(encoding="utf-8")) == document


def test_eval_shows_a_table_to_people(tmp_path: Path) -> None:
    process = RUNNER.invoke(
        app, ["eval", "--task", "personal_data", "--data-dir", str(tmp_path)], env={"COLUMNS": "160"}
    )
    assert process.exit_code == 0
    assert "own.person.recall" in process.stdout
    assert "regular expressions" in process.stdout


@pytest.mark.parametrize("option", ["--task", "--data"])
def test_eval_refuses_what_it_does_not_know(tmp_path: Path, option: str) -> None:
    process = RUNNER.invoke(app, ["eval", option, "nowhere", "--json", "--data-dir", str(tmp_path)])
    assert process.exit_code == 1
    assert json.loads(process.stdout)["error"]["code"] == "invalid_request"
