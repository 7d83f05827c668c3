"""A turn that wants films: the wish on the table, changed, and what the turn tells of films."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moviechat.chat.draft import Draft
from moviechat.chat.known import Known
from moviechat.chat.query import Recommend
from moviechat.chat.state import State
from moviechat.chat.telling import told
from moviechat.chat.wish import Like, Wish
from moviechat.chat.wishes import wished
from moviechat.limits import Credit, Limits

HORROR = Wish(Limits(genres_all=("Horror",), runtime_max=114))
ASKED = State(wish=HORROR, focus=("tt06",), listed=("tt06", "tt05"), shown=("tt06", "tt05"), last="Recommend")


@pytest.fixture
def wish(drafted: Callable[..., Draft], known: Known) -> Callable[..., Recommend]:
    """The wish after a message: `wish(text, state)`."""

    def after(text: str, state: State = ASKED) -> Recommend:
        draft = drafted(text, "wish", wish=state.wish is not None, focus=bool(state.focus), listed=True, wished=True)
        return wished(draft, state, known, told(draft, state, known))

    return after


Wished = Callable[..., Recommend]


def test_a_first_wish_is_new(wish: Wished) -> None:
    query = wish("a war film over two hours", State())
    assert (query.change, query.wish.limits) == ("new", Limits(genres_all=("War",), runtime_min=121))
    assert query.wish.like == ()


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("shorter than 90 minutes", Limits(genres_all=("Horror",), runtime_max=89)),
        ("any length is fine", Limits(genres_all=("Horror",))),
        ("no horror please, a drama", Limits(genres_all=("Drama",), genres_not=("Horror",), runtime_max=114)),
        ("a war film instead", Limits(genres_all=("War",), runtime_max=114)),
        ("something newer", Limits(genres_all=("Horror",), runtime_max=114, year_min=2020)),
        ("better rated ones", Limits(genres_all=("Horror",), runtime_max=114, rating_min=6.1)),
    ],
)
def test_a_turn_changes_the_limits_on_the_table(wish: Wished, text: str, limits: Limits) -> None:
    query = wish(text)
    assert (query.change, query.wish.limits) == ("changed", limits)


def test_others_keep_the_wish(wish: Wished) -> None:
    query = wish("others")
    assert (query.change, query.wish.limits) == ("more", HORROR.limits)


def test_starting_over_forgets_the_wish(wish: Wished) -> None:
    query = wish("start over, I want a comedy")
    assert (query.change, query.wish.limits) == ("new", Limits(genres_all=("Comedy",)))


def test_going_back(wish: Wished) -> None:
    first, second = Wish(Limits(genres_all=("Comedy",))), Wish(Limits(genres_all=("War",)))
    state = State(wish=HORROR, wishes=(first, second))
    assert wish("go back", state).wish.limits == second.limits
    assert wish("go back to the first search", state).wish.limits == first.limits
    assert wish("back to the comedy", state).wish.limits.genres_all == ("Comedy",)
    assert wish("go back", state).change == "undone"


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("directed by Rian Johnson", Credit("Rian Johnson", "director")),
        ("starring Ana de Armas", Credit("Ana de Armas", "cast")),
        ("something by Jordan Peele", Credit("Jordan Peele", "director")),
        ("written by Jordan Peele", Credit("Jordan Peele", "writer")),
        ("a Daniel Craig film", Credit("Daniel Craig", "cast")),
    ],
)
def test_people_of_a_wish_have_roles(wish: Wished, text: str, credit: Credit) -> None:
    assert wish(text, State()).wish.limits.people == (credit,)


def test_people_leave_a_wish(wish: Wished) -> None:
    state = State(wish=Wish(Limits(people=(Credit("Daniel Craig", "cast"),))))
    assert wish("but without Daniel Craig", state).wish.limits == Limits(people_not=("Daniel Craig",))
    assert wish("the actor does not matter", state).wish.limits.people == ()


def test_the_person_under_talk_is_wanted(wish: Wished) -> None:
    state = State(people=("Jordan Peele",), focus=("tt10",))
    assert wish("anything else by him, a horror film", state).wish.limits.people == (
        Credit("Jordan Peele", "director"),
    )


def test_films_like_one(wish: Wished) -> None:
    query = wish("something like Nope", State())
    assert query.wish.like == (Like("tt10"),)
    assert wish("something like that", State(focus=("tt12",))).wish.like == (Like("tt12"),)


def test_a_loved_film_leads_and_a_hated_one_leads_away(wish: Wished) -> None:
    query = wish("I loved Joker. I hated Nope. What should I watch?", State())
    assert set(query.wish.like) == {Like("tt03"), Like("tt10", -1.0)}


def test_by_the_same_director(wish: Wished) -> None:
    query = wish("something by the same director as Parasite", State())
    assert (query.wish.limits.people, query.director_of) == ((Credit("Bong Joon Ho", "director"),), "tt01")
    assert wish("from the same year as Soul", State()).wish.limits == Limits(year_min=2020, year_max=2020)


def test_what_no_limit_can_hold_is_not_checked(wish: Wished) -> None:
    assert wish("a comedy on netflix", State()).not_checked == ("where films can be watched",)
    assert wish("a comedy", State()).not_checked == ()


def test_an_order_and_a_number_of_films(wish: Wished) -> None:
    query = wish("the 3 best rated comedies", State())
    assert (query.wish.order, query.wish.count, query.wish.limits) == ("rating", 3, Limits(genres_all=("Comedy",)))


@pytest.mark.parametrize(
    ("text", "change"), [("others?", "more"), ("seen those", "more"), ("all of it in one if possible", "changed")]
)
def test_only_who_asks_for_more_gets_more(text: str, change: str, wish: Wished) -> None:
    assert wish(text).change == change


def test_another_by_the_same_director_keeps_the_director(wish: Wished) -> None:
    query = wish("another one by the same director", State(focus=("tt01",), talked=("tt01",), people=("Bong Joon Ho",)))
    assert (query.wish.limits.people, query.wish.limits.people_not) == ((Credit("Bong Joon Ho", "director"),), ())


def test_some_of_the_films_of_somebody(wish: Wished) -> None:
    asked = State(focus=("tt01",), listed=("tt01",), people=("Bong Joon Ho",), last="AskCredits")
    limits = wish("one of those that is a comedy", asked).wish.limits
    assert (limits.people, limits.genres_all) == ((Credit("Bong Joon Ho"),), ("Comedy",))
