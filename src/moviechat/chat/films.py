"""What a ranking reads of all films: numbers by row, in the table's order."""

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
        """Which films keep all of `limits`, bool [films]."""

    def lacking(self, limits: Limits) -> Mapping[str, int]:
        """How many films are left out only because nothing is on record of a limit, by kind of limit."""

    def column(self, name: str) -> Array:
        """Year, runtime (minutes), rating or votes, float64 [films]; NaN where there is none."""

    @property
    def fame(self) -> Array:
        """How well known every film is: log10 of its votes and one, [films]."""

    def having(self, kind: str, name: str) -> Array:
        """The rows, ascending, of the films of a genre ("genres"), or of a person by role (limits.Role)."""

    def alike(self, genres: Sequence[str]) -> Array:
        """The cosine of each film's genres with `genres`, rare genres weighing most, 0 to 1; float64 [films]."""

    def words(self, text: str) -> Array:
        """What `text` shares with each film's texts, genres and titles (BM25), [films]: at most 1, for the best."""

    def encode(self, texts: Sequence[str]) -> Array:
        """Unit vectors of texts, float32 [texts, width]."""

    def centres(self, rows: Array) -> Array:
        """The mean direction of the passages of each of `rows`, float32 [n, width]; 0 where there is no text."""

    def nearest(self, vector: Array, count: int, allowed: Array | None) -> Array:
        """The rows of the films of the `count` passages nearest to `vector`, of those that are `allowed` [films]."""

    def meaning(self, vector: Array, rows: Array) -> Array:
        """How near the best passage of `rows` is to `vector`, in standard deviations; -1 without a text."""

    def doubles(self) -> Sequence[Sequence[int]]:
        """Groups of rows that are one film under several ids."""

    def __hash__(self) -> int:
        """By identity: what is computed of a catalogue can be kept."""
