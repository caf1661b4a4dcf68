"""What each command shares: its options, its settings, how it speaks, and how it ends."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from support_copilot.connect.columns import MappingError
from support_copilot.kit.errors import AppError
from support_copilot.kit.log import configure_logging
from support_copilot.settings import Settings, SettingsError, load_settings

EXIT_FAILED, EXIT_WRONG_USE, EXIT_REJECTED_ROWS = 1, 2, 3

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else there.")]
DataDirOption = Annotated[
    Path | None, typer.Option("--data-dir", help="The one folder of the embedded default.", show_default=".data")
]

#: Words and progress for people; standard output is for results.
people = Console(stderr=True)


@contextmanager
def command(data_dir: Path | None, *, as_json: bool, quiet: bool = True) -> Iterator[Settings]:
    """Read the settings, set up logs, and turn a refusal into a sentence and an exit code.

    Args:
        quiet: show only warnings among the logs, for commands whose own output matters.
    """
    try:
        settings = load_settings(data_dir=data_dir)
        level = "warning" if quiet and settings.log_level == "info" else settings.log_level
        configure_logging(level, settings.log_format)
        yield settings
    except AppError as error:
        fail(error.detail, code=error.code, as_json=as_json, wrong_use=isinstance(error, SettingsError | MappingError))
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        fail(f"{error.strerror or 'Reading or writing failed'}{where}", code="storage_failed", as_json=as_json)
    except KeyboardInterrupt:
        fail("Interrupted.", code="interrupted", as_json=as_json)


def fail(detail: str, *, code: str, as_json: bool, wrong_use: bool = False) -> NoReturn:
    """Say what went wrong and end."""
    if as_json:
        print_json({"error": {"code": code, "detail": detail}})
    people.print(f"[bold red]{code}[/]: ", end="")
    people.print(detail, markup=False, highlight=False)
    raise typer.Exit(EXIT_WRONG_USE if wrong_use else EXIT_FAILED)


def print_json(document: Any) -> None:
    """The one document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")
    sys.stdout.flush()


def progress_bar(*, hidden: bool) -> Progress:
    """A bar on standard error; hidden where nobody looks."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
        console=people, disable=hidden or not people.is_terminal, transient=False,
    )  # fmt: skip
