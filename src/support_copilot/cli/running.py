"""Commands that run the product: serve, worker, migrate."""

from enum import StrEnum
from typing import Annotated

import typer

from support_copilot.cli.session import DataDirOption, JsonOption, command, people, print_json
from support_copilot.db.engine import open_database
from support_copilot.db.migrate import migrate
from support_copilot.serve import ROUTERS, Service, serve, work
from support_copilot.settings import Settings


class ServeTarget(StrEnum):
    ALL = "all"
    ANALYSIS = "analysis"
    GUIDANCE = "guidance"
    SUMMARIZATION = "summarization"


def serve_command(
    target: Annotated[
        ServeTarget, typer.Argument(help="All services in one process, or one of them.")
    ] = ServeTarget.ALL,
    data_dir: DataDirOption = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Start the server (and with `all` the background worker)."""
    services: dict[ServeTarget, tuple[Service, ...]] = {
        ServeTarget.ALL: tuple(ROUTERS),
        ServeTarget.ANALYSIS: ("analysis",),
        ServeTarget.GUIDANCE: ("guidance",),
        ServeTarget.SUMMARIZATION: ("summarization",),
    }
    with command(data_dir, as_json=as_json, quiet=False) as loaded:
        settings = loaded if port is None else _with_port(loaded, port)

        def announce(address: str) -> None:
            if as_json:
                print_json({"address": address})
            people.print(f"\n[bold]Support Copilot[/] answers at [bold]{address}[/]")
            people.print("Only this machine can reach it: there is no sign-in yet. Ctrl-C stops it.\n")

        serve(settings, services[target], announce)


def worker_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Work on background jobs until interrupted (for installations where `serve all` does not run)."""
    with command(data_dir, as_json=as_json, quiet=False) as settings:
        work(settings)


def migrate_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Bring the database to the schema of this version."""
    with command(data_dir, as_json=as_json) as settings:
        revision = _migrate(settings)
        if as_json:
            print_json({"revision": revision})
        people.print(f"The database is at revision {revision}.")


def _with_port(settings: Settings, port: int) -> Settings:
    return settings.model_copy(update={"server": settings.server.model_copy(update={"port": port})})


def _migrate(settings: Settings) -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database, str(settings.database_path))
    try:
        return migrate(database)
    finally:
        database.close()
