"""A message that names one of several people of one name, and does not tell which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Which:
    """The `text` of the message, the `name` in it, and the ids of the `people` who have it, best known first.

    `taken` is who was taken, being far better known than the others; "" if the conversation asks who is meant.
    """

    text: str
    name: str
    people: tuple[str, ...]
    taken: str = ""

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """The inverse of dataclasses.asdict; raises KeyError or TypeError for anything else."""
        return cls(str(said["text"]), str(said["name"]), tuple(map(str, said["people"])), str(said["taken"]))
