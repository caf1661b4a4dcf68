"""How like two texts are, letter by letter and word by word."""

from rapidfuzz.distance import Levenshtein


def edit_distance(before: str, after: str) -> float:
    """0 (equal) to 1 (nothing kept)."""
    return Levenshtein.normalized_distance(before, after)


def word_likeness(left: str, right: str) -> float:
    """0..1, whatever the order of the words: for near-duplicates."""
    return 1.0 if left == right else 0.0
