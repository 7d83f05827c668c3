"""The spellings of film titles, in the catalogue and outside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from moviechat import arrays
from moviechat.arrays import Array, Strings
from moviechat.linking.mentions import Outside
from moviechat.linking.spelling import INSTALMENT, Token, key, spelled, tokenize
from moviechat.linking.table import NameTable, build
from moviechat.schema import Movie, Passage
from moviechat.words import STOP

TITLE, ALTERNATIVE, PART, FRAGMENT = range(4)  # kinds of spelling, most reliable first
LONGEST = 24  # maximum tokens of a title, and of a span that is looked up
_LONGEST_PHRASE = 4  # tokens: longer titles are not ordinary words
_TELLING = 8  # minimum letters of a title's part that can name it
_ONE_WORD = 5  # minimum letters of a one-word part of a well-known title
WELL_KNOWN = 20_000  # minimum votes of a film that any two words of its title can name
_MOST = 255
_BREAK = re.compile(r"(?:(?<!\s)\s++)?(?::|(?<=\s)[-–—]\s|\(|\bor,)\s*")
_INSTALMENT = re.compile(r"(?:part|chapter|volume|vol|episode)\b", re.I)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.I)
_ARTICLES = frozenset(("the", "a", "an"))
Spelling = tuple[str, int, int]  # key, row, kind


def spellings(movies: Sequence[Movie]) -> Iterator[Spelling]:
    """Every spelling that may name a film; keys may be empty or repeat."""
    endings = Counter(k for movie in movies for k in {key(_pieces(t)[-1]) for t in called(movie)})
    for row, movie in enumerate(movies):
        own = {key(person) for person in (*movie.directors, *movie.cast)}
        yield key(movie.title), row, TITLE
        yield spelled(movie.title), row, TITLE
        for title in called(movie):
            yield key(title), row, ALTERNATIVE
            yield spelled(title), row, ALTERNATIVE
            yield from ((form, row, ALTERNATIVE) for form in _forms(title))
            for part in _parts(title, endings):
                yield part if part not in own else "", row, PART  # "Bill Burr: Paper Tiger" is not called "Bill Burr"
            for fragment in _fragments(title) if movie.votes >= WELL_KNOWN else ():
                yield fragment if fragment not in own else "", row, FRAGMENT


def called(movie: Movie) -> list[str]:
    """The different titles of a film."""
    return list(dict.fromkeys((movie.title, movie.original_title, *movie.alternative_titles)))


def _forms(title: str) -> Iterator[str]:
    """The title without an inner article ("Avatar Way of Water"), and by its number ("Souvenir 2")."""
    if len(whole := _BREAK.split(title)) == 2:
        yield key(whole[0]) + key(_ARTICLE.sub("", whole[1]))
    yield from _instalments(tokenize(title))


def _parts(title: str, endings: Mapping[str, int]) -> Iterator[str]:
    first, last = _pieces(title)
    yield key(_without_article(title))
    yield key(first)
    if endings[key(last)] == 1:  # "Deathgrip: The Movie" is not called "The Movie"
        yield key(last)
        bare = _ARTICLE.sub("", last)
        yield key(bare) if _telling(bare) else ""


def _instalments(tokens: Sequence[Token]) -> Iterator[str]:
    """ "The Souvenir: Part II" as "The Souvenir 2" and "Souvenir 2"; "John Wick: Chapter 3 - Parabellum" likewise."""
    for i in range(1, len(tokens) - 1):
        if tokens[i].word in INSTALMENT and tokens[i + 1].key.isdigit():
            base, number = _joined(tokens[:i]), tokens[i + 1].key
            yield from (base + number, base + tokens[i].key + number)
            if tokens[0].word in _ARTICLES:
                yield _joined(tokens[1:i]) + number
            return


def _fragments(title: str) -> Iterator[str]:
    """Beginnings and ends of a title that name a well-known film: "Multiverse of Madness", "Endgame"."""
    tokens = tokenize(title)
    for cut in range(1, len(tokens)):
        for part in (tokens[:cut], tokens[cut:]):
            if sum(t.word not in STOP for t in part) >= 2 and part[-1].word not in STOP and part[0].word not in STOP:
                yield _long_enough(part)
    pieces = [p for p in _BREAK.split(title) if p]
    for piece in (pieces[0], pieces[-1]) if len(pieces) > 1 else ():
        word = tokenize(piece)
        if len(word) == 1 and len(word[0].key) >= _ONE_WORD:
            yield word[0].key


def _long_enough(tokens: Sequence[Token]) -> str:
    joined = _joined(tokens)
    return joined if len(joined) >= _TELLING else ""


def _joined(tokens: Sequence[Token]) -> str:
    return "".join(t.key for t in tokens)


def _without_article(title: str) -> str:
    rest = _ARTICLE.sub("", title)
    return rest if rest != title and (_telling(rest) or len(key(rest)) >= _TELLING) else ""


def _pieces(title: str) -> tuple[str, str]:
    """The parts before and after a title's colon, dash or bracket; "" for a part that says too little."""
    pieces = [p for p in _BREAK.split(title) if p]
    first, last = (pieces[0], pieces[-1]) if len(pieces) > 1 else ("", "")
    named = _telling(first) or _INSTALMENT.match(last)  # "Dune: Part One" is called "Dune"
    return first if named else "", last if _telling(last) else ""


