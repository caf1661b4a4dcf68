"""The switch that pauses all models: nothing is asked while it is on, and what is on its way ends."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from prometheus_client import CollectorRegistry

from support_copilot.backends.llm.errors import ModelsPausedError, PauseUnknownError
from support_copilot.backends.llm.open import open_llm
from support_copilot.backends.llm.port import LanguageModel
from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import Database, open_database
from support_copilot.db.model_pause import ALL_MODELS
from support_copilot.db.models import ModelSwitch, ModelUsage
from support_copilot.kit.clock import utc_now
from tests.contract.llm_cases import CALL, Mood, config_of
from tests.model_server import Manner, ModelServer
from tests.servers import free_port

PATIENT_S = 20.0
pytestmark = pytest.mark.usefixtures("polite_server")


def set_switch(database: Database, *, paused: bool) -> None:
    with database.transaction() as session:
        row = session.lock(ModelSwitch, ALL_MODELS) or ModelSwitch(name=ALL_MODELS, updated_by="usr_1")
        row.paused, row.updated_at = paused, utc_now()
        session.add(row)


def test_nothing_is_asked_while_models_are_paused(
    opened: Callable[..., LanguageModel], server: ModelServer, sqlite: Database
) -> None:
    model = opened()
    set_switch(sqlite, paused=True)

    assert model.is_paused()
    with pytest.raises(ModelsPausedError):
        model.complete(CALL)
    with pytest.raises(ModelsPausedError):
        model.structured(CALL, Mood)
    with pytest.raises(ModelsPausedError), model.stream(CALL) as stream:
        list(stream)
    assert model.examine("one").code == "models_paused"
    assert server.requests == []
    assert [provider.failing for provider in model.providers()] == [False], "nobody failed"

    set_switch(sqlite, paused=False)
    assert model.complete(CALL).text == "Hello there."


@contextmanager
def paused_meanwhile(server: ModelServer, database: Database) -> Iterator[None]:
    """Models are paused once a request has arrived."""

    def pause() -> None:
        assert server.arrived.acquire(timeout=PATIENT_S)
        set_switch(database, paused=True)

    while server.arrived.acquire(blocking=False):
        pass
    thread = threading.Thread(target=pause)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def test_a_whole_answer_that_is_waited_for_is_given_up(
    opened: Callable[..., LanguageModel], server: ModelServer, sqlite: Database
) -> None:
    server.script(Manner(stall="silent"))

    with paused_meanwhile(server, sqlite), pytest.raises(ModelsPausedError):
        opened().complete(CALL)

    assert server.gone.acquire(timeout=PATIENT_S), "the provider was told"
    with sqlite.read() as session:
        usage = session.get(ModelUsage, (utc_now().date(), "probe", "", "one"))
        assert usage is not None
        assert (usage.calls, usage.failed_calls) == (1, 1), "what it may have cost is counted"


def test_a_stream_ends_and_its_words_stay(
    opened: Callable[..., LanguageModel], server: ModelServer, sqlite: Database
) -> None:
    server.script(Manner(stall="first_piece"))

    with paused_meanwhile(server, sqlite), opened().stream(CALL) as stream:
        words = iter(stream)
        assert next(words) == "Hello"
        with pytest.raises(ModelsPausedError):
            next(words)

    assert server.gone.acquire(timeout=PATIENT_S)


def test_where_nobody_can_say_nothing_is_asked(server: ModelServer) -> None:
    url = f"mysql+pymysql://t:t@127.0.0.1:{free_port()}/test?ssl_disabled=true"
    away = open_database(DatabaseConfig(url=url), "")
    model = open_llm(config_of("openai", server), CollectorRegistry(), away, utc_now)
    try:
        with pytest.raises(PauseUnknownError):
            model.complete(CALL)
        with pytest.raises(PauseUnknownError):
            model.is_paused()
    finally:
        model.close()
        away.close()
    assert server.requests == []
