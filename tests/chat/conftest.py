"""Twelve films, real and made up, behind the chat's interfaces: with a linker, a search and a model by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moviechat import params
from moviechat.chat.draft import Draft, Intent
from moviechat.chat.facts import Facts
from moviechat.chat.fit import SHIPPED
from moviechat.chat.heads import INTENTS, Head, grams, masked
from moviechat.chat.known import Known
from moviechat.chat.mentions import Mentions, read
from moviechat.chat.phrases import Phrases
from moviechat.chat.session import Chat, Session
from moviechat.chat.signals import Hints, Signals
from moviechat.chat.taste import Taste
from moviechat.chat.understand import Classified
from moviechat.chat.wanting import Wanting, wanting
from moviechat.grounding.check import Checker
from moviechat.limits import Limits
from moviechat.linking import Linker
from moviechat.linking.lexicon import Lexicon
from moviechat.linking.people import People
from moviechat.linking.titles import Titles
from moviechat.reply import Hit
from moviechat.retrieval.encoder import Encoder
from moviechat.retrieval.search import Explained
from moviechat.schema import Movie, Passage
from tests.twelve import FACTS, MOVIES, OUTSIDE, TEXTS

ROOT = Path(__file__).parents[2]


LABELS = "smalltalk.offtopic fact compare credits plot identify wish told unclear".split()


@dataclass
class FakeFinder:
    """Finds films by the words that their texts share with a query, and keeps the queries."""

    films: Any
    searches: list[str] = field(default_factory=list)

    def search(self, query: str, limit: int = 10, within: Limits | None = None) -> list[Hit]:
        self.searches.append(query)
        scores = 10 * self.films.words(query)
        keeps = self.films.keeps(within or Limits())
        ranked = (-scores).argsort(kind="stable").tolist()
        rows = [row for row in ranked if scores[row] > 0 and keeps[row]][:limit]
        found = [(self.films.movies[row], float(scores[row])) for row in rows]
        return [Hit(m.tconst, m.title, m.year, score) for m, score in found]

    def explain(self, query: str, limit: int = 10, within: Limits | None = None) -> list[Explained]:
        return [Explained(h, {"words": h.score}) for h in self.search(query, limit, within)]

    def unknown(self, within: Limits) -> dict[str, dict[str, tuple[str, ...]]]:
        people = {name for m in self.films.movies for name in (*m.directors, *m.cast, *m.writers, *m.composers)}
        missing = [c.name for c in within.people if c.name not in people]
        return {"people": dict.fromkeys(missing, ())} if missing else {}


@dataclass
class FakeModel:
    """Says what it is told to, letter by letter, and keeps the prompts."""

    says: str = "The old bus."
    name: str = "fake-lm"
    prompts: list[str] = field(default_factory=list)

    def stream(self, prompt: str, *, max_new_tokens: int) -> Iterator[str]:
        self.prompts.append(prompt)
        yield from self.says


@dataclass
class Guess:
    """The classifier that ships, or one that is sure of `says`; it keeps what it reads."""

    head: Head
    encoder: Encoder
    says: str = ""
    asked: list[str] = field(default_factory=list)

    def __call__(self, signals: Signals) -> Mapping[str, float]:
        self.asked.append(signals.m.text)
        if self.says:
            return dict.fromkeys(LABELS, 0.0) | {self.says: 1.0}
        embedded = self.encoder.encode([masked(signals.m)])[0]
        vector = np.concatenate([embedded, np.array(signals.flags(), np.float32)])
        return self.head.shares(vector, grams(signals.m))


@dataclass
class FakeShelf:
    """The catalogue as the chat reads it (moviechat.chat.shelf.Shelf); `guess` is the classifier of `understanding`.

    The check of answers is loaded when it is first needed. `worded` has the model word what is said of plots.
    """

    films: Any
    finder: FakeFinder
    linker: Linker
    taste: Taste
    movies: dict[str, Movie]
    passages: dict[str, list[Passage]]
    facts: dict[str, Facts]
    load_checker: Callable[[], Checker]
    guess: Guess
    model: FakeModel = field(default_factory=FakeModel)
    max_new_tokens: int = 64
    worded: bool = False

    @property
    def checker(self) -> Checker:
        return self.load_checker()

    def __post_init__(self) -> None:
        self.known = Known(self.movies, lambda: self.facts, lambda: self.passages)
        self.moods = self.taste.phrases()
        self.understanding = Classified(self.guess, lambda _: {})


@pytest.fixture(scope="session")
def encoder(models_folder: Path) -> Encoder:
    """The encoder that ships."""
    return Encoder(models_folder / "encoder", 64, 64)


@pytest.fixture(scope="session")
def head() -> Head:
    """The classifier that ships."""
    return Head.mean([Head.load(SHIPPED / name) for name in INTENTS])


@pytest.fixture
def guess(head: Head, encoder: Encoder) -> Guess:
    """The classifier as a conversation asks it."""
    return Guess(head, encoder)


@pytest.fixture(scope="session")
def movies() -> dict[str, Movie]:
    """The twelve films by tconst."""
    return {m.tconst: m for m in MOVIES}


@pytest.fixture(scope="session")
def passages() -> dict[str, list[Passage]]:
    """The texts that some of the films have."""
    return {t: [Passage(t, 0, s, None, "test", f"https://films.test/{t}", None, "CC0")] for t, s in TEXTS.items()}


@pytest.fixture(scope="session")
def linker(passages: dict[str, list[Passage]]) -> Linker:
    """The linker over the twelve films, and two well-known ones outside."""
    people = People.build(MOVIES)
    lexicon = Lexicon.build(TEXTS.values(), people.names)
    return Linker(Titles.build(MOVIES, passages, OUTSIDE), people, lexicon, MOVIES)


@pytest.fixture(scope="session")
def taste() -> Taste:
    """The section `chat` of the shipped params.yaml."""
    return Taste.from_json(params.load(ROOT / "params.yaml").chat.model_dump())


@pytest.fixture(scope="session")
def moods(taste: Taste) -> Phrases[str]:
    """The words that ask for moods."""
    return taste.phrases()


@pytest.fixture(scope="session")
def known(movies: dict[str, Movie]) -> Known:
    """Look-ups in the twelve films."""
    return Known(movies)


@pytest.fixture(scope="session")
def taken_apart(linker: Linker, moods: Phrases[str]) -> Callable[..., Mentions]:
    """Takes a message apart: `taken_apart(text, focus=False)`."""
    return lambda text, focus=False: read(text, linker, moods, focus=focus)


@pytest.fixture(scope="session")
def wants(taken_apart: Callable[..., Mentions], taste: Taste, known: Known) -> Callable[[str], Wanting]:
    """What a message wants of the twelve films, of 2019 to 2022."""
    return lambda text: wanting(taken_apart(text), taste, known.years)


@pytest.fixture(scope="session")
def drafted(taken_apart: Callable[..., Mentions], wants: Callable[[str], Wanting]) -> Callable[..., Draft]:
    """The draft of a message as an intent, with what is on the table: `drafted(text, intent, focus=True)`."""

    def draft(text: str, intent: Intent, **table: Any) -> Draft:
        hints = Hints(**table)
        return Signals(taken_apart(text, hints.focus), wants(text), hints).draft(intent, "en")

    return draft


@pytest.fixture
def shelf(
    guess: Guess,
    movies: dict[str, Movie],
    passages: dict[str, list[Passage]],
    linker: Linker,
    taste: Taste,
    make_films: Any,
    request: pytest.FixtureRequest,
) -> FakeShelf:
    """The twelve films as the chat reads them."""
    films = make_films(MOVIES, TEXTS, FACTS)
    finder, records = FakeFinder(films), (dict(movies), dict(passages), dict(FACTS))
    return FakeShelf(films, finder, linker, taste, *records, lambda: request.getfixturevalue("checker"), guess)


@pytest.fixture
def session(shelf: FakeShelf) -> Session:
    """A new conversation about them."""
    return Chat(shelf).session()


@pytest.fixture
def answers(session: Session) -> Callable[..., str]:
    """Asks one question after another and gives the last answer."""
    return lambda *questions: [session.ask(q).answer for q in questions][-1]
