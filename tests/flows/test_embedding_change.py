"""Another embedding model: the old one serves until every document has a vector of the new one, whatever happens."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import stamina
from sqlalchemy import func, select

from support_copilot.backends.embedder.port import Embedder
from support_copilot.backends.embedder.remote import model_name
from support_copilot.db.documents import DocumentText, add_documents, put_document, remove_documents
from support_copilot.db.models import EmbeddingModel, NextVector, SearchDocument
from support_copilot.resources import Resources
from support_copilot.retrieval.change import advance_change, change_progress, finish_change
from support_copilot.retrieval.embedding import embed_text, embed_waiting
from support_copilot.retrieval.feed import catch_up
from support_copilot.retrieval.find import find_documents
from support_copilot.serve import JOB_HANDLERS
from support_copilot.settings import WorkerConfig, load_settings
from support_copilot.wiring import open_resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.contract.embedder_cases import remote_config
from tests.model_server import Manner, ModelServer, running_model_server

Open = Callable[..., Resources]
OLD, NEW = (model_name("openai", name, 384) for name in ("embed-old", "embed-new"))
DOCUMENTS = 40
#: Nearer than anything that is about something else.
CLOSE = 0.35
QUESTION = "The card was charged two times"
ANSWER = "Duplicate payment for one order"


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with running_model_server() as running:
        yield running


@pytest.fixture
def opened(server: ModelServer, embedder: Embedder, tmp_path: Path, clock: StepClock) -> Iterator[Open]:
    """Opens the product over one folder with a model of the service; ``beside`` keeps open what was opened before."""
    server.script(Manner())
    server.embed = embedder.embed
    # The same meaning by other numbers of the same length: a mixture of the two would find nothing.
    server.embeds = {"embed-new": lambda texts: embedder.embed(texts)[:, ::-1]}
    with stamina.set_testing(True, attempts=1), ExitStack() as stack:

        def open_with(model: str, *, beside: bool = False) -> Resources:
            if not beside:
                stack.pop_all().close()
            config = remote_config("openai", server, 384, model=model, circuit_failures=100)
            settings = load_settings(data_dir=tmp_path, embedder=config.model_dump())
            return stack.enter_context(open_resources(settings, clock=clock))

        yield open_with


@pytest.fixture
def changing(opened: Open, clock: StepClock) -> Resources:
    """Documents that the old model embedded, and settings that name the new one."""
    resources = opened("embed-old")
    texts = [ANSWER, *(f"Note {number} about parcels and labels" for number in range(1, DOCUMENTS))]
    with resources.database.transaction() as session:
        add_documents(session, [document(number, text, clock) for number, text in enumerate(texts)])
    embed_waiting(resources)
    assert best(resources) == "iss_0"
    return opened("embed-new")


def document(number: int, text: str, clock: StepClock) -> DocumentText:
    return DocumentText(f"iss_{number}", "issue", text, text, clock())


def best(resources: Resources) -> str | None:
    """What is found by meaning alone: the question and its answer share no word."""
    hits = find_documents(resources, QUESTION, embed_text(resources, QUESTION), kinds=["issue"])
    return next((hit.id for hit in hits if hit.likeness is not None and hit.likeness > CLOSE), None)


def count(resources: Resources, what: type) -> int:
    with resources.database.read() as session:
        return int(session.scalar(select(func.count()).select_from(what)))


def serving(resources: Resources) -> dict[str, str]:
    with resources.database.read() as session:
        return {row.name: row.state for row in session.scalars(select(EmbeddingModel))}


def test_the_old_model_serves_until_the_new_one_is_complete(changing: Resources) -> None:
    before = change_progress(changing)
    assert before is not None
    assert (before.old, before.new, before.waiting, before.documents) == (OLD, NEW, DOCUMENTS, DOCUMENTS)

    advance_change(changing, most=30)

    half_way = change_progress(changing)
    assert half_way is not None
    assert half_way.waiting == DOCUMENTS - 30
    assert (changing.embedder.model, best(changing)) == (OLD, "iss_0")

    while advance_change(changing, most=30):
        assert best(changing) == "iss_0"

    assert change_progress(changing) is None
    assert (changing.embedder.model, best(changing)) == (NEW, "iss_0")
    assert changing.search.count() == DOCUMENTS
    assert serving(changing) == {NEW: "serving"}
    with changing.database.read() as session:
        assert set(session.scalars(select(SearchDocument.vector_model))) == {NEW}
    assert count(changing, NextVector) == 0


def test_the_worker_does_it_beside_its_jobs(changing: Resources) -> None:
    worker = Worker(changing, WorkerConfig(), JOB_HANDLERS)

    while worker.run_once():
        assert best(changing) == "iss_0"

    assert changing.embedder.model == NEW


def test_it_goes_on_where_it_was_stopped(changing: Resources, opened: Open, server: ModelServer) -> None:
    server.requests.clear()
    resources = changing
    while resources.embedder.model == OLD:
        advance_change(resources, most=7)
        assert best(resources) == "iss_0"
        resources = opened("embed-new")
    while advance_change(resources, most=7):
        pass

    assert best(resources) == "iss_0"
    embedded = [text for body in server.bodies() if body["model"] == "embed-new" for text in body["input"]]
    assert sum("parcels" in text for text in embedded) == DOCUMENTS - 1, "no text was embedded twice"
    with resources.database.read() as session:
        assert set(session.scalars(select(SearchDocument.vector_model))) == {NEW}


def test_a_text_that_changes_meanwhile_is_embedded_anew(changing: Resources, clock: StepClock) -> None:
    advance_change(changing, most=DOCUMENTS)
    text = "The camera does not start"
    with changing.database.transaction() as session:
        put_document(session, document(0, text, clock), embed_text(changing, text), changing.embedder.model)
        put_document(session, document(99, ANSWER, clock), embed_text(changing, ANSWER), changing.embedder.model)

    assert finish_change(changing)

    assert best(changing) == "iss_99"
    assert count(changing, NextVector) == 0


def test_what_is_removed_meanwhile_leaves_nothing(changing: Resources) -> None:
    advance_change(changing, most=DOCUMENTS)
    with changing.database.transaction() as session:
        remove_documents(session, ["iss_0"])
    with changing.database.read() as session:
        assert session.get(NextVector, ("iss_0", NEW)) is None

    assert finish_change(changing)

    assert best(changing) is None
    assert not changing.search.held(["iss_0"])


def test_a_model_that_does_not_answer_leaves_the_old_one_serving(changing: Resources, server: ModelServer) -> None:
    server.script(Manner(status=500))

    assert not finish_change(changing)

    server.script(Manner())
    assert (changing.embedder.model, best(changing)) == (OLD, "iss_0")
    assert finish_change(changing)


def test_a_model_that_refuses_every_text_leaves_the_old_one_serving(changing: Resources, server: ModelServer) -> None:
    server.script(Manner(status=400))

    assert not finish_change(changing)

    assert changing.embedder.model == OLD
    assert len(server.requests) < 5


def test_who_goes_back_finds_everything_as_it_was(changing: Resources, opened: Open) -> None:
    advance_change(changing, most=10)

    back = opened("embed-old")

    assert back.spaces is None
    assert best(back) == "iss_0"
    assert serving(back) == {OLD: "serving"}
    assert count(back, NextVector) == 0


def test_there_and_back_again_is_two_changes(changing: Resources, opened: Open, clock: StepClock) -> None:
    assert finish_change(changing)
    with changing.database.transaction() as session:
        put_document(session, document(99, ANSWER, clock), embed_text(changing, ANSWER), NEW)

    back = opened("embed-old")
    assert back.embedder.model == NEW
    assert finish_change(back)

    hits = find_documents(back, QUESTION, embed_text(back, QUESTION), kinds=["issue"])
    alike = {hit.id for hit in hits if hit.likeness is not None and hit.likeness > CLOSE}
    assert back.embedder.model == OLD
    assert alike == {"iss_0", "iss_99"}


def test_what_began_before_the_switch_ends_in_the_old_space(changing: Resources) -> None:
    assert changing.spaces is not None
    with changing.spaces.pinned():
        vector = embed_text(changing, QUESTION)
        assert finish_change(changing)

        hits = find_documents(changing, QUESTION, vector, kinds=["issue"])

        assert changing.embedder.model == OLD
        assert hits[0].id == "iss_0"
        assert hits[0].likeness is not None
        assert hits[0].likeness > CLOSE
    assert changing.embedder.model == NEW


def test_another_process_follows(changing: Resources, opened: Open) -> None:
    other = opened("embed-new", beside=True)
    assert finish_change(changing)
    assert best(other) == "iss_0", "still by the old model"

    assert advance_change(other)

    assert (other.embedder.model, best(other)) == (NEW, "iss_0")


def test_nothing_of_the_old_index_is_left(changing: Resources, opened: Open, tmp_path: Path) -> None:
    assert changing.spaces is not None
    with changing.spaces.pinned():
        assert finish_change(changing)
        assert changing.search.held(["iss_0"]), "the work in hand still needs it"
    with changing.database.transaction() as session:
        remove_documents(session, ["iss_0"])
    catch_up(changing)
    assert not changing.search.held(["iss_0"]), "neither index has it"

    advance_change(changing)

    assert [space.index.count() for space in changing.spaces.in_use()] == [DOCUMENTS - 1]
    assert opened("embed-new").search.count() == DOCUMENTS - 1
    assert not (tmp_path / "index").exists(), "the folder goes at the next start"


def test_the_first_model_serves_at_once(opened: Open) -> None:
    resources = opened("embed-old")

    assert resources.spaces is None
    assert serving(resources) == {OLD: "serving"}
    assert opened("embed-new").spaces is None, "nothing was embedded, so there is nothing to change"


def test_keys_are_not_kept_in_the_database(changing: Resources) -> None:
    with changing.database.read() as session:
        rows = list(session.scalars(select(EmbeddingModel)))

    assert len(rows) == 2
    assert not any("stand-in" in str(row.settings) or "api_key" in row.settings for row in rows)
