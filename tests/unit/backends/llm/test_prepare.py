"""Providers are opened before the first call where a server asks for it, and once."""

import threading

import pytest
from prometheus_client import CollectorRegistry

from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.llm.errors import ModelError
from support_copilot.backends.llm.metrics import ModelMetrics
from support_copilot.backends.llm.port import Message, ModelCall
from support_copilot.backends.llm.remote import Connections, RemoteModel
from support_copilot.backends.llm.switch import PauseSwitch
from support_copilot.db.engine import Database

WAIT_S = 30


class Opening:
    """Counts how often providers are opened; fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.times = 0
        self.opened = threading.Event()
        self._failures = failures

    async def __call__(self) -> Connections:
        self.times += 1
        self.opened.set()
        if self.times <= self._failures:
            raise OSError
        return Connections({}, {}, self._close)

    async def _close(self) -> None:
        """Nothing is held."""


def remote(opening: Opening, database: Database) -> RemoteModel:
    return RemoteModel(LlmConfig(), opening, {}, ModelMetrics(CollectorRegistry()), PauseSwitch(database))


def ask(model: RemoteModel) -> None:
    """A call; these connections have no chain for it, which is found out behind the opening."""
    with pytest.raises(ModelError):
        model.complete(ModelCall("reply", (Message("user", "Hello", trusted=True),)))


def test_what_was_prepared_is_not_opened_again_by_the_first_call(database: Database) -> None:
    opening = Opening()
    model = remote(opening, database)
    model.prepare()
    assert opening.opened.wait(WAIT_S)
    ask(model)
    assert opening.times == 1
    model.close()
    model.prepare()
    assert opening.times == 1


def test_without_it_nothing_is_opened_before_the_first_call(database: Database) -> None:
    opening = Opening()
    model = remote(opening, database)
    assert not opening.opened.is_set()
    ask(model)
    assert opening.times == 1
    model.close()


def test_a_preparation_that_failed_is_tried_again_by_the_first_call(database: Database) -> None:
    opening = Opening(failures=1)
    model = remote(opening, database)
    model.prepare()
    assert opening.opened.wait(WAIT_S)
    ask(model)
    assert opening.times == 2
    model.close()
