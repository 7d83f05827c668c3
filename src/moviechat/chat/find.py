"""Query -> Result: the films and texts that answer it. No limit is dropped in silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from moviechat.chat.fields import TABLE
from moviechat.chat.known import Known
from moviechat.chat.query import (
    AskCredits,
    AskFact,
    AskPlot,
    AskSaid,
    Compare,
    Identify,
    NotHere,
    Query,
    Recommend,
    Turn,
)
from moviechat.chat.recommend import Picked, recommend
from moviechat.chat.shelf import Shelf
from moviechat.chat.state import State
from moviechat.chat.which import Which
from moviechat.schema import Movie
from moviechat.words import fold

NAMED = 3  # maximum candidates for a half remembered film
_LEAD = 6.0  # minimum lead of the first film's score for it to be sure


@dataclass(frozen=True, slots=True)
class Result:
    """What answers a query: films, best first; `namesakes` with the same title; `picked` for a wish.

    `sure`: the first film found is the one that was meant; `most`: people with their number of films; `again`: all
    picked films were suggested before; `others`: people who have the name of one that was taken for the better known;
    `anew`: no film fits the last message together with the earlier ones, so the
    message is answered by itself; `lacking`: how many films have no value, by kind of limit.
    """

    query: Query
    movies: tuple[Movie, ...] = ()
    namesakes: tuple[Movie, ...] = ()
    picked: Picked | None = None
    sure: bool = False
    most: tuple[tuple[str, int], ...] = ()
    again: bool = False
    anew: bool = False
    lacking: tuple[tuple[str, int], ...] = ()
    others: tuple[str, ...] = ()


def find(turn: Turn, state: State, shelf: Shelf, known: Known, seed: int = 0) -> Result:
    """The result of a turn's query."""
    which = turn.which
    others = tuple(p for p in which.people if p != which.taken) if which else ()
    return replace(_found(turn, state, shelf, known, seed), others=others)


def _found(turn: Turn, state: State, shelf: Shelf, known: Known, seed: int) -> Result:
    query = turn.query
    match query:
        case AskSaid():
            return Result(query, tuple(shelf.movies[t] for t in query.films if t in shelf.movies))
        case AskFact() | Compare() | AskPlot():
            movies = tuple(shelf.movies[t] for t in query.films)
            told = isinstance(query, AskFact) and query.apart
            return Result(query, movies, () if told else _namesakes(movies, state, known))
        case AskCredits():
            return _credits(query, shelf, known)
        case Identify():
            return _identify(query, shelf, known)
        case Recommend():
            return _recommend(query, turn, state, shelf, seed)
        case Which():
            return Result(query, tuple(known.known_for(person) for person in query.people))
        case NotHere():
            return Result(query, tuple(shelf.movies[t] for t in query.near))
        case _:
            return Result(query)


def _namesakes(movies: tuple[Movie, ...], state: State, known: Known) -> tuple[Movie, ...]:
    """Other films with exactly this title, unless the conversation has told them apart."""
    if len(movies) != 1 or movies[0].tconst in state.talked:
        return ()
    return tuple(
        known.movies[t]
        for t in known.namesakes(movies[0].tconst)
        if fold(known.movies[t].title) == fold(movies[0].title)
    )


def _credits(query: AskCredits, shelf: Shelf, known: Known) -> Result:
    keeps = shelf.films.keeps(query.limits)
    if query.most:
        field = query.role or "directors"
        counts = Counter(p for i, m in enumerate(shelf.films.movies) if keeps[i] for p in m.persons(field))
        ranked = sorted(((known.name(p), n) for p, n in counts.items()), key=lambda found: (-found[1], found[0]))
        ranked = ranked[:NAMED]
        return Result(query, most=tuple(ranked))
    found = [m for m in known.films_of(query.people, query.role) if m.tconst not in query.without]
    kept = [m for m in found if (row := shelf.films.row(m.tconst)) is not None and keeps[row]]
    return Result(query, tuple(_once(kept, known)))


def _lacking(query: Recommend, shelf: Shelf) -> tuple[tuple[str, int], ...]:
    """The films left out because a fact is not on record, by the fact's name."""
    limits = query.wish.limits
    asked = limits.countries_any or limits.countries_not or limits.languages_any or limits.languages_not
    if not (asked or limits.age_rating_max):
        return ()
    called = {"countries": "country", "languages": "language", "age_rating": "age rating"}
    found = shelf.films.lacking(limits)
    return tuple((called[kind], count) for kind, count in found.items() if kind in called)


def _once(movies: list[Movie], known: Known) -> list[Movie]:
    kept: list[Movie] = []
    for movie in movies:
        if not any(known.same(movie.tconst, k.tconst) for k in kept):
            kept.append(movie)
    return kept


def _identify(query: Identify, shelf: Shelf, known: Known) -> Result:
    within = [replace(query.limits, people=(known.credit(person, "any"),)) for person in query.people]
    among = [shelf.finder.search(query.text, NAMED, limits) for limits in within]
    theirs, best = [h for hits in among for h in hits], shelf.finder.search(query.text, 3 * NAMED)
    found = [*theirs, *best] if query.theirs else [*best[:1], *theirs[:1], *best[1:]]
    if query.theirs and query.limits and theirs:
        found = theirs  # "crime drama by ridley scott, i forgot the name"
    hits = [h for h in found if h.tconst not in query.without]
    movies = _once([known.complete(h.tconst) for h in hits], known)[:NAMED]
    scores = [h.score for h in hits]
    sure = len(scores) == 1 or (len(scores) > 1 and scores[0] - scores[1] >= _LEAD)
    return Result(query, tuple(movies), sure=sure)


def _recommend(query: Recommend, turn: Turn, state: State, shelf: Shelf, seed: int) -> Result:
    told = turn.told
    corrected = query.change == "corrected"
    out = {
        *state.seen,
        *(() if corrected else state.talked),
        *state.rejected,
        *told.seen,
        *told.rejected,
        *(like.tconst for like in told.likes),
    }
    if not corrected and not (query.change == "new" and query.wish.order != "fit"):
        out |= set(state.shown)
    if query.director_of:
        out.add(query.director_of)
    picked = recommend(query.wish, shelf, exclude=frozenset(out), seed=seed)
    if not picked.kept and query.alone is not None:
        afresh = recommend(query.alone, shelf, exclude=frozenset(out), seed=seed)
        if afresh.picks:
            query = replace(query, wish=query.alone, alone=None)
            found = tuple(p.movie for p in afresh.picks)
            return Result(query, found, picked=afresh, anew=True, lacking=_lacking(query, shelf))
    again = query.change == "changed" and not query.others and not picked.picks and picked.kept > 0
    if again:  # films suggested for the wider wish may fit the narrower one
        known_ = (
            frozenset(out - set(state.shown))
            | set(state.seen)
            | set(state.rejected)
            | set(told.seen)
            | set(told.rejected)
        )
        picked = recommend(query.wish, shelf, exclude=frozenset(known_), seed=seed)
    return Result(
        query,
        tuple(p.movie for p in picked.picks),
        picked=picked,
        again=again and bool(picked.picks),
        lacking=_lacking(query, shelf),
    )


FIELDS = TABLE
