"""Inner products, film by film: exact, and by inverted lists."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from moviechat.arrays import Array
from moviechat.retrieval import vectors
from moviechat.retrieval.vectors import Vectors

ROWS = np.array([0, 0, 2, 3, 3, 3])  # film 1 has no passage
FILMS = 5


@pytest.fixture
def stored() -> Array:
    drawn = np.random.default_rng(0).normal(size=(len(ROWS), 16)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@pytest.fixture
def opened(stored: Array, tmp_path: Path) -> Vectors:
    vectors.build(stored, ROWS, FILMS, tmp_path, exact=1000)
    return Vectors(tmp_path)


def test_the_nearest_are_those_of_brute_force(opened: Vectors, stored: Array) -> None:
    best = np.argsort(-(stored @ stored[3]))[:4]
    assert opened.nearest(stored[3:4], 4, None).tolist() == ROWS[best].tolist()


def test_several_queries_are_answered_one_after_the_other(opened: Vectors, stored: Array) -> None:
    single = [opened.nearest(query, 3, None) for query in stored[:, None]]
    assert opened.nearest(stored, 3, None).tolist() == np.concatenate(single).tolist()


def test_only_allowed_films_are_found(opened: Vectors, stored: Array) -> None:
    allowed = np.array([True, True, True, False, True])
    assert sorted(opened.nearest(stored[3:4], 10, allowed)) == [0, 0, 2]


def test_scores_are_standardised_over_all_passages(opened: Vectors, stored: Array) -> None:
    scores = stored @ stored[0]
    expected = [scores[film == ROWS].max() if film in ROWS else np.nan for film in range(FILMS)]
    standard = (np.array(expected) - scores.mean()) / scores.std()
    found = opened.standardised(stored[0], np.arange(FILMS))
    assert found == pytest.approx(np.where(np.isnan(standard), -1, standard), abs=1e-3)


def test_the_centre_of_a_films_passages(opened: Vectors, stored: Array) -> None:
    mean = stored[3:].mean(axis=0)
    centres = opened.centres(np.array([3, 1, 2]))
    assert centres[0] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-5)
    assert not centres[1].any() and centres[2] == pytest.approx(stored[2], abs=1e-5)


def test_no_passages_at_all(tmp_path: Path) -> None:
    vectors.build(np.zeros((0, 16), np.float32), np.zeros(0, np.int32), FILMS, tmp_path, exact=0)
    query = np.eye(16, dtype=np.float32)[0]
    assert len(Vectors(tmp_path).nearest(query[None], 4, None)) == 0
    assert Vectors(tmp_path).standardised(query, np.arange(FILMS)).tolist() == [-1.0] * FILMS
    assert not Vectors(tmp_path).centres(np.arange(FILMS)).any()


MANY = 6000


@pytest.fixture(scope="module")
def clustered() -> Array:
    draw = np.random.default_rng(1)
    drawn = draw.normal(size=(60, 16))[draw.integers(0, 60, MANY)] + 0.3 * draw.normal(size=(MANY, 16))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def both(clustered: Array, tmp_path_factory: pytest.TempPathFactory) -> tuple[Vectors, Vectors]:
    """The same passages, one a film, all compared and in lists."""
    folders = tmp_path_factory.mktemp("flat"), tmp_path_factory.mktemp("lists")
    for folder, exact in zip(folders, (MANY, MANY - 1), strict=True):
        vectors.build(clustered, np.arange(MANY), MANY, folder, exact)
    return Vectors(folders[0]), Vectors(folders[1])


def test_lists_find_most_of_what_comparing_all_finds(both: tuple[Vectors, Vectors], clustered: Array) -> None:
    flat, lists = both
    shared = [
        len(set(flat.nearest(q[None], 10, None)) & set(lists.nearest(q[None], 10, None))) for q in clustered[:100]
    ]
    assert np.mean(shared) > 8.5


def test_lists_score_a_film_as_comparing_all_does(both: tuple[Vectors, Vectors], clustered: Array) -> None:
    films = np.arange(0, MANY, 7)
    flat, lists = (v.standardised(clustered[5], films) for v in both)
    assert lists == pytest.approx(flat, abs=0.03)


def test_lists_find_the_few_films_that_are_allowed(both: tuple[Vectors, Vectors], clustered: Array) -> None:
    allowed = np.zeros(MANY, np.bool_)
    allowed[[10, 3000, 5990]] = True
    assert sorted(both[1].nearest(clustered[:1], 5, allowed)) == [10, 3000, 5990]


def test_equal_vectors_make_equal_lists(clustered: Array, tmp_path: Path) -> None:
    for name in ("one", "other"):
        vectors.build(clustered, np.arange(MANY), MANY, tmp_path / name, 0)
    one, other = ((tmp_path / name / "passages.faiss").read_bytes() for name in ("one", "other"))
    assert one == other
