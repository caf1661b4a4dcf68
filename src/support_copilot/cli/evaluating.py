"""The command that says how right the product is: eval."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from support_copilot.cli.session import DataDirOption, JsonOption, command, print_json
from support_copilot.evaluation.run import as_document, evaluate
from support_copilot.evaluation.sampling import Figure


def eval_command(
    task: Annotated[
        list[str] | None, typer.Option(help="Only this task; may be given again.", show_default="all")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of public data sets; without it our own small sets.")
    ] = None,
    held_out: Annotated[
        Path | None, typer.Option(help="Folder of artefacts learned without parts of the data; see make eval.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the JSON document to this file.")] = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the learned and ruled parts of the product beside simple ways of doing the same."""
    with command(data_dir, as_json=as_json):
        figures = evaluate(task or [], data, held_out)
    document = as_document(figures)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    if as_json:
        print_json(document)
        return
    for name, found in figures.items():
        Console().print(_table(name, found))


def _table(name: str, figures: dict[str, Figure]) -> Table:
    baselines = list(dict.fromkeys(way for each in figures.values() for way in each.baseline))
    table = Table(title=name, title_justify="left")
    table.add_column("Figure")
    for column in ("Value", "95 % interval", *baselines):
        table.add_column(column, justify="right")
    for metric, each in figures.items():
        others = (f"{each.baseline[way]:.3f}" if way in each.baseline else "" for way in baselines)
        table.add_row(metric, f"{each.value:.3f}", f"{each.low:.3f} to {each.high:.3f}", *others)
    return table
