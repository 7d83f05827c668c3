from typing import Any

import pytest
from moviechat.chat.memory import Memory, remember

from moviechat.chat.understand import understand
from moviechat.reply import MovieRef

A, B, C = (MovieRef(f"tt{n}", name, 2020) for n, name in enumerate("ABC"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("how long is it?", (A,)),
        ("who wrote that film?", (A,)),
        ("how long are they?", (A, B, C)),
        ("both of them", (A, B, C)),
        ("the second one", (B,)),
        ("who wrote the last?", (C,)),
        ("the fifth one", ()),
        ("who directed 1917", ()),
    ],
)
def test_what_a_word_points_at(text: str, meant: tuple[MovieRef, ...]) -> None:
    assert Memory(films=(A, B, C), listed=(A, B, C)).meant(text) == meant


def test_nothing_remembered_is_nothing_meant() -> None:
    assert Memory().meant("how long is it, the first one?") == ()


def test_a_list_is_remembered_while_one_of_it_is_talked_about(shelf: Any) -> None:
    query = understand("Who directed Parasite and 1917?", shelf.finder, Memory())
    memory = remember(Memory(), query, [shelf.movies["tt01"], shelf.movies["tt02"]])
    memory = remember(memory, understand("How long is Joker?", shelf.finder, memory), [shelf.movies["tt03"]])
    assert [film.tconst for film in memory.films] == ["tt03"]
    assert [film.tconst for film in memory.meant("the second one")] == ["tt02"]
    assert memory.facts == ("runtime",)


def test_small_talk_changes_nothing_and_an_unknown_title_everything(shelf: Any) -> None:
    memory = Memory(films=(A,), people=("P",))
    assert remember(memory, understand("thanks", shelf.finder, memory), []) == memory
    assert remember(memory, understand("Who directed Titanic?", shelf.finder, memory), []) == Memory()


def test_people_are_those_of_the_fact_or_the_directors(shelf: Any) -> None:
    joker = shelf.movies["tt03"]
    assert remember(Memory(), understand("Who is in Joker?", shelf.finder, Memory()), [joker]).people == joker.cast
    assert remember(Memory(), understand("What is Joker about?", shelf.finder, Memory()), [joker]).people == (
        "Todd Phillips",
    )
