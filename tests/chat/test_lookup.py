from typing import Any

import pytest
from moviechat.chat.lookup import NO_VALUE, Said, credits, facts, listed, overview, role
from moviechat.chat.memory import Memory

from moviechat.chat.understand import understand


@pytest.fixture
def said(shelf: Any) -> Any:
    def say(text: str) -> list[Said]:
        query = understand(text, shelf.finder, Memory())
        return [said for tconst in query.films for said in facts(shelf.movies[tconst], query)]

    return say


@pytest.mark.parametrize(
    ("question", "answer", "fields"),
    [
        ("Who directed Parasite?", "Parasite (2019) was directed by Bong Joon Ho.", ["directors"]),
        ("Who wrote Parasite?", "Parasite (2019) was written by Bong Joon Ho and Han Jin-won.", ["writers"]),
        ("Who produced Parasite?", "Parasite (2019) was produced by Kwak Sin-ae.", ["producers"]),
        ("Who composed the music of Parasite?", "Parasite (2019) was scored by Jung Jae-il.", ["composers"]),
        ("Who shot Parasite?", "Parasite (2019) was photographed by Hong Kyung-pyo.", ["cinematographers"]),
        ("Who edited Parasite?", "Parasite (2019) was edited by Yang Jin-mo.", ["editors"]),
        ("Who is in Parasite?", "Parasite (2019) stars Song Kang-ho and Lee Sun-kyun.", ["cast"]),
        ("How long is 1917?", "1917 (2019) is 119 minutes long (1 h 59 min).", ["runtime"]),
        ("How long is Her?", "Her (2022) is 60 minutes long (1 h).", ["runtime"]),
        ("How long is Okja Returns?", "Okja Returns (2021) is 45 minutes long.", ["runtime"]),
        ("When was 1917 released?", "1917 came out in 2019.", ["year"]),
        ("Which genres does 1917 belong to?", "1917 (2019) is an action and war film.", ["genres"]),
        ("What genre is 1917?", "1917 (2019) is an action and war film.", ["genres"]),
        ("How is Joker rated?", "Joker (2019) is rated 8.3 out of 10 by 1,600,000 voters.", ["rating", "votes"]),
        ("How many votes has Okja Returns?", "Okja Returns (2021) has 1 vote on IMDb.", ["votes"]),
        ("original title of Parasite", "The original title of Parasite (2019) is Gisaengchung.", ["original_title"]),
        (
            "other titles of Parasite",
            "Parasite (2019) is also called Gisaengchung, Parásitos and 기생충.",
            ["alternative_titles"],
        ),
        ("Who plays Ki Taek in Parasite?", "In Parasite (2019), Song Kang-ho plays Ki Taek.", ["cast"]),
        ("Whom does Lee Sun-kyun play in Parasite?", "In Parasite (2019), Lee Sun-kyun plays Dong Ik.", ["cast"]),
    ],
)
def test_a_fact_is_worded_with_its_source(said: Any, question: str, answer: str, fields: list[str]) -> None:
    (sentence,) = said(question)
    assert sentence.text == answer
    assert [source.field for source in sentence.sources] == fields
    assert all(source.text for source in sentence.sources)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who directed Silence?", "The catalogue does not say by whom Silence (2021) was directed."),
        ("How long is Silence?", "The catalogue does not say how long Silence (2021) is."),
        ("What genre is Silence?", "The catalogue does not say of what genre Silence (2021) is."),
        ("How is Silence rated?", "The catalogue does not say how Silence (2021) is rated."),
        ("Who stars in Silence?", "The catalogue does not say who acts in Silence (2021)."),
        ("other titles of Silence", "The catalogue does not say whether Silence (2021) has another title."),
    ],
)
def test_a_missing_value_is_said_to_be_missing(said: Any, question: str, answer: str) -> None:
    (sentence,) = said(question)
    assert sentence.text == answer
    assert sentence.sources[0].text == NO_VALUE


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Did Bong Joon Ho direct Parasite?", "Yes: "),
        ("Did Sam Mendes direct Parasite?", "No: "),
        ("Did Spielberg direct Parasite?", "No: "),
        ("Is Joaquin Phoenix in Joker?", "Yes: "),
        ("Is Sam Mendes in Joker?", "No: "),
        ("Is Parasite a comedy?", "Yes: "),
        ("Is 1917 a musical?", "No: "),
        ("Is Parasite from 2019?", "Yes: "),
        ("Is Parasite from 2018?", "No: "),
    ],
)
def test_a_claim_is_confirmed_or_denied(said: Any, question: str, verdict: str) -> None:
    (sentence,) = said(question)
    assert sentence.text.startswith(verdict)


def test_whether_a_film_is_good_is_left_to_those_who_voted(said: Any) -> None:
    (good,) = said("Is The Platform any good?")
    assert "7.0 out of 10 (300,000 votes)" in good.text
    assert "I have none of my own" in good.text
    (poor,) = said("Is Her any good?")
    assert "20 votes, which is little to go by" in poor.text


def test_several_facts_of_several_films(said: Any) -> None:
    texts = [sentence.text for sentence in said("Who wrote and directed Parasite and 1917?")]
    assert len(texts) == 4
    assert texts[3] == "1917 (2019) was directed by Sam Mendes."


def test_a_role_that_the_table_does_not_hold(shelf: Any, said: Any) -> None:
    query = understand("Who plays Batman in Joker?", shelf.finder, Memory())
    assert role(shelf.movies["tt03"], query) is None
    (sentence,) = said("Who plays Batman in Joker?")
    assert sentence.text.startswith(
        "The catalogue does not say who plays Batman in Joker (2019), whose cast is Joaquin"
    )


def test_an_overview_is_made_of_what_there_is(shelf: Any) -> None:
    assert overview(shelf.movies["tt08"]).text == "Silence (2021) is a film."
    full = overview(shelf.movies["tt05"])
    assert full.text == (
        "Diablo Rojo PTY (2019) is a horror film, directed by Sol Moreno, 80 minutes long, "
        "rated 5.0 out of 10 by 134 voters."
    )
    assert [s.field for s in full.sources] == ["genres", "directors", "runtime", "rating", "votes", "year"]


def test_credits_name_what_was_done_in_which_films(shelf: Any) -> None:
    said = credits(["Bong Joon Ho"], (), shelf.movies.values())
    assert [s.text for s in said] == [
        "Bong Joon Ho directed Parasite (2019) and Okja Returns (2021).",
        "Bong Joon Ho wrote Parasite (2019).",
    ]
    (directed,) = credits(["Sam Mendes"], ("directors",), shelf.movies.values())
    assert directed.sources[0].field == "directors"
    (none,) = credits(["Song Kang-ho"], ("directors", "writers"), shelf.movies.values())
    assert (none.text, none.sources) == ("I know no film that Song Kang-ho directed or wrote.", ())


def test_names_are_listed_as_in_a_sentence() -> None:
    assert [listed(["a", "b", "c"][:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
