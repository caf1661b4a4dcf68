"""The benchmark of models runs; its figures are for people, so none decides here."""

from pathlib import Path

from bench.models import measure_models, print_models
from bench.replies import measure_replies, print_replies
from bench.store import prepare_store


def test_each_way_to_a_first_word_is_measured_beside_the_direct_one() -> None:
    result = measure_models(2, warm_up=1)

    print_models(result)

    figures = result["first_word_ms"]
    assert len(figures) == 4
    assert all(own["p50"] > 0 for own in figures.values())


def test_each_step_before_the_first_words_of_a_reply_is_measured(tmp_path: Path) -> None:
    prepare_store(tmp_path / "store", 40)
    result = measure_replies(tmp_path / "store", 3)

    print_replies(result)

    assert set(result) >= {"gathering", "prompt, first time", "prompt, again"}
    assert all(figures["cpu_p50"] > 0 for figures in result.values())
