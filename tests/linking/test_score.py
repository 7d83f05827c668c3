"""The fitted score."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from moviechat.linking import score


def test_the_packages_weights_are_of_every_step() -> None:
    weights = score.weights()
    assert set(weights) == {"film", "film_among", "person"}
    assert all("bias" in table and len(table) > 10 for table in weights.values())


def test_what_speaks_for_a_title_raises_the_probability() -> None:
    weigh = {"bias": -1.0, "quoted": 2.0}
    plain, quoted = score.probability({}, weigh), score.probability({"quoted": 1.0, "unheard": 9.0}, weigh)
    assert plain < 0.5 < quoted


@given(st.dictionaries(st.sampled_from("abc"), st.floats(-1e6, 1e6)))
def test_a_probability_is_one(features: dict[str, float]) -> None:
    assert 0.0 <= score.probability(features, {"a": 1e3, "b": -1e3, "bias": 1.0}) <= 1.0
