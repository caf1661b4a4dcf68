"""Call the command in this process, as a shell would."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from support_copilot.cli.main import app

RUNNER = CliRunner()


def call(*arguments: str, data_dir: Path | None, **settings: str) -> Result:
    """Run it with these arguments; ``settings`` are set in the environment, without their prefix."""
    environment = {f"SUPPORT_COPILOT_{name}": value for name, value in settings.items()}
    folder = ["--data-dir", str(data_dir)] if data_dir else []
    return RUNNER.invoke(app, [*arguments, *folder], env=environment)


def answer(result: Result) -> Any:
    """The one document on standard output."""
    return json.loads(result.stdout)
