"""Result -> sentences: facts, recommendations, plots, or that something is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import assert_never

import moviechat.chat.facts as facts
import moviechat.chat.smalltalk as smalltalk
from moviechat.chat import bearers, claims, plots, remembering
from moviechat.chat.facts import Facts, listed
from moviechat.chat.fields import BY_NAME, PEOPLE
from moviechat.chat.find import Result
from moviechat.chat.known import Known
from moviechat.chat.query import (
    AskCredits,
    AskFact,
    AskPlot,
    AskSaid,
    Compare,
    Identify,
    NotHere,
    NotKnown,
    Recommend,
    SmallTalk,
    Unclear,
)
from moviechat.chat.said import Said
from moviechat.chat.shelf import Shelf
from moviechat.chat.suggest import suggested
from moviechat.chat.which import Which
from moviechat.reply import ReplyKind, Source
from moviechat.schema import Movie
from moviechat.words import sentences

FILMS_LISTED = 10
NAMED = 4  # of the people of one name
PLOTS = 2  # maximum films whose plots one answer tells
_NUMBERS = {2: "two", 3: "three", 4: "four"}


def answer(result: Result, shelf: Shelf) -> Iterator[Said]:
    """The answer's sentences, in order."""
    query = result.query
    match query:
        case AskFact():
            yield from chain.from_iterable(_facts(movie, query, shelf) for movie in result.movies)
            yield from _namesakes(result)
        case Compare():
            yield claims.compare(result.movies, query)
        case AskPlot():
            yield from chain.from_iterable(_plot(movie, result, query, shelf) for movie in result.movies[:PLOTS])
            yield from _namesakes(result)
        case AskCredits():
            yield from _most(result, query) if query.most else _credits(result, query, shelf.known)
            yield from _others(result, shelf.known)
        case Identify():
            yield from _identified(result, query, shelf)
        case Recommend():
            yield from _others(result, shelf.known)
            yield from suggested(result, shelf.movies.get(query.director_of))
        case AskSaid():
            yield from remembering.answered(query, result.movies)
        case NotHere():
            yield _not_here(result, query, shelf)
        case NotKnown():
            yield Said(_not_known(query), ())
        case SmallTalk():
            yield Said(_talk(query, shelf), ())
        case Which():
            yield _which(result, query, shelf.known)
        case Unclear():
            yield Said(_unclear(query), ())
        case _:
            assert_never(query)


def kind(result: Result, said: list[Said]) -> ReplyKind:
    """The kind of a reply."""
    claimed = any(s.sources for s in said)
    match result.query:
        case AskFact() | Compare() | AskCredits():
            return "fact" if claimed else "unknown"
        case AskPlot():
            return "plot" if claimed else "unknown"
        case Identify():
            return "similar" if result.movies else "unknown"
        case Recommend():
            return "recommend"
        case AskSaid():
            return "fact" if claimed else "smalltalk"
        case SmallTalk():
            return "smalltalk"
        case _:
            return "unknown"


def catalogue(shelf: Shelf) -> str:
    """How the chat describes its catalogue: "11,940 films of 2019 to 2022"."""
    years = sorted({m.year for m in shelf.movies.values()})
    span = "" if not years else f" of {years[0]}" if len(years) == 1 else f" of {years[0]} to {years[-1]}"
    return f"{len(shelf.movies):,} film{'' if len(shelf.movies) == 1 else 's'}{span}"


def _facts(movie: Movie, query: AskFact, shelf: Shelf) -> Iterator[Said]:
    known: Facts = shelf.facts.get(movie.tconst, {})
    if query.claim and (query.claim.people or query.claim.genres or query.claim.amounts):
        yield from claims.answer_claim(movie, query, known, shelf.known.name)
    elif not query.fields:
        yield facts.overview(movie)
        yield from _opening(movie, shelf)
    else:
        for name in query.fields:
            told = plots.beside(shelf.passages.get(movie.tconst, ()), name) if name in plots.BESIDE else []
            yield from told or [claims.role(movie, query.part) if name == "role" else facts.say(movie, name, known)]


def _opening(movie: Movie, shelf: Shelf) -> Iterator[Said]:
    """The first sentence of the film's description."""
    for passage in shelf.passages.get(movie.tconst, ())[:1]:
        told = sentences(passage.text)[:1]
        yield from (Said(s, (Source(movie.tconst, "description", s, passage.url, passage.license),)) for s in told)


def _namesakes(result: Result) -> Iterator[Said]:
    if result.namesakes and len(result.movies) == 1:
        others = listed([_told_apart(m) for m in result.namesakes[:3]])
        has = "has" if len(result.namesakes) == 1 else "have"
        yield Said(f"({others} {has} the same title.)", ())


def _others(result: Result, known: Known) -> Iterator[Said]:
    """The people who have the name of one that was taken for the best known."""
    if result.others:
        told = listed([bearers.in_words(person, known) for person in result.others[:NAMED]])
        has = "has" if len(result.others) == 1 else "have"
        yield Said(f"({told[0].upper()}{told[1:]} {has} the same name.)", ())


def _which(result: Result, query: Which, known: Known) -> Said:
    people = [bearers.in_words(person, known) for person in query.people[:NAMED]]
    more = len(query.people) - NAMED
    people += [f"{more} more"] if more > 0 else []
    number = _NUMBERS.get(len(query.people), str(len(query.people)))
    sources = [Source(m.tconst, known.part(p), query.name) for p, m in zip(query.people, result.movies, strict=True)]
    return Said(f"There are {number} people called {query.name}: {listed(people)}. Which one?", tuple(sources))


