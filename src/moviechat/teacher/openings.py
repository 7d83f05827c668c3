"""Beginnings of questions for a model that would not name its film; for some kinds the whole question."""

from __future__ import annotations

import re
from random import Random

from moviechat.schema import Movie

_WHOLE = {
    "about": ("What is {t} about?", "What is the story of {t}?", "What happens in {t}?"),
    "setting": ("Where is {t} set?", "When and where is {t} set?", "Where does {t} take place?"),
    "themes": ("What are the genres and themes of {t}?", "What is the tone of {t}, and what are its themes?"),
    "ending": ("How does {t} end?", "What is the ending of {t}?"),
}
_FACTS = {
    "runtime": ("What year is {t} from, and how long is it?", "How long is {t}, and when did it come out?"),
    "genres": ("What genre is {t}, and when did it come out?", "Which year is {t} from, and what are its genres?"),
    "rating": ("What is the rating of {t}, and how many votes is it from?",),
}
_BEGUN = ("In {t}, who", "In {t}, what", "In {t}, why", "In {t}, how", "In {t}, where", "In {t}, what does")
_UNSPOKEN = re.compile(r'["\\\s<>]+')  # what would end a JSON string, or start a part of the prompt


def opening(kind: str, movie: Movie, seed: str) -> str:
    """The question of `kind` about the film, whole (ending in "?") or its first words; chosen by `seed` and film."""
    rng = Random(f"{seed}:{movie.tconst}")
    facts = [w for field, wordings in _FACTS.items() if getattr(movie, field) for w in wordings]
    chosen = rng.choice(_WHOLE.get(kind) or (facts if kind == "fact" and facts else _BEGUN))
    return chosen.replace("{t}", _UNSPOKEN.sub(" ", movie.title).strip())
