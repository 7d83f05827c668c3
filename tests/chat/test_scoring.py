"""How well films fit a wish."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.chat.scoring import Scored, Scorer, highest, standing
from moviechat.chat.taste import Taste
from moviechat.chat.wish import Like, Wish
from moviechat.errors import DataError


def scores(wish: Wish, shelf: Any, taste: Taste) -> dict[str, float]:
    """The score of each film, each seed as open as at first."""
    films = shelf.films
    scored = Scorer(wish, films, taste).scored(np.ones(len(films.movies), np.bool_), 5)
    total = scored.total(np.ones(len(scored.likes)))
    return {films.movies[row].tconst: float(total[i]) for i, row in enumerate(scored.rows)}


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(1, 8))
def test_the_highest_come_first_and_of_equal_ones_the_first(values: list[int], count: int) -> None:
    right = sorted(range(len(values)), key=lambda n: (-values[n], n))[:count]
    found = highest(np.array(values, np.float64), count).tolist()
    assert found[:count] == right


def test_only_what_is_allowed_is_scored(shelf: Any, taste: Taste) -> None:
    allowed = np.array([m.year == 2019 for m in shelf.films.movies])
    scored = Scorer(Wish(words="clown"), shelf.films, taste).scored(allowed, 5)
    assert scored.rows.tolist() == np.flatnonzero(allowed).tolist()


def test_a_film_whose_texts_have_the_words_gains_most_by_them(shelf: Any, taste: Taste) -> None:
    plain, asked = scores(Wish(), shelf, taste), scores(Wish(words="a bus lost in the jungle"), shelf, taste)
    assert max(plain, key=lambda t: asked[t] - plain[t]) == "tt05"


def test_moods_add_to_their_genres_and_take_from_others(shelf: Any, taste: Taste) -> None:
    taste = replace(taste, weights=dict.fromkeys(taste.weights, 0.0) | {"mood_genres": 1.0})
    found = scores(Wish(moods=("scary",)), shelf, taste)
    assert found["tt06"] > found["tt08"] == 0 > found["tt12"]
    both = scores(Wish(moods=("scary", "scary")), shelf, taste)
    assert both == found  # said twice, it counts once


def test_a_mood_that_no_table_holds_is_refused(shelf: Any, taste: Taste) -> None:
    with pytest.raises(DataError, match="mood 'purple' is not in the table"):
        Scorer(Wish(moods=("purple",)), shelf.films, taste)


def test_liked_seeds_stay_apart_and_disliked_ones_take(shelf: Any, taste: Taste) -> None:
    everything = np.ones(len(shelf.films.movies), np.bool_)
    scorer = Scorer(Wish(like=(Like("tt10"), Like("tt12"), Like("tt01", -1.0), Like("tt99"))), shelf.films, taste)
    assert [m.tconst for m in scorer.liked] == ["tt10", "tt12"]
    assert scorer.scored(everything, 5).likes.shape == (2, len(everything))
    plain, away = scores(Wish(), shelf, taste), scores(Wish(like=(Like("tt10", -1.0),)), shelf, taste)
    assert min(plain, key=lambda t: away[t] - plain[t]) == "tt10"
    assert away["tt11"] - plain["tt11"] < away["tt12"] - plain["tt12"]


def test_to_fit_one_of_several_seeds_is_enough() -> None:
    likes = np.array([[9.0, 5.0, 0.0], [0.0, 5.0, 0.0]])
    total = Scored(np.arange(3), np.zeros(3), likes).total(np.ones(2))
    assert total[0] > total[1] > total[2] == 0
    served = Scored(np.arange(3), np.zeros(3), likes).total(np.array([0.1, 1.0]))
    assert total[0] - served[0] > total[1] - served[1]


def test_the_best_places_keep_their_scores() -> None:
    scored = Scored(np.array([3, 5, 8]), np.array([1.0, 2.0, 3.0]), np.array([[0.5, 0.0, 1.0]]))
    some = scored.of(np.array([2, 0]))
    assert some.rows.tolist() == [8, 3] and some.total(np.ones(1)).tolist() == [4.0, 1.5]


def test_a_good_rating_of_few_votes_counts_little(shelf: Any, taste: Taste, make_films: Any) -> None:
    film = shelf.movies["tt02"]
    few, many, bad = replace(film, rating=9.0, votes=10), replace(film, rating=9.0), replace(film, rating=3.0)
    taste = replace(taste, weights={**taste.weights, "known": 0.0})
    found = standing(make_films([few, many, bad], {}), taste)
    assert found[1] > found[0] > found[2]
    unrated = standing(make_films([replace(film, rating=None)], {}), taste)
    assert unrated.tolist() == [0.0]
