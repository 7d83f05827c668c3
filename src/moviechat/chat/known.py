"""Look-ups in the catalogue: films of one title, people and their roles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from moviechat.chat.facts import Facts
from moviechat.chat.fields import PEOPLE
from moviechat.limits import Credit, Role
from moviechat.schema import Movie, Passage
from moviechat.words import fold, tokens

_ROLE_OF: dict[str, Role] = {"directors": "director", "cast": "cast", "writers": "writer", "composers": "composer"}
_SHORT = 3  # minimum letters of a shortened first name
_RECORDS = 64  # films whose words are kept
_LONG = 4  # minimum letters of a part of a name that identifies a person of a film


class Known:
    """The catalogue by title and by person; expensive parts are computed at first use."""

    def __init__(
        self,
        movies: Mapping[str, Movie],
        facts: Callable[[], Mapping[str, Facts]] = dict,
        passages: Callable[[], Mapping[str, Sequence[Passage]]] = dict,
    ) -> None:
        self.movies = movies
        self._facts, self._passages = facts, passages
        self._record = lru_cache(_RECORDS)(self._words_on_record)

    def countries(self, tconst: str) -> tuple[str, ...]:
        """The countries of a film."""
        return self._facts().get(tconst, {}).get("countries", ())

    @cached_property
    def _by_title(self) -> dict[str, list[str]]:
        found = defaultdict[str, list[str]](list)
        for movie in self.movies.values():
            for title in {fold(movie.title), fold(movie.original_title)}:
                found[title].append(movie.tconst)
        return found

    @cached_property
    def years(self) -> tuple[int, int]:
        """The first and the last year of the catalogue."""
        years = [m.year for m in self.movies.values()]
        return (min(years), max(years)) if years else (0, 0)

    @cached_property
    def genres(self) -> frozenset[str]:
        """The genres of the catalogue."""
        return frozenset(g for m in self.movies.values() for g in m.genres)

    def titled(self, title: str, year: int) -> str | None:
        """The film of this title and year, that with the most votes; None if there is none."""
        found = [t for t in self._by_title.get(fold(title), ()) if self.movies[t].year == year]
        return max(found, key=lambda t: self.movies[t].votes, default=None)

    def namesakes(self, tconst: str) -> list[str]:
        """The other films with the same title, most votes first."""
        movie = self.movies[tconst]
        same = {t for t in self._by_title[fold(movie.title)] if not self.same(t, tconst)}
        return sorted(same, key=lambda t: (-self.movies[t].votes, t))

    def longer(self, tconst: str) -> list[str]:
        """The films whose title has that of a film and more: "Guillermo del Toro's Pinocchio"; most votes first."""
        title = f" {fold(self.movies[tconst].title)} "
        found = [self.movies[t] for t, padded in self._padded.items() if title in padded and padded != title]
        return [m.tconst for m in sorted(found, key=lambda m: (-m.votes, m.tconst))]

    @cached_property
    def _padded(self) -> dict[str, str]:
        """The folded titles between spaces, to look for whole words in them."""
        return {m.tconst: f" {fold(m.title)} " for m in self.movies.values()}

    def fuller(self, tconst: str) -> str:
        """The more complete entry for a film without votes and directors: same year, its title begins the same, and
        they share somebody if both list a cast.
        """
        bare = self.movies[tconst]
        if bare.votes or bare.directors:
            return tconst
        longer = [
            m
            for m in self.movies.values()
            if m.year == bare.year
            and m.votes
            and fold(m.title).startswith(fold(bare.title) + " ")
            and (not bare.cast or not m.cast or set(bare.cast) & set(m.cast))
        ]
        return max(longer, key=lambda m: m.votes).tconst if longer else tconst

    def complete(self, tconst: str) -> Movie:
        """A film, or its other entry that has a director where it has none."""
        movie = self.movies[tconst]
        fuller = [] if movie.directors else [m for m in self._entries.get(movie.film, ()) if m.directors]
        return max(fuller, key=lambda m: (m.votes, m.tconst), default=movie)

    @cached_property
    def _entries(self) -> dict[str, list[Movie]]:
        """The entries of the films that have several ids."""
        several = {m.same_as for m in self.movies.values() if m.same_as}
        found = defaultdict[str, list[Movie]](list)
        for movie in self.movies.values():
            if movie.film in several:
                found[movie.film].append(movie)
        return found

    def same(self, a: str, b: str) -> bool:
        """Whether two ids are the same film."""
        return self.movies[a].film == self.movies[b].film

    # A person is a name, or an id where several people have the name. A name means all who have it.

    @cached_property
    def _by_id(self) -> Mapping[str, tuple[str, list[Movie]]]:
        """The name and the films of those who share their name, by id."""
        found = dict[str, tuple[str, list[Movie]]]()
        for movie in (m for m in self.movies.values() if m.people_ids):
            for id_, name in {id_: name for _, name, id_ in movie.credits if id_}.items():
                found.setdefault(id_, (name, []))[1].append(movie)
        return found

    @cached_property
    def shared(self) -> Mapping[str, tuple[str, ...]]:
        """The names of several people, each with their ids, best known first."""
        found = defaultdict[str, list[str]](list)
        for id_ in sorted(self._by_id, key=lambda p: (-self.renown(p), p)):
            found[self.name(id_)].append(id_)
        return {name: tuple(ids) for name, ids in found.items() if len(ids) > 1}

    def bearers(self, name: str) -> tuple[str, ...]:
        """The ids of those who have a name, best known first; () if one person has it."""
        return self.shared.get(name, ())

    def name(self, person: str) -> str:
        """The name of a person."""
        return self._by_id[person][0] if person in self._by_id else person

    def renown(self, person: str) -> int:
        """The summed votes of the films of a person who has an id."""
        return sum(movie.votes for movie in self._by_id[person][1])

    def _among(self, person: str) -> Iterable[Movie]:
        """The films among which those of a person are."""
        return self._by_id[person][1] if person in self._by_id else self.movies.values()

    def credit(self, person: str, role: Role) -> Credit:
        """The limit that a person worked on the film."""
        name = self.name(person)
        return Credit(name, role, "" if name == person else person)

    def role(self, person: str) -> Role:
        """A person's main role, that with most of their films; "any" for a name of several people."""
        if self.bearers(person):
            return "any"
        return _ROLE_OF.get(self._main(person, tuple(_ROLE_OF)), "any")

    def part(self, person: str) -> str:
        """A person's main part: the field of people with most of their films."""
        return self._main(person, (*_ROLE_OF, *(f for f in PEOPLE if f not in _ROLE_OF)))

    def known_for(self, person: str) -> Movie:
        """The best known film of a person's main part."""
        return self.films_of([person], self.part(person))[0]

    def _main(self, person: str, fields: Sequence[str]) -> str:
        counts: Counter[str] = Counter()
        for movie in self._among(person):
            for field in fields:
                counts[field] += movie.has(person, field)
        best = max(fields, key=lambda f: (counts[f], f == "cast"))
        return best if counts[best] else ""

    @cached_property
    def _names(self) -> tuple[frozenset[str], Mapping[str, list[str]]]:
        """The first names of people, and full names by last name, folded."""
        first, last = set[str](), defaultdict[str, list[str]](list)
        for name in {n for m in self.movies.values() for f in PEOPLE for n in getattr(m, f)}:
            parts = [fold(t) for t in tokens(name)]
            if len(parts) > 1:
                first.add(parts[0])
                last[parts[-1]].append(name)
        return frozenset(first), last

    def person_called(self, words: Sequence[str]) -> str | None:
        """The person whom two or three words name by a short first name ("nic cage"); "" if they may be a name.

        None if they are not a name: nobody has the first, or nobody the last name.
        """
        firsts, lasts = self._names
        said = [fold(w) for w in words]
        if len(said) < 2 or said[-1] not in lasts:
            return None
        short = [n for n in lasts[said[-1]] if len(said[0]) >= _SHORT and fold(n).startswith(said[0])]
        if short:
            return max(sorted(short), key=lambda n: len(self.films_of([n])))
        return "" if said[0] in firsts else None

    def surnamed(self, word: str) -> str:
        """The best known person with this last name, by the votes for their films; "" if nobody has it."""
        names = set(self._names[1].get(fold(word), ()))
        votes = Counter[str]()
        for movie in self.movies.values() if names else ():
            for name in names.intersection(n for f in PEOPLE for n in getattr(movie, f)):
                votes[name] += movie.votes
        return max(sorted(names), key=lambda name: votes[name], default="")

    def films_of(self, people: Iterable[str], field: str | None = None) -> list[Movie]:
        """The films with all of `people` in a field of people (or in any), most votes first."""
        fields = (field,) if field else ()
        wanted = list(people)
        among = self._among(wanted[0]) if wanted else self.movies.values()
        found = [m for m in among if all(m.has(p, *fields) for p in wanted)]
        return sorted(found, key=lambda m: (-m.votes, m.tconst))

    def worked_on(self, tconst: str, person: str) -> bool:
        """Whether a film has a person, in any field."""
        movie = self.movies.get(tconst)
        return movie is not None and movie.has(person)

    def person_in(self, tconst: str, words: Iterable[str]) -> list[str]:
        """The people of a film of whose name one of `words` (several, if adjacent) is a part, cast first."""
        movie = self.movies[tconst]
        people = dict.fromkeys(movie.persons("cast", *PEOPLE))
        parts = {person: {fold(t) for t in tokens(self.name(person))} for person in people}
        return [person for person in people if any(_is_part(fold(w).split(), parts[person]) for w in words)]

    def on_record(self, tconst: str, said: Iterable[str]) -> list[str]:
        """Which of the folded words `said` a film's people, characters or texts have, whatever their ending."""
        record = self._record(tconst)
        return [word for word in said if _stem(word) in record]

    def told_of(self, among: Iterable[str], said: Sequence[str]) -> str:
        """The film that has most of the folded words `said` on record; "" if none has any, or several as many."""
        found = {t: len(self.on_record(t, said)) for t in among} if said else {}
        most = max(found.values(), default=0)
        best = [t for t, hits in found.items() if hits == most]
        return best[0] if most and len(best) == 1 else ""

    def _words_on_record(self, tconst: str) -> frozenset[str]:
        texts = (p.text for p in self._passages().get(tconst, ()))
        told = {_stem(fold(t)) for text in texts for t in tokens(text)}
        return frozenset(told | {_stem(w) for w in _words_of(self.movies[tconst])})

    def told_apart(self, candidates: Iterable[str], said: Iterable[str]) -> list[str]:
        """The candidates with the most of the words `said` on record, best first: title, people, genres, else texts."""
        wanted = {fold(w) for w in bare(said) if len(w) >= _LONG}
        scored = [(len(wanted & _words_of(self.movies[t])), t) for t in candidates]
        if not any(score for score, _ in scored):
            scored = [(len(self.on_record(t, wanted)), t) for _, t in scored]
        best = max((score for score, _ in scored), default=0)
        return [t for score, t in scored if score == best and best]


def bare(said: Iterable[str]) -> list[str]:
    """The words, also without a final s: "garrones pinocchio" is Garrone's."""
    words = list(said)
    return [*words, *(w.removesuffix("s") for w in words)]


def _stem(word: str) -> str:
    """A word without the commonest endings: "pills" and "pill", "driving" and "drives"."""
    for ending in ("ing", "es", "ed", "s", "e"):
        if len(word) - len(ending) >= _SHORT and word.endswith(ending):
            return word.removesuffix(ending)
    return word


def _is_part(said: Sequence[str], name: set[str]) -> bool:
    """Whether adjacent words are all of a name: "Wes Anderson" is not Paul Thomas Anderson."""
    return set(said) <= name and any(len(w) >= _LONG for w in said)


def _words_of(movie: Movie) -> set[str]:
    names: list[Any] = [
        movie.title,
        *movie.genres,
        *movie.characters,
        *(n for f in PEOPLE for n in getattr(movie, f)),
    ]
    return {fold(t) for name in names for t in tokens(name)}
