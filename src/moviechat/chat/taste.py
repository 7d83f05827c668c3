"""What vague words mean, and the weights of a recommendation: section `chat` of params.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from moviechat.chat.phrases import Phrases
from moviechat.errors import BundleError


@dataclass(frozen=True, slots=True)
class Mood:
    """A mood or an occasion: the words that ask for it, its genre weights, and what its stories are about."""

    words: tuple[str, ...]
    genres: Mapping[str, float]
    meaning: str


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """The parameters of section `chat`, documented in sections.Chat and sections.Weights.

    Compared by identity, so that results for one can be cached.
    """

    count: int
    short_max: int
    not_long_max: int
    long_min: int
    recent_years: int
    good_min: float
    known_votes: int
    gem_votes: int
    gem_rating: float
    kids_any: tuple[str, ...]
    kids_not: tuple[str, ...]
    prior_votes: int
    weights: Mapping[str, float]
    moods: Mapping[str, Mood]

    def phrases(self) -> Phrases[str]:
        """The words for moods."""
        return Phrases({name: "|".join(mood.words) for name, mood in self.moods.items()})

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """The section as in bundle.json; raises BundleError if a parameter is missing."""
        try:
            moods = {name: Mood(tuple(m["words"]), m["genres"], m["meaning"]) for name, m in said["moods"].items()}
            plain = {f.name: _frozen(said[f.name]) for f in fields(cls) if f.name != "moods"}
        except KeyError as missing:
            raise BundleError(f"the bundle's section chat lacks {missing}: run `dvc repro bundle`") from None
        return cls(**plain, moods=moods)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
