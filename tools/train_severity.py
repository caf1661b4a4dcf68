"""Makes src/support_copilot/ml/data/severity.json, the same from the same input.

    python tools/train_severity.py --hadoop hadoop_priority.csv.gz --model-dir FOLDER

Learns from our own examples (tools/training/severity_examples.tsv) and, with less weight, from priorities of Apache
Hadoop issues (GitBugs, Patil, arXiv 2504.09651, CC BY 4.0; only rows marked `train`). Both share one score; each has
its own thresholds, because what a tracker calls "major" is no level of ours.
"""

import argparse
import csv
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from support_copilot.backends.embedder.minilm import MiniLmEmbedder
from support_copilot.ml.severity_cues import cues, read_cues
from support_copilot.ml.severity_model import LEVELS
from support_copilot.retrieval.embedding import embedded_text

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "tools" / "training" / "severity_examples.tsv"
ARTEFACT = ROOT / "src" / "support_copilot" / "ml" / "data" / "severity.json"
VERSION = "severity/3"

#: How common each level is on a support desk; our examples hold about as many of each.
SHARES = (0.33, 0.37, 0.2, 0.1)
HADOOP_WEIGHT = 0.35
CUE_PENALTY = 0.02
VECTOR_PENALTY = 0.004
STEPS, RATE = 1500, 0.05
FOLDS = 5

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """cues (n, cues), vectors (n, 384), ranks (n,) from harmless to severe, weights (n,) that sum up to 1."""

    cues: Numbers
    vectors: Numbers
    ranks: NDArray[np.int64]
    weights: Numbers
    english: NDArray[np.bool_]


