"""BM25 over one field."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviechat.linking.spelling import tokenize
from moviechat.retrieval import lexical
from moviechat.retrieval.lexical import Field


def _terms(text: str) -> list[str]:
    return lexical.terms(tokenize(text))


def test_terms_are_stems_without_stop_words() -> None:
    assert _terms("The brothers were hunting, and hunted") == ["brother", "hunt", "hunt"]


def test_scores_are_those_of_bm25(tmp_path: Path) -> None:
    documents = [["bus", "jungl"], ["bus", "bus", "bus", "school"], ["van"]]
    lexical.build(documents, tmp_path, k1=1.6, b=0.9)
    scores, _ = Field(tmp_path).scores(["bus", "bus", "unknown"])
    idf, mean = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5)), 7 / 3
    expected = [
        idf * n / (n + 1.6 * (1 - 0.9 + 0.9 * len(d) / mean)) for n, d in zip((1, 3, 0), documents, strict=True)
    ]
    assert scores.tolist() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("documents", [[[], []], [[]], []])
def test_films_without_words(documents: list[list[str]], tmp_path: Path) -> None:
    lexical.build(documents, tmp_path, k1=1.6, b=0.9)
    assert Field(tmp_path).scores(["bus"])[0].tolist() == [0.0] * len(documents)


def test_equal_documents_make_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        lexical.build([["b", "a"], ["c"]], tmp_path / name, k1=1.6, b=0.9)
    files = sorted(p.name for p in (tmp_path / "one").iterdir())
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "other" / f).read_bytes() for f in files)


def test_how_many_films_hold_a_word(tmp_path: Path) -> None:
    lexical.build([["bus", "bus"], ["bus", "van"], []], tmp_path, k1=1.6, b=0.9)
    assert [Field(tmp_path).held(word) for word in ("bus", "van", "unknown")] == [2, 1, 0]


WORDS = st.lists(st.sampled_from(list("abcdefgh")), max_size=12)


@given(documents=st.lists(WORDS, min_size=1, max_size=30), query=WORDS, read=st.integers(0, 40))
@settings(max_examples=50, deadline=None)
def test_words_left_out_are_made_up_for(documents: list[list[str]], query: list[str], read: int) -> None:
    with TemporaryDirectory() as folder:
        lexical.build(documents, Path(folder), k1=1.6, b=0.9)
        field, films = Field(Path(folder)), np.arange(len(documents))
        whole, none = field.scores(query)
        some, left = field.scores(query, read)
        assert none == []
        assert (some + field.rest(left, films)).tolist() == pytest.approx(whole.tolist())


def test_the_commonest_words_are_left_out(tmp_path: Path) -> None:
    lexical.build([["rare", "common"], ["common"], ["common", "some"], ["some"]], tmp_path, k1=1.6, b=0.9)
    field = Field(tmp_path)
    assert [field.scores(["common", "some", "rare"], read)[1] for read in (0, 3, 5, 6)] == [
        ["some", "common"],
        ["common"],
        ["common"],
        [],
    ]
