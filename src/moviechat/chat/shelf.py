"""The bundle as the chat reads it; every part is loaded at first use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from moviechat.bundle import open_bundle
from moviechat.chat.believing import Linking
from moviechat.chat.facts import Facts
from moviechat.chat.films import Films
from moviechat.chat.intents import HEAD, Head, masked
from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions
from moviechat.chat.phrases import Phrases
from moviechat.chat.taste import Taste
from moviechat.chat.understand import Classified, Guess, Understanding
from moviechat.limits import Limits
from moviechat.reply import Hit
from moviechat.schema import Movie, Passage

if TYPE_CHECKING:
    from moviechat.generation.protocol import LanguageModel
    from moviechat.grounding.check import Checker
    from moviechat.retrieval.search import Explained, Search


class Finder(Protocol):
    """A search over the catalogue."""

    def search(self, query: str, limit: int = ...) -> list[Hit]:
        """The best films for `query`, best first."""

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


class BundleShelf:
    """The films, texts, search and language model of the bundle in `folder`; raises BundleError if it is incomplete."""

    def __init__(self, folder: Path) -> None:
        self._info = open_bundle(folder)

    @property
    def max_new_tokens(self) -> int:
        """Maximum tokens of an answer."""
        return self._info.max_new_tokens

    @property
    def worded(self) -> bool:
        """Whether the language model writes plot answers: if the bundle is served as the published system is."""
        return self._info.engine == "transformers"

    @cached_property
    def checker(self) -> Checker:
        """Checks whether an answer is supported."""
        from moviechat.grounding.check import Checker

        return Checker.load(self._info.parser, self._info.encoder)

    @cached_property
    def movies(self) -> Mapping[str, Movie]:
        """The catalogue by tconst."""
        from moviechat.catalogue import load_movies

        return {m.tconst: m for m in load_movies(self._info.movies)}

    @cached_property
    def facts(self) -> Mapping[str, Facts]:
        """Facts that the tables lack, by tconst and field."""
        from moviechat.catalogue import load_facts

        return load_facts(self._info.facts)

    @cached_property
    def passages(self) -> Mapping[str, Sequence[Passage]]:
        """The texts by tconst."""
        from moviechat.catalogue import load_passages

        return load_passages(self._info.passages)

    @cached_property
    def finder(self) -> Search:
        """The search over the catalogue."""
        from moviechat.retrieval.search import Search

        return Search.load(self._info.index, self._info.encoder, list(self.movies.values()))

    @property
    def linker(self) -> Linking:
        """Finds names in a text."""
        return self.finder.linker

    @cached_property
    def known(self) -> Known:
        """Look-ups by title and person."""
        return Known(self.movies)

    @cached_property
    def understanding(self) -> Understanding:
        """The classifier, and rules for what needs none."""
        return Classified(self._guess)

    @cached_property
    def _head(self) -> Head:
        return Head.load(self._info.folder / HEAD)

    def _guess(self, mentions: Mentions, flags: Sequence[float]) -> Guess:
        import numpy as np

        embedded = self.finder.films.encode([masked(mentions)])[0]
        return self._head.probabilities(np.concatenate([embedded, np.array(flags, np.float32)]))

    @cached_property
    def moods(self) -> Phrases[str]:
        """The words for moods."""
        return self.taste.phrases()

    @cached_property
    def films(self) -> Films:
        """The catalogue as a ranking reads it."""
        return self.finder.films

    @cached_property
    def taste(self) -> Taste:
        """What vague words mean, and the weights of a recommendation."""
        return Taste.from_json(self._info.chat)

    @cached_property
    def model(self) -> LanguageModel:
        """The language model."""
        from moviechat.generation.load import load

        return load(self._info.folder)
