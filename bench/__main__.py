"""Measures intake, search and guidance, and writes bench/results/latest.json.

Intake under load and the bare embedding do the same texts for as many clients, each call of the model on one thread.
Wall time is compared and CPU time: on a machine with other work only the second says something, and the clients' own
work, which shares the cores with the server, is not in it.
"""

import argparse
import cProfile
import json
import os
import pstats
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench.alternatives import alternatives, embedding_rate
from bench.models import measure_models, print_models
from bench.replies import measure_replies, print_replies
from bench.server import Client, intake_rate, running_server
from bench.store import EMBEDDED_FOR_REAL, copy_of_store, new_texts, prepare_store, settings_of
from support_copilot.analysis.service import Intake, receive_issue
from support_copilot.issues.service import NewMessage
from support_copilot.retrieval.embedding import embedded_text
from support_copilot.wiring import open_resources

RESULTS = Path("bench/results/latest.json")
CLIENTS = 4


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--issues", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--profile", action="store_true", help="Print where the time of one intake goes.")
    options = parser.parse_args()
    folder = Path(f".cache/bench/{options.issues}")
    print(f"Store of {options.issues} issues ({EMBEDDED_FOR_REAL} embedded for real, the others near copies of them)")
    started = time.perf_counter()
    prepare_store(folder, options.issues)
    spent = time.perf_counter() - started
    print(f"ready after {spent:.0f} s; load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    if options.profile:
        _profile(folder)
        return
    with copy_of_store(folder) as copy:
        measured = _measure(copy, options.requests)
    result = {"issues": options.issues, "cores": os.cpu_count(), **measured}
    result["models"] = measure_models(options.requests)
    print_models(result["models"])
    result["replies"] = measure_replies(folder, options.requests)
    print_replies(result["replies"])
    result["load_average"] = os.getloadavg()[0]
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"Written to {RESULTS}")


def _measure(folder: Path, requests: int) -> dict[str, Any]:
    texts = list(new_texts(2 * requests + 20))
    latency_texts, load_texts = texts[20 : requests + 20], texts[requests + 20 :]
    with open_resources(settings_of(folder)) as resources:
        measures = alternatives(resources)
        rate, embedding_s = embedding_rate(resources, [_text(*pair) for pair in load_texts], CLIENTS)
        # The server is the writer of the folder while this process only reads.
        resources.search.close()
        with running_server(folder) as address:
            client = Client(address)
            for subject, body in texts[:20]:
                client.post("/v1/issues", {"subject": subject, "body": body})
            named: dict[str, Callable[[tuple[str, str]], object]] = {
                "POST /v1/issues": lambda pair: client.post("/v1/issues", {"subject": pair[0], "body": pair[1]}),
                "bare embedding": lambda pair: measures["bare embedding"](_text(*pair)),
                "brute-force float32 scan": lambda pair: measures["brute-force float32 scan"](_text(*pair)),
                "SQLite FTS5, all words": lambda pair: measures["SQLite FTS5, all words"](_text(*pair)),
            }
            latency = _interleaved(named, latency_texts)
            used = address.cpu_s()
            taken, failed = intake_rate(address, load_texts, CLIENTS)
            intake_s = (address.cpu_s() - used) / len(load_texts)
            # The server has hung up on the first client, who was silent for as long as the load took.
            reading = _reading(Client(address))
    with open_resources(settings_of(folder)) as resources:
        measures = alternatives(resources)
        for pair in latency_texts[:50]:
            measures["bare embedding"](_text(*pair))
        search = {"search: keywords + vectors": lambda pair: measures["search: keywords + vectors"](_text(*pair))}
        latency |= _interleaved(search, latency_texts[:50])
    _print_latency(latency)
    under_load = {
        "issues_per_s": taken, "embeddings_per_s": rate, "ratio": taken / rate, "failed": failed,
        "intake_cpu_ms": intake_s * 1000, "embedding_cpu_ms": embedding_s * 1000, "cpu_ratio": embedding_s / intake_s,
    }  # fmt: skip
    _print_load(under_load)
    for name, milliseconds in reading.items():
        print(f"{name:42} {milliseconds:8.1f} ms")
    return {"latency_ms": latency, "under_load": under_load, "reading_ms": reading}


def _interleaved(
    named: dict[str, Callable[[tuple[str, str]], object]], texts: list[tuple[str, str]]
) -> dict[str, dict[str, float]]:
    """Each text through each in turn, so that a noisy moment hits all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in named}
    for pair in texts:
        for name in sorted(named, key=lambda name: name != "bare embedding"):
            started = time.perf_counter()
            named[name](pair)
            seconds[name].append(time.perf_counter() - started)
    return {
        name: {f"p{share}": float(np.percentile(values, share)) * 1000 for share in (50, 95, 99)}
        for name, values in seconds.items()
    }


def _reading(client: Client) -> dict[str, float]:
    issues = json.loads(client.get("/v1/issues?limit=20&status=open"))["data"]
    panels, firsts, ends, searches = [], [], [], []
    for issue in issues:
        started = time.perf_counter()
        client.get(f"/v1/issues/{issue['id']}/panel")
        panels.append(time.perf_counter() - started)
        first, end = client.first_event(f"/v1/issues/{issue['id']}/guidance")
        firsts.append(first)
        ends.append(end)
        started = time.perf_counter()
        client.get("/v1/search?q=blank%20labels%20printer&kind=issue")
        searches.append(time.perf_counter() - started)
    parts = {"panel, stored (p50)": panels, "guidance, first event (p50)": firsts, "guidance, done (p50)": ends,
             "GET /v1/search (p50)": searches}  # fmt: skip
    return {name: float(np.median(values)) * 1000 for name, values in parts.items()}


def _print_latency(latency: dict[str, dict[str, float]]) -> None:
    bare = latency["bare embedding"]["p50"]
    print(f"\n{'one client, ms':42} {'p50':>8} {'p95':>8} {'p99':>8} {'p50 / bare embedding':>22}")
    for name, figures in latency.items():
        shown = " ".join(f"{figures[share]:8.1f}" for share in ("p50", "p95", "p99"))
        print(f"{name:42} {shown} {figures['p50'] / bare:21.2f}x")


def _print_load(load: dict[str, float]) -> None:
    print(f"\n{f'under load, {CLIENTS} clients':42} {'per second':>12} {'CPU ms each':>12}")
    print(f"{'POST /v1/issues':42} {load['issues_per_s']:12.1f} {load['intake_cpu_ms']:12.1f}")
    print(f"{'bare embedding':42} {load['embeddings_per_s']:12.1f} {load['embedding_cpu_ms']:12.1f}")
    print(f"{'ratio (target 0.8)':42} {load['ratio']:12.2f} {load['cpu_ratio']:12.2f}   {load['failed']} failed\n")


def _profile(folder: Path) -> None:
    with open_resources(settings_of(folder)) as resources:
        profile = cProfile.Profile()
        for number, (subject, body) in enumerate(new_texts(60)):
            if number == 10:
                profile.enable()
            receive_issue(resources, Intake(subject, "api", [NewMessage("customer", body)]), None, "bench")
        profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def _text(subject: str, body: str) -> str:
    return embedded_text(subject, body)


if __name__ == "__main__":
    main()
