"""The weights of a search; its scores are tested with the search."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from moviechat.errors import BundleError
from moviechat.retrieval.sparse import Weights


def test_weights_are_those_of_the_section(weights: Weights) -> None:
    assert Weights.of(asdict(weights)) == weights


@pytest.mark.parametrize("damage", [{"votes": None}, {"votes": "much"}, {"votes": [1]}])
def test_a_weight_that_is_no_number_is_refused(damage: dict[str, object], weights: Weights) -> None:
    with pytest.raises(BundleError, match="garbles a weight of search"):
        Weights.of(asdict(weights) | damage)


def test_a_missing_weight_is_refused(weights: Weights) -> None:
    section = asdict(weights)
    del section["year"]
    with pytest.raises(BundleError, match="'year'"):
        Weights.of(section)
