"""Limits as people write them, and hits as they are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.errors import DataError
from moviechat.reply import Hit
from moviechat.retrieval.filters import EVERYTHING, Filters
from moviechat.retrieval.search import Explained
from moviechat.serve import finding

NO_RANGES = dict.fromkeys(("year", "runtime", "rating", "votes"))


@pytest.mark.parametrize(
    ("said", "limits"),
    [
        (None, EVERYTHING),
        ("2020", (2020, 2020)),
        ("2019..2021", (2019, 2021)),
        ("7.5..", (7.5, None)),
        ("..100", (None, 100)),
        ("0", (0, 0)),
    ],
)
def test_limits(said: str | None, limits: tuple[float | None, float | None]) -> None:
    assert finding.limits("--year", said) == limits


@pytest.mark.parametrize("said", ["", "..", "x", "2021..2019", "-5", "1e9", "nan", "2019...2021", "٢٠٢٠x", "\x00"])
def test_what_is_no_range(said: str) -> None:
    with pytest.raises(DataError, match=r"--rating .* is no range: give one like"):
        finding.limits("--rating", said)


@given(st.text(max_size=12))
def test_any_text_is_a_range_or_refused(said: str) -> None:
    try:
        least, most = finding.limits("--votes", said)
    except DataError:
        return
    assert least is None or most is None or least <= most


def test_no_limit_is_no_filter() -> None:
    assert finding.filters(NO_RANGES, genres=None, people=[]) is None
    assert finding.filters(NO_RANGES, genres=["War"]) == Filters(genres=("War",))


def test_only_parts_that_added_are_told() -> None:
    found = [Explained(Hit("tt1", "A" * 60, 2020, 3.5), {"words": 3.5, "year": 0.0})]
    header, line = finding.told(found, explain=True)
    assert header.split() == ["score", "words"]
    assert line.endswith("…     3.50     3.50") and len(line) == len(header)
