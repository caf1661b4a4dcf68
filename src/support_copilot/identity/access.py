"""What guards every route: who asks, and whether they may."""

from typing import Annotated

from fastapi import Depends

from support_copilot.identity.principal import LOCAL_CLI, Principal


def _principal() -> Principal:
    # Until people sign in, the server answers this machine only and everybody at it is one person.
    return LOCAL_CLI


PrincipalDep = Annotated[Principal, Depends(_principal)]
