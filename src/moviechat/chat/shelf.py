"""The bundle as the chat reads it; every part is loaded at first use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property, lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from moviechat.addressed import apart
from moviechat.addresses import scrubbed
from moviechat.bundle import REMEDY, hold
from moviechat.chat.believing import Linking
from moviechat.chat.facts import Facts
from moviechat.chat.films import Films
from moviechat.chat.heads import INTENTS, MOODS, Head, grams, masked
from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.phrases import Phrases
from moviechat.chat.signals import Signals
from moviechat.chat.taste import Taste
from moviechat.chat.understand import Classified, Guess, Understanding
from moviechat.errors import BundleError, MoviechatError
from moviechat.holding import Hold
from moviechat.limits import Limits
from moviechat.reply import Hit
from moviechat.schema import Movie, Passage

if TYPE_CHECKING:
    from moviechat.generation.protocol import LanguageModel
    from moviechat.grounding.check import Checker
    from moviechat.retrieval.search import Explained, Search


class Finder(Protocol):
    """A search over the catalogue."""

    def search(self, query: str, limit: int = ..., within: Limits | None = ...) -> list[Hit]:
        """The best films for `query` `within` limits, best first."""

    def explain(self, query: str, limit: int = ..., within: Limits | None = ...) -> list[Explained]:
        """The same `within` limits, with what each part of the search added."""

    def unknown(self, within: Limits) -> dict[str, dict[str, tuple[str, ...]]]:
        """By limit: the values that no film has, each with names of similar spelling."""


class Shelf(Protocol):
    """Everything that the chat reads."""

    @property
    def movies(self) -> Mapping[str, Movie]:
        """The catalogue by tconst."""

    @property
    def facts(self) -> Mapping[str, Facts]:
        """Facts that the tables lack, by tconst and field; films without any are left out."""

    @property
    def passages(self) -> Mapping[str, Sequence[Passage]]:
        """The texts by tconst; films without any are left out."""

    @property
    def finder(self) -> Finder:
        """The search over both."""

    @property
    def linker(self) -> Linking:
        """Finds names in a text."""

    @property
    def known(self) -> Known:
        """Look-ups by title and person."""

    @property
    def understanding(self) -> Understanding:
        """Turns mentions into drafts."""

    @property
    def moods(self) -> Phrases[str]:
        """The words for moods."""

    @property
    def model(self) -> LanguageModel:
        """The language model for plot answers."""

    @property
    def checker(self) -> Checker:
        """Checks whether an answer is supported."""

    @property
    def worded(self) -> bool:
        """Whether the language model writes plot answers; otherwise the texts are quoted."""

    @property
    def max_new_tokens(self) -> int:
        """Maximum tokens of an answer."""

    @property
    def films(self) -> Films:
        """The catalogue as a ranking reads it."""

    @property
    def taste(self) -> Taste:
        """What vague words mean, and the weights of a recommendation."""


T = TypeVar("T")
_EMBEDDED = 256  # messages whose embedding is kept: both networks read it


def _part(load: Callable[[Any], T]) -> cached_property[T]:
    """A part of the bundle, loaded when it is first needed; whatever is wrong with its files is a BundleError."""

    @wraps(load)
    def loaded(shelf: BundleShelf) -> T:
        with shelf.telling(load.__name__.strip("_")):
            part = load(shelf)
        shelf.keep_for(part)
        return part

    return cached_property(loaded)


# What a part may read later, for as long as it is used: a model outlives the shelf that it was taken from.
_HELD_FOR: WeakKeyDictionary[Any, Hold] = WeakKeyDictionary()


class _Told(Mapping[str, Sequence[Passage]]):
    """Passages of which only what tells of the film is read; a film's are looked at when they are asked for."""

    def __init__(self, passages: Mapping[str, Sequence[Passage]]) -> None:
        self._passages = passages

    def __getitem__(self, tconst: str) -> Sequence[Passage]:
        told = [replace(p, text=apart(p.text)[0]) for p in self._passages[tconst]]
        return [p for p in told if p.text]

    def __iter__(self) -> Iterator[str]:
        return iter(self._passages)

    def __len__(self) -> int:
        return len(self._passages)


