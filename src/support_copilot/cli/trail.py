"""Commands about the audit trail."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from support_copilot.cli.session import EXIT_FAILED, DataDirOption, JsonOption, command, people, print_json
from support_copilot.db.engine import Database, open_database
from support_copilot.db.migrate import SchemaMismatchError, current_revision, head_revision
from support_copilot.identity.audit import Head
from support_copilot.identity.audit_chain import Verification, verify_chain
from support_copilot.identity.audit_heads import parse_head, read_heads
from support_copilot.settings import Settings

app = typer.Typer(help="The audit trail.", no_args_is_help=True)


@app.callback()
def audit() -> None:
    """Look after the audit trail."""


@app.command("verify")
def verify_command(
    heads: Annotated[
        list[str] | None, typer.Option("--head", help="SEQ:HASH that was kept elsewhere, such as in a log.")
    ] = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find out whether anybody edited, removed, added or moved events; ends with 1 if so."""
    with command(data_dir, as_json=as_json) as settings:
        given = [parse_head(written) for written in heads or []]
        kept, unreadable = read_heads(settings.audit.heads_path)
        result = _verify(settings, [*given, *kept])
    if as_json:
        print_json(_as_json(result, unreadable))
    _say(result, unreadable, has_heads=bool(given or kept))
    if result.findings:
        raise typer.Exit(EXIT_FAILED)


def _verify(settings: Settings, heads: list[Head]) -> Verification:
    database: Database = open_database(settings.database, str(settings.database_path))
    try:
        if current_revision(database) != head_revision():
            raise SchemaMismatchError
        return verify_chain(database, heads)
    finally:
        database.close()


def _as_json(result: Verification, unreadable: int) -> dict[str, Any]:
    return {"whole": not result.findings, **asdict(result), "unreadable_heads": unreadable}


def _say(result: Verification, unreadable: int, *, has_heads: bool) -> None:
    for finding in result.findings:
        people.print(f"[bold red]{finding.kind}[/] at {finding.seq}: {finding.detail}", highlight=False)
    verdict = "[bold red]tampered with[/]" if result.findings else "[green]whole[/]"
    people.print(f"The trail is {verdict}: {result.events} events, head {result.head.seq}:{result.head.hash}")
    if not has_heads:
        people.print("[yellow]No head was kept elsewhere, so a cut-off end cannot be seen.[/]")
    if unreadable:
        people.print(f"[yellow]{unreadable} lines of the file of heads cannot be read.[/]")
    if not result.guarded:
        people.print("[yellow]The database has no triggers that refuse changes of events; see docs/security.md.[/]")
