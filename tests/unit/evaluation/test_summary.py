import json
from pathlib import Path

import pytest

from support_copilot.evaluation.run import own_sets
from support_copilot.evaluation.tasks.summary import Told, Turn, measure, our_text, rouge
from tests.unit.evaluation.test_personal_data import packed


def test_rouge_counts_words_pairs_and_order() -> None:
    assert rouge(["a", "b", "c"], ["a", "b", "c"]) == (1, 1, 1)
    one, two, longest = rouge(["c", "a", "b"], ["a", "b", "c"])
    assert (one, two, longest) == (1, 0.5, pytest.approx(2 / 3))
    assert rouge(["x"], ["y"]) == (0, 0, 0)


def test_our_text_is_what_the_product_writes_when_a_conversation_ends() -> None:
    told = Told(
        (Turn("1", "customer", "The printer prints blank labels."), Turn("2", "agent", "Set the paper to 100 mm.")), ()
    )
    assert our_text(told) == "Customer: The printer prints blank labels. Agent: Set the paper to 100 mm."


def test_public_conversations_are_measured_beside_simple_ways_of_the_same_length(tmp_path: Path) -> None:
    turns = [
        {"speaker": "customer", "text": "Hello there. The printer prints blank labels since Monday. Help!"},
        {"speaker": "agent", "text": "Set the paper to 100 mm in the print helper."},
    ]
    reference = (
        "Customer: the printer prints blank labels since Monday. Agent: set the paper to 100 mm in the print helper."
    )
    packed(
        tmp_path / "summarization" / "tweetsumm_valid.jsonl.gz",
        json.dumps({"turns": turns, "references": [reference]}) + "\n",
    )
    dialogue = "#Person1#: My card does not work.\n#Person2#: Please call the bank."
    packed(
        tmp_path / "summarization" / "dialogsum_dev.jsonl.gz",
        json.dumps({"dialogue": dialogue, "references": ["A card does not work."]}) + "\n",
    )

    figures = measure(own_sets(), tmp_path, None)

    assert figures["tweetsumm.rouge_l"].value == 1
    assert 0 < figures["tweetsumm.rouge_l"].baseline["first sentences"] < 1
    assert figures["tweetsumm.words"].baseline["first sentences"] <= figures["tweetsumm.words"].value
    assert figures["tweetsumm.facts_made_up"].value == 0
    assert figures["dialogsum.rouge_1"].value > 0
