"""The bundle as the chat reads it: every part is loaded when it is first needed."""

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
from moviechat.chat.understand import Guess, Rules, Understanding
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
        """By name of a limit, those of its values that no film has, each with the names that are spelled like it."""


class Shelf(Protocol):
    """All that the chat reads."""

    @property
    def movies(self) -> Mapping[str, Movie]:
        """The catalogue by tconst."""

    @property
    def facts(self) -> Mapping[str, Facts]:
        """What the tables lack, by tconst and field; a film without any is left out."""

    @property
    def passages(self) -> Mapping[str, Sequence[Passage]]:
        """The texts by tconst; a film without any is left out."""

    @property
    def finder(self) -> Finder:
        """The search over both."""

    @property
    def linker(self) -> Linking:
        """What finds names in a text."""

    @property
    def known(self) -> Known:
        """Look-ups by title and person."""

    @property
    def understanding(self) -> Understanding:
        """What turns mentions into drafts."""

    @property
    def moods(self) -> Phrases[str]:
        """The words that ask for moods."""

    @property
    def model(self) -> LanguageModel:
        """The language model that words what is said of plots."""

    @property
    def checker(self) -> Checker:
        """What says whether an answer is supported."""

    @property
    def worded(self) -> bool:
        """Whether the language model words what is said of plots, or the texts are quoted."""

    @property
    def max_new_tokens(self) -> int:
        """Tokens that an answer may take."""

    @property
    def films(self) -> Films:
        """The catalogue as a ranking reads it."""

    @property
    def taste(self) -> Taste:
        """What vague words of a wish mean, and how a recommendation is weighed."""


class BundleShelf:
    """The films, texts, search and language model of the bundle in `folder`; raises BundleError if it is not whole."""

    def __init__(self, folder: Path) -> None:
        self._info = open_bundle(folder)

    @property
    def max_new_tokens(self) -> int:
        """Tokens that an answer may take."""
        return self._info.max_new_tokens

    @property
    def worded(self) -> bool:
        """Whether the language model words what is said of plots: as published, or where a server is named for it."""
        from moviechat.generation.load import elsewhere

        return self._info.engine == "transformers" or elsewhere()

    @cached_property
    def checker(self) -> Checker:
        """What says whether an answer is supported."""
        from moviechat.grounding.check import Checker

        return Checker.load(self._info.parser, self._info.encoder)

    @cached_property
    def movies(self) -> Mapping[str, Movie]:
        """The catalogue by tconst."""
        from moviechat.catalogue import load_movies

        return {m.tconst: m for m in load_movies(self._info.movies)}

    @cached_property
    def facts(self) -> Mapping[str, Facts]:
        """What the tables lack, by tconst and field."""
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
        """What finds names in a text."""
        return self.finder.linker

    @cached_property
    def known(self) -> Known:
        """Look-ups by title and person."""
        return Known(self.movies)

    @cached_property
    def understanding(self) -> Understanding:
        """Rules, and the classifier where they are not sure."""
        return Rules(self._guess)

    @cached_property
    def _head(self) -> Head:
        return Head.load(self._info.folder / HEAD)

    def _guess(self, mentions: Mentions, signals: Sequence[float]) -> Guess:
        import numpy as np

        embedded = self.finder.films.encode([masked(mentions)])[0]
        return self._head.probabilities(np.concatenate([embedded, np.array(signals, np.float32)]))

    @cached_property
    def moods(self) -> Phrases[str]:
        """The words that ask for moods."""
        return self.taste.phrases()

    @cached_property
    def films(self) -> Films:
        """The catalogue as a ranking reads it."""
        return self.finder.films

    @cached_property
    def taste(self) -> Taste:
        """What vague words of a wish mean, and how a recommendation is weighed."""
        return Taste.from_json(self._info.chat)

    @cached_property
    def model(self) -> LanguageModel:
        """The language model."""
        from moviechat.generation.load import load

        return load(self._info.folder)
