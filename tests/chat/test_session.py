"""Whole conversations over the twelve films: what is said, what is remembered, what is never said again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moviechat.chat.session import TABLE, Chat, Session
from moviechat.chat.state import State
from moviechat.limits import Limits
from moviechat.reply import Reply

Talk = Callable[..., list[Reply]]


@pytest.fixture
def chat(shelf: Any) -> Chat:
    """The chat over the twelve films."""
    return Chat(shelf)


@pytest.fixture
def talk(session: Session) -> Talk:
    """Says one message after another, and gives all replies."""
    return lambda *messages: [session.ask(m) for m in messages]


def _films(reply: Reply) -> list[str]:
    return [m.tconst for m in reply.movies]


def _all(replies: Sequence[Reply]) -> list[list[str]]:
    return [_films(r) for r in replies]


# --- facts and follow-ups


def test_follow_ups_are_about_the_last_film(answers: Callable[..., str]) -> None:
    questions = ["who directed parasite", "how long is it?", "and who is in it", "did Todd Phillips direct it?"]
    assert "Bong Joon Ho" in answers(questions[0])
    assert "132 minutes" in answers(questions[1])
    assert "Song Kang-ho (Ki Taek)" in answers(questions[2])
    assert answers(questions[3]).startswith("No: Parasite (2019) was directed by Bong Joon Ho")


def test_the_last_question_is_asked_of_another_film(talk: Talk) -> None:
    replies = talk("who directed parasite?", "what about 1917?", "same question for Joker")
    assert [name in r.answer for r, name in zip(replies, ["Bong", "Mendes", "Phillips"], strict=True)] == [True] * 3


def test_a_fact_names_its_film_and_what_it_rests_on(session: Session) -> None:
    reply = session.ask("how is soul rated?")
    assert (reply.kind, reply.grounded, reply.model) == ("fact", True, TABLE)
    assert [(m.tconst, m.title, m.year) for m in reply.movies] == [("tt12", "Soul", 2020)]
    assert {(s.tconst, s.field, s.text) for s in reply.sources} == {("tt12", "rating", "8.0")}
    assert reply.understood.intent == "AskFact"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("is parasite longer than two hours?", "Yes"),
        ("is soul longer than two hours?", "No"),
        ("is Joker a comedy?", "No"),
        ("was Ana de Armas in Knives Out?", "Yes"),
        ("was Nope directed by Pete Docter?", "No"),
    ],
)
def test_a_claim_is_answered_with_yes_or_no_first(answers: Callable[..., str], question: str, said: str) -> None:
    assert answers(question).startswith(said)


@pytest.mark.parametrize("question", ["how long is The Glass Lighthouse?", "who directed The Glass Lighthouse?"])
def test_what_is_not_on_record_is_said_to_be_missing(session: Session, question: str) -> None:
    reply = session.ask(question)
    assert (reply.kind, reply.grounded, reply.sources) == ("unknown", None, ())
    assert "The Glass Lighthouse (2021)" in reply.answer


def test_a_plot_is_told_from_the_films_text(session: Session) -> None:
    reply = session.ask("what is Diablo Rojo PTY about?")
    assert (reply.kind, _films(reply)) == ("plot", ["tt05"])
    assert {s.field for s in reply.sources} == {"description"}
    assert "no description" in session.ask("what happens in Nope?").answer


# --- namesakes


def test_namesakes_are_named_and_told_apart_by_a_person(talk: Talk) -> None:
    asked, meant, rating, other = talk(
        "how long is the call", "I meant the one by Timothy Woodward Jr.", "and its rating?", "the other one?"
    )
    assert "112 minutes" in asked.answer
    assert "Timothy Woodward Jr." in asked.answer
    assert "97 minutes" in meant.answer
    assert ("4.5" in rating.answer, "7.1" in other.answer) == (True, True)
    assert _all([asked, meant, rating, other]) == [["tt06"], ["tt07"], ["tt07"], ["tt06"]]


def test_namesakes_are_told_apart_by_a_year(shelf: Any) -> None:
    shelf.movies["tt07"] = replace(shelf.movies["tt07"], year=2022)
    replies = [(s := Chat(shelf).session()).ask("who directed the call?"), s.ask("no, the 2022 one")]
    assert _all(replies) == [["tt06"], ["tt07"]]
    assert "Timothy Woodward Jr" in replies[1].answer


# --- comparisons and credits


def test_comparisons_name_the_film_and_both_values(talk: Talk) -> None:
    longer, rated, director = talk(
        "which is longer, Parasite or Joker?", "and which is better rated?", "who directed it?"
    )
    assert longer.answer.startswith("Parasite (2019) is longer")
    assert "122 minutes" in longer.answer
    assert rated.answer.startswith("Parasite (2019) is better rated")
    assert "Bong Joon Ho" in director.answer


def test_films_of_a_person_and_what_is_asked_of_them(talk: Talk) -> None:
    films, best, long = talk(
        "what films has Jordan Peele directed?", "which of those is the longest?", "how long is the first one?"
    )
    assert (films.kind, _films(films)) == ("fact", ["tt11", "tt10"])
    assert "2 films" in films.answer
    assert best.answer.startswith("Nope (2022) is longer")
    assert "116 minutes" in long.answer


# --- what is not here


def test_a_film_that_is_not_here_is_said_to_be_unknown(talk: Talk) -> None:
    for reply in talk("who directed Pulp Fiction?", "how long is Titanic?"):
        assert (reply.kind, reply.grounded, reply.movies) == ("unknown", None, ())
        assert "not among the 12 films of 2019 to 2022" in reply.answer


def test_an_unknown_film_ends_what_it_means_and_no_more(session: Session, talk: Talk) -> None:
    reply = talk("how long is parasite?", "who directed Pulp Fiction?", "how long is it?")[-1]
    assert (reply.kind, reply.movies) == ("unknown", ())
    assert session.state.talked == ("tt01",)


def test_a_person_who_is_not_here(session: Session) -> None:
    # Somebody here is called Jordan, and somebody Craig: a name, and nobody's.
    reply = session.ask("films starring Jordan Craig")
    assert (reply.kind, reply.movies) == ("unknown", ())
    assert "Jordan Craig" in reply.answer


# --- wishes


def test_a_wish_keeps_all_its_limits(session: Session) -> None:
    reply = session.ask("recommend a horror film under 115 minutes")
    assert (reply.kind, reply.understood.limits) == ("recommend", {"genres_all": ["Horror"], "runtime_max": 114})
    assert sorted(_films(reply)) == ["tt05", "tt06", "tt07"]
    assert all(s.tconst in _films(reply) for s in reply.sources)


def test_a_wish_is_refined(session: Session, talk: Talk) -> None:
    replies = talk("a comedy", "but not horror, shorter than 120 minutes", "no limit on length", "only by Bong Joon Ho")
    limits = [dict(r.understood.limits) for r in replies]
    assert limits[:3] == [
        {"genres_all": ["Comedy"]},
        {"genres_all": ["Comedy"], "genres_not": ["Horror"], "runtime_max": 119},
        {"genres_all": ["Comedy"], "genres_not": ["Horror"]},
    ]
    assert limits[3]["people"] == [{"name": "Bong Joon Ho", "role": "director"}]
    assert _films(replies[3]) == ["tt01"]


def test_going_back_to_the_first_wish(session: Session, talk: Talk) -> None:
    first, _, back = talk("a horror film under 115 minutes", "from 2021 on", "go back to the first search")
    assert back.understood.limits == first.understood.limits


def test_a_wish_that_nothing_keeps_says_what_to_give_up(session: Session) -> None:
    reply = session.ask("a war film under 60 minutes")
    assert (reply.kind, reply.movies) == ("recommend", ())
    assert "No film here keeps all of that" in reply.answer
    assert "1917 (2019)" in reply.answer
    assert reply.suggestions == ("any length",)


def test_what_was_seen_is_not_suggested(session: Session, talk: Talk) -> None:
    noted, comedy = talk("I have seen Soul", "a comedy please")
    assert (noted.kind, noted.grounded) == ("smalltalk", None)
    assert sorted(_films(comedy)) == ["tt01", "tt04"]
    assert session.state.seen == ("tt12",)


def test_others_are_other_films_until_none_is_left(talk: Talk) -> None:
    first, *more = talk("I want a film", "others", "others", "others", "others")
    shown = [t for r in (first, *more) for t in _films(r)]
    assert len(shown) == len(set(shown)) == 12
    assert "I have no more" in more[-1].answer


def test_films_seen_elsewhere_are_not_suggested(shelf: Any) -> None:
    session = Chat(shelf).session(seen={"tt12", "tt01"})
    assert _films(session.ask("a comedy")) == ["tt04"]


def test_reasons_and_suggestions_ride_with_a_reply(session: Session) -> None:
    reply = session.ask("a comedy")
    assert all(m.reason for m in reply.movies)
    assert reply.suggestions
    assert all(session.ask(s).kind != "unknown" for s in reply.suggestions)


# --- besides films


@pytest.mark.parametrize("text", ["hello!", "thanks", "???", ""])
def test_small_talk_claims_nothing(session: Session, text: str) -> None:
    reply = session.ask(text)
    assert (reply.kind, reply.grounded, reply.movies, reply.sources) == ("smalltalk", None, (), ())


def test_small_talk_in_another_language_is_answered_in_it(shelf: Any) -> None:
    shelf.guess.says = "smalltalk.offtopic"
    session = Chat(shelf).session()
    assert "Hablo sobre todo inglés" in session.ask("hola amigo, qué tal el día de hoy").answer
    assert (
        "Ich verstehe vor allem Englisch"
        in session.ask("wie geht es dir heute mein Freund, ist das nicht schön").answer
    )


def test_an_unclear_message_in_another_language_is_answered_in_it(shelf: Any) -> None:
    shelf.guess.says = "unclear"
    reply = Chat(shelf).session().ask("wie geht das und was ist es denn nicht")
    assert reply.kind == "unknown"
    assert "Ich verstehe vor allem Englisch" in reply.answer


def test_small_talk_leaves_the_film_on_the_table(answers: Callable[..., str]) -> None:
    assert "132 minutes" in answers("who directed parasite?", "thanks", "how long is it?")


# --- the loop


def test_what_is_streamed_is_the_answer(session: Session) -> None:
    pieces = list(session.stream("a comedy"))
    assert "".join(pieces) == (session.last and session.last.answer)
    assert len(pieces) > 10


def test_what_was_overheard_is_remembered(session: Session) -> None:
    session.overhear("who directed parasite?", "Bong Joon Ho did.")
    session.overhear("I have seen Soul")
    assert session.last is None
    assert "132 minutes" in session.ask("how long is Parasite?").answer
    assert "tt12" not in _films(session.ask("a comedy"))


def test_a_reply_is_json(session: Session) -> None:
    reply = session.ask("a horror film under 115 minutes")
    said = json.loads(json.dumps(reply.to_json()))
    assert said["understood"]["limits"] == {"genres_all": ["Horror"], "runtime_max": 114}
    assert {"answer", "kind", "grounded", "movies", "sources", "understood", "suggestions", "model", "seconds"} == {
        *said
    }
    assert all(m["reason"] for m in said["movies"])


def test_the_search_is_the_shelfs(shelf: Any) -> None:
    chat = Chat(shelf)
    assert [h.tconst for h in chat.search("a bus lost in the jungle", 1)] == ["tt05"]
    assert [e.hit.tconst for e in chat.explain("a message sent across the land", 1, Limits(genres_all=("War",)))] == [
        "tt02"
    ]


MESSAGES = """
who directed parasite?|how long is it|and 1917?|which is longer, Parasite or Joker?|the other one
|how long is the call|a comedy|something scary under two hours|a drama rated over 7|others|another one
|more please|something newer|anything shorter?|but not horror|no limit on length|not too long|something like Nope
|films by Jordan Peele|with Ana de Armas|go back to the first search|start over|the second one, how long is it?
|a film where a bus is lost in the jungle|thanks|what is Soul about?|who directed Pulp Fiction?
|something funny for tonight|any genre is fine|the first one, who is in it?""".replace("\n", "").split("|")
TELLING = ("I have seen {}", "I hated {}", "I loved {}, what else?", "a film, but not {}", "recommend something, no {}")
TITLES = {"Parasite": "tt01", "Joker": "tt03", "Knives Out": "tt04", "Harbour of Small Boats": "tt09", "1917": "tt02"}
TOLD = [(said.format(title), tconst) for said in TELLING for title, tconst in TITLES.items()]
SAYINGS = st.one_of(st.tuples(st.sampled_from(MESSAGES), st.none()), st.sampled_from(TOLD))
SPENT = ("Nothing new keeps all of that", "I have no more")
FIXED = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FIXED
@given(sayings=st.lists(SAYINGS, min_size=30, max_size=30))
def test_nothing_told_of_is_suggested_and_nothing_twice(chat: Any, sayings: list[tuple[str, str | None]]) -> None:
    session, told, shown = chat.session(), set[str](), set[str]()
    for text, tconst in sayings:
        told |= {tconst} if tconst else set()
        reply = session.ask(text)
        if reply.kind == "recommend":
            films = set(_films(reply))
            assert not films & told, text
            assert not films & shown or any(s in reply.answer for s in SPENT), text
            shown |= films


@FIXED
@given(texts=st.lists(st.sampled_from(MESSAGES), min_size=8, max_size=8))
def test_a_conversation_goes_on_from_its_state_as_json(chat: Chat, texts: list[str]) -> None:
    session = chat.session()
    for text in texts:
        again = chat.session(State.from_json(json.loads(json.dumps(session.state.to_json()))))
        assert _untimed(again.ask(text)) == _untimed(session.ask(text))
        assert again.state == session.state


def _untimed(reply: Reply) -> Reply:
    return replace(reply, seconds=0.0)


def test_sessions_in_threads_reply_as_one_after_the_other(chat: Chat) -> None:
    talks = [[*MESSAGES[i:], *MESSAGES[:i]][:12] for i in range(16)]

    def replies(messages: Sequence[str]) -> list[Reply]:
        session = chat.session()
        return [_untimed(session.ask(m)) for m in messages]

    alone = [replies(t) for t in talks]
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(replies, talks)) == alone


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_gets_a_reply(chat: Chat, text: str) -> None:
    session = chat.session()
    for said in (text, f"a comedy like {text}", f"who directed {text}?"):
        reply = session.ask(said)
        assert reply.answer
        assert State.from_json(json.loads(json.dumps(session.state.to_json()))) == session.state
