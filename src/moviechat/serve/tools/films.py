"""What each tool does, on a chat: exact search, one film's record, films for a wish, films like another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from moviechat.chat import Chat
from moviechat.chat.exports import Entry
from moviechat.chat.history import Catalogue
from moviechat.chat.recommend import Picked, recommend
from moviechat.chat.relax import Relaxation
from moviechat.chat.state import State
from moviechat.chat.wish import Like, Wish
from moviechat.errors import DataError
from moviechat.limits import Limits
from moviechat.schema import Movie
from moviechat.serve.finding import namesakes
from moviechat.serve.tools.schema import Film, Found, Record, Text, WayOut

LISTED = 8  # namesakes that are told


class Tools:
    """The tools over `chat`; each raises DataError for what cannot be, in a sentence."""

    def __init__(self, chat: Chat) -> None:
        self._chat, self._shelf = chat, chat.shelf
        self._catalogue = Catalogue(chat.shelf.movies)

    def search(self, query: str, limits: Limits, limit: int) -> Found:
        """Films that a description fits, best first, all within `limits`."""
        found = self._chat.explain(query, limit, limits or None)
        films = [_film(self._shelf.movies[f.hit.tconst]) for f in found]
        if films or not limits:
            note = self._namesakes(limits) if films else "Nothing found: describe the film in other words."
            return Found(films=films, note=note)
        return self._none(limits, recommend(Wish(limits=limits), self._shelf))

    def film(self, title: str, year: int | None) -> Record:
        """The record of the film called `title` (or with that id)."""
        movie = self._called(title, year)
        names = [m for m in self._shelf.movies.values() if m.title == movie.title and m != movie]
        texts = self._shelf.passages.get(movie.tconst, ())
        return Record(
            **_film(movie).model_dump(),
            original_title=movie.original_title,
            writers=list(movie.writers),
            cast=list(movie.cast),
            characters=list(movie.characters),
            composers=list(movie.composers),
            facts={name: list(values) for name, values in self._shelf.facts.get(movie.tconst, {}).items()},
            texts=[Text(text=p.text, source=p.source, url=p.url, license=p.license) for p in texts],
            others=[f"{m.label} by {', '.join(m.directors)}, {m.tconst}" for m in names[:LISTED]],
        )

    def recommend(self, wish: str, limits: Limits, liked: Sequence[str], seen: Sequence[str], count: int) -> Found:
        """Films for a wish in words, like those `liked`, without those `seen`; what the words limit is kept, too."""
        likes = tuple(Like(self._called(name).tconst) for name in liked)
        known = {m.tconst for name in seen if isinstance(m := self._found(name), Movie)}
        understood = self._understood(wish)
        both = Limits.from_json(understood.limits.to_json() | limits.to_json())
        asked = replace(understood, limits=both, like=(*understood.like, *likes), count=count)
        return self._picked(asked, known)

    def similar(self, title: str, year: int | None, limits: Limits, count: int) -> Found:
        """Films like the one called `title`."""
        like = Like(self._called(title, year).tconst)
        return self._picked(Wish(limits=limits, like=(like,), count=count), ())

    def _understood(self, wish: str) -> Wish:
        if not wish.strip():
            return Wish()
        session = self._chat.session(State())
        session.overhear(f"Recommend me something: {wish}")
        if (which := session.state.which) and not which.taken:
            session.overhear("any of them")  # of a name that several people have
        return session.state.wish or Wish(words=wish)

    def _picked(self, wish: Wish, known: Iterable[str]) -> Found:
        picked = recommend(wish, self._shelf, exclude=frozenset(known))
        if not picked.picks:
            return self._none(wish.limits, picked)
        films = [_film(p.movie, p.reason or None) for p in picked.picks]
        return Found(films=films, total=picked.total, note=self._namesakes(wish.limits))

    def _namesakes(self, limits: Limits) -> str:
        """Who may be meant by a name of several people."""
        return "".join(f"{told}." for told in namesakes(self._chat, limits))

    def _none(self, limits: Limits, picked: Picked) -> Found:
        unknown = {v: near for values in self._shelf.finder.unknown(limits).values() for v, near in values.items()}
        missing = [f"no film has {v!r}" + (f" (but {', '.join(n)})" if n else "") for v, n in unknown.items()]
        ways = [_way(r) for r in picked.relaxed]
        told = [f"without {json.dumps(w.give_up)} there are {w.films}" for w in ways[:1]]
        note = "; ".join(["No film of the catalogue keeps every limit", *missing, *told])
        return Found(films=[], total=0, note=f"{note}.", relax=ways)

    def _called(self, title: str, year: int | None = None) -> Movie:
        """The film that is meant; of namesakes the one with the most votes."""
        found = self._found(title, year)
        if isinstance(found, Movie):
            return found
        hits = self._chat.search(title, 1)
        hint = f": did you mean {hits[0].title} ({hits[0].year})?" if hits else ""
        raise DataError(f"{title!r}: {found}{hint}")

    def _found(self, title: str, year: int | None = None) -> Movie | str:
        if title in self._shelf.movies:
            return self._shelf.movies[title]
        entry = Entry("", 0, title, year) if year else _entry(title)
        found = self._catalogue.find(entry)
        same = [m for m in self._catalogue.called(entry.title) if entry.year in (None, m.year)]
        return max(same, key=lambda m: m.votes) if isinstance(found, str) and same else found


def _entry(title: str) -> Entry:
    from moviechat.chat.exports import parse

    return parse("title", title.encode("utf-8", "replace")).entries[0]


def _film(movie: Movie, reason: str | None = None) -> Film:
    return Film(
        tconst=movie.tconst,
        title=movie.title,
        year=movie.year,
        runtime=movie.runtime,
        genres=list(movie.genres),
        rating=movie.rating,
        votes=movie.votes,
        directors=list(movie.directors),
        reason=reason,
    )


def _way(relaxation: Relaxation) -> WayOut:
    best = [m.label for m in relaxation.best]
    return WayOut(give_up=relaxation.given_up.to_json(), films=relaxation.count, best=best)
