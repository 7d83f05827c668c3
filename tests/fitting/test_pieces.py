"""A piece of a text, and the rest of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from moviechat.fitting.pieces import pairs
from moviechat.schema import Movie, Passage

FILM = Movie("tt1", "A", "A", 2019, 90, ("Horror",), 5.0, 10)
SENTENCES = ["A bus is lost in a jungle.", "The driver hears a scream at night.", "Nobody leaves before the morning."]
BEFORE = "2019 horror film. "


def drawn(text: str, draws: int = 1, seed: int = 1) -> list[tuple[str, str]]:
    passage = Passage("tt1", 0, text, None, "test", None, None, None)
    return list(pairs([FILM], {"tt1": [passage]}, draws, seed))


def test_a_piece_is_a_sentence_and_the_rest_keeps_the_others() -> None:
    for piece, passage in drawn(" ".join(SENTENCES), draws=30):
        assert piece in SENTENCES
        rest = [s for s in SENTENCES if s != piece]
        assert passage in (BEFORE + " ".join(rest), BEFORE + " ".join(SENTENCES))


def test_every_draw_takes_pieces_anew_and_a_seed_repeats_them() -> None:
    text = " ".join(SENTENCES)
    assert {piece for piece, _ in drawn(text, draws=30)} == set(SENTENCES)
    assert drawn(text, draws=5) == drawn(text, draws=5) != drawn(text, draws=5, seed=2)


def test_a_long_text_may_lose_two_sentences_at_once() -> None:
    pieces = [piece for piece, _ in drawn(" ".join([*SENTENCES, "A bell rings far away."]), draws=30)]
    assert {piece.count(".") for piece in pieces} == {1, 2}


def test_a_single_sentence_has_no_rest() -> None:
    assert drawn(SENTENCES[0]) == drawn("A bus is lost. Why not?") == []


@given(st.text(max_size=300))
def test_any_text_gives_two_texts_or_none(text: str) -> None:
    for piece, passage in drawn(text):
        assert piece.strip()
        assert passage.removeprefix(BEFORE).strip()
