"""Who asks, for what happens while the request is answered: set once by the guard of the route."""

from support_copilot.http.context import caller
from support_copilot.identity.principal import Principal


def acting() -> Principal | None:
    """Who asked for the work in progress; None in jobs, in commands, and before somebody was known."""
    held = caller()
    principal = held.principal if held else None
    return principal if isinstance(principal, Principal) else None


def set_acting(principal: Principal) -> None:
    """Have this one named as who does what follows in this request."""
    held = caller()
    if held is not None:
        held.principal = principal
