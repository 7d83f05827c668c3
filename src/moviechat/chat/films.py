"""What a ranking needs of all films: arrays by row, in the table's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from moviechat.limits import Limits
from moviechat.schema import Movie

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]


class Films(Protocol):
    """A catalogue as columns, words and vectors."""

    @property
    def movies(self) -> Sequence[Movie]:
        """The films by row."""

    def row(self, tconst: str) -> int | None:
        """The row of a film, or None if it is not in the catalogue."""

    def keeps(self, limits: Limits) -> Array:
        """Which films meet all of `limits`, bool [films]."""

    def lacking(self, limits: Limits) -> Mapping[str, int]:
        """How many films are left out only because a value is unknown, by kind of limit."""

    def column(self, name: str) -> Array:
        """Year, runtime (minutes), rating or votes, float64 [films]; NaN where unknown."""

    @property
    def fame(self) -> Array:
        """Popularity of every film: log10(votes + 1), [films]."""

    def having(self, kind: str, name: str) -> Array:
        """The rows, ascending, of the films of a genre ("genres"), or of a person (a name or an id) by role."""

    def alike(self, genres: Sequence[str], rows: Array) -> Array:
        """Cosine of the genres of each of `rows` with `genres`, rare genres weighing most, 0 to 1; float64 [n]."""

    def words(self, text: str) -> Array:
        """Words that `text` shares with each film's texts, genres and titles (BM25), [films]: at most 1."""

    def encode(self, texts: Sequence[str]) -> Array:
        """Unit vectors of texts, float32 [texts, width]."""

    def centres(self, rows: Array) -> Array:
        """The mean direction of the passages of each of `rows`, float32 [n, width]; 0 without text."""

    def nearest(self, vectors: Array, count: int, allowed: Array | None) -> Array:
        """The rows of the films of the `count` passages nearest to each of `vectors` [n, width], of `allowed`."""

    def meaning(self, vector: Array, rows: Array) -> Array:
        """Similarity of `vector` and the best passage of `rows`, in standard deviations; -1 without text."""

    def doubles(self) -> Sequence[Sequence[int]]:
        """Groups of rows that are one film under several ids."""

    def __hash__(self) -> int:
        """By identity, so that results for a catalogue can be cached."""
