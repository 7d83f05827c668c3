"""Scores by words, credits, people, year and votes: first of all films, then exactly of a few."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Self

import numpy as np

from moviechat.arrays import Array
from moviechat.errors import BundleError
from moviechat.linking.text import Text
from moviechat.retrieval import lexical
from moviechat.retrieval.index import Index
from moviechat.retrieval.lexical import Field

_CATALOGUE = 10_000  # films: in a smaller catalogue a name still counts as much
_LONG = 60  # minimum words of a description that tells a story
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a search's parts, and the lead from which a query need not be embedded (sections.Search)."""

    vector: float
    text: float
    long_text: float
    credit: float
    people: float
    year: float
    votes: float
    settled_by: float

    @classmethod
    def of(cls, section: Mapping[str, Any]) -> Self:
        """The weights of a section `search`; raises BundleError if one is missing or no number."""
        try:
            return cls(**{field.name: float(section[field.name]) for field in fields(cls)})
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(f"the bundle lacks or garbles a weight of search ({error}): run `dvc repro`") from None


class Sparse:
    """The parts of a search that compare no vectors, weighted by `weights`."""

    def __init__(self, index: Index, weights: Weights) -> None:
        self._index, self._weights = index, weights

    def scores(self, read: Text, people: Iterable[int]) -> Scores:
        """The scores of all films for a query that names `people`."""
        terms, weight = lexical.terms(read.tokens), self._weights
        text_weight = weight.long_text if len(read.tokens) > _LONG else weight.text
        films = {person: self._index.people.films(person) for person in sorted(people)}
        total = max(len(self._renown), _CATALOGUE)
        return Scores(
            words=_Counted(self._index.words, terms, text_weight, shared=True),
            credits=_Counted(self._index.name_words, terms, weight.credit, shared=False),
            people=[(rows, weight.people * float(np.log(total / len(rows)))) for rows in films.values()],
            year=_year_scores(read.text, self._index.columns.column("year"), weight.year),
            votes=self._renown,
        )

    @cached_property
    def _renown(self) -> Array:
        renown: Array = self._weights.votes * np.log1p(self._index.columns.column("votes"))
        return renown


class Scores:
    """The score of each part for one query."""

    def __init__(
        self, words: _Counted, credits: _Counted, people: list[tuple[Array, float]], year: Array | None, votes: Array
    ) -> None:
        self._words, self._credits, self._people, self._year, self._votes = words, credits, people, year, votes

    def everywhere(self) -> Array:
        """The sum of all parts for every film, float64 [films]; in a large catalogue without common words."""
        total = self._words.everywhere() + self._votes
        for part in (self._credits.everywhere(), self._year):
            if part is not None:
                total += part
        for rows, telling in self._people:
            total[rows] += telling
        return total

    def of(self, films: Array) -> dict[str, Array]:
        """Each part for `films` (rows, ascending), float64 [n], with all words."""
        people = np.zeros(len(films))
        for rows, telling in self._people:
            people += np.where(np.isin(films, rows), telling, 0.0)
        return {
            "words": self._words.of(films),
            "credits": self._credits.of(films),
            "people": people,
            "year": np.zeros(len(films)) if self._year is None else self._year[films],
            "votes": self._votes[films],
        }


class _Counted:
    """BM25 of a field for a query's terms, times `weight`; `shared`: divided by the best film's score."""

    def __init__(self, field: Field, terms: list[str], weight: float, *, shared: bool) -> None:
        self._field, self._weight, self._shared = field, weight, shared
        self._scores, self._left = field.scores(terms)

    def everywhere(self) -> Array:
        return self._scores * self._scale(self._best)

    def of(self, films: Array) -> Array:
        exact = self._scores[films] + self._field.rest(self._left, films)
        return exact * self._scale(max(self._best, float(exact.max(initial=0.0))))

    @cached_property
    def _best(self) -> float:
        return float(self._scores.max(initial=0.0))

    def _scale(self, best: float) -> float:
        return self._weight / max(best, 1e-9) if self._shared else self._weight


def _year_scores(query: str, years: Array, weight: float) -> Array | None:
    """`weight` for films of the first year in the query, half of it for the year before and after."""
    if (said := _YEAR.search(query)) is None:
        return None
    apart = np.abs(years - int(said.group(1)))
    return np.select([apart == 0, apart == 1], [weight, weight / 2], 0.0)
