"""Words that people write."""

from __future__ import annotations

from pathlib import Path

from moviechat.linking.lexicon import Lexicon


def test_a_word_of_one_text_may_be_misspelt(tmp_path: Path) -> None:
    Lexicon.build(["a lost bus", "the bus", "lsot lsot"], ["Sam Mendes", "Eva Mendes"]).save(tmp_path)
    assert Lexicon.load(tmp_path).unknown(["bus", "lsot", "mendes", "sam"]) == [False, True, False, True]


def test_without_texts_every_word_is_unknown() -> None:
    assert Lexicon.build([], []).unknown(["bus"]) == [True]
