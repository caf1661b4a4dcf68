"""Threads for what waits for somebody else's service, so many and no more: a slow one must not starve other requests.

What FastAPI runs for a route shares a few threads. A route that may wait seconds for a language model, an identity
provider or a malware scanner is ``async`` and lets ``Places.run`` do its work on threads kept for that. A model that is
asked there for a client that goes away is stopped, since it is paid by the word.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from support_copilot.http.load import ServerBusyError
from support_copilot.kit.waiting import GivenUpError, Wait, waited_for_by

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


@dataclass(frozen=True, slots=True)
class ModelPlaces:
    """Places for one request."""

    _places: Places
    _request: Request

    async def run(self, work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Do the work on a thread; models that it asks are stopped when the client goes away or was told to give up.

        Raises:
            ServerBusyError: all places are taken.
            GivenUpError: the client went away.
        """
        wait = Wait()
        async with _watched(self._request, wait.give_up):
            with waited_for_by(wait):
                return await self._places.run(work, *args, **options)


async def while_waited_for(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What the work returns; cancels it when the client goes away.

    Raises:
        GivenUpError: the client went away.
    """
    task = asyncio.ensure_future(work)
    async with _watched(request, task.cancel):
        await asyncio.wait({task})
    if task.cancelled():
        raise GivenUpError
    return task.result()


@asynccontextmanager
async def _watched(request: Request, when_gone: Callable[[], object]) -> AsyncIterator[None]:
    """Call ``when_gone`` once when the connection ends, or the answer was given by somebody else."""

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        when_gone()

    watching = asyncio.ensure_future(watch())
    try:
        yield
    finally:
        watching.cancel()


async def _model_places(request: Request) -> ModelPlaces:
    places = request.app.state.model_places
    assert isinstance(places, Places)  # noqa: S101  # set by serve.py before the first request
    return ModelPlaces(places, request)


async def _provider_places(request: Request) -> Places:
    places = request.app.state.provider_places
    assert isinstance(places, Places)  # noqa: S101  # set by serve.py before the first request
    return places


async def _upload_places(request: Request) -> Places:
    places = request.app.state.upload_places
    assert isinstance(places, Places)  # noqa: S101  # set by serve.py before the first request
    return places


ModelPlacesDep = Annotated[ModelPlaces, Depends(_model_places)]
ProviderPlacesDep = Annotated[Places, Depends(_provider_places)]
UploadPlacesDep = Annotated[Places, Depends(_upload_places)]