def _telling(part: str) -> bool:
    tokens = tokenize(part)
    return len(tokens) >= 2 and sum(len(t.key) for t in tokens) >= _TELLING


class Titles:
    """The table of titles, and in how many passages of other films each title's words occur, [lower case, capitalised].

    Numbers of the table from `films` up are films outside the catalogue.
    """

    def __init__(self, table: NameTable, vocabulary: NameTable, plain: Array, films: int, outside: _Outsiders) -> None:
        self.table, self.vocabulary, self.plain, self.films = table, vocabulary, plain, films
        self._outside = outside

    @classmethod
    def build(
        cls, movies: Sequence[Movie], passages: Mapping[str, Sequence[Passage]], outside: Sequence[Outside] = ()
    ) -> Titles:
        """Index the titles of `movies` and of `outside` films; shows a progress bar."""
        others = [Movie(f"-{i}", o.title, o.title, o.year, None, (), None, o.votes) for i, o in enumerate(outside)]
        everything = [*movies, *others]
        table = build(spellings(everything))
        words = sorted({t.key for m in everything for title in called(m) for t in tokenize(title)})
        vocabulary = build((word, i, 0) for i, word in enumerate(words))
        rows = {movie.tconst: i for i, movie in enumerate(movies)}
        texts = {rows[t]: [p.text for p in ps] for t, ps in passages.items() if t in rows}
        return cls(table, vocabulary, _count(table, texts), len(movies), _Outsiders.of(outside))

    @classmethod
    def load(cls, folder: Path) -> Titles:
        """The titles in `folder`, memory-mapped."""
        table, vocabulary = NameTable.load(folder), NameTable.load(folder / "vocabulary")
        films = int(arrays.load(folder, "films_before")[0])
        return cls(table, vocabulary, arrays.load(folder, "plain"), films, _Outsiders.load(folder / "outside"))

    def save(self, folder: Path) -> None:
        """Write into `folder`; equal titles give equal bytes."""
        self.table.save(folder)
        self.vocabulary.save(folder / "vocabulary")
        arrays.save(folder, plain=self.plain, films_before=np.array([self.films], np.int64))
        self._outside.save(folder / "outside")

    def outside(self, number: int) -> Outside:
        """The outside film with the table's `number`."""
        return self._outside[number - self.films]


class _Outsiders:
    """Titles, years and votes of outside films."""

    def __init__(self, titles: Strings, years: Array, votes: Array) -> None:
        self._titles, self._years, self._votes = titles, years, votes

    @classmethod
    def of(cls, films: Sequence[Outside]) -> _Outsiders:
        years, votes = (np.array([getattr(o, name) for o in films], np.int64) for name in ("year", "votes"))
        return cls(Strings.of([o.title for o in films]), years, votes)

    @classmethod
    def load(cls, folder: Path) -> _Outsiders:
        return cls(Strings.load(folder), arrays.load(folder, "years"), arrays.load(folder, "votes"))

    def save(self, folder: Path) -> None:
        self._titles.save(folder)
        arrays.save(folder, years=self._years, votes=self._votes)

    def __getitem__(self, i: int) -> Outside:
        return Outside(self._titles[i], int(self._years[i]), int(self._votes[i]))


def _count(table: NameTable, texts: Mapping[int, Sequence[str]]) -> Array:
    names = {table.keys[n]: n for n in range(len(table.keys))}
    own = [{number for number, _ in table.targets(n)} for n in range(len(names))]
    counts = np.zeros((len(names), 2), np.int64)
    for row in tqdm(sorted(texts), mininterval=1, desc="titles in texts", unit="film"):
        for text in texts[row]:
            for name, capital in {p for p in _phrases(tokenize(text), names) if row not in own[p[0]]}:
                counts[name, capital] += 1
    return np.minimum(counts, _MOST).astype(np.uint8)


def _phrases(tokens: Sequence[Token], names: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """(name, 1 if capitalised) of every name among the texts' words; the first word of a sentence has no case."""
    for first in range(len(tokens)):
        joined = ""
        for token in tokens[first : first + _LONGEST_PHRASE]:
            joined += token.key
            name = names.get(joined)
            if name is not None:
                yield name, int(tokens[first].raw[0].isupper())
