"""Vectors are made once."""

from __future__ import annotations

import sqlite3
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


@pytest.mark.parametrize("bytes_", [b"", b"xyz", np.zeros(64, np.float32).tobytes(), b"\xff" * 256, None, "text"])
def test_a_damaged_vector_is_made_anew_and_said(
    make_encoder: Callable[[], Any], tmp_path: Path, bytes_: object, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = embed(TEXTS, make_encoder(), tmp_path)
    with sqlite3.connect(tmp_path / FILE) as store:
        (first,) = store.execute("SELECT min(key) FROM vectors").fetchone()
        store.execute("UPDATE vectors SET vector = ? WHERE key = ?", (bytes_, first))
    encoder = make_encoder()
    assert np.array_equal(embed(TEXTS, encoder, tmp_path), whole)
    assert len(encoder.asked) == 1 and "1 damaged vectors in the cache" in capsys.readouterr().out
    assert np.array_equal(embed(TEXTS, make_encoder(), tmp_path), whole)
    assert capsys.readouterr().out == ""


def test_a_damaged_store_is_made_anew_and_said(
    make_encoder: Callable[[], Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database" * 100)
    assert np.array_equal(embed(TEXTS, make_encoder(), tmp_path), make_encoder().encode(TEXTS))
    assert "was damaged" in capsys.readouterr().out


def test_a_store_that_another_process_holds_is_not_thrown_away(make_encoder: Callable[[], Any], tmp_path: Path) -> None:
    embed(TEXTS, make_encoder(), tmp_path)
    holder = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DataError, match=r"held by another process, .*fuser"):
        embed(TEXTS, make_encoder(), tmp_path, wait=0.05)
    holder.execute("COMMIT")
    encoder = make_encoder()
    embed(TEXTS, encoder, tmp_path)
    assert encoder.asked == []
