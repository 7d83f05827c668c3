"""A catalogue of ten films behind the chat's interfaces, with a linker, a search and a language model made by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from moviechat.chat.chat import Session

from moviechat.reply import Hit
from moviechat.schema import Movie, Passage
from moviechat.words import STOP, fold, stem, tokens

MOVIES = (
    Movie(
        "tt01",
        "Parasite",
        "Gisaengchung",
        2019,
        132,
        ("Comedy", "Drama", "Thriller"),
        8.5,
        1_000_000,
        directors=("Bong Joon Ho",),
        writers=("Bong Joon Ho", "Han Jin-won"),
        cast=("Song Kang-ho", "Lee Sun-kyun"),
        characters=("Ki Taek", "Dong Ik"),
        producers=("Kwak Sin-ae",),
        composers=("Jung Jae-il",),
        cinematographers=("Hong Kyung-pyo",),
        editors=("Yang Jin-mo",),
        alternative_titles=("Parásitos", "기생충"),
    ),
    Movie("tt02", "1917", "1917", 2019, 119, ("Action", "War"), 8.2, 700_000, directors=("Sam Mendes",)),
    Movie(
        "tt03",
        "Joker",
        "Joker",
        2019,
        122,
        ("Crime", "Drama", "Thriller"),
        8.3,
        1_600_000,
        directors=("Todd Phillips",),
        cast=("Joaquin Phoenix", "Robert De Niro"),
        characters=("Arthur Fleck", "Murray Franklin"),
    ),
    Movie(
        "tt04", "The Platform", "El hoyo", 2019, 94, ("Horror",), 7.0, 300_000, directors=("Galder Gaztelu-Urrutia",)
    ),
    Movie("tt05", "Diablo Rojo PTY", "Diablo Rojo PTY", 2019, 80, ("Horror",), 5.0, 134, directors=("Sol Moreno",)),
    Movie("tt06", "The Call", "Kol", 2020, 112, ("Horror",), 7.1, 40_000, directors=("Lee Chung-hyun",)),
    Movie("tt07", "The Call", "The Call", 2020, 97, ("Horror",), 4.5, 3_000, directors=("Timothy Woodward Jr.",)),
    Movie("tt08", "Silence", "Silence", 2021, None, (), None, 0),
    Movie("tt09", "Okja Returns", "Okja Returns", 2021, 45, ("Adventure",), 6.0, 1, directors=("Bong Joon Ho",)),
    Movie("tt10", "Her", "Her", 2022, 60, ("Romance",), 3.2, 20, directors=("Spike Jonze",)),
)
TEXTS = {
    "tt01": (
        "The four Kims fold pizza boxes in a half-basement flat in Seoul. Their son becomes a tutor in the rich Park "
        "family's house, and one after another the Kims find work there. A man hides in a bunker under the kitchen."
    ),
    "tt02": (
        "Two British lance corporals, Blake and Schofield, are sent across no man's land with a message. It must stop "
        "an attack in which Blake's brother would march into a trap."
    ),
    "tt03": (
        "Arthur Fleck works as a party clown in Gotham City and cares for his mother Penny. He is fired when a gun "
        "falls out of his costume. At last he shoots Murray Franklin on live television."
    ),
    "tt05": (
        "A bus driver, his helper, a priest and two policemen are put under a spell and end up lost in the jungle of "
        "Chiriqui. Creatures haunt the roads, and the old bus is their only refuge."
    ),
}
PASSAGES = {t: [Passage(t, 0, text, None, "test", f"https://films.test/{t}", None, "CC0")] for t, text in TEXTS.items()}


@dataclass(frozen=True)
class FakeLink:
    """A title in a text."""

    tconst: str
    title: str
    year: int
    span: tuple[int, int]
    others: tuple[str, ...] = ()
    how: str = "exact"


@dataclass(frozen=True)
class FakePerson:
    """A name in a text."""

    name: str
    span: tuple[int, int]


@dataclass
class FakeFinder:
    """Links whole titles (of "Her" only the capitalised) and names; finds films by shared words."""

    movies: Sequence[Movie]
    searches: list[str] = field(default_factory=list)

    def link(self, text: str) -> list[FakeLink]:
        found: list[FakeLink] = []
        for movie in sorted(self.movies, key=lambda m: (-len(m.title), -m.votes)):
            flags = re.I if len(movie.title) > 3 else 0
            for at in re.finditer(rf"(?<!\w){re.escape(movie.title)}(?!\w)(?: \((\d+)\))?", text, flags):
                twins = tuple(m.tconst for m in self.movies if m.title == movie.title and m != movie)
                if not any(a < at.end() and at.start() < b for a, b in (link.span for link in found)):
                    found.append(FakeLink(movie.tconst, movie.title, movie.year, at.span(), twins))
        return sorted(found, key=lambda link: link.span)

    def make_link(self, title: str, start: int) -> FakeLink:
        """A link that says `title` from `start` on."""
        return FakeLink(f"tt-{title}", title, 2020, (start, start + len(title)))

    def link_people(self, text: str) -> list[FakePerson]:
        people = {name for m in self.movies for name in (*m.directors, *m.writers, *m.cast)}
        return [
            FakePerson(name, at.span())
            for name in sorted(people)
            for at in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.I)
        ]

    def search(self, query: str, limit: int = 10) -> list[Hit]:
        self.searches.append(query)
        wanted = {stem(t) for t in tokens(query) if fold(t) not in STOP}
        shared = {m: len(wanted & {stem(t) for t in tokens(TEXTS.get(m.tconst, ""))}) for m in self.movies}
        best = sorted(self.movies, key=lambda m: -shared[m])[:limit]
        return [Hit(m.tconst, m.title, m.year, float(shared[m])) for m in best if shared[m]]


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
class FakeShelf:
    """The catalogue as the chat reads it."""

    finder: FakeFinder
    model: FakeModel
    movies: dict[str, Movie]
    passages: dict[str, list[Passage]]
    max_new_tokens: int = 64


@pytest.fixture
def shelf() -> FakeShelf:
    """The ten films."""
    return FakeShelf(FakeFinder(MOVIES), FakeModel(), {m.tconst: m for m in MOVIES}, dict(PASSAGES))


@pytest.fixture
def session(shelf: FakeShelf) -> Session:
    """A new conversation about them."""
    return Session(shelf)


@pytest.fixture
def answers(session: Session) -> Callable[..., str]:
    """Asks one question after another and gives the last answer."""
    return lambda *questions: [session.ask(q).answer for q in questions][-1]
