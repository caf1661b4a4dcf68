"""Time to the first word of a model: through the product, beside the same request over a bare connection.

The server is the tests' stand-in in a process of its own. The product goes its whole way: usage, and money where there
is a budget, in a database on disk; limits, circuit, retries and time limits around the SDK. The bare connection is a
socket and nothing else.
"""

import asyncio
import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np
from tests.model_server import KEY

from support_copilot.backends.llm.port import LanguageModel, Message, ModelCall
from support_copilot.settings import load_settings
from support_copilot.wiring import open_resources

ALLOWED_MS: Final = 15.0
_WARM_UP: Final = 20
_SERVE: Final = """
import sys
from tests.model_server import running_model_server
with running_model_server() as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""
_PROMPT: Final = "The order has not arrived. " * 200
_CALL: Final = ModelCall(
    "reply", (Message("system", "Answer the customer.", trusted=True), Message("user", _PROMPT)), user="usr_bench"
)


def measure_models(calls: int, *, warm_up: int = _WARM_UP) -> dict[str, Any]:
    """Milliseconds to the first word, and what the product adds at the median."""
    with ExitStack() as stack:
        folder, url = stack.enter_context(tempfile.TemporaryDirectory()), stack.enter_context(_model_server())
        model = stack.enter_context(_opened(url, Path(folder) / "free", {}))
        limits = {"daily_usd": 1000, "daily_usd_per_user": 1000}
        limited = stack.enter_context(_opened(url, Path(folder) / "limited", limits))
        direct = _Direct(url)
        ways: dict[str, Callable[[], float]] = {
            "direct, bare connection": direct.first_word,
            "product": lambda: _in_thread(model),
            "product, read on an event loop": lambda: asyncio.run(_on_loop(model)),
            "product, two hard budgets": lambda: _in_thread(limited),
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(calls + warm_up):
            for name, first_word in ways.items():
                taken = first_word()
                if number >= warm_up:
                    seconds[name].append(taken)
        direct.close()
    figures = {
        name: {f"p{share}": float(np.percentile(values, share)) * 1000 for share in (50, 95)}
        for name, values in seconds.items()
    }
    return {"first_word_ms": figures, "allowed_ms": ALLOWED_MS}


def print_models(result: Mapping[str, Any]) -> None:
    figures = result["first_word_ms"]
    bare = figures["direct, bare connection"]
    print(f"\n{'first word of a model, ms':42} {'p50':>8} {'p95':>8} {'added p50':>10} {'added p95':>10}")
    for name, own in figures.items():
        added = [own[share] - bare[share] for share in ("p50", "p95")]
        print(f"{name:42} {own['p50']:8.1f} {own['p95']:8.1f} {added[0]:10.1f} {added[1]:10.1f}")
    worst = max(own["p50"] for own in figures.values()) - bare["p50"]
    verdict = "" if worst <= ALLOWED_MS else "  TOO MUCH"
    print(f"added at the median: {worst:.1f} ms, allowed {ALLOWED_MS:.0f} ms{verdict}")


def _in_thread(model: LanguageModel) -> float:
    started = time.perf_counter()
    with model.stream(_CALL) as stream:
        words = iter(stream)
        next(words)
        taken = time.perf_counter() - started
        for _rest in words:
            pass
    return taken


async def _on_loop(model: LanguageModel) -> float:
    started, taken = time.perf_counter(), 0.0
    with model.stream(_CALL) as stream:
        async for _piece in stream:
            taken = taken or time.perf_counter() - started
    return taken


class _Direct:
    """The same request by hand, over one connection kept open."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        messages = [{"role": message.role, "content": message.text} for message in _CALL.messages]
        self._body = json.dumps({"model": "stand-in-1", "messages": messages, "stream": True})

    def first_word(self) -> float:
        started, taken = time.perf_counter(), 0.0
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
        self._connection.request("POST", "/v1/chat/completions", self._body, headers)
        answer = self._connection.getresponse()
        while line := answer.readline():
            if not taken and b'"content": "Hello"' in line:
                taken = time.perf_counter() - started
        return taken

    def close(self) -> None:
        self._connection.close()


@contextmanager
def _opened(url: str, folder: Path, budget: Mapping[str, int]) -> Iterator[LanguageModel]:
    llm = {
        "kind": "openai",
        "base_url": url,
        "api_key": KEY,
        "model": "stand-in-1",
        "providers": {"main": {"input_usd_per_million": 1, "output_usd_per_million": 1}},
        "budget": dict(budget),
    }
    with open_resources(load_settings(data_dir=folder, embedder={"kind": "none"}, llm=llm)) as resources:
        yield resources.llm


@contextmanager
def _model_server() -> Iterator[str]:
    process = subprocess.Popen([sys.executable, "-c", _SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.communicate(timeout=30)


if __name__ == "__main__":
    print_models(measure_models(200))
