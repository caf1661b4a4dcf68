"""What a suggested reply takes before its first words: the product's own work, step by step, beside the model's answer.

The first words that a reader sees are those of the first sentence that was checked, so they come when the model has
ended that sentence; what the product adds to that is measured here, not how fast a model writes. Gathering is search
and reading, which a reply without a model needs as well.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import select

from bench.store import prepare_store, settings_of
from support_copilot.db.models import Issue
from support_copilot.evaluation.attacks.obedient import ObedientModel
from support_copilot.guidance.gathering import analyze_context
from support_copilot.guidance.model_reply import ModelLetter, ModelReply, plan_reply
from support_copilot.guidance.reading import BodyReader
from support_copilot.guidance.schemas import GuidanceRequest
from support_copilot.issues.queries import load_issue
from support_copilot.resources import Resources
from support_copilot.wiring import open_resources

_STEPS: Final = ("gathering", "prompt, first time", "prompt, again", "first sentence checked")
_REQUEST: Final = GuidanceRequest()
_SAID: Final = "I am sorry that this does not work as it should. "


def measure_replies(folder: Path, issues: int) -> dict[str, Any]:
    """Milliseconds of each step, by the clock and of the processor, over open issues; no model is asked."""
    wall: dict[str, list[float]] = {step: [] for step in _STEPS}
    busy: dict[str, list[float]] = {step: [] for step in _STEPS}

    @contextmanager
    def step(name: str) -> Iterator[None]:
        began, worked = time.perf_counter(), time.thread_time()
        yield
        busy[name].append((time.thread_time() - worked) * 1000)
        wall[name].append((time.perf_counter() - began) * 1000)

    with open_resources(settings_of(folder)) as opened:
        own = replace(opened, llm=ObedientModel())
        for number, issue_id in enumerate(_open_issues(own, issues + 5)):
            if number == 5:
                # The first ones load what is loaded once.
                for figures in (*wall.values(), *busy.values()):
                    figures.clear()
            _one(own, issue_id, step)
    return {name: {"wall_p50": float(np.median(wall[name])), "cpu_p50": float(np.median(busy[name]))}
            for name in _STEPS if wall[name]}  # fmt: skip


def _one(resources: Resources, issue_id: str, step: Callable[[str], Any]) -> None:
    with step("gathering"):
        context = analyze_context(resources, issue_id, _REQUEST)
        with resources.database.read() as session:
            record = load_issue(session, issue_id)
    for name in ("prompt, first time", "prompt, again"):
        with step(name):
            plan = plan_reply(resources, context, record, _REQUEST, None)
    if not isinstance(plan, ModelReply):
        return
    with step("first sentence checked"):
        reader, letter, masker = BodyReader(context.language), ModelLetter(plan, context, "model"), plan.outgoing.masker
        for written in (reader.feed(piece) for piece in _pieces(masker.restore(_SAID))):
            if written:
                letter.add(written)
        letter.add(reader.finish())


def _pieces(text: str) -> list[str]:
    return [text[at : at + 7] for at in range(0, len(text), 7)]


def _open_issues(resources: Resources, most: int) -> list[str]:
    with resources.database.read() as session:
        query = select(Issue.id).where(Issue.status == "open").order_by(Issue.created_at.desc()).limit(most)
        return list(session.scalars(query))


def print_replies(result: dict[str, Any]) -> None:
    title = "suggested reply, the product's own work, ms"
    print(f"\n{title:46} {'wall p50':>9} {'cpu p50':>8}")
    for name, figures in result.items():
        print(f"{name:46} {figures['wall_p50']:9.1f} {figures['cpu_p50']:8.1f}")


if __name__ == "__main__":
    store = Path(".cache/bench/2000")
    prepare_store(store, 2000)
    print_replies(measure_replies(store, 100))