class BundleShelf:
    """The films, texts, search and language model of the bundle in `folder`; raises BundleError if it is incomplete.

    What is rebuilt in `folder` later does not reach it: it holds the files that it opened, to its end.
    """

    def __init__(self, folder: Path) -> None:
        self._info, self._hold = hold(folder)
        with self.telling("section chat"):
            self.taste = Taste.from_json(self._info.chat)

    def close(self) -> None:
        """Let the held files go; what is not loaded by then cannot be."""
        self._hold.release()

    def keep_for(self, part: object) -> None:
        """Hold the files for as long as `part` is used, too."""
        with suppress(TypeError):  # plain values, which are read whole
            _HELD_FOR[part] = self._hold

    @contextmanager
    def telling(self, part: str) -> Iterator[None]:
        """Tells in one sentence what a library raises over a file, and calls the folder as people know it."""
        self._hold.check()
        try:
            yield
        except MoviechatError as error:
            raise type(error)(scrubbed(str(error))) from None
        except Exception as error:  # a garbled file: each library has errors of its own
            reason = scrubbed(" ".join(str(error).split()))[:300] or type(error).__name__
            raise BundleError(f"{self._hold.source}: its {part} cannot be read ({reason}): {REMEDY}") from error

    @property
    def max_new_tokens(self) -> int:
        """Maximum tokens of an answer."""
        return self._info.max_new_tokens

    @property
    def worded(self) -> bool:
        """Whether the language model writes plot answers: as the published system does, or if a server is named."""
        from moviechat.generation.load import elsewhere

        return self._info.engine == "transformers" or elsewhere()

    @_part
    def checker(self) -> Checker:
        """Checks whether an answer is supported."""
        from moviechat.grounding.check import Checker

        return Checker.load(self._info.parser, self._info.encoder)

    @_part
    def movies(self) -> Mapping[str, Movie]:
        """The catalogue by tconst."""
        from moviechat.catalogue import load_movies

        return {m.tconst: m for m in load_movies(self._info.movies)}

    @_part
    def facts(self) -> Mapping[str, Facts]:
        """Facts that the tables lack, by tconst and field."""
        from moviechat.catalogue import load_facts

        return load_facts(self._info.facts)

    @_part
    def passages(self) -> Mapping[str, Sequence[Passage]]:
        """The texts by tconst, without the sentences that speak to the reader or to a model."""
        from moviechat.catalogue import load_passages

        return _Told(load_passages(self._info.passages))

    @_part
    def finder(self) -> Search:
        """The search over the catalogue."""
        from moviechat.retrieval.search import Search
        from moviechat.retrieval.sparse import Weights

        weights = Weights.of(self._info.search)
        return Search.load(self._info.index, self._info.encoder, list(self.movies.values()), weights)

    @_part
    def linker(self) -> Linking:
        """Finds names in a text."""
        return self.finder.linker

    @_part
    def known(self) -> Known:
        """Look-ups by title and person."""
        return Known(self.movies, lambda: self.facts, lambda: self.passages)

    @_part
    def understanding(self) -> Understanding:
        """The classifier, or the language model that params.yaml puts in its place, and rules for what needs none."""
        if self._info.chat.get("understand") != "llm":
            return Classified(self._guess, self._mood_chances)
        from moviechat.chat.prompted import Prompted
        from moviechat.generation.load import endpoint

        return Classified(Prompted(endpoint().choose, self._intents.labels, self._guess), self._mood_chances)

    @_part
    def _intents(self) -> Head:
        return Head.mean([Head.load(self._info.folder / name) for name in INTENTS])

    @_part
    def _moods(self) -> Head:
        return Head.load(self._info.folder / MOODS)

    @_part
    def _embed(self) -> Callable[[str], Any]:
        return lru_cache(_EMBEDDED)(lambda text: self.finder.films.encode([text])[0])

    def _guess(self, signals: Signals) -> Guess:
        import numpy as np

        vector = np.concatenate([self._embed(masked(signals.m)), np.array(signals.flags(), np.float32)])
        return self._intents.shares(vector, grams(signals.m))

    def _mood_chances(self, mentions: Mentions) -> Guess:
        return self._moods.chances(self._embed(masked(mentions)), grams(mentions))

    @_part
    def moods(self) -> Phrases[str]:
        """The words for moods."""
        return self.taste.phrases()

    @_part
    def films(self) -> Films:
        """The catalogue as a ranking reads it."""
        return self.finder.films

    @_part
    def model(self) -> LanguageModel:
        """The language model."""
        from moviechat.generation.load import load

        return load(self._info)
