"""The benchmark of models runs; its figures are for people, so none decides here."""

from bench.models import measure_models, print_models


def test_each_way_to_a_first_word_is_measured_beside_the_direct_one() -> None:
    result = measure_models(2, warm_up=1)

    print_models(result)

    figures = result["first_word_ms"]
    assert len(figures) == 4
    assert all(own["p50"] > 0 for own in figures.values())
