from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from moviechat.grounding.record import Record
from moviechat.schema import NOT_SAID, Movie, Passage
from moviechat.teacher import Draft, Film
from moviechat.teacher.records import RecordsTeacher

TEXT = (
    "A driver and his helper Diego get lost in the jungle. Near the river Chagres their dog finds a song on the radio. "
    "Who will ever see Panama again?"
)
MOVIE = Movie(
    tconst="tt1",
    title="Old Bus",
    original_title="Old Bus",
    year=2019,
    runtime=80,
    genres=("Horror", "Comedy"),
    rating=5.0,
    votes=134,
    directors=("Ana Ruiz", "Bo Li"),
    cast=("Sol Paz",),
    characters=("The Driver",),
    composers=("Ida Moe",),
)


def _film(movie: Movie = MOVIE, text: str = TEXT) -> Film:
    return Film(movie, (Passage(movie.tconst, 0, text, None, "people", None, None, None),) if text else ())


def _drafts(film: Film, per_film: int = 100, seed: int = 42) -> list[Draft]:
    return list(RecordsTeacher(per_film, seed).write([film]))


def test_every_answer_stands_in_the_record() -> None:
    answers = {d.answer for d in _drafts(_film())} - {NOT_SAID}
    sentences = {"A driver and his helper Diego get lost in the jungle.", "Who will ever see Panama again?"}
    river = {"Near the river Chagres their dog finds a song on the radio."}
    facts = {"2019.", "80 minutes.", "Horror and Comedy.", "5.0, from 134 votes.", "Ana Ruiz and Bo Li, 2019."}
    assert answers == sentences | river | facts | {"Ana Ruiz and Bo Li.", "Sol Paz.", "Ida Moe."}


def test_what_the_record_touches_on_is_not_called_unsaid() -> None:
    unsaid = " ".join(d.question for d in _drafts(_film()) if d.answer == NOT_SAID)
    assert "budget" in unsaid or "cost" in unsaid
    assert "wrote" in unsaid or "writing" in unsaid
    assert not any(word in unsaid for word in ("dog", "song", "directed", "music"))


def test_a_share_of_the_questions_cannot_be_answered() -> None:
    counts = Counter(
        d.answer == NOT_SAID for n in range(50) for d in _drafts(_film(replace(MOVIE, tconst=f"tt{n}")), 6)
    )
    assert counts[True] == 50
    assert counts[False] == 250


def test_the_wording_varies() -> None:
    films = [_film(replace(MOVIE, tconst=f"tt{n}")) for n in range(40)]
    assert len({d.question for film in films for d in _drafts(film, 6) if d.kind == "about"}) == 4


def test_a_seed_gives_the_same_pairs_whatever_other_films_there_are() -> None:
    others = [_film(replace(MOVIE, tconst=f"tt{n}")) for n in range(2, 6)]
    among = [d for d in RecordsTeacher(6, 42).write([*others, _film()]) if d.tconst == "tt1"]
    assert among == _drafts(_film(), 6)
    assert among != _drafts(_film(), 6, seed=43)


def test_a_film_of_which_little_is_known_has_its_year() -> None:
    bare = Movie("tt1", "{t} 100%", "{t} 100%", 2020, None, (), None, 0)
    drafts = _drafts(_film(bare, ""))
    assert {d.answer for d in drafts} == {"2020.", NOT_SAID}
    assert all("{t} 100%" in d.question for d in drafts)


def test_names_are_names() -> None:
    text = (
        "A bright Sicilian sun burns. A Man Who Sold The Moon Is Here. "
        "Then he meets the Queen, Dr. Moe and his friend Ana Ruiz in the old harbour of Lima."
    )
    asked = [d.question for d in _drafts(_film(text=text)) if d.kind == "particular" and d.answer != NOT_SAID]
    assert len(asked) == 2
    assert sum("Ana Ruiz" in question for question in asked) == sum("Lima" in question for question in asked) == 1


_words = st.sampled_from(["The", "old", "Bus", "Diego", "U.S.", "is", "lost", "in", "Panama", "1917", "?", "song", "É"])


@given(st.lists(_words, max_size=40).map(" ".join), st.text(min_size=1, max_size=9), st.integers(1, 12), st.integers())
def test_pairs_are_few_enough_named_and_supported(
    checker: Any, text: str, title: str, per_film: int, seed: int
) -> None:
    movie = replace(MOVIE, title=title)
    drafts = _drafts(_film(movie, text), per_film, seed)
    assert 0 < len(drafts) <= per_film
    record = Record.of(movie, [text])
    for draft in drafts:
        assert title in draft.question
        if draft.kind == "fact":
            assert checker.check(draft.question, draft.answer, record, "words").supported
