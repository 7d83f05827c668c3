"""The films that a person has seen, loved, hated or wished for: rows of lists matched to the catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from moviechat.chat.exports import Entry, Parsed, parse
from moviechat.errors import DataError
from moviechat.linking.spelling import key
from moviechat.schema import Movie

LOVED = 8.0  # out of 10, and above: four stars of five
HATED = 4.0  # out of 10, and below: two stars of five
_CURRENT = "ratings.csv"  # the only file of an export with the current rating


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A row without a match, and the reason."""

    file: str
    line: int
    title: str
    year: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """The films (tconsts) of a person's lists; rows read = `matched` + unmatched.

    `wished` does not overlap with `loved`, `hated` and `seen`: a film that was seen is no longer wished for.
    """

    seen: frozenset[str] = frozenset()
    loved: frozenset[str] = frozenset()
    hated: frozenset[str] = frozenset()
    wished: frozenset[str] = frozenset()
    matched: int = 0
    unmatched: tuple[Unmatched, ...] = ()
    files: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """The number of rows read."""
        return self.matched + len(self.unmatched)

    def told(self) -> str:
        """The report in one or two sentences."""
        films = len(self.seen | self.wished)
        parts = [f"{len(self.seen)} seen", f"{len(self.loved)} loved", f"{len(self.hated)} disliked"]
        parts += [f"{len(self.wished)} wished for"] if self.wished else []
        said = f"Read {self.rows} rows: {self.matched} matched {films} films ({', '.join(parts)})"
        return f"{said}, {len(self.unmatched)} did not match." if self.unmatched else f"{said}."

    def to_json(self) -> dict[str, Any]:
        """The report as JSON; sets are sorted."""
        sets = {name: sorted(getattr(self, name)) for name in ("seen", "loved", "hated", "wished")}
        missed = [{n: getattr(u, n) for n in ("file", "line", "title", "year", "reason")} for u in self.unmatched]
        return {
            **sets,
            "rows": self.rows,
            "matched": self.matched,
            "unmatched": missed,
            "files": list(self.files),
            "ignored": list(self.ignored),
            "told": self.told(),
        }


def load(path: Path, catalogue: Catalogue) -> History:
    """The history in the file `path`; raises DataError if it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): name an export of IMDb or Letterboxd") from None
    return read(path.name, content, catalogue)


def read(name: str, content: bytes, catalogue: Catalogue) -> History:
    """The history in the bytes of a file called `name`; raises DataError if it has no films."""
    return match(parse(name, content), catalogue)


def match(parsed: Parsed, catalogue: Catalogue) -> History:
    """Each row matched to a film of `catalogue`, or kept with the reason for no match."""
    of_film: defaultdict[str, list[Entry]] = defaultdict(list)
    unmatched: list[Unmatched] = []
    for entry in parsed.entries:
        found = catalogue.find(entry)
        if isinstance(found, Movie):
            of_film[found.tconst].append(entry)
        else:
            unmatched.append(Unmatched(entry.file, entry.line, entry.title, entry.year, found))
    matched = len(parsed.entries) - len(unmatched)
    report = _sets(of_film)
    return replace(report, matched=matched, unmatched=tuple(unmatched), files=parsed.files, ignored=parsed.ignored)


def _sets(of_film: Mapping[str, Sequence[Entry]]) -> History:
    seen = {t: entries for t, e in of_film.items() if (entries := [x for x in e if not x.wished])}
    ratings = {t: _rating(entries) for t, entries in seen.items()}
    liked = {t for t, entries in seen.items() if any(e.liked for e in entries) and ratings[t] is None}
    return History(
        seen=frozenset(seen),
        loved=frozenset(liked | {t for t, r in ratings.items() if r is not None and r >= LOVED}),
        hated=frozenset(t for t, r in ratings.items() if r is not None and r <= HATED),
        wished=frozenset(of_film.keys() - seen.keys()),
    )


def _rating(entries: Iterable[Entry]) -> float | None:
    """The person's current rating: `ratings.csv` before diaries and reviews, later rows before earlier ones."""
    rated = [(e.file == _CURRENT, e.dated, at, e.rating) for at, e in enumerate(entries) if e.rating is not None]
    return max(rated)[-1] if rated else None


class Catalogue:
    """The catalogue's films, found as rows of a list name them: by id, or by title and year."""

    def __init__(self, movies: Mapping[str, Movie]) -> None:
        self._movies = movies
        self._titles: defaultdict[str, list[Movie]] = defaultdict(list)
        for movie in movies.values():
            for name in {key(t) for t in (movie.title, movie.original_title, *movie.alternative_titles)} - {""}:
                self._titles[name].append(movie)

    def find(self, entry: Entry) -> Movie | str:
        """The film that `entry` names, or the reason why there is none.

        The id decides. If the catalogue does not have it, a film of the same title and year matches only with a shared
        director. Without an id, title and year decide; the year may be one off if a person is shared or no other film
        has the title.
        """
        if entry.tconst in self._movies:
            return self._movies[str(entry.tconst)]
        named = self._named(entry)
        if entry.tconst:
            near = [m for m in named if _shares(m, entry) and _off(m, entry) <= 1]
            return near[0] if len(near) == 1 else f"{entry.tconst} is not in the catalogue"
        if not named:
            return "no film of that title in the catalogue" if entry.title else "the row names no film"
        return _by_year(named, entry)

    def called(self, title: str) -> list[Movie]:
        """The films with a title, in any spelling."""
        return self._titles.get(key(title), [])

    def _named(self, entry: Entry) -> list[Movie]:
        keys = {key(entry.title), key(entry.original)} - {""}
        return list({m.tconst: m for k in sorted(keys) for m in self._titles.get(k, ())}.values())


def _by_year(named: Sequence[Movie], entry: Entry) -> Movie | str:
    same = [m for m in named if _off(m, entry) == 0]
    shared = [m for m in same if _shares(m, entry)]
    if len(same) == 1 or len(shared) == 1:
        return shared[0] if len(shared) == 1 else same[0]
    if same:
        return f"{len(same)} films of the catalogue have that title{' and year' if entry.year else ''}"
    near = [m for m in named if _off(m, entry) == 1]
    close = [m for m in near if _shares(m, entry)] or (near if len(named) == 1 else [])
    if len(close) == 1:
        return close[0]
    years = " and ".join(str(m.year) for m in sorted(named, key=lambda m: m.year)[:3])
    return f"the catalogue's film of that title is of {years}, not {entry.year}"


def _off(movie: Movie, entry: Entry) -> int:
    """How many years the row's year is off; 0 if it has none."""
    return abs(movie.year - entry.year) if entry.year else 0


def _shares(movie: Movie, entry: Entry) -> bool:
    return bool({key(p) for p in entry.people} & {key(p) for p in (*movie.directors, *movie.writers, *movie.cast)})
