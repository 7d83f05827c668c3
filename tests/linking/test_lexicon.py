"""How common words are."""

from __future__ import annotations

from pathlib import Path

from moviechat.linking.lexicon import Lexicon


def test_common_words_are_common_and_misspelt_ones_unknown(tmp_path: Path) -> None:
    Lexicon.build([], []).save(tmp_path)
    the, joker, wrong = Lexicon.load(tmp_path).zipf(["the", "joker", "everyhting"])
    assert the > 7 > 5 > joker > 3 and wrong == 0


def test_a_word_of_one_text_may_be_misspelt_of_two_it_is_a_word() -> None:
    lexicon = Lexicon.build(["a lost qbus", "the qbus", "lqsot lqsot"], ["Sam Mendqes", "Eva Mendqes"])
    assert [z > 0 for z in lexicon.zipf(["qbus", "lqsot", "mendqes"])] == [True, False, True]
