"""Linking: the films that a text names, and how sure that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from moviechat.retrieval.evidence import FILLED, POSSIBLE, strength
from moviechat.retrieval.lexicon import Lexicon
from moviechat.retrieval.slots import ASKING
from moviechat.retrieval.text import Mention, Text
from moviechat.retrieval.titles import ALTERNATIVE, LONGEST, PART, TITLE, Titles
from moviechat.schema import Movie
from moviechat.words import fold

How = Literal["exact", "alternative", "partial", "typo"]
_HOW: dict[int, How] = {TITLE: "exact", ALTERNATIVE: "alternative", PART: "partial"}
_WORD_TYPO, _TITLE_TYPO = 8, 6  # letters of a title of one word, of several, in which a typo is sure to be one
_SHORT = 4  # letters of a well-known title in which a typo is sure to be one
_WELL_KNOWN = 20_000  # votes: a near miss of such a title is more likely a typo than another title


@dataclass(frozen=True, slots=True)
class Link:
    """A film named by `text[span[0]:span[1]]`; `others` are the tconsts of films that the same words also name.

    `strength` grows with how sure it is that a title was meant: 1 (a rare phrase) to 4 (quoted, or with its year).
    `rows` are the places in the catalogue of the film, of its doubles and of `others`, the likeliest first; `placed`
    says that the words stand where a question has its title.
    """

    tconst: str
    title: str
    year: int
    span: tuple[int, int]
    how: How
    others: tuple[str, ...]
    strength: int
    rows: tuple[int, ...]
    placed: bool


class TitleLinker:
    """Finds the catalogue's titles in texts."""

    def __init__(self, titles: Titles, movies: Sequence[Movie], lexicon: Lexicon) -> None:
        self._titles, self._movies, self._lexicon = titles, movies, lexicon

    def link(self, read: Text) -> list[Link]:
        """The films that a text names, in its order."""
        return [link for link in self.candidates(read) if link.strength > POSSIBLE]

    def candidates(self, read: Text) -> list[Link]:
        """What `link` finds, and (with strength 0) the films that a question may name, in its order."""
        found = self._exact(read)
        if read.asks and not any(m.strength >= FILLED for m in found):
            found = _apart([*found, *self._typos(read, found)])
        return [self._link(read, m) for m in sorted(found, key=lambda m: m.first)]

    def _exact(self, read: Text) -> list[Mention]:
        spans = read.spans(LONGEST)
        names = self._titles.table.find([read.key(*s) for s in spans])
        met = [Mention(*s, (names[k],)) for s in spans if (k := read.key(*s)) in names]
        return _apart(self._weigh(read, met))

    def _weigh(self, read: Text, met: Sequence[Mention]) -> list[Mention]:
        weighed = [replace(m, strength=strength(read, m, met, self._titles, self._years(m))) for m in met]
        heard = [replace(m, strength=min(m.strength, POSSIBLE)) if self._another(read, m) else m for m in weighed]
        return [m for m in heard if m.strength >= POSSIBLE]

    def _another(self, read: Text, m: Mention) -> bool:
        """Whether a part of a title goes on as another title does: "Star Wars: A New Hope"."""
        goes_on = m.last < len(read.tokens) and read.gaps[m.last].lstrip().startswith(":")
        asks = goes_on and read.tokens[m.last].word in ASKING
        return goes_on and not asks and all(kind == PART for _, kind in self._targets(m))

    def _targets(self, m: Mention) -> list[tuple[int, int]]:
        return [target for name in m.names for target in self._titles.table.targets(name)]

    def _years(self, m: Mention) -> list[int]:
        return [self._movies[row].year for row, _ in self._targets(m)]

    def _typos(self, read: Text, taken: Sequence[Mention]) -> list[Mention]:
        strange = read.strange(self._lexicon)
        sure = [m for m in taken if m.strength > POSSIBLE]
        spans = [s for s in read.doubtful(strange) if all(m.inside(*s) or not m.overlaps(*s) for m in sure)]
        keys = {s: read.key(*s) for s in spans if not read.possessive(s[1] - 1)}
        names = defaultdict[str, list[int]](list)
        for key, name in self._titles.table.near(list(keys.values())):
            if _digits(key) == _digits(self._titles.table.keys[name]):
                names[key].append(name)
        near = [Mention(*s, tuple(names[key]), typo=True) for s, key in keys.items() if names[key]]
        return [m if self._sure(read, m, strange) else replace(m, strength=POSSIBLE) for m in self._weigh(read, near)]

    def _sure(self, read: Text, m: Mention, strange: Sequence[int]) -> bool:
        """Whether a near miss is a typo and no other title: a word that nobody writes, in a name long enough."""
        targets = self._targets(m)
        known = any(self._movies[row].votes >= _WELL_KNOWN for row, _ in targets)
        letters = _WORD_TYPO if m.last - m.first == 1 else _TITLE_TYPO
        size = len(read.key(m.first, m.last))
        whole = min(kind for _, kind in targets) < PART
        return whole and (size >= letters or (known and size >= _SHORT)) and any(m.overlaps(i, i + 1) for i in strange)

    def _link(self, read: Text, mention: Mention) -> Link:
        ranked = self._ranked(read, mention)
        movie, kind = self._movies[ranked[0][0]], ranked[0][1]
        namesakes = [self._movies[row] for row, k in ranked if k <= max(kind, ALTERNATIVE)]
        return Link(
            tconst=movie.tconst,
            title=movie.title,
            year=movie.year,
            span=read.characters(mention),
            how="typo" if mention.typo else _HOW[kind],
            others=tuple(m.tconst for m in namesakes if not _same_film(m, movie)),
            strength=mention.strength,
            rows=tuple(row for row, _ in ranked),
            placed=read.holds(mention),
        )

    def _ranked(self, read: Text, mention: Mention) -> list[tuple[int, int]]:
        """(row, kind of spelling) of the films that may be meant, likeliest first: the year decides, then the votes."""
        surest = dict(sorted(self._targets(mention), key=lambda target: -target[1]))
        year, said = read.year_said(mention, self._years(mention)), read.said(mention).casefold()

        def order(target: tuple[int, int]) -> tuple[object, ...]:
            movie = self._movies[target[0]]
            spelled = said in (movie.title.casefold(), movie.original_title.casefold())
            return abs(movie.year - year) if year else 0, target[1], not spelled, -movie.votes, movie.tconst

        return sorted(surest.items(), key=order)


def _same_film(a: Movie, b: Movie) -> bool:
    """IMDb lists some films twice: same title and year, and no other director."""
    same = fold(a.title) == fold(b.title) and a.year == b.year
    return same and (not a.directors or not b.directors or bool(set(a.directors) & set(b.directors)))


def _digits(key: str) -> str:
    return "".join(c for c in key if c.isdigit())


def _apart(mentions: Iterable[Mention]) -> list[Mention]:
    """Of mentions that overlap, the surest; of equally sure ones, the longest; then those without a typo."""
    kept: list[Mention] = []
    for m in sorted(mentions, key=lambda m: (-m.strength, m.first - m.last, m.typo, m.first, m.names)):
        if not any(k.overlaps(m.first, m.last) for k in kept):
            kept.append(m)
    return kept
