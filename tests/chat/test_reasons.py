from __future__ import annotations

from typing import Any

import pytest

from moviechat.chat.reasons import Reason, reasons
from moviechat.chat.wish import Order, Wish
from moviechat.reply import Source
from moviechat.schema import Movie, Passage


def film(n: int, **more: Any) -> Movie:
    known = {"title": f"Film {n}", "original_title": f"Film {n}", "year": 2020, "runtime": 100, "genres": ("Drama",)}
    return Movie(**{"tconst": f"tt{n:02d}", **known, "rating": 6.0, "votes": 1000, **more})


def texts(**told: str) -> dict[str, list[Passage]]:
    return {t: [Passage(t, 0, text, None, "test", f"https://films.test/{t}", None, "CC0")] for t, text in told.items()}


SOMETHING = Wish(words="x")


def why(movie: Movie, wish: Wish = SOMETHING, liked: tuple[Movie, ...] = (), **told: str) -> Reason:
    return reasons([movie], wish, liked, texts(**told))[0]


def test_the_same_director_comes_before_a_shared_writer_and_the_cast() -> None:
    like = film(1, title="Heat", directors=("Ada",), writers=("Bo",), cast=("Cy",))
    assert why(film(2, directors=("Ada",), cast=("Cy",)), liked=(like,)) == (
        "by the same director as Heat",
        (Source("tt02", "directors", "Ada"), Source("tt01", "directors", "Ada")),
    )
    assert why(film(2, writers=("Bo",), cast=("Cy",)), liked=(like,))[0] == "by the same writer as Heat"
    assert why(film(2, cast=("Cy", "Di")), liked=(like,))[0] == "with Cy, as in Heat"


def test_people_of_one_name_are_no_reason() -> None:
    one, other = (film(n, directors=("Ada",), people_ids=(f"nm{n}",)) for n in (1, 2))
    assert "same director" not in why(one, liked=(other,))[0]
    assert "same director" in why(one, liked=(film(3, directors=("Ada",), people_ids=("nm1",)),))[0]


def test_what_both_stories_are_about() -> None:
    reason, sources = why(
        film(2),
        liked=(film(1, title="Queen"),),
        tt01="A girl plays chess in an orphanage.",
        tt02="An old champion leaves an orphanage and teaches chess to a tired soldier.",
    )
    assert reason == "an orphanage, as in Queen"
    assert {s.tconst: s.field for s in sources} == {"tt01": "description", "tt02": "description"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The old man fights for his farm.", "The young woman fights for her farmland."),  # a verb
        ("Her time comes when the man goes.", "The time of his life begins for the man."),  # in every story
        ("He is a middle-school teacher there.", "She is in a middle-aged crisis of her own."),  # a piece of a word
        ("They met at the Plaza, far from here.", "The Plaza, as he knew it, is gone."),  # a name
    ],
)
def test_what_makes_no_two_stories_alike(one: str, other: str) -> None:
    assert " as in " not in why(film(2), liked=(film(1),), tt01=one, tt02=other)[0]


def test_the_clause_that_tells_of_the_words_of_the_wish() -> None:
    text = "A tired miner comes home to a town that he no longer knows. Robots fight there for the last of its water."
    assert why(film(1), Wish(words="fighting robots"), tt01=text) == (
        "“Robots fight there for the last of its water”",
        (Source("tt01", "description", text, "https://films.test/tt01", "CC0"),),
    )


def test_a_long_sentence_is_quoted_to_the_end_of_a_clause() -> None:
    text = (
        "Two sisters find an alien in the garden of their aunt, who has not spoken to anyone for years, and hide it "
        "from the army until it learns to speak."
    )
    quoted = why(film(1), tt01=text)[0]
    assert quoted == "“Two sisters find an alien in the garden of their aunt, who has not spoken to anyone for years …”"
    endless = "word " * 40
    assert why(film(1), tt01=endless.strip() + ".")[0] == f"“{('word ' * 20).strip()} …”"


def test_a_sentence_about_the_work_tells_nothing_of_the_story() -> None:
    text = "Dogs is a 2020 film directed by Ada Low. Three stray dogs cross the whole of a frozen country."
    assert why(film(1), tt01=text)[0] == "“Three stray dogs cross the whole of a frozen country”"


@pytest.mark.parametrize(("order", "told"), [("fit", True), ("rating", False)])
def test_the_best_of_the_picks_is_said_where_nothing_but_limits_was_wished_for(order: Order, told: bool) -> None:
    movies = [film(1, rating=7.0), film(2, rating=8.0), film(3, votes=9000)]
    found = [reason for reason, _ in reasons(movies, Wish(order=order), (), {})]
    assert found == (["", "the best rated of them", "the best known of them"] if told else ["", "", ""])
    assert [r for r, _ in reasons(movies, Wish(moods=("funny",)), (), {})] == ["", "", ""]


def test_of_equals_none_is_the_best() -> None:
    found = reasons([film(n) for n in range(3)], Wish(), (), {})
    assert [reason for reason, _ in found] == ["", "", ""]


def test_a_film_without_a_text_is_told_by_its_director_and_else_nothing_is_said() -> None:
    assert why(film(1, directors=("Ada",))) == ("directed by Ada", (Source("tt01", "directors", "Ada"),))
    assert why(film(1)) == ("", ())