@dataclass(frozen=True)
class Fit:
    cue_weights: Numbers
    direction: Numbers
    thresholds: list[Numbers]

    def scores(self, examples: Examples) -> Numbers:
        return examples.cues @ self.cue_weights + examples.vectors @ self.direction


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hadoop", type=Path, required=True)
    parser.add_argument("--model-dir", type=Path, required=True)
    arguments = parser.parse_args()
    embedder = MiniLmEmbedder(arguments.model_dir, threads=2)
    ours = read_ours(embedder)
    hadoop = read_hadoop(arguments.hadoop, embedder)
    models = {
        "words_only": train(without_vectors(ours), without_vectors(hadoop)),
        "with_vector": train(only(ours, ours.english), hadoop),
    }
    document = {"version": VERSION, "embedder": embedder.model, "models": models}
    ARTEFACT.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def read_ours(embedder: MiniLmEmbedder) -> Examples:
    rows = [line.split("\t") for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    ranks = np.array([LEVELS.index(row[0]) for row in rows])
    weights = np.array([SHARES[rank] / np.count_nonzero(ranks == rank) for rank in ranks])
    english = np.array([row[1] == "en" for row in rows])
    return examples_of([(row[2], row[3]) for row in rows], ranks, weights, english, embedder)


def read_hadoop(path: Path, embedder: MiniLmEmbedder, split: str = "train") -> Examples:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    ranks = np.array([int(row["priority_rank"]) for row in rows])
    weights = np.full(len(rows), 1 / len(rows))
    english = np.ones(len(rows), dtype=bool)
    return examples_of([(row["title"], row["description"]) for row in rows], ranks, weights, english, embedder)


def examples_of(
    texts: Sequence[tuple[str, str]],
    ranks: NDArray[np.int64],
    weights: Numbers,
    english: NDArray[np.bool_],
    embedder: MiniLmEmbedder,
) -> Examples:
    found = [read_cues(subject, body) for subject, body in texts]
    strengths = np.array([[row.get(cue.name, 0.0) for cue in cues()] for row in found])
    vectors = embedder.embed([embedded_text(subject, body) for subject, body in texts]).astype(np.float64)
    return Examples(strengths, vectors, ranks, weights, english)


def only(examples: Examples, rows: NDArray[np.bool_]) -> Examples:
    weights = examples.weights[rows]
    return Examples(
        examples.cues[rows],
        examples.vectors[rows],
        examples.ranks[rows],
        weights / weights.sum(),
        examples.english[rows],
    )


def without_vectors(examples: Examples) -> Examples:
    nothing = np.zeros((len(examples.ranks), 1))
    return Examples(examples.cues, nothing, examples.ranks, examples.weights, examples.english)


def train(ours: Examples, hadoop: Examples) -> dict[str, object]:
    """Weights from all examples; thresholds and the steepness of the score from examples that were held out."""
    held_out = np.zeros(len(ours.ranks))
    for fold in range(FOLDS):
        # Every fifth row of a level: the file is sorted by level and language.
        inside = np.arange(len(ours.ranks)) % FOLDS == fold
        held_out[inside] = fit([only(ours, ~inside), hadoop]).scores(only(ours, inside))
    slope, thresholds = calibrate(held_out, ours)
    whole = fit([ours, hadoop])
    direction = slope * whole.direction
    used = bool(np.any(direction))
    # The middle of our examples counts as neither severe nor harmless.
    offset = float(np.average(ours.vectors @ direction, weights=ours.weights)) if used else 0.0
    return {
        "weights": {
            cue.name: round(float(slope * weight), 4) for cue, weight in zip(cues(), whole.cue_weights, strict=True)
        },
        "thresholds": [round(float(value) - offset, 4) for value in thresholds],
        "direction": [round(float(value), 5) for value in direction] if used else None,
        "offset": round(offset, 5),
    }


def fit(sets: list[Examples]) -> Fit:
    """Adam on the weighted log loss; the sign of each cue is kept, so that no reason can speak for its opposite."""
    priors = np.array([cue.prior for cue in cues()])
    shares = [1.0, HADOOP_WEIGHT]
    cue_weights = priors.copy()
    direction = np.zeros(sets[0].vectors.shape[1])
    thresholds = [np.linspace(-1.0, 1.0, int(examples.ranks.max())) for examples in sets]
    values = [cue_weights, direction, *thresholds]
    moments = [(np.zeros_like(value), np.zeros_like(value)) for value in values]
    for step in range(1, STEPS + 1):
        gradients = [CUE_PENALTY * (cue_weights - priors), VECTOR_PENALTY * direction]
        for examples, share, limits in zip(sets, shares, thresholds, strict=True):
            by_score, by_limit = slopes(examples.cues @ cue_weights + examples.vectors @ direction, limits, examples)
            gradients[0] = gradients[0] + share * examples.cues.T @ by_score
            gradients[1] = gradients[1] + share * examples.vectors.T @ by_score
            gradients.append(share * by_limit)
        for value, gradient, (mean, square) in zip(values, gradients, moments, strict=True):
            mean[:] += 0.1 * (gradient - mean)
            square[:] += 0.001 * (gradient**2 - square)
            value[:] -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        cue_weights[priors * cue_weights < 0] = 0.0
    return Fit(cue_weights, direction, thresholds)


def slopes(scores: Numbers, limits: Numbers, examples: Examples) -> tuple[Numbers, Numbers]:
    """The gradient of the weighted log loss by each score and by each threshold."""
    above = 1 / (1 + np.exp(-np.clip(scores[:, None] - limits[None, :], -40, 40)))
    edges = np.hstack([np.ones((len(scores), 1)), above, np.zeros((len(scores), 1))])
    rows = np.arange(len(scores))
    chance = np.maximum(edges[rows, examples.ranks] - edges[rows, examples.ranks + 1], 1e-9)
    steep = edges * (1 - edges)
    lower, upper = steep[rows, examples.ranks], steep[rows, examples.ranks + 1]
    by_score = -examples.weights * (lower - upper) / chance
    by_edge = np.zeros_like(edges)
    by_edge[rows, examples.ranks] += examples.weights * lower / chance
    by_edge[rows, examples.ranks + 1] -= examples.weights * upper / chance
    return by_score, by_edge[:, 1:-1].sum(axis=0)


def calibrate(scores: Numbers, examples: Examples) -> tuple[float, Numbers]:
    """The slope (at most 1: people write less clearly than we do) and thresholds that fit held-out scores best."""
    best: tuple[float, float, Numbers] | None = None
    for slope in np.linspace(0.3, 1.0, 15):
        thresholds = np.array([-1.0, 1.0, 2.0]) * slope
        for _ in range(3000):
            _, by_limit = slopes(slope * scores, thresholds, examples)
            thresholds = np.sort(thresholds - 2.0 * by_limit)
        loss = log_loss(slope * scores, thresholds, examples)
        if best is None or loss < best[0]:
            best = (loss, float(slope), thresholds)
    assert best is not None
    return best[1], best[2]


def log_loss(scores: Numbers, thresholds: Numbers, examples: Examples) -> float:
    above = 1 / (1 + np.exp(-np.clip(scores[:, None] - thresholds[None, :], -40, 40)))
    edges = np.hstack([np.ones((len(scores), 1)), above, np.zeros((len(scores), 1))])
    rows = np.arange(len(scores))
    chance = edges[rows, examples.ranks] - edges[rows, examples.ranks + 1]
    return float(-np.sum(examples.weights * np.log(np.maximum(chance, 1e-9))))


if __name__ == "__main__":
    main()
