"""The switch by which an admin pauses all models at once: looked at before each call, and each second of one."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Final

import structlog

from support_copilot.backends.llm.errors import ModelsPausedError, PauseUnknownError
from support_copilot.backends.llm.provider import Ask, Piece, Request
from support_copilot.db.engine import Database
from support_copilot.db.model_pause import models_paused
from support_copilot.kit.errors import AppError

_log = structlog.get_logger("support_copilot.llm")
#: How long a call goes on that is on its way when models are paused.
LOOKED_AT_EVERY_S: Final = 1.0


class PauseSwitch:
    """Read from the database each time, since any process may have moved it; safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_on(self) -> bool:
        """Whether models are paused.

        Raises:
            PauseUnknownError: the database does not answer. Who stopped all use must be sure that it is stopped.
        """
        try:
            with self._database.read() as session:
                return models_paused(session)
        except AppError as error:
            raise PauseUnknownError from error

    async def comes_on(self) -> None:
        """Return once models are paused."""
        while True:
            await asyncio.sleep(LOOKED_AT_EVERY_S)
            try:
                if await asyncio.to_thread(self.is_on):
                    return
            except PauseUnknownError:
                _log.warning("llm.pause.unknown")


def with_pause(ask: Ask, switch: PauseSwitch) -> Ask:
    """Ask while models are not paused; a pause meanwhile closes the connection to the provider.

    The outermost of all wrappers: its limit must contain theirs.

    Raises:
        ModelsPausedError: they are, or were meanwhile.
        PauseUnknownError: nobody can say.
    """

    async def unless_paused(request: Request) -> AsyncGenerator[Piece, None]:
        if await asyncio.to_thread(switch.is_on):
            raise ModelsPausedError
        watching = asyncio.ensure_future(switch.comes_on())
        try:
            async with asyncio.timeout(None) as limit:
                watching.add_done_callback(partial(_end, limit))
                async with aclosing(ask(request)) as pieces:
                    async for piece in pieces:
                        yield piece
        except TimeoutError:
            raise ModelsPausedError from None
        finally:
            watching.cancel()

    return unless_paused


def _end(limit: asyncio.Timeout, watching: "asyncio.Future[None]") -> None:
    if not watching.cancelled():
        with contextlib.suppress(RuntimeError):  # the call has ended by itself meanwhile
            limit.reschedule(asyncio.get_running_loop().time())
