"""Points of Copilot order: they follow what lists are sorted by, and their parts add up."""

from hypothesis import given
from hypothesis import strategies as st

from support_copilot.issues.order import OrderColumns, place_of

_UNITS = st.fixed_dictionaries({name: st.integers(-2_000_000, 2_000_000) for name in OrderColumns._fields})


@given(_UNITS)
def test_parts_add_up_and_are_told_without_those_of_nothing(units: dict[str, int]) -> None:
    place = place_of(units)
    assert sum(points for _, points in place.parts) == place.points
    assert all(points for _, points in place.parts)
    sizes = [abs(points) for _, points in place.parts]
    assert sizes == sorted(sizes, reverse=True)


@given(_UNITS, _UNITS)
def test_who_stands_above_has_no_fewer_points(one: dict[str, int], other: dict[str, int]) -> None:
    above, below = sorted((one, other), key=lambda units: sum(units.values()), reverse=True)
    assert place_of(above).points >= place_of(below).points
