"""The linker: finds films and people that a text names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from moviechat.linking import persons, score
from moviechat.linking.among import among
from moviechat.linking.around import Around
from moviechat.linking.candidates import Candidate, candidates
from moviechat.linking.features import features
from moviechat.linking.lexicon import Lexicon
from moviechat.linking.meaning import Meanings, Target
from moviechat.linking.mentions import FilmMention, How, PersonMention
from moviechat.linking.people import NAME, People
from moviechat.linking.score import Features
from moviechat.linking.text import Span, Text
from moviechat.linking.titles import Titles
from moviechat.schema import Movie

LEAST = 0.05  # minimum probability of a reported candidate
_DATED = 0.9  # probability of a title with its year in brackets
MAX_CHARACTERS = 10_000  # maximum characters of a text
_REMEMBERED = 16  # cached texts: films, people and search read the same one
Table = Mapping[str, float]  # weights by feature name
_HOW: tuple[How, How] = ("exact", "partial")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate, the films it may mean, and its probability."""

    candidate: Candidate
    targets: tuple[Target, ...]
    score: float


class Linker:
    """Finds films and people of a catalogue in texts."""

    def __init__(self, titles: Titles, people: People, lexicon: Lexicon, movies: Sequence[Movie]) -> None:
        self._titles, self._people, self._lexicon, self._movies = titles, people, lexicon, movies
        self._read = lru_cache(_REMEMBERED)(self.read)

    def films(self, text: str) -> list[FilmMention]:
        """Candidates for names of films in `text` (any text) with a probability of at least LEAST, in text order."""
        return self._read(text).films()

    def people(self, text: str) -> list[PersonMention]:
        """Candidates for names of people in `text` (any text) with a probability of at least LEAST, in text order."""
        return self._read(text).people()

    def read(self, text: str) -> Reading:
        """The text as the linker reads it, with the features of every candidate."""
        return Reading(self, text)

    @property
    def parts(self) -> tuple[Titles, People, Lexicon, Sequence[Movie]]:
        """The tables and word lists that the linker uses."""
        return self._titles, self._people, self._lexicon, self._movies


class Reading:
    """One text with its candidates."""

    def __init__(self, linker: Linker, text: str) -> None:
        self._titles, self._people, lexicon, movies = linker.parts
        self.text = Text(text[:MAX_CHARACTERS])
        zipf = lexicon.zipf(self.text.words)
        self._meanings = Meanings(self.text, self._titles, movies)
        self.named = persons.named(self.text, self._people, zipf)
        self.candidates = candidates(self.text, self._titles, zipf)
        self.around = Around(self.text, zipf, [c.span for c in self.candidates], self._people_spans())
        self._weighed: list[Weighed] | None = None

    def _people_spans(self) -> list[Span]:
        return [n.span for n in self.named if n.kind == NAME and n.span[1] - n.span[0] > 1]

    def films(self) -> list[FilmMention]:
        """The mentions of films; a title that has its film's year in brackets behind it is sure."""
        scored = [(w, max(w.score, _DATED) if self._is_dated(w) else w.score) for w in self.weighed()]
        return [self._meanings.mention(w.candidate, w.targets, score) for w, score in scored if score >= LEAST]

    def _is_dated(self, w: Weighed) -> bool:
        """Whether "She Will (2021)" is written like a film of that title and year."""
        dated = self.text.dated(w.candidate.span)
        if dated is None or not dated[1] or w.candidate.typos:
            return False
        return any(t.movie is not None and t.movie.year == dated[0] for t in w.targets)

    def weighed(self, alone: Table | None = None, beside: Table | None = None) -> list[Weighed]:
        """Every candidate film with its probability, by the package's weights or by the given ones."""
        if self._weighed is None:
            found, table = self.alone(alone), beside or score.weights()["film_among"]
            sides = among([(w.candidate, w.score) for w in found], self.around, self.kinds(found))
            self._weighed = [
                Weighed(w.candidate, w.targets, score.probability(side, table))
                for w, side in zip(found, sides, strict=True)
            ]
        return self._weighed

    def alone(self, table: Table | None = None) -> list[Weighed]:
        """Every candidate film with its probability by itself, by the package's weights or by the given ones."""
        table = table or score.weights()["film"]
        return [Weighed(c, targets, score.probability(f, table)) for c, targets, f in self.described()]

    def described(self) -> Iterator[tuple[Candidate, tuple[Target, ...], Features]]:
        """Every candidate film with its possible meanings and features."""
        for c in self.candidates:
            targets = tuple(self._meanings.targets(c))
            yield c, targets, features(self.around, c, self._meanings.known(c, targets)) | self._person(c)

    @staticmethod
    def kinds(weighed: Iterable[Weighed]) -> dict[Span, str]:
        """One word per candidate: its kind of spelling."""
        return {w.candidate.span: _kind(w) for w in weighed}

    def _person(self, c: Candidate) -> Features:
        """Whether the words are, or are part of, a person's name."""
        whole = [n for n in self.named if n.kind == NAME and n.span[1] - n.span[0] > 1 and not n.typo]
        same = float(any(n.span == c.span for n in self.named if n.kind == NAME))
        held = float(any(n.span[0] <= c.span[0] and c.span[1] <= n.span[1] and n.span != c.span for n in whole))
        found = {"person": same, "in a person": held}
        return {name: value for name, value in found.items() if value}

    def people(self) -> list[PersonMention]:
        """The mentions of people."""
        table = score.weights()["person"]
        scored = [(n, score.probability(f, table)) for n, f in self.person_features()]
        return [self._mention(n, p) for n, p in scored if p >= LEAST]

    def person_features(self) -> list[tuple[persons.Named, Features]]:
        """Every candidate person with its features."""
        found = []
        for n in self.named:
            film = max((w.score for w in self.weighed() if _share(w.candidate.span, n.span)), default=0.0)
            inside = any(o.span != n.span and o.span[0] <= n.span[0] and n.span[1] <= o.span[1] for o in self.named)
            found.append((n, persons.features(n, self.around, self._people, film, inside)))
        return found

    def _mention(self, n: persons.Named, probability: float) -> PersonMention:
        how: How = "typo" if n.typo else "alternative" if n.short else _HOW[n.kind]
        names = list(dict.fromkeys(self._people.names[p] for p in n.people))
        return PersonMention(self.text.characters(n.span), names[0], tuple(names[1:]), how, probability)


def _share(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _kind(w: Weighed) -> str:
    if w.candidate.typos:
        return "typo"
    return ("exact", "alternative", "part", "part")[min(t.kind for t in w.targets)]
