"""Threads for what waits for somebody else's service, so many and no more: a slow one must not starve other requests.

What FastAPI runs for a route shares a few threads. A route that may wait seconds for a language model or an identity
provider is ``async`` and lets ``Places.run`` do its work on threads kept for that.
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Final, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from support_copilot.http.load import ServerBusyError

P = ParamSpec("P")
T = TypeVar("T")
_ASK_AGAIN_AFTER_S: Final = 5


class Places:
    """How much of one kind may wait at the same time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._threads = CapacityLimiter(most)

    async def run(self, work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Do the work on a thread of these; counted until it ends, also when nobody waits for it any more.

        Raises:
            ServerBusyError: all places are taken.
        """
        if self._held >= self._most:
            raise ServerBusyError(retry_after_s=_ASK_AGAIN_AFTER_S)
        self._held += 1
        try:
            return await to_thread.run_sync(partial(work, *args, **options), limiter=self._threads)
        finally:
            self._held -= 1


async def _model_places(request: Request) -> Places:
    places = request.app.state.model_places
    assert isinstance(places, Places)  # noqa: S101  # set by serve.py before the first request
    return places


async def _provider_places(request: Request) -> Places:
    places = request.app.state.provider_places
    assert isinstance(places, Places)  # noqa: S101  # set by serve.py before the first request
    return places


ModelPlacesDep = Annotated[Places, Depends(_model_places)]
ProviderPlacesDep = Annotated[Places, Depends(_provider_places)]
