"""Makes src/support_copilot/ml/data/names_tagger.json.gz, the same from the same input.

    python -m tools.personal_data.train --data FOLDER [--held-out FILE]

``--held-out`` writes five sets of weights instead, each learned without one fifth of the texts: what `make eval`
measures with.
"""

import argparse
import gzip
import json
import random
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pycrfsuite
from tools.personal_data.corpus import Example, all_examples

from support_copilot.evaluation.sampling import FOLDS, fold_of
from support_copilot.ml.personal_data.features import (
    END,
    NEIGHBOURS,
    Look,
    Token,
    case_of,
    look_at,
    neighbour_features,
    own_features,
    pair_features,
)
from support_copilot.ml.personal_data.tagger import LABELS

ROOT = Path(__file__).resolve().parents[2]
ARTEFACT = ROOT / "src" / "support_copilot" / "ml" / "data" / "names_tagger.json.gz"
#: So often a name in training is taken off the lists, so that names on no list are learned from what is around them.
UNLISTED = 0.12
PENALTY_L1, PENALTY_L2, ROUNDS, MIN_SEEN = 0.08, 0.02, 120, 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with public data sets")
    parser.add_argument("--held-out", type=Path)
    arguments = parser.parse_args()
    examples = all_examples(arguments.data)
    if arguments.held_out is None:
        write(ARTEFACT, {"version": "names/1", "labels": LABELS, **trained(examples)})
        return
    folds = [trained([each for each in examples if fold_of(each.group) != fold]) for fold in range(FOLDS)]
    arguments.held_out.parent.mkdir(parents=True, exist_ok=True)
    write(arguments.held_out, {"folds": folds})


def write(path: Path, document: dict[str, object]) -> None:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))


def trained(examples: Iterable[Example]) -> dict[str, object]:
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.select("lbfgs")
    trainer.set_params({
        "c1": PENALTY_L1, "c2": PENALTY_L2, "max_iterations": ROUNDS, "feature.minfreq": MIN_SEEN,
        "feature.possible_transitions": True,
    })  # fmt: skip
    chance = random.Random(3)
    for example in examples:
        for tokens, labels in example.rows():
            trainer.append(rows_of(tokens, labels, chance), labels)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        return read_weights(tagger.info())


def read_weights(info) -> dict[str, object]:  # type: ignore[no-untyped-def]
    features: dict[str, list[float]] = {}
    for (feature, label), weight in info.state_features.items():
        if abs(weight) >= 0.01:
            features.setdefault(feature, [0.0] * len(LABELS))[LABELS.index(label)] = round(weight, 2)
    transitions = [[round(info.transitions.get((one, next_), 0.0), 3) for next_ in LABELS] for one in LABELS]
    return {"features": features, "transitions": transitions}


def rows_of(tokens: Sequence[Token], labels: Sequence[str], chance: random.Random) -> list[list[str]]:
    looks = [seen(token, label, chance) for token, label in zip(tokens, labels, strict=True)]
    case = case_of(list(tokens))
    padded = [END, END, *looks, END, END]
    rows = []
    for number, look in enumerate(looks, start=2):
        row = own_features(look, case)
        for place in NEIGHBOURS:
            row += neighbour_features(padded[number + place], place)
        row += pair_features(padded[number - 1], look, 0)
        row += pair_features(look, padded[number + 1], 1)
        rows.append(row)
    return rows


def seen(token: Token, label: str, chance: random.Random) -> Look:
    look = look_at(token.word)
    if look.lists and label != "O" and chance.random() < UNLISTED:
        return replace(look, lists="", kind=look.shape)
    return look


if __name__ == "__main__":
    main()