def _told_apart(movie: Movie) -> str:
    return f"{movie.label} by {listed(movie.directors)}" if movie.directors else movie.label


def _plot(movie: Movie, result: Result, query: AskPlot, shelf: Shelf) -> Iterator[Said]:
    passages = [p for p in shelf.passages.get(movie.tconst, ()) if p.text.strip()]
    if len(result.movies) > 1:
        yield Said(f"{movie.label}:", ())
    if not passages:
        yield Said(f"I don't know: there is no description of {movie.label} in the catalogue.", ())
        yield facts.overview(movie)
        return
    yield from plots.answer(query.question, movie, passages, shelf)


def _credits(result: Result, query: AskCredits, known: Known) -> Iterator[Said]:
    names = listed([known.name(person) for person in query.people])
    did = BY_NAME[query.role].did if query.role else "worked on"
    if not result.movies:
        besides = "no other film" if query.without else "no film"
        yield Said(f"I know {besides} that {names} {did}.", ())
        return
    shown = [
        f"{m.label} ({_credit(m, query)})" if query.role is None else m.label for m in result.movies[:FILMS_LISTED]
    ]
    more = len(result.movies) - FILMS_LISTED
    shown += [f"{more} more"] if more > 0 else []
    sources = tuple(
        Source(m.tconst, f, known.name(p))
        for m in result.movies[:FILMS_LISTED]
        for p in query.people
        for f in _fields(m, p, query)
    )
    number = len(result.movies)
    count = f"{number} film{'' if number == 1 else 's'}" if query.count or number > 1 else "1 film"
    other = " other" if query.without else ""
    yield Said(f"{names} {did} {count.replace(' film', f'{other} film')} here: {listed(shown)}.", sources)


def _fields(movie: Movie, person: str, query: AskCredits) -> list[str]:
    return [query.role] if query.role else facts.credited(movie, person)


def _credit(movie: Movie, query: AskCredits) -> str:
    labels = {f: BY_NAME[f].label for f in PEOPLE} | {"cast": "actor"}
    return ", ".join(dict.fromkeys(labels[f] for p in query.people for f in facts.credited(movie, p)))


def _most(result: Result, query: AskCredits) -> Iterator[Said]:
    role = BY_NAME[query.role or "directors"]
    if not result.most:
        yield Said("I know no film of that kind.", ())
        return
    told = listed([f"{name} ({count})" for name, count in result.most])
    yield Said(f"Most films here name {told} as {role.label}.", tuple(Source("", role.name, n) for n, _ in result.most))


def _identified(result: Result, query: Identify, shelf: Shelf) -> Iterator[Said]:
    if not result.movies:
        yield Said(f"I know no film like that among the {catalogue(shelf)}.", ())
        return
    labels = [m.label for m in result.movies]
    sources = tuple(s for m in result.movies for s in _resemblance(m, query.text, shelf))
    if result.sure or len(labels) == 1:
        others = f" If not, it may be {' or '.join(labels[1:])}." if labels[1:] else ""
        yield Said(f"That sounds like {labels[0]}.{others}", sources)
    else:
        yield Said(f"It may be {', '.join(labels[:-1])} or {labels[-1]}.", sources)
    if query.fields:
        known = shelf.facts.get(result.movies[0].tconst, {})
        yield from (facts.say(result.movies[0], name, known) for name in query.fields)


def _resemblance(movie: Movie, text: str, shelf: Shelf) -> tuple[Source, ...]:
    return plots.resemblance(text, shelf.passages.get(movie.tconst, ())) or (
        Source(movie.tconst, "title", movie.title),
    )


def _not_here(result: Result, query: NotHere, shelf: Shelf) -> Said:
    if query.person:
        return Said(
            f"I know no film with {query.name}: that name is not among the people of the {catalogue(shelf)} here.", ()
        )
    name = query.outside[0].title if query.outside else query.name
    year = f" ({query.outside[0].year})" if query.outside else ""
    near = f" I do have {listed([m.label for m in result.movies[:3]])}." if result.movies else ""
    text = f"I don't know the film {name}{year}: it is not among the {catalogue(shelf)} in my catalogue.{near}"
    return Said(text, ())


def _not_known(query: NotKnown) -> str:
    labels = [BY_NAME[f].label for f in query.fields]
    none = f"I can't tell: the catalogue has no information on {listed(labels)}."
    return f"{none} Name a film, and I tell what is on record."


def _talk(query: SmallTalk, shelf: Shelf) -> str:
    said = smalltalk.reply(query.topic, catalogue(shelf))
    if query.topic in ("offtopic", "help", "greeting", "identity") and smalltalk.speaks(query.language):
        return f"{said} {smalltalk.elsewhere(query.language)}"
    return said


def _unclear(query: Unclear) -> str:
    if smalltalk.speaks(query.language):
        return smalltalk.elsewhere(query.language)
    match query.which:
        case "film":
            return "I don't know which film you mean. Name it, or describe it in a few words."
        case "list":
            return "I don't know which films to compare. Name two of them."
        case _:
            return "I did not understand that. Do you ask about a film, look for one, or want something to watch?"
