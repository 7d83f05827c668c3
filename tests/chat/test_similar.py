"""How like a film is to one that a wish starts from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from moviechat.chat.similar import anchor, likeness, nearness
from moviechat.chat.taste import Taste
from moviechat.chat.wish import Like

PARTS = ("like_genres", "like_people", "like_era", "like_band", "like_meaning")


def only(part: str) -> dict[str, float]:
    return dict.fromkeys(PARTS, 0.0) | {part: 1.0}


def test_a_seed_is_a_film_of_the_catalogue(shelf: Any) -> None:
    found = anchor(Like("tt12", -0.5), shelf.films)
    assert found is not None and (found.movie.title, found.weight, found.told) == ("Soul", -0.5, True)
    untold = anchor(Like("tt08"), shelf.films)
    assert untold is not None and not untold.told
    assert anchor(Like("tt99"), shelf.films) is None


def every(films: Any) -> Any:
    """All rows."""
    return np.arange(len(films.movies))


@pytest.mark.parametrize("part", PARTS[:-1])
def test_nothing_is_more_like_a_film_than_itself(part: str, shelf: Any) -> None:
    for row, movie in enumerate(shelf.films.movies):
        found = likeness(anchor(Like(movie.tconst), shelf.films), shelf.films, every(shelf.films), only(part))  # type: ignore[arg-type]
        assert found[row] == found.max()
        assert ((found >= 0) & (found <= 1)).all()


def test_shared_people_count_by_what_they_did(shelf: Any) -> None:
    liked = anchor(Like("tt10"), shelf.films)
    assert liked is not None
    people = likeness(liked, shelf.films, every(shelf.films), only("like_people"))
    assert people[shelf.films.row("tt11")] == 1.0  # the same director
    assert people[shelf.films.row("tt06")] == 0.0
    knives = anchor(Like("tt04"), shelf.films)
    assert knives is not None
    assert (
        0 < likeness(knives, shelf.films, every(shelf.films), only("like_people"))[shelf.films.row("tt09")] < 1
    )  # an actress


def test_people_of_one_name_are_not_shared(shelf: Any, make_films: Any) -> None:
    peele = [replace(shelf.movies[t], writers=(), cast=(), directors=("Jordan Peele",)) for t in ("tt10", "tt11")]
    for ids, shared in ((("nm1", "nm2"), 0.0), (("nm1", "nm1"), 1.0)):
        films = make_films([replace(m, people_ids=(i,)) for m, i in zip(peele, ids, strict=True)], {})
        liked = anchor(Like("tt10"), films)
        assert liked is not None
        assert likeness(liked, films, every(films), only("like_people"))[1] == shared


def test_meaning_counts_only_where_there_is_a_text(shelf: Any) -> None:
    rows = every(shelf.films)
    for tconst in ("tt08", "tt12"):
        liked = anchor(Like(tconst), shelf.films)
        assert liked is not None
        near = nearness(liked, shelf.films, rows, only("like_meaning"))
        assert (near >= 0).all() and near[shelf.films.row("tt08")] == 0
        assert bool(near.any()) == liked.told


def test_the_weights_of_the_parameters_add_up(shelf: Any, taste: Taste) -> None:
    liked = anchor(Like("tt10"), shelf.films)
    assert liked is not None
    parts = [taste.weights[part] * likeness(liked, shelf.films, every(shelf.films), only(part)) for part in PARTS[:-1]]
    assert np.allclose(likeness(liked, shelf.films, every(shelf.films), taste.weights), sum(parts))


def test_some_rows_score_as_they_do_among_all(shelf: Any, taste: Taste) -> None:
    liked, rows = anchor(Like("tt10"), shelf.films), every(shelf.films)[::3]
    assert liked is not None
    among = likeness(liked, shelf.films, every(shelf.films), taste.weights)
    assert likeness(liked, shelf.films, rows, taste.weights).tolist() == among[rows].tolist()
