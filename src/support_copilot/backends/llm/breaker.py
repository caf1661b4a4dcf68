"""Leaves a provider alone that failed several times in a row, so that nobody waits for it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from support_copilot.backends.llm.errors import CircuitOpenError, ModelError
from support_copilot.backends.llm.provider import Ask, Piece, Request
from support_copilot.kit.circuit import Circuit


def with_circuit(ask: Ask, circuit: Circuit, *, heeds: bool = True) -> Ask:
    """Ask only while the circuit lets through; the first piece counts as success, an outage as failure.

    Args:
        heeds: False asks in any case, as somebody does who has repaired what failed, and tells the circuit what came.

    Raises:
        CircuitOpenError: it does not.
    """

    async def guarded(request: Request) -> AsyncGenerator[Piece, None]:
        if not circuit.lets_through() and heeds:
            raise CircuitOpenError
        answered = False
        try:
            async with aclosing(ask(request)) as pieces:
                async for piece in pieces:
                    if not answered:
                        answered = True
                        circuit.succeeded()
                    yield piece
        except ModelError as error:
            if error.is_outage:
                circuit.failed()
            raise
        finally:
            if not answered:
                circuit.left()

    return guarded
