"""Which films and people a text names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviechat.linking import FilmMention, Linker, PersonMention, apart
from moviechat.linking.lexicon import Lexicon
from moviechat.linking.people import People
from moviechat.linking.titles import Titles
from moviechat.schema import Movie
from tests.catalogues import film


def _films(linker: Linker, text: str) -> list[FilmMention]:
    return apart(linker.films(text), 0.5)


def _linked(linker: Linker, text: str) -> list[str]:
    return [m.films[0] for m in _films(linker, text) if m.films]


def _people(linker: Linker, text: str) -> list[PersonMention]:
    return apart(linker.people(text), 0.5)


@pytest.mark.parametrize(
    ("text", "tconsts"),
    [
        ("Who directed Parasite?", ["tt01"]),
        ("who directed parasite", ["tt01"]),
        ("parasite - how long", ["tt01"]),
        ("How long is 1917?", ["tt02"]),
        ("Who directed Us?", ["tt03"]),
        ('Is "Old" worth it?', ["tt12"]),
        ("I liked the film Old very much, did you?", ["tt12"]),
        ("what happens at the end of the lost daughter", ["tt05"]),
        ("Tell me about Lost Daughter", ["tt05"]),
        ("Who is in The Rise of Skywalker?", ["tt06"]),
        ("Who made Star Wars: Episode IX?", ["tt06"]),
        ("What is alcarras about?", ["tt09"]),
        ("Who directed Alcarras, the Peach Trees?", ["tt09"]),
        ("What is the only refuge the characters have in Diablo Rojo PTY?", ["tt10"]),
        ("Is Parasite longer than 1917?", ["tt01", "tt02"]),
        ("Who directed Nope and Us?", ["tt04", "tt03"]),
        ("Who is Parasite's director?", ["tt01"]),
        ("parasites director", ["tt01"]),
        ("기생충의 밤의 감독은 누구?", ["tt13"]),
        ("is tár longer than nomadland?", ["tt19", "tt17"]),
        ("What is Gisaengchung about?", ["tt01"]),
        ("Who made the banshees of inisherin?", ["tt18"]),
        ("Who directed Dune?", ["tt20"]),
        ("who directed dune part i", ["tt20"]),
        ("dune", ["tt20"]),
        ("Is Old any good?", ["tt12"]),
        ("how long is the second souvenir", ["tt24"]),
        ("souvenir 2 cast", ["tt24"]),
        ("ford vs ferrari runtime", ["tt25"]),
        ("ford versus ferrari runtime", ["tt25"]),
        ("avatar way of water length", ["tt28"]),
        ("what is #alive about", ["tt31"]),
        ("seen parasite, joker and nomadland", ["tt01", "tt34", "tt17"]),
        ("who plays hutch in nobody", ["tt35"]),
        ("us (2019) who directed that", ["tt03"]),
    ],
)
def test_named(linker: Linker, text: str, tconsts: list[str]) -> None:
    assert _linked(linker, text) == tconsts


@pytest.mark.parametrize(
    "text",
    [
        "What should the two of us watch tonight?",
        "Is it old?",
        "Tell me about an old film",
        "something old please",
        "Tell us about your family.",
        "nope that is wrong",
        "nobody i know has seen it",
        "What is the capital of France?",
        "Who directed The Wizard of Oz?",
        "Who directed The Godfather?",
        "A poor family of four slowly takes over the house of a rich one, as us old ones do.",
        "Hello!",
        "what is 19+17?",
        "films from 1917",
        "Is Sorceress (1917) any good?",
        "Who directed Star Wars: A New Hope?",
        "knives out 2 runtime",
    ],
)
def test_no_film_is_named(linker: Linker, text: str) -> None:
    assert _linked(linker, text) == []


@pytest.mark.parametrize(
    ("text", "tconst"),
    [
        ("who directed diablo rjoo pty", "tt10"),
        ("What is The Lsot Daughter about?", "tt05"),
        ("Tell me about Zack Snyders Justice Laegue", "tt11"),
        ("everyhting everywere all at once, how long", "tt27"),
    ],
)
def test_typos(linker: Linker, text: str, tconst: str) -> None:
    assert [(m.films[0], m.how) for m in _films(linker, text)] == [(tconst, "typo")]


def test_a_number_is_no_typo(linker: Linker) -> None:
    assert _linked(linker, "How long is 1918?") == []


@pytest.mark.parametrize(
    ("text", "films"),
    [
        ("Who directed Prey?", ("tt08", "tt07")),
        ("Who directed Prey (2019)?", ("tt07",)),
        ("Who directed the 2019 film Prey?", ("tt07",)),
        ("In 2019 there was a film, who directed Prey?", ("tt07", "tt08")),
        ("how long is the call", ("tt21", "tt22")),
        ("How long is The Call by Timothy Woodward Jr.?", ("tt22", "tt21")),
    ],
)
def test_year_and_people_tell_namesakes_apart_then_votes(linker: Linker, text: str, films: tuple[str, ...]) -> None:
    (mention,) = _films(linker, text)
    assert mention.films == films


@pytest.mark.parametrize(
    ("text", "film", "double"),
    [("Who directed Zack Snyder's Justice League?", "tt11", "tt14"), ("how long is soul", "tt29", "tt30")],
)
def test_a_film_listed_twice_is_told_once(linker: Linker, text: str, film: str, double: str) -> None:
    (mention,) = _films(linker, text)
    assert (mention.films, mention.doubles) == ((film,), (double,))


@pytest.mark.parametrize(
    ("text", "title", "year"),
    [
        ("who directed pulp fiction", "Pulp Fiction", 1994),
        ("How long is The Matrix?", "The Matrix", 1999),
        ("Who directed Dune (1984)?", "Dune", 1984),
        ("Who directed Mulan (1998)?", "Mulan", 1998),
        ("who directed Prey (1977)?", "Prey", 1977),
    ],
)
def test_films_outside_the_catalogue_are_known_not_to_be_there(
    linker: Linker, text: str, title: str, year: int
) -> None:
    (mention,) = _films(linker, text)
    assert mention.films == ()
    assert [(o.title, o.year) for o in mention.outside] == [(title, year)]


def test_what_a_year_excludes_is_near(linker: Linker) -> None:
    (mention,) = _films(linker, "Who directed Mulan (1998)?")
    assert mention.near == ("tt26",)


def test_an_exact_title_is_always_found(linker: Linker, movies: list[Movie]) -> None:
    for movie in movies:
        for text in (movie.title, f'Who directed "{movie.title}"?', f"who directed {movie.title.lower()}"):
            named = {t for m in linker.films(text) for t in (*m.films, *m.doubles)}
            assert movie.tconst in named, text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What did Jordan Peele direct?", ["Jordan Peele"]),
        ("what did jordan peele direct", ["Jordan Peele"]),
        ("list films by bong joon-ho and Chloe Zhao", ["Bong Joon Ho", "Chloé Zhao"]),
        ("Is M. Night Shyamalan's film good?", ["M. Night Shyamalan"]),
        ("the villeneuve film", ["Denis Villeneuve"]),
        ("shyamalan films", ["M. Night Shyamalan"]),
        ("daniel craigs films", ["Daniel Craig"]),
        ("films by jordan peeele", ["Jordan Peele"]),
    ],
)
def test_people_are_named(linker: Linker, text: str, names: list[str]) -> None:
    assert [m.name for m in _people(linker, text)] == names


@pytest.mark.parametrize(
    "text",
    ["Who is old?", "a field of corn", "Todd met Field", "something about a poor family", "the call came at night"],
)
def test_no_one_is_named(linker: Linker, text: str) -> None:
    assert _people(linker, text) == []


def test_a_name_of_two_people_is_as_probable_as_that_of_one(movies: list[Movie]) -> None:
    def linked(*films: Movie) -> list[PersonMention]:
        people = People.build([*movies, *films])
        lexicon = Lexicon.build((), dict.fromkeys(people.names))
        return Linker(Titles.build([*movies, *films], {}), people, lexicon, [*movies, *films]).people(
            "films with Tom Holland, and something by Holland"
        )

    parts = ({"cast": ("Tom Holland",), "votes": 90_000}, {"directors": ("Tom Holland",), "votes": 400})
    one = [film(f"tt9{i}", f"Zx {i}", **part) for i, part in enumerate(parts)]
    two = [replace(movie, people_ids=(f"nm{i}",)) for i, movie in enumerate(one)]
    assert linked(*one) == linked(*two)
    assert [(m.name, m.others) for m in linked(*two)] == [("Tom Holland", ())] * 2


def test_a_person_is_where_the_span_says(linker: Linker) -> None:
    text = "What did Jordan Peele's brother do?"
    (mention,) = _people(linker, text)
    assert text[slice(*mention.span)] == "Jordan Peele"


# Words that titles, questions and years are made of: they get further than arbitrary text does.
_WORDS = st.sampled_from(
    """who directed is old us the of parasite Parasite prey (2019) 2019 "Nope" lost daughter zack snyder's 1917 and in
    film about Oz 기생충의 밤 , . ? ! ' “ ” \n \0 🎬 parasitte it diablo rojo second souvenir #alive""".split()
)


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=30).map(" ".join)))
def test_any_text_is_read_and_spans_lie_in_it(linker: Linker, text: str) -> None:
    for mentions in (linker.films(text), linker.people(text)):
        assert [m.span for m in mentions] == sorted(m.span for m in mentions)
        for m in mentions:
            assert 0 <= m.span[0] < m.span[1] <= len(text) and 0.05 <= m.score <= 1
