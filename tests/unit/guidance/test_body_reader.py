"""Reading a model's text while it is written, however it is cut into pieces."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_copilot.guidance.reading import BodyReader, Written
from support_copilot.ml.sentences import split_sentences

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


class _SplitsTheLineAgain(BodyReader):
    """Splits all of the line at each piece, and tells what it has not told yet."""

    _count: int = 0

    def _sentences(self, *, whole: bool) -> list[Written]:
        self._count = self._count if self._told else 0
        if self._closed or not self._line.strip() or (not self._told and self._may_be_other(whole=whole)):
            return []
        found = split_sentences(self._line, self.language)
        ended = found if whole else found[:-1]
        done = [part for text in ended[self._count :] for part in self._take(text)]
        self._count = max(self._count, len(ended))
        self._told = self._count > 0
        return done


_BITS = st.sampled_from(
    [
        *(
            "Hello Ana,",
            "Best regards,",
            "- ",
            "1. ",
            "2) ",
            "\n",
            "\n\n",
            " ",
            "      ",
            "\t",
            "e.g. ",
            "Dr. ",
            "3. Mai ",
        ),
        *(
            ". ",
            ".",
            "...",
            "…",
            "! ",
            "? ",
            '." ',
            ".) ",
            ": ",
            "。",
            "。」",
            "✅ ",
            "🙂\ufe0f",
            "word",
            "Word",
            "x",
            "12",
            "A.",
        ),
    ]
)


@given(st.lists(_BITS, max_size=60), st.lists(st.integers(1, 9), min_size=1, max_size=9), st.sampled_from(["en", "de"]))
def test_reading_on_finds_what_reading_all_again_finds(bits: list[str], sizes: list[int], language: str) -> None:
    text, reader, again = "".join(bits), BodyReader(language), _SplitsTheLineAgain(language)
    for size in itertools.cycle(sizes):
        piece, text = text[:size], text[size:]
        if not piece:
            break
        assert reader.feed(piece) == again.feed(piece)
    assert reader.finish() == again.finish()
