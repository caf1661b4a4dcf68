"""Commands of privacy: what retention removes, and erasures asked for again after a backup was restored."""

from typing import Annotated

import typer
from rich.table import Table

from support_copilot.cli.session import DataDirOption, JsonOption, command, people, print_json
from support_copilot.privacy.retention import due, enforce_retention
from support_copilot.privacy.suppression import replay_erasures
from support_copilot.wiring import open_resources

app = typer.Typer(no_args_is_help=True, help="Retention, and erasures after a backup was restored.")


@app.command("retention")
def retention_command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be removed.")] = False,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove what is older than its rule says, as the worker does every day."""
    with command(data_dir, as_json=as_json) as settings, open_resources(settings) as resources:
        if dry_run:
            with resources.database.read() as session:
                found = due(session, resources.clock())
        else:
            found = enforce_retention(resources)
    if as_json:
        rules = [{"kind": each.kind, "days": each.days, "count": each.count} for each in found]
        print_json({"dry_run": dry_run, "rules": rules})
        return
    table = Table("Kind of data", "Kept for", "Would go now" if dry_run else "Removed")
    for each in found:
        table.add_row(each.kind.replace("_", " "), f"{each.days} days" if each.days else "good", str(each.count))
    people.print(table)


@app.command("replay")
def replay_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Ask again for the erasure of everybody who was erased and came back with a restored backup.

    Ends with 1 when a legal hold keeps one of them.
    """
    with command(data_dir, as_json=as_json) as settings, open_resources(settings) as resources:
        replay = replay_erasures(resources)
    if as_json:
        print_json({"customers": replay.asked, "held": replay.held})
    else:
        people.print(f"{replay.asked} customers will be erased again by the worker.")
        if replay.held:
            people.print(f"{replay.held} are kept by a legal hold; replay again when it is released.")
    if replay.held:
        raise typer.Exit(1)
