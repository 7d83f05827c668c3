"""Is the right film found? Queries are held-out questions, and titles as people type them."""

from __future__ import annotations

import random
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tqdm import tqdm

from moviechat import metrics
from moviechat.evaluation.answers import spread
from moviechat.reply import Hit
from moviechat.schema import Movie, QAPair

DEPTH = 10  # hits per query, and the k of R@k
MIN_TYPO = 4  # minimum letters: a typo in "It" or "Us" leaves nothing to find

# Sentences with a film's title, not written by the authors of the linker.
FRAMES = (
    "{title}",
    "so last weekend we finally got round to {title}",
    "My flatmate won't stop quoting {title}!",
    "hmm not sure about {title}, worth two hours of my life?",
    "Somebody at the office lent me {title} on disc.",
    "{title} - anyone?",
    "our film club has picked {title} for next week",
    "Before I put on {title}: will it upset my mum?",
    "are there people who did not fall asleep in {title}",
    "I mix up {title} with something else all the time",
    "remind me, {title}, that was the one with the long ending?",
    "could you look up {title} for me please",
)


class Finder(Protocol):
    """A search: the best films for a query, best first."""

    def search(self, query: str, limit: int = ...) -> list[Hit]:
        """At most `limit` hits."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A query, its right films (any of them counts), and its group."""

    query: str
    gold: frozenset[str]
    group: str


@dataclass(frozen=True, slots=True)
class Found:
    """A query's hits (tconsts, best first) and the seconds it took."""

    sought: Sought
    hits: tuple[str, ...]
    seconds: float


def questions(pairs: Sequence[QAPair], movies: Sequence[Movie]) -> list[Sought]:
    """The pairs' questions; the pair's film is right, and so is one that the question cannot tell from it."""
    same = twins(movies)
    return [Sought(p.question, same.get(p.tconst, frozenset({p.tconst})), "questions") for p in pairs]


def title_queries(movies: Sequence[Movie], limit: int, seed: int, frames: Sequence[str] = FRAMES) -> list[Sought]:
    """Sentences about films drawn from the catalogue, `limit` at most, in groups `exact`, `lower_case`, `one_typo`.

    The groups use the same films. A frame holds `{title}`; titles of films from several years get their year.
    """
    draw = random.Random(seed)
    years = Counter(name for name, _ in {(_plain(m.title), m.year) for m in movies})
    same, sample = twins(movies), draw.sample(list(movies), min(len(movies), limit // 3))
    found: list[Sought] = []
    for movie in sample:
        frame, gold = draw.choice(frames), same[movie.tconst]
        year = f" ({movie.year})" if years[_plain(movie.title)] > 1 else ""
        for group, title in _forms(movie.title, draw):
            found.append(Sought(frame.format(title=title + year), gold, group))
    return found


def _forms(title: str, draw: random.Random) -> list[tuple[str, str]]:
    forms = [("exact", title), ("lower_case", title.lower())]
    letters = [i for i, c in enumerate(title) if c.isalpha()]
    return [*forms, ("one_typo", typo(title, draw))] if len(letters) >= MIN_TYPO else forms


def typo(title: str, draw: random.Random) -> str:
    """`title` with one letter dropped, doubled, replaced or exchanged with its neighbour; never `title` itself."""
    at = draw.choice([i for i, c in enumerate(title) if c.isalpha()])
    other = draw.choice([c for c in string.ascii_lowercase if c != title[at].lower()])
    swapped = title[:at] + title[at + 1 : at + 2] + title[at] + title[at + 2 :]
    made = draw.choice(
        [
            title[:at] + title[at + 1 :],
            title[:at] + title[at] + title[at:],
            title[:at] + other + title[at + 1 :],
            swapped,
        ]
    )
    return made if made != title else title[:at] + title[at + 1 :]


def twins(movies: Sequence[Movie]) -> dict[str, frozenset[str]]:
    """Each tconst with the film's other ids, and with all films that title and year do not tell from it."""
    same: dict[object, set[str]] = {}
    for movie in movies:
        for called in (movie.film, (_plain(movie.title), movie.year)):
            same.setdefault(called, set()).add(movie.tconst)
    return {m.tconst: frozenset(same[m.film] | same[_plain(m.title), m.year]) for m in movies}


def _plain(title: str) -> str:
    return unicodedata.normalize("NFKC", title).casefold()


def ask(finder: Finder, sought: Sequence[Sought], clock: Callable[[], float]) -> list[Found]:
    """Search each query, with a progress bar; `clock` returns seconds."""
    found = []
    for item in tqdm(sought, desc="searches", unit="query"):
        start = clock()
        hits = finder.search(item.query, DEPTH)
        found.append(Found(item, tuple(h.tconst for h in hits), clock() - start))
    return found


def summarise(found: Sequence[Found], *, resamples: int, seed: int) -> dict[str, Any]:
    """R@1 with its interval, R@10 and MRR of each group."""
    groups = sorted({f.sought.group for f in found})
    return {g: _scores([f for f in found if f.sought.group == g], resamples, seed) for g in groups}


def _scores(found: Sequence[Found], resamples: int, seed: int) -> dict[str, float]:
    first = [metrics.recall_at(f.hits, f.sought.gold, 1) for f in found]
    deep = [metrics.recall_at(f.hits, f.sought.gold, DEPTH) for f in found]
    return {
        "queries": len(found),
        **spread("recall_at_1", metrics.mean_interval(first, resamples=resamples, seed=seed)),
        f"recall_at_{DEPTH}": metrics.mean(deep),
        "mrr": metrics.mrr([(f.hits, f.sought.gold) for f in found]),
    }
