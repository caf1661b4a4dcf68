"""Loads the application late: all its routes take longer than most commands, which do without them."""

from typing import TYPE_CHECKING

from support_copilot.settings import Settings

if TYPE_CHECKING:
    from support_copilot.serve import Announce, Service


def open_server(settings: Settings, service: "Service | None", announce: "Announce") -> None:
    """Serve one service, or all and the worker, until interrupted."""
    from support_copilot.serve import ROUTERS, serve

    serve(settings, (service,) if service else tuple(ROUTERS), announce)


def open_worker(settings: Settings) -> None:
    """Work on jobs until interrupted."""
    from support_copilot.serve import work

    work(settings)
