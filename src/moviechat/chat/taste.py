"""What vague words mean, and the weights of a recommendation: section `chat` of params.yaml."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
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
        """The section as in bundle.json; raises BundleError if a parameter is missing or of another kind."""
        try:
            return cls(**{f.name: _KINDS[f.type](said[f.name]) for f in fields(cls)})
        except KeyError as missing:
            raise BundleError(f"the bundle's section chat lacks {missing}: run `dvc repro bundle`") from None
        except (TypeError, ValueError, AttributeError) as error:
            raise BundleError(f"the bundle's section chat is garbled ({error}): run `dvc repro bundle`") from None


def _number(value: Any) -> Any:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise TypeError(f"{str(value)[:80]!r} is no number")
    return value


def _whole(value: Any) -> int:
    if _number(value) != int(value):
        raise TypeError(f"{value} is not whole")
    return int(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise TypeError(f"{str(value)[:80]!r} is no list of texts")
    return tuple(value)


def _weights(value: Any) -> dict[str, float]:
    return {name: _number(weight) for name, weight in value.items()}


def _moods(value: Any) -> dict[str, Mood]:
    return {
        name: Mood(_texts(m["words"]), _weights(m["genres"]), _texts([m["meaning"]])[0]) for name, m in value.items()
    }


# What reads a parameter, by the type that Taste gives it.
_KINDS: Mapping[Any, Callable[[Any], Any]] = {
    "int": _whole,
    "float": _number,
    "tuple[str, ...]": _texts,
    "Mapping[str, float]": _weights,
    "Mapping[str, Mood]": _moods,
}
