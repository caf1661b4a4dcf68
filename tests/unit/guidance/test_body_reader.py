"""Reading a model's text while it is written, however it is cut into pieces."""

import pytest

from support_copilot.guidance.reading import BodyReader, Written

TEXT = (
    "Hello Ana,\n\nI am sorry. The token had expired. Please try this:\n\n"
    "1. Open Settings\n2. Sign in. Wait a moment.\n\n"
    "That is e.g. all of it.\nDoes it help?\n\nBest regards,\nKim"
)
READ = [
    Written("sentence", ("I am sorry.",), begins=True),
    Written("sentence", ("The token had expired.",)),
    Written("list", ("Please try this:", "Open Settings", "Sign in. Wait a moment.")),
    Written("sentence", ("That is e.g. all of it.",), begins=True),
    Written("sentence", ("Does it help?",)),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20, 1000])
def test_sentences_and_lists_come_as_soon_as_they_are_whole(size: int) -> None:
    reader = BodyReader("en")
    read = [part for place in range(0, len(TEXT), size) for part in reader.feed(TEXT[place : place + size])]
    assert [*read, *reader.finish()] == READ


def test_a_sentence_comes_before_the_next_one_ends() -> None:
    reader = BodyReader("en")
    assert reader.feed("The token had expired. Now sign") == [
        Written("sentence", ("The token had expired.",), begins=True)
    ]


def test_a_line_without_an_end_does_not_grow_without_bounds() -> None:
    reader = BodyReader("en")
    for _ in range(1000):
        reader.feed("word " * 100)
    assert sum(len(part.texts[0]) for part in reader.finish()) <= 8_000


def test_an_introduction_that_leads_nowhere_is_left_out() -> None:
    reader = BodyReader("en")
    assert [*reader.feed("Please do this:\n\nIt had expired."), *reader.finish()] == [
        Written("sentence", ("It had expired.",), begins=True)
    ]
