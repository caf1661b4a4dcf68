import gzip
import json
from pathlib import Path

import pytest

from support_copilot.evaluation.run import own_sets
from support_copilot.evaluation.sampling import FOLDS
from support_copilot.evaluation.tasks.personal_data import by_regular_expressions, measure

NOTHING_LEARNED = {"features": {}, "transitions": [[0.0] * 5] * 5}


def packed(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode("utf-8")))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    text = "I am Anna Lee, anna@example.org, born 1980"
    spans = [
        {"start": 5, "end": 13, "label": "PERSON"},
        {"start": 15, "end": 31, "label": "EMAIL_ADDRESS"},
        {"start": 38, "end": 42, "label": "DATE_TIME"},
    ]
    row = json.dumps({"id": "1", "text": text, "spans": spans, "template_id": 1})
    packed(tmp_path / "pii" / "presidio_synth_dev.jsonl.gz", f"{row}\n")
    packed(tmp_path / "pii" / "wnut17_dev.jsonl.gz", json.dumps({"id": "w", "text": "hi Kim", "spans": []}) + "\n")
    packed(tmp_path / "routing" / "banking77_train.csv.gz", "text,category\nmail me at kim@example.org,a\n")
    packed(
        tmp_path / "severity" / "hadoop_priority.csv.gz", "id,title,description\n1,A,kim@example.org 4111111111111111\n"
    )
    return tmp_path


def test_public_sets_are_measured_with_weights_that_never_saw_them(data: Path, tmp_path: Path) -> None:
    packed(tmp_path / "held" / "personal_data.json.gz", json.dumps({"folds": [NOTHING_LEARNED] * FOLDS}))
    figures = measure(own_sets(), data, tmp_path / "held")
    assert figures["presidio.pattern.recall"].value == 1.0
    assert figures["presidio.person.recall"].value == 0.0
    assert figures["presidio.false_alarms_per_1000_words"].value == 0.0
    assert figures["presidio.characters_masked"].value == pytest.approx(14 / 21)
    assert figures["banking77.false_alarms_per_1000_words"].value == pytest.approx(1000 / 4)
    # An e-mail in an issue is one; the card is counted.
    assert figures["hadoop.false_alarms_per_1000_words"].value == pytest.approx(1000 / 3)


def test_without_them_only_our_own_set_is(data: Path, tmp_path: Path) -> None:
    assert {name.partition(".")[0] for name in measure(own_sets(), data, tmp_path / "none")} == {"own"}


def test_the_baseline_is_the_usual_expressions() -> None:
    text = "kim@example.org 4111-1111-1111-1111, 541-714-1388 http://x.example/a"
    assert [each.type for each in by_regular_expressions(text)] == ["email", "card", "phone", "url"]
