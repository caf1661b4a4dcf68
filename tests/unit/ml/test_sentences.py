import pytest

from support_copilot.ml.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n ", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Doe uses v2.3.1 at 3.5 volts. It fails.", ["Dr. Doe uses v2.3.1 at 3.5 volts.", "It fails."]),
        ("J. Doe wrote no. 5. The answer is no. Sorry.", ["J. Doe wrote no. 5.", "The answer is no.", "Sorry."]),
        ("See https://example.com/a.b?c=1. Then reply.", ["See https://example.com/a.b?c=1.", "Then reply."]),
        ("Use another one, e.g. this one. Done.", ["Use another one, e.g. this one.", "Done."]),
        ("it broke today. i want help", ["it broke today.", "i want help"]),
        ("Steps:\n1. Open it\n2. Close it\n- done", ["Steps:", "1. Open it", "2. Close it", "- done"]),
        ("It works 🎉 Thanks a lot", ["It works 🎉", "Thanks a lot"]),
        ("これはテストです。動きません！助けて", ["これはテストです。", "動きません！", "助けて"]),
        ("مرحبا. لا يعمل؟ شكرا.", ["مرحبا.", "لا يعمل؟", "شكرا."]),
        ("Para one\n\nPara two", ["Para one", "Para two"]),
        (
            "This line was wrapped by a mail program at about seventy\ncharacters and goes on. Next.",
            ["This line was wrapped by a mail program at about seventy characters and goes on.", "Next."],
        ),
    ],
)
def test_sentences_are_cut_where_people_end_them(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


def test_german_dates_stay_whole() -> None:
    assert split_sentences("Am 3. Mai ging es. Seitdem z.B. nicht.", "de") == [
        "Am 3. Mai ging es.",
        "Seitdem z.B. nicht.",
    ]


@pytest.mark.parametrize("unit", [".", "a. ", "\n", "🎉 ", "1. ", "。", "- a\n"])
def test_no_letter_is_lost_in_long_input(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert sum(len(sentence.replace(" ", "")) for sentence in split_sentences(text)) == len("".join(text.split()))
