"""Vectors are made once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moviechat.errors import DataError
from moviechat.retrieval.embeddings import FILE, embed

TEXTS = ["a bus", "a lost bus", "a bus", "a van"]


def test_texts_are_embedded_in_their_order(make_encoder: Callable[[], Any], tmp_path: Path) -> None:
    encoder = make_encoder()
    vectors = embed(TEXTS, encoder, tmp_path)
    assert np.array_equal(vectors, make_encoder().encode(TEXTS))
    assert sorted(encoder.asked) == ["a bus", "a lost bus", "a van"]


def test_only_what_changed_is_embedded(make_encoder: Callable[[], Any], tmp_path: Path) -> None:
    embed(TEXTS, make_encoder(), tmp_path)
    encoder = make_encoder()
    embed([*TEXTS, "a train"], encoder, tmp_path)
    assert encoder.asked == ["a train"]


def test_another_encoder_shares_no_vectors(make_encoder: Callable[[], Any], tmp_path: Path) -> None:
    embed(TEXTS, make_encoder(), tmp_path)
    encoder = make_encoder()
    encoder.name = "other"
    embed(TEXTS, encoder, tmp_path)
    assert len(encoder.asked) == 3


def test_a_killed_run_goes_on_to_the_same_vectors(make_encoder: Callable[[], Any], tmp_path: Path) -> None:
    texts = [f"film number {n}" for n in range(600)]
    encoder = make_encoder()
    whole = embed(texts, encoder, tmp_path / "whole")
    plain, calls = encoder.encode, list[int]()

    def dies_late(asked: Sequence[str]) -> Any:
        calls.append(len(asked))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return plain(asked)

    encoder.encode = dies_late
    with pytest.raises(KeyboardInterrupt):
        embed(texts, encoder, tmp_path / "cut")
    again = make_encoder()
    assert np.array_equal(embed(texts, again, tmp_path / "cut"), whole)
    assert len(again.asked) == len(texts) - calls[0]


def test_nothing_to_embed(make_encoder: Callable[[], Any], tmp_path: Path) -> None:
    assert embed([], make_encoder(), tmp_path).shape == (0, 64)


def test_a_damaged_store_says_the_way_out(make_encoder: Callable[[], Any], tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database" * 100)
    with pytest.raises(DataError, match="delete it"):
        embed(TEXTS, make_encoder(), tmp_path)
