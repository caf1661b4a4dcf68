"""Keys can be told from lookalikes without asking anybody."""

from hypothesis import given
from hypothesis import strategies as st

from support_copilot.identity.key_format import LENGTH, PREFIX, hint_of, is_key, new_key


def test_keys_are_long_all_different_and_known_by_their_form() -> None:
    keys = [new_key() for _ in range(200)]

    assert len(set(keys)) == 200
    assert {len(key) for key in keys} == {LENGTH}
    assert all(is_key(key) and key.startswith(PREFIX) and key.startswith(hint_of(key)) for key in keys)


@given(st.integers(len(PREFIX), LENGTH - 1), st.characters(codec="ascii"))
def test_one_wrong_letter_is_noticed(place: int, letter: str) -> None:
    key = new_key()
    changed = key[:place] + letter + key[place + 1 :]

    assert is_key(changed) is (changed == key)


@given(st.text(max_size=80))
def test_anything_else_is_no_key(text: str) -> None:
    assert not is_key(text)
    assert not is_key(PREFIX + text)
