"""The rows and passages that a query is answered from: films by name, by person, by memory, or by search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from moviechat.chat.lookup import role
from moviechat.chat.memory import Memory
from moviechat.chat.plot import own_words
from moviechat.chat.query import Query
from moviechat.chat.shelf import Shelf
from moviechat.chat.vocabulary import CREDITS
from moviechat.schema import Movie
from moviechat.words import fold, stem, tokens

HITS = 10  # looked at
NAMED = 3  # films named when none stands out
SHORT = 6  # own words of a short description
# Shares of a description's own words that the best hit must hold, and no other hit as many, to be named alone. On 300
# descriptions of films by other hands: right in 97 %; where the film is not in the catalogue, in 2 % all the same.
CONFIDENT, CONFIDENT_SHORT = 0.4, 0.6
FAINT, FEW = 0.34, 3  # a best hit that holds neither this share nor so many words has nothing to do with it
SAME_TALK = 0.5  # of a question's own words that the film just talked about must hold


@dataclass(frozen=True, slots=True)
class Found:
    """A query as it will be answered, with the films that answer it, best first, and others of their titles."""

    query: Query
    movies: tuple[Movie, ...] = ()
    namesakes: tuple[Movie, ...] = ()


def retrieve(query: Query, memory: Memory, shelf: Shelf) -> Found:
    """What `query` is answered from; where no film answers it, its `asked` says so."""
    if query.asked == "credits":
        return _credits(query, shelf)
    if query.films:
        movies = tuple(shelf.movies[t] for t in query.films)
        others = tuple(o for t in query.namesakes if _is_namesake(o := shelf.movies[t], movies, query.text))
        return Found(_reread(query, shelf), movies, others)
    if query.asked == "plot":
        return _plot(query, memory, shelf)
    if query.asked == "describe":
        return _described(query, shelf)
    return Found(query)


def _is_namesake(other: Movie, movies: Sequence[Movie], text: str) -> bool:
    """Whether `other` bears the very title of one of `movies`, and `text` does not tell them apart by a year."""
    same = [m for m in movies if fold(m.title) in (fold(other.title), fold(other.original_title))]
    return any(m.year == other.year or str(m.year) not in text for m in same)


def _credits(query: Query, shelf: Shelf) -> Found:
    asked = [f for f in CREDITS if f in query.facts] or CREDITS
    genres = {stem(word) for word in query.rest}
    movies = [m for m in shelf.movies.values() if any(p in getattr(m, f) for f in asked for p in query.people)]
    fitting = [m for m in movies if genres <= {stem(g) for g in m.genres}]
    ordered = tuple(sorted(fitting or movies, key=lambda m: (-m.votes, m.tconst)))
    other = [f for f in query.facts if f not in CREDITS and f != "role"]
    if other and ordered:  # "how long is the Bong Joon Ho film?"
        return Found(replace(query, asked="fact", facts=tuple(other), people=()), ordered[:3])
    return Found(query, ordered)


def _reread(query: Query, shelf: Shelf) -> Query:
    # "Who plays the piano in Green Book?" asks for no role when no role is called so.
    if query.facts != ("role",) or not query.rest or any(role(shelf.movies[t], query) for t in query.films):
        return query
    named = all(w[0].isupper() for w in query.rest)
    return query if named else replace(query, asked="plot", facts=())


def _plot(query: Query, memory: Memory, shelf: Shelf) -> Found:
    wanted = own_words(query.text)
    last = [shelf.movies[film.tconst] for film in memory.films[:1]]
    if wanted and last and _held(wanted, last[0], shelf) >= SAME_TALK * len(wanted):
        return Found(query, tuple(last))
    movies, confident = _search(query, shelf)
    return Found(query, movies[:1]) if confident else Found(replace(query, asked="which_film"))


def _described(query: Query, shelf: Shelf) -> Found:
    movies, confident = _search(query, shelf)
    if not movies:
        return Found(replace(query, asked="not_found"))
    if confident and query.facts:  # "who directed the film where a bus is lost in the jungle?"
        return Found(replace(query, asked="fact"), movies[:1])
    return Found(query, movies[:1] if confident else movies[:NAMED])


def _search(query: Query, shelf: Shelf) -> tuple[tuple[Movie, ...], bool]:
    """The films found, best first, none if even the best is far off; and whether the first stands out."""
    wanted = own_words(query.text)
    movies = tuple(shelf.movies[hit.tconst] for hit in shelf.finder.search(query.text, HITS))
    held = [_held(wanted, movie, shelf) for movie in movies]
    best = max(held, default=0)
    if best < min(max(FAINT * len(wanted), 1), FEW):
        return (), False
    enough = max((CONFIDENT if len(wanted) > SHORT else CONFIDENT_SHORT) * len(wanted), 2)
    return movies, held[0] >= enough and held[0] > max(held[1:], default=0)


def _held(wanted: set[str], movie: Movie, shelf: Shelf) -> int:
    """How many of the stems `wanted` stand in the film's texts, names and genres."""
    texts = [p.text for p in shelf.passages.get(movie.tconst, ())]
    names = (movie.title, *movie.characters, *movie.genres, *movie.directors, *movie.cast)
    return len(wanted & {stem(t) for text in (*texts, *names) for t in tokens(text)})
