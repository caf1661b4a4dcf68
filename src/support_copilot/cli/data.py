"""Commands that bring data in: import, demo, reindex."""

import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from sqlalchemy import select

from support_copilot.cli.session import (
    EXIT_FAILED,
    EXIT_REJECTED_ROWS,
    DataDirOption,
    JsonOption,
    command,
    fail,
    people,
    print_json,
    progress_bar,
)
from support_copilot.connect.columns import Kind, MappingError, check_field, parse_overrides
from support_copilot.connect.importer import ImportPlan, import_file
from support_copilot.connect.report import ImportReport
from support_copilot.connect.sample import generate_issues
from support_copilot.connect.sample_data import load_sample, sample_size
from support_copilot.db.models import Issue
from support_copilot.kit.clock import utc_now
from support_copilot.resources import Resources
from support_copilot.retrieval.change import change_progress, finish_change
from support_copilot.retrieval.embedding import count_waiting, embed_waiting
from support_copilot.retrieval.feed import rebuild
from support_copilot.settings import Settings, load_settings
from support_copilot.wiring import open_resources

_SHOWN_ERRORS = 20
_MOST_GENERATED = 10_000_000


class ImportKind(StrEnum):
    ISSUES = "issues"
    MESSAGES = "messages"
    CUSTOMERS = "customers"
    ARTICLES = "articles"
    TEMPLATES = "templates"


def import_command(
    file: Annotated[
        Path, typer.Argument(help="A .csv, .tsv, .jsonl or .ndjson file, also with .gz.", show_default=False)
    ],
    kind: Annotated[ImportKind, typer.Option(help="What the rows are.")] = ImportKind.ISSUES,
    source: Annotated[str | None, typer.Option(help="The desk its ids belong to; default: the file's name.")] = None,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="COLUMN=FIELD, against the detection.")] = None,
    constants: Annotated[list[str] | None, typer.Option("--set", help="FIELD=VALUE for every row.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count, store nothing.")] = False,
    encoding: Annotated[str | None, typer.Option(help="Of a CSV file, against the detection.")] = None,
    embed: Annotated[bool, typer.Option(help="Prepare the search by meaning now, not in the background.")] = True,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import issues, messages, customers, articles or templates; run it again and only changes are made."""
    with command(data_dir, as_json=as_json) as settings:
        plan = ImportPlan(
            kind=kind.value,
            source=source or file.name.split(".")[0],
            overrides=parse_overrides(kind.value, mapping or []),
            constants=_constants(kind.value, constants or []),
            dry_run=dry_run,
            encoding=encoding,
        )
        with _place_for(settings, dry_run=dry_run) as place, open_resources(place) as resources:
            size = file.stat().st_size if file.is_file() else 0
            with progress_bar(hidden=as_json) as bar:
                task = bar.add_task("Reading bytes", total=size)
                report = import_file(resources, file, plan, lambda offset: bar.update(task, completed=offset))
            if embed and not dry_run:
                _embed(resources, hidden=as_json)
    _conclude(report, plan, dry_run=dry_run, as_json=as_json)


@contextmanager
def _place_for(settings: Settings, *, dry_run: bool) -> Iterator[Settings]:
    """The installation; for a trial where there is none an empty one that is thrown away, so that nothing is left."""
    if dry_run and settings.database.url is None and not settings.database_path.exists():
        with TemporaryDirectory(prefix="support-copilot-") as folder:
            yield load_settings(data_dir=Path(folder))
    else:
        yield settings


def demo_command(
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing when there are issues already.")] = False,
    generate: Annotated[
        int | None,
        typer.Option(min=1, max=_MOST_GENERATED, help="Write so many generated issues to a file instead, to import."),
    ] = None,
    output: Annotated[
        Path, typer.Option(help="The file of --generate: JSON Lines, compressed where its name ends in .gz.")
    ] = Path("generated-issues.jsonl"),
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load the sample company: customers, templates, articles and 90 days of issues."""
    if generate:
        _generate(generate, output, data_dir, as_json=as_json)
        return
    with command(data_dir, as_json=as_json) as settings, open_resources(settings) as resources:
        if if_empty and _has_issues(resources):
            people.print("There are issues already; the sample data is left out.")
            if as_json:
                print_json({"loaded": False})
            return
        with progress_bar(hidden=as_json) as bar:
            task = bar.add_task("Loading the sample company", total=sample_size())
            counts = load_sample(resources, resources.clock(), report_rows=lambda rows: bar.advance(task, rows))
        _embed(resources, hidden=as_json)
    if as_json:
        print_json({"loaded": True, **counts})
    people.print(f"Sample data is there: {', '.join(f'{count} {kind}' for kind, count in counts.items())}.")


