"""Commands that run the product: serve, worker, migrate."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from support_copilot.cli.open import open_server, open_worker
from support_copilot.cli.session import DataDirOption, JsonOption, command, people, print_json
from support_copilot.cli.users import local_link
from support_copilot.db.engine import open_database
from support_copilot.identity.links import make_local_link
from support_copilot.identity.users import make_setup_link
from support_copilot.resources import Resources
from support_copilot.settings import Settings
from support_copilot.wiring import migrate_database

if TYPE_CHECKING:
    from support_copilot.serve import Service

try:
    import resource as process_limits
except ImportError:  # Windows keeps no core dumps of its own accord
    process_limits = None  # type: ignore[assignment]  # a module where it can be had

_LINK_WORDS = {
    "sign_in_link": "This link signs you in, once, in a browser on this machine:",
    "setup_link": "There is no administrator yet. This link makes the first one, once, within an hour:",
}


class ServeTarget(StrEnum):
    ALL = "all"
    GATEWAY = "gateway"
    ANALYSIS = "analysis"
    GUIDANCE = "guidance"
    SUMMARIZATION = "summarization"


#: What runs alone; all of it otherwise.
_SERVICES: Mapping[ServeTarget, "Service"] = {
    ServeTarget.GATEWAY: "gateway",
    ServeTarget.ANALYSIS: "analysis",
    ServeTarget.GUIDANCE: "guidance",
    ServeTarget.SUMMARIZATION: "summarization",
}
#: What has the way in.
_DOORS = frozenset({ServeTarget.ALL, ServeTarget.GATEWAY})


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
    _leave_no_core_dumps()
    with command(data_dir, as_json=as_json, quiet=False) as loaded:
        settings = loaded if port is None else _with_port(loaded, port)

        def announce(address: str, resources: Resources) -> None:
            links = _links(settings, address, resources, sign_in=sign_in_link) if target in _DOORS else {}
            if as_json:
                print_json({"address": address, **links})
            people.print(f"\n[bold]Support Copilot[/] answers at [bold]{address}[/]. Ctrl-C stops it.")
            for kind, link in links.items():
                people.print(_LINK_WORDS[kind])
                people.print(link, soft_wrap=True, markup=False)

        open_server(settings, _SERVICES.get(target), announce)


def worker_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Work on background jobs until interrupted (for installations where `serve all` does not run)."""
    _leave_no_core_dumps()
    with command(data_dir, as_json=as_json, quiet=False) as settings:
        open_worker(settings)


def migrate_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Bring the database to the schema of this version."""
    with command(data_dir, as_json=as_json) as settings:
        revision = _migrate(settings)
        if as_json:
            print_json({"revision": revision})
        people.print(f"The database is at revision {revision}.")


def _leave_no_core_dumps() -> None:
    """A dump of this process would hold every key in the clear."""
    if process_limits is not None:
        process_limits.setrlimit(process_limits.RLIMIT_CORE, (0, 0))


def _links(settings: Settings, address: str, resources: Resources, *, sign_in: bool) -> dict[str, str]:
    """One-time links to show at the start: to sign in here, or to make the first administrator."""
    with resources.database.transaction() as session:
        if sign_in:
            return {"sign_in_link": local_link(address, make_local_link(session, resources.clock()))}
        token = make_setup_link(session, resources.clock())
    return {"setup_link": f"{settings.identity.public_url or address}/setup#token={token}"} if token else {}


def _with_port(settings: Settings, port: int) -> Settings:
    return settings.model_copy(update={"server": settings.server.model_copy(update={"port": port})})


def _migrate(settings: Settings) -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database, str(settings.database_path))
    try:
        return migrate_database(settings, database)
    finally:
        database.close()
