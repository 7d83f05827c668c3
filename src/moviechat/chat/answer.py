"""What is said to a query: sentences of the table, of the language model, or that nothing is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

import moviechat.chat.lookup as lookup
import moviechat.chat.plot as plot
import moviechat.chat.smalltalk as smalltalk
from moviechat.chat.lookup import Said, listed
from moviechat.chat.plot import Written
from moviechat.chat.query import Asked
from moviechat.chat.retrieve import Found
from moviechat.chat.shelf import Shelf
from moviechat.grounding import Record, support
from moviechat.reply import ReplyKind, Source
from moviechat.schema import Movie

PLOTS = 2  # films whose plots one answer tells

KINDS: dict[Asked, ReplyKind] = {
    "smalltalk": "smalltalk",
    "fact": "fact",
    "overview": "fact",
    "credits": "fact",
    "plot": "plot",
    "describe": "similar",
    "unknown_title": "unknown",
    "which_film": "unknown",
    "not_found": "unknown",
}


def answer(found: Found, shelf: Shelf) -> Iterator[Said | Written]:
    """The answer's parts, in order: sentences of the table, and what the language model writes."""
    match found.query.asked:
        case "smalltalk":
            yield Said(smalltalk.reply(found.query.topic, catalogue(shelf)), ())
        case "fact":
            yield from chain.from_iterable(lookup.facts(movie, found.query) for movie in found.movies)
        case "overview":
            yield from map(lookup.overview, found.movies)
        case "credits":
            yield from lookup.credits(found.query.people, found.query.facts, found.movies)
        case "plot":
            yield from chain.from_iterable(_plot(movie, found, shelf) for movie in found.movies[:PLOTS])
        case "describe":
            yield _similar(found, shelf)
        case _:
            yield Said(_unknown(found, shelf), ())
    if found.namesakes:
        yield _which_was_meant(found)


def catalogue(shelf: Shelf) -> str:
    """How the chat calls what it knows: "11,940 films of 2019 to 2022"."""
    years = sorted({m.year for m in shelf.movies.values()})
    span = "" if not years else f" of {years[0]}" if len(years) == 1 else f" of {years[0]} to {years[-1]}"
    return f"{len(shelf.movies):,} film{'' if len(shelf.movies) == 1 else 's'}{span}"


def check(parts: Iterable[Said | Written]) -> Iterator[Said]:
    """The parts as they may be given: the language model's only as far as the film's record supports them."""
    for part in parts:
        if isinstance(part, Written):
            yield from plot.check_written(part)
        else:
            yield part


def _plot(movie: Movie, found: Found, shelf: Shelf) -> Iterator[Said | Written]:
    passages = [p for p in shelf.passages.get(movie.tconst, ()) if p.text.strip()]
    if len(found.movies) > 1:
        yield Said(f"{movie.label}:", ())
    if not passages:
        yield Said(f"I don't know: there is no description of {movie.label} in the catalogue.", ())
        return
    task = plot.Task(found.query.question, found.query.masked, movie, passages)
    yield plot.write(shelf.model, task, shelf.max_new_tokens)


def _similar(found: Found, shelf: Shelf) -> Said:
    labels = [m.label for m in found.movies]
    text = (
        f"That sounds like {labels[0]}." if len(labels) == 1 else f"It may be {', '.join(labels[:-1])} or {labels[-1]}."
    )
    return Said(text, tuple(s for m in found.movies for s in _resemblance(m, found.query.text, shelf)))


def _resemblance(movie: Movie, text: str, shelf: Shelf) -> tuple[Source, ...]:
    passages = shelf.passages.get(movie.tconst, ())
    best = support(text, Record.of_texts([p.text for p in passages]))
    return (best and plot.cite(best, passages)) or (Source(movie.tconst, "title", movie.title),)


def _unknown(found: Found, shelf: Shelf) -> str:
    match found.query.asked:
        case "unknown_title":
            return (
                f"I don't know a film called {found.query.title}: it is not among the {catalogue(shelf)} that I know."
            )
        case "not_found":
            return f"I don't know a film like that: none of the {catalogue(shelf)} that I know comes near it."
        case _:
            return "I don't know which film you mean. Name it, or describe it in a few more words."


def _which_was_meant(found: Found) -> Said:
    labels = Counter(m.label for m in (*found.movies, *found.namesakes))
    meant, others = (
        listed([_told_apart(m) if labels[m.label] > 1 else m.label for m in movies])
        for movies in (found.movies, found.namesakes)
    )
    has = "has" if len(found.namesakes) == 1 else "have"
    return Said(f"(I took you to mean {meant}; {others} {has} the same title.)", ())


def _told_apart(movie: Movie) -> str:
    return f"{movie.label} by {listed(movie.directors)}" if movie.directors else f"{movie.label}, {movie.tconst}"
