"""Drafts in a conversation: what is asked, of which films."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.draft import Draft
from moviechat.chat.known import Known
from moviechat.chat.query import (
    AskCredits,
    AskFact,
    AskPlot,
    Claim,
    Compare,
    Identify,
    NotHere,
    NotKnown,
    Query,
    Recommend,
    SmallTalk,
    Turn,
    Unclear,
)
from moviechat.chat.resolve import resolve
from moviechat.chat.state import State
from moviechat.chat.wish import Wish
from moviechat.limits import Limits

NOTHING = State()
PARASITE = State(focus=("tt01",), talked=("tt01",), fields=("directors",), people=("Bong Joon Ho",), last="AskFact")


@pytest.fixture
def turn(drafted: Callable[..., Draft], known: Known) -> Callable[..., Turn]:
    """The turn that a message of an intent is: `turn(text, intent, state)`."""

    def after(text: str, intent: str, state: State = NOTHING) -> Turn:
        draft = drafted(
            text, intent, focus=bool(state.focus), people=bool(state.people), fields=state.fields, wish=bool(state.wish)
        )
        return resolve(draft, state, known)

    return after


Turned = Callable[..., Turn]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("how long is Soul?", AskFact(("tt12",), ("runtime",))),
        ("how long is it?", AskFact(("tt01",), ("runtime",))),
        ("who directed it and when did it come out?", AskFact(("tt01",), ("directors", "year"))),
        ("what about Soul?", AskFact(("tt12",), ("directors",))),
        ("Soul", AskFact(("tt12",))),
    ],
)
def test_facts_of_a_film(turn: Turned, text: str, query: Query) -> None:
    assert turn(text, "fact", PARASITE).query == query


def test_a_claim_is_to_be_confirmed(turn: Turned) -> None:
    query = turn("did Jordan Peele direct it?", "fact", PARASITE).query
    assert isinstance(query, AskFact)
    assert query.claim is not None
    assert (query.films, query.claim.people, query.fields) == (("tt01",), ("Jordan Peele",), ("directors",))
    amount = turn("is it longer than two hours?", "fact", PARASITE).query
    assert isinstance(amount, AskFact)
    assert amount.claim is not None
    assert [(a.field, a.low) for a in amount.claim.amounts] == [("runtime", 121.0)]


def test_a_part_is_asked_for(turn: Turned) -> None:
    query = turn("who plays Arthur Fleck in Joker?", "fact").query
    assert isinstance(query, AskFact)
    assert (query.films, query.fields, query.part) == (("tt03",), ("role",), "Arthur Fleck")


def test_the_last_question_is_asked_of_a_plot_too(turn: Turned) -> None:
    state = State(focus=("tt01",), question="where is parasite set?", talked=("tt01",))
    assert turn("what about Soul?", "fact", state).query == AskPlot(("tt12",), "where is parasite set?")


def test_nothing_under_talk_is_asked_for(turn: Turned) -> None:
    assert turn("how long is it?", "fact").query == Unclear("film")
    assert turn("what is it about?", "plot").query == Unclear("film")
    assert turn("which is longer?", "compare").query == Unclear("list")


def test_what_is_on_no_record_of_no_film(turn: Turned) -> None:
    assert turn("what is on netflix?", "fact").query == NotKnown(("streaming",))


@pytest.mark.parametrize("intent", ["fact", "plot"])
def test_a_film_that_is_not_here(turn: Turned, intent: str) -> None:
    query = turn("who directed Pulp Fiction?", intent, PARASITE).query
    assert isinstance(query, NotHere)
    assert [o.year for o in query.outside] == [1994]


def test_a_person_that_is_not_here(turn: Turned) -> None:
    for intent in ("wish", "credits"):
        assert turn("films starring Jordan Craig", intent).query == NotHere("Jordan Craig", person=True)


def test_comparisons(turn: Turned) -> None:
    assert turn("which is longer, Soul or Joker?", "compare").query == Compare(("tt12", "tt03"), "runtime", up=True)
    state = State(focus=("tt01",), listed=("tt01", "tt03"), talked=("tt01", "tt03"))
    assert turn("which is older?", "compare", state).query == Compare(("tt01", "tt03"), "year", up=False)
    query = turn("is Soul better rated?", "compare", PARASITE).query
    assert isinstance(query, Compare)
    assert (set(query.films), query.field) == ({"tt12", "tt01"}, "rating")


def test_credits(turn: Turned) -> None:
    assert turn("what films has Jordan Peele directed?", "credits").query == AskCredits(("Jordan Peele",), "directors")
    counted = turn("how many films with Ana de Armas do you have?", "credits").query
    assert isinstance(counted, AskCredits)
    assert (counted.people, counted.count) == (("Ana de Armas",), True)
    other = turn("what else did he direct?", "credits", PARASITE).query
    assert isinstance(other, AskCredits)
    assert (other.people, other.without) == (("Bong Joon Ho",), ("tt01",))
    most = turn("who has directed the most horror films?", "credits").query
    assert isinstance(most, AskCredits)
    assert (most.most, most.limits) == (True, Limits(genres_all=("Horror",)))


def test_plots_and_half_remembered_films(turn: Turned) -> None:
    assert turn("what happens in it?", "plot", PARASITE).query == AskPlot(("tt01",), "what happens in it?")
    text = "a film where a bus gets lost in the jungle"
    assert turn(text, "identify").query == Identify(text)
    assert turn(text, "plot").query == Identify(text)


def test_a_wish_and_what_is_told_besides(turn: Turned) -> None:
    done = turn("a comedy, I have seen Soul", "wish")
    assert isinstance(done.query, Recommend)
    assert done.query.wish.limits == Limits(genres_all=("Comedy",))
    assert done.told.seen == ("tt12",)


def test_what_is_told_is_noted_or_goes_on_with_a_wish(turn: Turned) -> None:
    noted = turn("I have seen Soul", "told")
    assert (noted.query, noted.told.seen) == (SmallTalk("noted"), ("tt12",))
    state = State(wish=Wish(Limits(genres_all=("Comedy",))), listed=("tt12",), focus=("tt12",))
    going_on = turn("I have seen Soul", "told", state)
    assert isinstance(going_on.query, Recommend)
    assert going_on.query.wish.limits == Limits(genres_all=("Comedy",))


def test_small_talk_and_what_was_not_understood(turn: Turned) -> None:
    assert isinstance(turn("hello", "smalltalk").query, SmallTalk)
    assert turn("wibble wobble", "unclear").query == Unclear("all")


def test_the_best_of_a_persons_films_is_a_wish(turn: Turned) -> None:
    query = turn("of the films with Ana de Armas, which is the best?", "credits").query
    assert isinstance(query, Recommend)
    assert ([c.name for c in query.wish.limits.people], query.wish.order) == (["Ana de Armas"], "rating")


def test_a_claim_about_several_films_is_answered_for_each(turn: Turned) -> None:
    listed = State(focus=("tt01",), listed=("tt01", "tt03"), talked=("tt03", "tt01"))
    query = turn("is Ana de Armas in all of them?", "credits", listed).query
    assert query == AskFact(("tt01", "tt03"), (), Claim(people=("Ana de Armas",)))


def test_a_film_of_another_year_is_not_here(turn: Turned) -> None:
    assert turn("who directed Soul from 1984?", "fact").query == NotHere("Soul", (), ("tt12",))
    assert turn("who directed Soul from 2020?", "fact").query == AskFact(("tt12",), ("directors",), apart=True)


def test_the_language_of_a_turn_is_kept(turn: Turned) -> None:
    assert turn("quién dirigió Soul y cuánto dura", "fact").language == "es"
    assert turn("who directed Soul?", "fact").language == "en"


def test_films_by_the_same_director_are_wished_for(turn: Turned) -> None:
    asked = State(focus=("tt01",), talked=("tt01",), fields=("countries",), last="AskFact")
    query = turn("other ones from this same director that you have", "credits", asked).query
    assert isinstance(query, Recommend) and query.director_of == "tt01"


def test_another_film_of_somebody_is_looked_for_in_theirs(turn: Turned) -> None:
    query = turn("did he do that train one as well", "identify", PARASITE).query
    assert isinstance(query, Identify)
    assert (query.people, query.theirs, query.without) == (("Bong Joon Ho",), True, ("tt01",))


@pytest.mark.parametrize("text", ["so who did?", "together with who"])
def test_who_alone_asks_the_last_question_again(text: str, turn: Turned) -> None:
    asked = State(focus=("tt01",), talked=("tt01",), fields=("writers",), last="AskFact")
    assert turn(text, "fact", asked).query == AskFact(("tt01",), ("writers",))


def test_a_genre_narrows_the_films_of_who_is_named(turn: Turned) -> None:
    query = turn("a drama by Bong Joon Ho, i forgot the name", "identify").query
    assert isinstance(query, Identify)
    assert (query.people, query.theirs, query.limits) == (("Bong Joon Ho",), True, Limits(genres_all=("Drama",)))
