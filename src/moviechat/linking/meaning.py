"""Which film a title means: same titles are told apart by year, people and genre; double entries are merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from moviechat.linking.candidates import Candidate
from moviechat.linking.features import Known
from moviechat.linking.mentions import FilmMention, How, Outside
from moviechat.linking.people import surname
from moviechat.linking.spelling import tokenize
from moviechat.linking.text import Text
from moviechat.linking.titles import ALTERNATIVE, FRAGMENT, PART, TITLE, WELL_KNOWN, Titles
from moviechat.linking.vocabulary import FRAME, GENRES
from moviechat.schema import Movie
from moviechat.words import fold

_HOW: dict[int, How] = {TITLE: "exact", ALTERNATIVE: "alternative", PART: "partial", FRAGMENT: "partial"}
_COMPARED = 40  # maximum films of one title whose people are compared with the text
_EVIDENCE = 4  # minimum letters of a name that tells films apart
_APART = 1  # years: a film is also associated with the year after its release


@dataclass(frozen=True, slots=True)
class Target:
    """A film that a candidate names: a row of the catalogue or an outside film, and the kind of spelling."""

    row: int
    kind: int
    movie: Movie | None
    outside: Outside | None
    people: bool = False
    genre: bool = False

    @property
    def year(self) -> int:
        """Its year."""
        return self.movie.year if self.movie else self.outside.year if self.outside else 0

    @property
    def votes(self) -> int:
        """Its votes."""
        return self.movie.votes if self.movie else self.outside.votes if self.outside else 0


class Meanings:
    """The films that candidates of a text may mean."""

    def __init__(self, read: Text, titles: Titles, movies: Sequence[Movie]) -> None:
        self._read, self._titles, self._movies = read, titles, movies
        self._said = {w for w in read.words if len(w) >= _EVIDENCE and w not in FRAME}
        self._genres = {GENRES[w] for w in read.words if w in GENRES}

    def targets(self, c: Candidate) -> list[Target]:
        """The films that a candidate names, with the evidence in the rest of the text."""
        found: dict[int, int] = {}
        for name in c.names:
            for row, kind in self._titles.table.targets(name):
                found[row] = min(kind, found.get(row, kind))
        said = self._said - set(self._read.words[slice(*c.span)])
        rows = enumerate(sorted(found.items()))
        return _eclipsed([self._target(row, kind, said, i < _COMPARED) for i, (row, kind) in rows])

    def _target(self, row: int, kind: int, said: set[str], compared: bool) -> Target:
        if row >= self._titles.films:
            return Target(row, kind, None, self._titles.outside(row))
        movie = self._movies[row]
        genres = self._genres and {fold(g).replace("-", "") for g in movie.genres} & self._genres
        return Target(row, kind, movie, None, compared and bool(said) and _credits(movie, said), bool(genres))

    def known(self, c: Candidate, targets: Sequence[Target]) -> Known:
        """What the tables say of a candidate."""
        best = min(t.kind for t in targets)
        top = [t for t in targets if t.kind <= max(best, ALTERNATIVE)]
        plain = self._titles.plain[list(c.names)].max(axis=0)
        return Known(
            kind=best,
            votes=max(t.votes for t in top),
            years=frozenset(t.year for t in targets),
            plain=(int(plain[0]), int(plain[1])),
            people=any(t.people for t in top),
            genre=any(t.genre for t in top),
            outside=all(t.outside is not None for t in targets),
        )

    def mention(self, c: Candidate, targets: Sequence[Target], score: float) -> FilmMention:
        """The candidate as a mention."""
        ranked = self._ranked(c, targets)
        kept, near = self._kept(c, ranked)
        films, doubles = _folded([t.movie for t in kept if t.movie])
        outside = sorted({t.outside for t in kept if t.outside}, key=lambda o: (-o.votes, o.year, o.title))
        if not films and not outside and near:
            dated = self._read.dated(c.span)
            outside = [Outside(near[0].title, dated[0], 0)] if dated else []
        best = min((t.kind for t in kept), default=PART)
        how: How = "typo" if c.typos else _HOW[best]
        return FilmMention(
            span=self._read.characters(c.span),
            films=tuple(m.tconst for m in films),
            doubles=tuple(m.tconst for m in doubles),
            outside=tuple(outside),
            how=how,
            score=score,
            near=tuple(m.tconst for m in near),
        )

    def _ranked(self, c: Candidate, targets: Sequence[Target]) -> list[Target]:
        best = min(t.kind for t in targets)
        inside = min((t.kind for t in targets if t.movie), default=best)
        same = [t for t in targets if t.kind <= max(best, inside if inside == PART else best, ALTERNATIVE)]
        dated, said = self._read.dated(c.span), self._read.said(c.span).casefold()
        hashed = self._read.tagged(c.span)
        years = {int(self._read.words[i]) for i in self._read.years if not c.span[0] <= i < c.span[1]}

        def order(t: Target) -> tuple[object, ...]:
            title = t.movie.title.casefold().removeprefix("#" if hashed else "") if t.movie else ""
            tagged = hashed and t.movie is not None and t.movie.title.startswith("#")
            apart = abs(t.year - dated[0]) if dated else int(bool(years) and t.year not in years)
            return apart, not t.people, not t.genre, not tagged, t.kind, said != title, -t.votes, t.row

        return sorted(same, key=order)

    def _kept(self, c: Candidate, ranked: Sequence[Target]) -> tuple[list[Target], list[Movie]]:
        """The films that the text does not exclude, and the catalogue's films that it does."""
        kept = list(ranked)
        if dated := self._read.dated(c.span):
            fits = [t for t in ranked if t.year == dated[0]] or [t for t in ranked if abs(t.year - dated[0]) <= _APART]
            kept = fits if fits or dated[1] or self._beside(c) else kept
        elif any(t.people for t in kept):
            pass
        elif kept[0].kind >= PART:
            whole = max((t.votes for t in kept if t.outside and t.kind < PART), default=0)
            kept = [t for t in kept if t.outside or t.votes >= whole]
        return kept, _folded([t.movie for t in ranked if t.movie and t not in kept])[0]

    def _beside(self, c: Candidate) -> bool:
        """Whether a year directly follows a name ("Mulan 1998") and is not a year of a wish ("from 2021")."""
        return c.span[1] in self._read.years


def _eclipsed(targets: list[Target]) -> list[Target]:
    """The targets; beside a well-known film of the name, one without votes and people counts as a weaker spelling."""
    known = min((t.kind for t in targets if t.votes >= WELL_KNOWN), default=TITLE)
    yields = min(known + 1, FRAGMENT)
    return [replace(t, kind=yields) if t.kind < known and t.movie and _empty(t.movie) else t for t in targets]


def _empty(movie: Movie) -> bool:
    return not (movie.votes or movie.directors or movie.cast)


def _credits(movie: Movie, said: set[str]) -> bool:
    """Whether the text has the last name of a person of the film, or a word of a character's name."""
    people = (*movie.directors, *movie.cast, *movie.writers)
    parts = (t.word for name in movie.characters for t in tokenize(name))
    return any(surname(name) in said for name in people) or any(part in said for part in parts)


def _folded(films: Iterable[Movie]) -> tuple[list[Movie], list[Movie]]:
    """The films once each, and their other entries; the entry with the most votes stays."""
    kept: dict[str, Movie] = {}
    doubles: list[Movie] = []
    for movie in films:
        other = kept.setdefault(movie.film, movie)
        if movie.votes > other.votes:
            kept[movie.film], movie = movie, other
        if movie is not kept[movie.film]:
            doubles.append(movie)
    return list(kept.values()), doubles
