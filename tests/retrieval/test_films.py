from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moviechat.errors import BundleError
from moviechat.limits import Limits
from moviechat.retrieval.films import Films
from moviechat.retrieval.index import Index
from moviechat.retrieval.search import Search
from moviechat.schema import Movie


@pytest.fixture(scope="module")
def films(search: Search) -> Films:
    return search.films


def ids(films: Films, rows: Any) -> set[str]:
    return {films.movies[row].tconst for row in np.asarray(rows).tolist()}


def test_every_film_is_found_by_its_id(films: Films) -> None:
    assert [films.row(m.tconst) for m in films.movies] == list(range(len(films.movies)))
    assert [films.row(t) for t in ("tt00", "tt011", "tt99", "", "tté")] == [None] * 5


def test_columns_limits_and_lists(films: Films) -> None:
    assert ids(films, np.flatnonzero(films.keeps(Limits(genres_all=("Horror",), year_min=2020)))) == {"tt04"}
    assert films.column("votes")[films.row("tt01")] == 900_000
    assert films.fame[films.row("tt01")] == pytest.approx(5.9542, abs=1e-3)
    assert ids(films, films.having("genres", "Horror")) == {"tt03", "tt04", "tt10"}
    assert ids(films, films.having("director", "Jordan Peele")) == {"tt03", "tt04"}
    assert ids(films, films.having("cast", "Jordan Peele")) == set()


def test_rare_genres_tell_more_than_common_ones(films: Films) -> None:
    rows = np.arange(len(films.movies))
    alike = {m.tconst: float(a) for m, a in zip(films.movies, films.alike(("Drama", "War"), rows), strict=True)}
    assert alike["tt02"] == pytest.approx(1.0)
    assert alike["tt02"] > alike["tt01"] > alike["tt03"] == 0.0
    assert alike["tt01"] < 0.5  # the common one of the two
    assert films.alike(("Drama", "War"), rows[1:3]).tolist() == [alike["tt02"], alike["tt03"]]
    assert not films.alike(("Musical",), rows).any() and not films.alike((), rows).any()


def test_words_and_meaning(films: Films) -> None:
    words = films.words("an old bus in the jungle")
    assert films.movies[int(words.argmax())].tconst == "tt10" and words.max() == pytest.approx(1.0)
    assert not films.words("the of").any() and not films.words("zzyzx").any()
    chatter = films.words("my sister works in a warehouse, stops at the house and fears witches, so a message in a bus")
    assert 0 < chatter.max() < 1
    vector = films.encode(["an old bus in the jungle"])[0]
    rows = np.arange(len(films.movies))
    assert films.movies[int(films.meaning(vector, rows).argmax())].tconst == "tt10"
    allowed = rows != films.row("tt10")
    assert "tt10" in ids(films, films.nearest(vector[None], 3, None))
    assert "tt10" not in ids(films, films.nearest(vector[None], 3, allowed))


def test_a_film_without_a_text_has_no_direction(films: Films) -> None:
    lengths = np.linalg.norm(films.centres(np.array([films.row("tt01"), films.row("tt20")])), axis=1)
    assert lengths.tolist() == [pytest.approx(1.0), 0.0]


def test_a_text_is_encoded_once(built: Path, movies: list[Movie], make_encoder: Any) -> None:
    encoder = make_encoder()
    films = Films(Index(built, movies), encoder, movies)
    assert (films.encode(["a bus", "a house"]) == films.encode(["a bus", "a house"])).all()
    assert encoder.asked == ["a bus", "a house"]


def test_another_encoder_is_refused(built: Path, movies: list[Movie], make_encoder: Any) -> None:
    class Other(make_encoder):  # type: ignore[misc]
        name = "other"

    with pytest.raises(BundleError, match="not the one that the index was built with"):
        Films(Index(built, movies), Other(), movies).encode(["a bus"])


def entry(tconst: str, same_as: str | None = None) -> Movie:
    return Movie(tconst, "Soul", "Soul", 2020, 100, (), None, 9, same_as=same_as)


def test_entries_of_one_film_are_told_together(built: Path, movies: list[Movie], make_encoder: Any) -> None:
    catalogue = [
        entry("tt3", "tt2"),
        entry("tt1"),
        entry("tt2"),
        entry("tt4", "tt2"),
        entry("tt6"),
        entry("tt5", "tt1"),
    ]
    assert Films(Index(built, movies), make_encoder(), catalogue).doubles() == [[0, 2, 3], [1, 5]]
    alone = [entry("tt3", "tt2"), entry("tt4", "tt2")]  # of a catalogue without the entry that stands for the film
    assert Films(Index(built, movies), make_encoder(), alone).doubles() == [[0, 1]]
