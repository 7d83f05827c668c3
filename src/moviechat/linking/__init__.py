"""Names of films and people in a text: their position, possible meanings and probability."""

from __future__ import annotations

from moviechat.linking.linker import Linker
from moviechat.linking.mentions import FilmMention, How, Outside, PersonMention, apart

__all__ = ["FilmMention", "How", "Linker", "Outside", "PersonMention", "apart"]