def _generate(count: int, output: Path, data_dir: Path | None, *, as_json: bool) -> None:
    with command(data_dir, as_json=as_json), progress_bar(hidden=as_json) as bar:
        if output.exists():
            fail(f"{output} is there already; name another file with --output.", code="file_exists", as_json=as_json)
        task = bar.add_task("Writing issues", total=count)
        opener = gzip.open if output.suffix == ".gz" else open
        with opener(output, "xt", encoding="utf-8") as file:
            for record in generate_issues(count, utc_now()):
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                bar.advance(task)
    if as_json:
        print_json({"issues": count, "file": str(output)})
    people.print(f"{count} issues are in {output}; support-copilot import {output} stores them.", markup=False)


def reindex_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Build the search index anew from the database; a change of the embedding model is completed first."""
    with command(data_dir, as_json=as_json) as settings, open_resources(settings) as resources:
        _change_model(resources, hidden=as_json)
        _embed(resources, hidden=as_json)
        with progress_bar(hidden=as_json) as bar:
            task = bar.add_task("Indexing", total=None)
            documents = rebuild(resources, lambda count: bar.advance(task, count))
        if as_json:
            print_json({"documents": documents})
        people.print(f"The index holds {documents} documents.")


def _embed(resources: Resources, *, hidden: bool) -> None:
    waiting = count_waiting(resources)
    if not waiting:
        return
    with progress_bar(hidden=hidden) as bar:
        task = bar.add_task("Preparing search by meaning", total=waiting)
        embed_waiting(resources, lambda count: bar.advance(task, count), threads=os.cpu_count() or 1)


def _change_model(resources: Resources, *, hidden: bool) -> None:
    change = change_progress(resources)
    if change is None:
        return
    with progress_bar(hidden=hidden) as bar:
        task = bar.add_task(f"Changing to {change.new}", total=change.waiting)
        if not finish_change(resources, lambda count: bar.advance(task, count)):
            people.print(f"{change.new} does not answer; {change.old} goes on serving.", markup=False)


def _has_issues(resources: Resources) -> bool:
    with resources.database.read() as session:
        return session.scalar(select(Issue.id).limit(1)) is not None


def _constants(kind: Kind, pairs: list[str]) -> dict[str, str]:
    constants: dict[str, str] = {}
    for pair in pairs:
        field, separator, value = pair.partition("=")
        if not separator:
            raise MappingError("A constant has the form FIELD=VALUE.")
        check_field(kind, field.strip())
        constants[field.strip()] = value.strip()
    return constants


def _conclude(report: ImportReport, plan: ImportPlan, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json(report.as_json())
    else:
        _show(report, dry_run=dry_run)
        _advise(report, plan)
    if report.broken:
        raise typer.Exit(EXIT_FAILED)
    if report.rejected:
        raise typer.Exit(EXIT_REJECTED_ROWS)


def _show(report: ImportReport, *, dry_run: bool) -> None:
    people.print(
        "Columns: " + ", ".join(f"{column} → {field}" for column, field in report.mapping.items()), markup=False
    )
    if report.unused_columns:
        people.print(f"Not used: {', '.join(report.unused_columns)}", markup=False)
    for error in report.errors[:_SHOWN_ERRORS]:
        place = f"line {error.line}" + (f", {error.field}" if error.field else "")
        people.print(f"{place}: {error.reason}", markup=False, highlight=False)
    if report.rejected > _SHOWN_ERRORS:
        people.print(f"… and {report.rejected - _SHOWN_ERRORS} more rows; --json lists them.")
    verb = "would be " if dry_run else ""
    people.print(
        f"{report.read} rows read: {report.created} {verb}created, {report.updated} {verb}updated, "
        f"{report.unchanged} unchanged, {report.rejected} rejected."
    )
    if report.broken:
        people.print(f"[bold red]unreadable_file[/]: {report.broken}")


def _advise(report: ImportReport, plan: ImportPlan) -> None:
    """What is easily forgotten with an archive."""
    given = {*report.mapping.values(), *plan.constants}
    if plan.kind == "issues" and report.created and not given & {"status", "resolved_at", "resolved_in_hours"}:
        people.print("No column says where the issues stand, so they are open; for an archive: --set status=closed")
