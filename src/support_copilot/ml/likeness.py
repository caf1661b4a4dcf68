"""How like two texts are, letter by letter and word by word."""

from typing import Final

from rapidfuzz.distance import Indel, Levenshtein

from support_copilot.kit.text import one_line
from support_copilot.ml.phrases import folded_words

#: Comparing letters costs the product of the lengths; beyond this, words are compared instead.
_MOST_LETTERS: Final = 20_000
_MOST_WORDS: Final = 20_000


def edit_distance(before: str, after: str) -> float:
    """0 (equal but for white space) to 1 (nothing kept). Texts of more than 20,000 letters are compared by words.

    Of still longer texts only the first 20,000 words are compared, so the cost has a limit.
    """
    before, after = one_line(before), one_line(after)
    if max(len(before), len(after)) <= _MOST_LETTERS:
        return Levenshtein.normalized_distance(before, after)
    return Levenshtein.normalized_distance(before.split()[:_MOST_WORDS], after.split()[:_MOST_WORDS])


def word_likeness(left: str, right: str) -> float:
    """0..1, whatever the order, case and number of the words: for near-duplicates. Two empty texts are alike.

    The share of words that the two have in common, of the first 20,000 letters each.
    """
    sorted_words = [sorted(set(folded_words(text[:_MOST_LETTERS]))) for text in (left, right)]
    return Indel.normalized_similarity(sorted_words[0], sorted_words[1])
