"""Scores against hand-worked figures, and their laws on any text and numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat import metrics

TEXT = st.text(alphabet="abc the,.-' Éñ日", max_size=24)
VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)
IDS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


def test_normalise_is_squads() -> None:
    assert metrics.normalise("The  old, Bus!") == "old bus"
    assert metrics.normalise("An answer: a theatre") == "answer theatre"


def test_exact_match_leaves_articles_case_and_punctuation_out() -> None:
    assert metrics.exact_match("An old bus.", "the Old Bus") == 1.0
    assert metrics.exact_match("An old bus.", "the new bus") == 0.0


def test_token_f1_is_the_worked_example() -> None:
    # said: old city bus (3), meant: old bus (2), shared 2: P = 2/3, R = 1, F1 = 0.8
    assert metrics.token_f1("The old city bus.", "the old bus") == pytest.approx(0.8)


def test_token_f1_counts_a_repeated_word_once_for_each_time_it_is_meant() -> None:
    assert metrics.token_f1("bus bus bus", "bus") == pytest.approx(0.5)


def test_rouge_l_is_lins_example() -> None:
    # Lin (2004), section 3: subsequences of 3 and of 2 words out of 4.
    assert metrics.rouge_l("police kill the gunman", "police killed the gunman") == pytest.approx(0.75)
    assert metrics.rouge_l("the gunman kill police", "police killed the gunman") == pytest.approx(0.5)


def test_rouge_l_minds_the_order_and_token_f1_does_not() -> None:
    assert metrics.token_f1("bus old", "old bus") == 1.0
    assert metrics.rouge_l("bus old", "old bus") == 0.5


@pytest.mark.parametrize("score", [metrics.exact_match, metrics.token_f1, metrics.rouge_l])
def test_nothing_said_is_right_only_where_nothing_is_meant(score: object) -> None:
    assert callable(score)
    assert (score("", ""), score("", "a bus"), score("bus", "")) == (1.0, 0.0, 0.0)


@given(TEXT, TEXT)
def test_scores_lie_between_0_and_1_and_do_not_depend_on_the_side(left: str, right: str) -> None:
    for score in (metrics.exact_match, metrics.token_f1, metrics.rouge_l):
        assert 0 <= score(left, right) <= 1
        assert score(left, right) == score(right, left)


@given(TEXT)
def test_a_text_is_worth_1_against_itself(text: str) -> None:
    for score in (metrics.exact_match, metrics.token_f1, metrics.rouge_l):
        assert score(text, text) == 1.0


@given(TEXT, TEXT)
def test_an_exact_match_has_a_full_f1(left: str, right: str) -> None:
    if metrics.exact_match(left, right):
        assert metrics.token_f1(left, right) == 1.0


@given(IDS, st.frozensets(st.sampled_from("abcdefgh")), st.integers(1, 9))
def test_recall_grows_with_k_and_agrees_with_the_rank(hits: list[str], gold: frozenset[str], k: int) -> None:
    rank = metrics.reciprocal_rank(hits, gold)
    assert metrics.recall_at(hits, gold, k) <= metrics.recall_at(hits, gold, k + 1)
    assert metrics.recall_at(hits, gold, k) == float(rank > 0 and round(1 / rank) <= k)


def test_mrr_is_the_mean_of_reciprocal_ranks() -> None:
    rankings = [(["a", "b"], {"a"}), (["a", "b"], {"b"}), (["a", "b"], {"z"})]
    assert metrics.mrr(rankings) == pytest.approx((1 + 0.5 + 0) / 3)


@given(VALUES, st.integers(0, 5))
def test_an_interval_lies_in_the_range_of_its_values_and_repeats_itself(values: list[float], seed: int) -> None:
    interval = metrics.mean_interval(values, resamples=100, seed=seed)
    assert math.isclose(interval.mean, sum(values) / len(values), abs_tol=1e-12)
    assert interval.low <= interval.mean + 1e-9 and interval.mean - 1e-9 <= interval.high
    if len(set(values)) > 1 and interval.high - interval.low < max(values) - min(values):
        assert min(values) - 1e-9 <= interval.low and interval.high <= max(values) + 1e-9
    assert interval == metrics.mean_interval(values, resamples=100, seed=seed)


@given(VALUES)
def test_a_text_compared_with_itself_gains_nothing(values: list[float]) -> None:
    assert metrics.paired_interval(values, values, resamples=100, seed=0) == metrics.Interval(0, 0, 0)


@given(VALUES, st.floats(-1, 1))
def test_a_constant_gain_has_no_width(values: list[float], gain: float) -> None:
    shifted = [v + gain for v in values]
    interval = metrics.paired_interval(shifted, values, resamples=100, seed=0)
    assert interval.low == pytest.approx(gain, abs=1e-9) and interval.high == pytest.approx(gain, abs=1e-9)


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_scores_that_are_all_alike_leave_a_doubt_that_more_of_them_make_smaller(value: float) -> None:
    few, many = (metrics.mean_interval([value] * n, resamples=100, seed=0) for n in (20, 200))
    assert few.low < few.high and many.high - many.low < few.high - few.low
    assert few.low <= value <= few.high
    films = metrics.mean_interval([value] * 200, resamples=100, seed=0, clusters=[n % 20 for n in range(200)])
    assert films == few


def test_the_interval_is_the_normal_one_where_that_is_known() -> None:
    values = np.random.default_rng(1).normal(0, 1, 400).tolist()
    interval = metrics.mean_interval(values, resamples=2000, seed=0)
    half = 1.96 * np.std(values) / math.sqrt(400)
    assert interval.high - interval.low == pytest.approx(2 * half, rel=0.1)


def test_answers_of_one_film_count_as_one_draw() -> None:
    values, films = [0.0] * 20 + [1.0] * 20, ["left"] * 20 + ["right"] * 20
    alone = metrics.mean_interval(values, resamples=500, seed=0)
    clustered = metrics.mean_interval(values, resamples=500, seed=0, clusters=films)
    assert (clustered.low, clustered.high) == (0.0, 1.0)
    assert clustered.mean == alone.mean == 0.5
    assert alone.high - alone.low < 0.5


@given(VALUES)
def test_clusters_of_one_are_no_clusters(values: list[float]) -> None:
    labels = [str(i) for i in range(len(values))]
    assert metrics.mean_interval(values, resamples=100, seed=3, clusters=labels) == metrics.mean_interval(
        values, resamples=100, seed=3
    )


def test_percentile_interpolates() -> None:
    assert metrics.percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.5
    assert metrics.percentile([5.0], 0.95) == 5.0


@pytest.mark.parametrize(
    "empty",
    [
        lambda: metrics.mean_interval([], resamples=100, seed=0),
        lambda: metrics.percentile([], 0.5),
        lambda: metrics.mrr([]),
        lambda: metrics.paired_interval([1.0], [], resamples=100, seed=0),
    ],
)
def test_the_mean_of_nothing_is_an_error(empty: object) -> None:
    assert callable(empty)
    with pytest.raises(ValueError):
        empty()


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)]
)
def test_wilsons_interval_holds_at_the_ends_too(hits: int, trials: int, low: float, high: float) -> None:
    interval = metrics.wilson_interval(hits, trials)
    assert interval.mean == hits / trials
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-4)


def test_a_share_needs_a_trial() -> None:
    with pytest.raises(ValueError, match="no trials"):
        metrics.wilson_interval(0, 0)
