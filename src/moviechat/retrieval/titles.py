"""The spellings of films' titles, and how often each stands in the texts as ordinary words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from moviechat.retrieval import arrays
from moviechat.retrieval.arrays import Array
from moviechat.retrieval.spelling import Token, key, tokenize
from moviechat.retrieval.table import NameTable, build
from moviechat.schema import Movie, Passage

TITLE, ALTERNATIVE, PART = range(3)  # kinds of spelling, the surest first
LONGEST = 24  # tokens of a title, and of a span that is looked up
_LONGEST_PHRASE = 4  # tokens: longer titles are no ordinary words
_TELLING = 8  # letters of a title's part by which it is known
_MOST = 255
_BREAK = re.compile(r"\s*(?::|\s[-–—]\s|\(|\bor,)\s*")
_INSTALMENT = re.compile(r"(?:part|chapter|volume|vol|episode)\b", re.I)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.I)


def spellings(movies: Sequence[Movie]) -> Iterator[tuple[str, int, int]]:
    """(key, row, kind) of every spelling by which a film may be called; keys may be empty or repeat."""
    endings = Counter(k for movie in movies for k in {key(_pieces(t)[-1]) for t in called(movie)})
    for row, movie in enumerate(movies):
        own = {key(person) for person in (*movie.directors, *movie.cast)}
        yield key(movie.title), row, TITLE
        for title in called(movie):
            first, last = (key(piece) for piece in _pieces(title))
            yield key(title), row, ALTERNATIVE
            yield key(_without_article(title)), row, PART
            yield first if first not in own else "", row, PART  # "Bill Burr: Paper Tiger" is not called "Bill Burr"
            yield last if endings[last] == 1 else "", row, PART  # nor "Deathgrip: The Movie" "The Movie"


def called(movie: Movie) -> list[str]:
    """The different titles of a film."""
    return list(dict.fromkeys((movie.title, movie.original_title, *movie.alternative_titles)))


def _without_article(title: str) -> str:
    rest = _ARTICLE.sub("", title)
    return rest if rest != title and (_telling(rest) or len(key(rest)) >= _TELLING) else ""


def _pieces(title: str) -> tuple[str, str]:
    """What stands before and after a title's colon, dash or bracket; "" where it says too little."""
    pieces = [p for p in _BREAK.split(title) if p]
    first, last = (pieces[0], pieces[-1]) if len(pieces) > 1 else ("", "")
    named = _telling(first) or _INSTALMENT.match(last)  # "Dune: Part One" is called "Dune"
    return first if named else "", last if _telling(last) else ""


def _telling(part: str) -> bool:
    tokens = tokenize(part)
    return len(tokens) >= 2 and sum(len(t.key) for t in tokens) >= _TELLING


class Titles:
    """The table of titles, with how many passages of other films hold each title's words, [lower case, capitalised]."""

    def __init__(self, table: NameTable, plain: Array) -> None:
        self.table = table
        self.plain = plain

    @classmethod
    def build(cls, movies: Sequence[Movie], passages: Mapping[str, Sequence[Passage]]) -> Titles:
        """Index the titles of `movies`; shows a progress bar."""
        table = build(spellings(movies))
        rows = {movie.tconst: i for i, movie in enumerate(movies)}
        return cls(table, _count(table, {rows[t]: [p.text for p in ps] for t, ps in passages.items() if t in rows}))

    @classmethod
    def load(cls, folder: Path) -> Titles:
        """What `save` wrote, memory-mapped."""
        return cls(NameTable.load(folder), arrays.load(folder, "plain"))

    def save(self, folder: Path) -> None:
        """Write into `folder`; equal titles make equal bytes."""
        self.table.save(folder)
        arrays.save(folder, plain=self.plain)


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
    """(name, 1 if capitalised) of every name among the texts' words; a sentence's first word has no case."""
    for first in range(len(tokens)):
        joined = ""
        for token in tokens[first : first + _LONGEST_PHRASE]:
            joined += token.key
            name = names.get(joined)
            if name is not None:
                yield name, int(tokens[first].raw[0].isupper())
