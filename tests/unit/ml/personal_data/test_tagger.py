import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_copilot.ml.personal_data import KnownPerson, find_personal_data
from support_copilot.ml.personal_data.features import (
    END,
    NEIGHBOURS,
    case_of,
    look_at,
    neighbour_features,
    own_features,
    pair_features,
    segments,
)
from support_copilot.ml.personal_data.tagger import find_names, read_weights, tagger_weights


def names(text: str) -> list[str]:
    return [text[each.start : each.end] for each in find_personal_data(text) if each.type == "person"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi, my name is Lorna Whitfield and I cannot sign in.", ["Lorna Whitfield"]),
        ("Best regards,\nTobias Achterberg", ["Tobias Achterberg"]),
        ("Sehr geehrte Frau Brinkmann, die Rechnung fehlt.", ["Brinkmann"]),
        ("Hola, soy Marisol Ibarra y no puedo entrar.", ["Marisol Ibarra"]),
        ("Bonjour, je m'appelle Apolline Guérin.", ["Apolline Guérin"]),
        ("Buongiorno, mi chiamo Ludovica Ferraris.", ["Ludovica Ferraris"]),
        ("Olá, meu nome é Thaís Nogueira.", ["Thaís Nogueira"]),
        ("Hallo, mijn naam is Marijke Hoekstra.", ["Marijke Hoekstra"]),
        ("Dzień dobry, nazywam się Bożena Wilczek.", ["Bożena Wilczek"]),
        ("We met Barbara M. Probst in the shop.", ["Barbara M. Probst"]),
        ("my name is peter schmidt and i live here", ["peter schmidt"]),
        ("Thanks\nAnna Meier\nPeter Huber", ["Anna Meier", "Peter Huber"]),
    ],
)
def test_names_are_found(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Your Premium plan renews in March. Download the App from Google Play.",
        "Die Waschmaschine macht Lärm, das Handbuch hilft nicht und der Techniker kam ohne Ersatzteile.",
        "at com.example.billing.InvoiceService.charge(InvoiceService.java:214)",
        "Caused by: java.lang.NullPointerException",
        "Order Number 4711, Tracking Number 1Z99, Error Code E-1042 in Version 4.2",
    ],
)
def test_products_code_and_nouns_are_no_names(text: str) -> None:
    assert find_personal_data(text) == []


def test_a_street_and_its_town_are_one_address() -> None:
    text = "I moved to 27 Harlow Street\nLeeds"
    assert [(each.type, text[each.start : each.end]) for each in find_personal_data(text)] == [
        ("address", "27 Harlow Street\nLeeds")
    ]


def test_a_spared_agent_is_not_found_by_the_tagger_either() -> None:
    agent = KnownPerson("Lorna Whitfield", spared=True)
    assert find_personal_data("Hi, my name is Lorna Whitfield.", known=[agent]) == []


def test_sums_of_weights_are_those_of_the_single_features() -> None:
    weights = tagger_weights()
    text = "Hi, my name is Lorna Whitfield."
    (segment,) = list(segments(text))
    looks = [look_at(token.word) for token in segment]
    padded = [END, END, *looks, END, END]
    case = case_of(segment)
    rows = []
    for number, look in enumerate(looks, start=2):
        features = own_features(look, case)
        for place in NEIGHBOURS:
            features += neighbour_features(padded[number + place], place)
        features += pair_features(padded[number - 1], look, 0) + pair_features(look, padded[number + 1], 1)
        rows.append(sum((weights.features[each] for each in features if each in weights.features), np.zeros(5)))
    best = _all_rows(np.array(rows), weights.transitions)
    (found,) = [each for each in find_names(text) if each.type == "person"]
    inside = [number for number, token in enumerate(segment) if found.start <= token.start < found.end]
    assert found.confidence == pytest.approx(float(np.mean([best[number][1] for number in inside])), abs=1e-3)


def _all_rows(scores: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """Probabilities by the book, without scaling."""
    forward = [np.exp(scores[0])]
    for row in scores[1:]:
        forward.append((forward[-1] @ np.exp(moves)) * np.exp(row))
    backward = [np.ones(5)]
    for row in scores[:0:-1]:
        backward.insert(0, np.exp(moves) @ (backward[0] * np.exp(row)))
    both = np.array(forward) * np.array(backward)
    return both / both.sum(axis=1, keepdims=True)


def test_batches_do_not_change_what_is_found() -> None:
    sentence = "Hi, my name is Lorna Whitfield and I cannot sign in. "
    one = [(each.start, each.end) for each in find_names(sentence)]
    text = sentence * 200 + "Short words here now, ok."
    many = sorted((each.start, each.end) for each in find_names(text))
    assert many[: len(one) * 200] == [
        (s + n * len(sentence), e + n * len(sentence)) for n in range(200) for s, e in one
    ]


@given(st.text(max_size=60))
@settings(deadline=None)
def test_tokens_cover_every_letter_once(text: str) -> None:
    tokens = [token for segment in segments(text) for token in segment]
    position = 0
    for token in tokens:
        assert not any(letter.isalnum() for letter in text[position : token.start])
        position = token.end
    assert not any(letter.isalnum() for letter in text[position:])


def test_weights_of_nothing_find_nothing() -> None:
    weights = read_weights({"features": {}, "transitions": [[0.0] * 5] * 5})
    assert list(find_names("Anna Schmidt", weights)) == []
