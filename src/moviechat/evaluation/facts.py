"""Facts asked of the whole chat: is the table's value in the answer, and does the source name its field?"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tqdm import tqdm

from moviechat import metrics
from moviechat.evaluation.answers import spread
from moviechat.evaluation.conversation import Conversation
from moviechat.reply import Reply
from moviechat.schema import Movie

NAMES = 3  # of a long list, such as a cast, the first names are what an answer must hold

_THOUSANDS = re.compile(r"(?<=\d)[,\u00a0\u202f](?=\d{3}\b)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

QUESTIONS = {
    "directors": ("Who directed {film}?", "who is the director of {film}"),
    "runtime": ("How long is {film}?", "What is the runtime of {film}?"),
    "year": ("When did {film} come out?", "What year was {film} released?"),
    "genres": ("What genre is {film}?", "What kind of film is {film}?"),
    "rating": ("What is the rating of {film}?", "How is {film} rated?"),
    "votes": ("How many votes does {film} have?", "How many people voted for {film}?"),
    "cast": ("Who is in {film}?", "Who stars in {film}?"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A question whose answer is one field of one film's row."""

    question: str
    movie: Movie
    field: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the chat said to a fact's question, whether value and source are right, and the seconds it took."""

    fact: Fact
    answer: str
    value: bool
    source: bool
    seconds: float

    @property
    def correct(self) -> bool:
        """The value is said and its field is named."""
        return self.value and self.source


def questions(movies: Sequence[Movie], films: int, seed: int) -> list[Fact]:
    """A question for every field that the table holds of `films` drawn films.

    A title that several films share is asked with its year; films that even the year does not tell apart are left out.
    """
    draw = random.Random(seed)
    titles, labels = Counter(m.title.casefold() for m in movies), Counter(m.label.casefold() for m in movies)
    distinct = [m for m in movies if labels[m.label.casefold()] == 1]
    return [
        Fact(draw.choice(wordings).format(film=m.label if titles[m.title.casefold()] > 1 else m.title), m, field)
        for m in draw.sample(distinct, min(len(distinct), films))
        for field, wordings in QUESTIONS.items()
        if getattr(m, field) not in (None, ())
    ]


def ask(facts: Sequence[Fact], start: Callable[[], Conversation], clock: Callable[[], float]) -> list[Checked]:
    """Ask each fact in a conversation of its own, with a progress bar; `clock` gives seconds."""
    checked = []
    for fact in tqdm(facts, desc="facts", unit="question"):
        conversation, begun = start(), clock()
        reply = conversation.ask(fact.question)
        checked.append(check(fact, reply, clock() - begun))
    return checked


def check(fact: Fact, reply: Reply, seconds: float = 0.0) -> Checked:
    """Compare a reply with the table."""
    named = any(s.tconst == fact.movie.tconst and s.field == fact.field for s in reply.sources)
    return Checked(fact, reply.answer, holds(reply.answer, getattr(fact.movie, fact.field)), named, seconds)


def holds(answer: str, value: Any) -> bool:
    """Whether `answer` says `value`: a number as a whole number, or its first three names."""
    if isinstance(value, tuple):
        said = _plain(answer)
        return all(_plain(name) in said for name in value[:NAMES])
    return float(value) in {float(n) for n in _NUMBER.findall(_THOUSANDS.sub("", answer))}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def summarise(checked: Sequence[Checked], *, resamples: int, seed: int) -> dict[str, Any]:
    """Share of right replies with its interval (films are resampled), of right values, of right sources; by field."""
    right = [float(c.correct) for c in checked]
    films = [c.fact.movie.tconst for c in checked]
    interval = metrics.mean_interval(right, resamples=resamples, seed=seed, clusters=films)
    return {
        "questions": len(checked),
        "films": len(set(films)),
        **spread("correct", interval),
        "value": _share([c.value for c in checked]),
        "source": _share([c.source for c in checked]),
        "fields": {
            field: _share([c.correct for c in checked if c.fact.field == field])
            for field in sorted({c.fact.field for c in checked})
        },
    }


def _share(outcomes: Sequence[bool]) -> float:
    return metrics.mean([float(o) for o in outcomes])
