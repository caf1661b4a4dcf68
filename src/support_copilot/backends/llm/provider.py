"""What the wrappers and the providers speak among themselves: one request in, an asynchronous row of pieces out."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from support_copilot.backends.llm.port import Finish, Message, Task, Usage


@dataclass(frozen=True, slots=True)
class AnswerShape:
    """A JSON schema that the answer should follow; a wish to the provider, checked afterwards."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """A call with everything filled in. ``streamed`` asks for words as they come, else for all at once."""

    task: Task
    user: str | None
    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float
    stop: tuple[str, ...] = ()
    shape: AnswerShape | None = None
    streamed: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """The last piece of every answer. ``usage`` is None where the provider did not count."""

    finish: Finish
    model: str
    usage: Usage | None = field(default=None)
    provider: str = ""


#: Words (never empty), then one End.
Piece = str | End
#: A provider, or a provider with something wrapped around it. Closing the generator stops the provider at once.
Ask = Callable[[Request], AsyncGenerator[Piece, None]]


class Provider(Protocol):
    """One model of one provider, used on one event loop."""

    def answer(self, request: Request) -> AsyncGenerator[Piece, None]:
        """Ask once.

        Raises:
            ModelError: translated from whatever the SDK raised; never with words of the request.
        """

    async def aclose(self) -> None:
        """Give back connections."""
