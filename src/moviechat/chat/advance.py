"""State -> State: what the conversation remembers after a turn."""

from __future__ import annotations

from dataclasses import replace

from moviechat.chat import facts
from moviechat.chat.fields import PEOPLE
from moviechat.chat.find import Result
from moviechat.chat.query import (
    AskCredits,
    AskFact,
    AskPlot,
    AskSaid,
    Compare,
    Identify,
    NotHere,
    Recommend,
    SmallTalk,
    Turn,
)
from moviechat.chat.state import REMEMBERED, State, added, with_told
from moviechat.chat.which import Which
from moviechat.schema import Movie


def advance(state: State, turn: Turn, result: Result) -> State:
    """The state after `turn` was answered with `result`; small talk changes its language at most."""
    told = turn.told
    state = replace(state, settled=added(state.settled, turn.settled)[-REMEMBERED:], which=turn.which)
    if not isinstance(turn.query, SmallTalk | Which):
        state = replace(state, last=type(turn.query).__name__)
    if turn.language != "en":
        state = replace(state, language=turn.language)
    state = with_told(state, told.seen, told.likes, told.rejected)
    named = tuple(dict.fromkeys((*told.seen, *(like.tconst for like in told.likes))))
    if named:
        state = replace(state, talked=added(state.talked, named)[-REMEMBERED:], asked=_asked(state, named))
    query, ids = result.query, tuple(m.tconst for m in result.movies)
    match query:
        case AskFact():
            state = replace(state, fields=query.fields, question="", people=_people(query, result.movies, state))
            return _talked(state, ids)
        case AskPlot():
            return _talked(replace(state, fields=(), question=query.question, people=_makers(result.movies)), ids)
        case Compare():
            best = _best(query, result.movies)
            return replace(_talked(state, ids), focus=best or ids[-1:], fields=(query.field,), question="", listed=ids)
        case AskCredits():
            people = query.people or state.people
            return replace(
                state,
                people=people,
                listed=ids or state.listed,
                focus=ids[:1] or state.focus,
                talked=added(state.talked, reversed(ids[:5])),
                run=ids[:1],
            )
        case Identify():
            return replace(_talked(state, ids[:1]), focus=ids[:1], listed=ids, people=_makers(result.movies[:1]))
        case Recommend():
            return _wished(state, query, ids, result)
        case SmallTalk() if named:
            return replace(state, focus=named[-1:])
        case AskSaid() if ids:
            return replace(state, focus=ids[-1:], listed=query.among, talked=added(state.talked, ids))
        case Which():
            return replace(state, which=query)
        case NotHere():
            return replace(state, focus=())
        case _:
            return state


def _talked(state: State, ids: tuple[str, ...]) -> State:
    # Films from elsewhere end the reference of "the first one" to a list.
    listed = state.listed if set(ids) <= set(state.listed) else ids if len(ids) > 1 else ()
    talked, run = (added(films, ids)[-REMEMBERED:] for films in (state.talked, state.run))
    return replace(state, focus=ids, listed=listed, talked=talked, asked=_asked(state, ids), run=run)


def _asked(state: State, ids: tuple[str, ...]) -> tuple[str, ...]:
    """The films mentioned so far, in the order of their first mention."""
    return tuple(dict.fromkeys((*state.asked, *ids)))[:REMEMBERED]


def _wished(state: State, query: Recommend, ids: tuple[str, ...], result: Result) -> State:
    earlier = state.wishes
    if state.wish is not None and state.wish != query.wish:
        earlier = (*earlier, state.wish)[-REMEMBERED:]
    people = tuple(c.person for c in query.wish.limits.people) or (
        _makers(result.movies) if len(ids) == 1 else state.people
    )
    return replace(
        state,
        wish=query.wish,
        wishes=earlier,
        shown=added(state.shown, ids),
        listed=ids or state.listed,
        focus=ids[:1] or state.focus,
        people=people,
        run=(),
    )


def _people(query: AskFact, movies: tuple[Movie, ...], state: State) -> tuple[str, ...]:
    if query.claim and query.claim.people:
        return query.claim.people
    named = [p for f in query.fields if f in PEOPLE for m in movies for p in m.persons(f)[: 1 if f == "cast" else None]]
    return tuple(dict.fromkeys(named)) or _makers(movies)


def _makers(movies: tuple[Movie, ...]) -> tuple[str, ...]:
    return movies[0].persons("directors") if movies else ()


def _best(query: Compare, movies: tuple[Movie, ...]) -> tuple[str, ...]:
    valued = [(v, m) for m in movies if (v := facts.number(m, query.field)) is not None]
    if not valued:
        return ()
    chosen = max(valued, key=lambda f: f[0]) if query.up else min(valued, key=lambda f: f[0])
    return (chosen[1].tconst,)
