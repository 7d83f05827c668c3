"""The index folder as it is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from moviechat.errors import BundleError
from moviechat.retrieval import index
from moviechat.retrieval.index import Index
from moviechat.schema import Movie, Passage


def test_equal_input_makes_equal_bytes(
    built: Path,
    make_index: Callable[..., Path],
    movies: list[Movie],
    passages: dict[str, list[Passage]],
    tmp_path: Path,
) -> None:
    again = make_index(tmp_path, movies, passages)
    files = sorted(p.relative_to(built) for p in built.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert [f for f in files if (built / f).read_bytes() != (again / f).read_bytes()] == []


def test_an_index_of_another_catalogue_is_refused(built: Path, movies: list[Movie]) -> None:
    with pytest.raises(BundleError, match="another catalogue"):
        Index(built, movies[1:])


def test_a_rebuild_embeds_only_what_changed(
    make_encoder: Callable[[], Any],
    parameters: dict[str, float],
    movies: list[Movie],
    passages: dict[str, list[Passage]],
    tmp_path: Path,
) -> None:
    changed = passages | {"tt12": [replace(passages["tt12"][0], text="A beach makes them old.")]}
    for n, texts in enumerate((passages, passages, changed)):
        encoder = make_encoder()
        index.build(movies, texts, encoder, tmp_path / "cache", tmp_path / str(n), parameters)
    assert encoder.asked == ["2021 drama film. A beach makes them old."]


def test_texts_of_films_that_are_not_in_the_table_are_left_out(
    make_index: Callable[..., Path], movies: list[Movie], passages: dict[str, list[Passage]], tmp_path: Path
) -> None:
    small = Index(make_index(tmp_path, movies[:2], passages), movies[:2])
    assert len(small.vectors) == len(passages["tt01"]) + len(passages["tt02"])
