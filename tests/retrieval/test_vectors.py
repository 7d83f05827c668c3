"""Exact inner products, film by film."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from moviechat.retrieval import vectors
from moviechat.retrieval.arrays import Array
from moviechat.retrieval.vectors import Vectors

ROWS = np.array([0, 0, 2, 3, 3, 3])  # film 1 has no passage
FILMS = 5


@pytest.fixture
def stored() -> Array:
    drawn = np.random.default_rng(0).normal(size=(len(ROWS), 16)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@pytest.fixture
def opened(stored: Array, tmp_path: Path) -> Vectors:
    vectors.build(stored, ROWS, FILMS, tmp_path)
    return Vectors(tmp_path)


def test_the_nearest_are_those_of_brute_force(opened: Vectors, stored: Array) -> None:
    best = np.argsort(-(stored @ stored[3]))[:4]
    assert opened.nearest(stored[3], 4, None).tolist() == ROWS[best].tolist()


def test_only_allowed_films_are_found(opened: Vectors, stored: Array) -> None:
    allowed = np.array([True, True, True, False, True])
    assert sorted(opened.nearest(stored[3], 10, allowed)) == [0, 0, 2]


def test_scores_are_standardised_over_all_passages(opened: Vectors, stored: Array) -> None:
    scores = stored @ stored[0]
    expected = [scores[film == ROWS].max() if film in ROWS else np.nan for film in range(FILMS)]
    standard = (np.array(expected) - scores.mean()) / scores.std()
    found = opened.standardised(stored[0], np.arange(FILMS))
    assert found == pytest.approx(np.where(np.isnan(standard), -1, standard), abs=1e-3)


def test_no_passages_at_all(tmp_path: Path) -> None:
    vectors.build(np.zeros((0, 16), np.float32), np.zeros(0, np.int32), FILMS, tmp_path)
    query = np.eye(16, dtype=np.float32)[0]
    assert len(Vectors(tmp_path).nearest(query, 4, None)) == 0
    assert Vectors(tmp_path).standardised(query, np.arange(FILMS)).tolist() == [-1.0] * FILMS
