"""Commands that run the product: serve, worker, migrate."""

from enum import StrEnum
from typing import Annotated

import typer

from support_copilot.cli.identity import local_link
from support_copilot.cli.session import DataDirOption, JsonOption, command, people, print_json
from support_copilot.db.engine import open_database
from support_copilot.identity.links import make_local_link
from support_copilot.resources import Resources
from support_copilot.serve import ROUTERS, Service, serve, work
from support_copilot.settings import Settings
from support_copilot.wiring import migrate_database


class ServeTarget(StrEnum):
    ALL = "all"
    GATEWAY = "gateway"
    ANALYSIS = "analysis"
    GUIDANCE = "guidance"
    SUMMARIZATION = "summarization"


def serve_command(
    target: Annotated[
        ServeTarget, typer.Argument(help="All services in one process, or one of them.")
    ] = ServeTarget.ALL,
    data_dir: DataDirOption = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.")] = None,
    sign_in_link: Annotated[
        bool, typer.Option("--sign-in-link", help="Print a link that signs in once, in a browser on this machine.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Start the server (and with `all` the background worker)."""
    services: dict[ServeTarget, tuple[Service, ...]] = {
        ServeTarget.ALL: tuple(ROUTERS),
        ServeTarget.GATEWAY: ("gateway",),
        ServeTarget.ANALYSIS: ("analysis",),
        ServeTarget.GUIDANCE: ("guidance",),
        ServeTarget.SUMMARIZATION: ("summarization",),
    }
    with command(data_dir, as_json=as_json, quiet=False) as loaded:
        settings = loaded if port is None else _with_port(loaded, port)

        def announce(address: str, resources: Resources) -> None:
            link = _local_sign_in(address, resources) if sign_in_link else None
            if as_json:
                print_json({"address": address} | ({"sign_in_link": link} if link else {}))
            people.print(f"\n[bold]Support Copilot[/] answers at [bold]{address}[/]. Ctrl-C stops it.")
            if link:
                people.print("This link signs you in, once, in a browser on this machine:")
                people.print(link, soft_wrap=True)

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


def _local_sign_in(address: str, resources: Resources) -> str:
    with resources.database.transaction() as session:
        return local_link(address, make_local_link(session, resources.clock()))


def _with_port(settings: Settings, port: int) -> Settings:
    return settings.model_copy(update={"server": settings.server.model_copy(update={"port": port})})


def _migrate(settings: Settings) -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database, str(settings.database_path))
    try:
        return migrate_database(settings, database)
    finally:
        database.close()
