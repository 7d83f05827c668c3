"""Catalogues that several test files need: IMDb's tables, the shipped sample, films by hand. A plugin of pytest."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moviechat.imdb.tables import MANIFEST, TABLES
from moviechat.limits import AGE_RATINGS, Limits
from moviechat.schema import Movie

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
Rows = Sequence[Mapping[str, str]]


def write_lines(path: Path, *lines: dict[str, Any]) -> None:
    """Write objects as lines of JSON, packed if the name ends in .gz."""
    data = "".join(json.dumps(line) + "\n" for line in lines).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def film(tconst: str, title: str, year: int = 2020, **more: object) -> Movie:
    """A film of which only some things matter."""
    known: dict[str, object] = {
        "original_title": title,
        "runtime": 100,
        "genres": ("Drama",),
        "rating": 6.0,
        "votes": 1000,
    }
    return Movie(tconst=tconst, title=title, year=year, **(known | more))  # type: ignore[arg-type]


FILMS = [
    film(
        "tt01",
        "Parasite",
        2019,
        original_title="Gisaengchung",
        votes=900_000,
        directors=("Bong Joon Ho",),
        cast=("Song Kang-ho", "Lee Sun-kyun"),
    ),
    film("tt02", "1917", 2019, votes=600_000, runtime=119, genres=("Drama", "War"), directors=("Sam Mendes",)),
    film("tt03", "Us", 2019, votes=300_000, genres=("Horror",), directors=("Jordan Peele",)),
    film("tt04", "Nope", 2022, votes=250_000, genres=("Horror", "Sci-Fi"), directors=("Jordan Peele",)),
    film("tt05", "The Lost Daughter", 2021, votes=80_000, directors=("Maggie Gyllenhaal",)),
    film("tt06", "Star Wars: The Rise of Skywalker", 2019, votes=500_000, original_title="Star Wars: Episode IX"),
    film("tt07", "Prey", 2019, votes=3_000, directors=("Franck Khalfoun",)),
    film("tt08", "Prey", 2022, votes=200_000, runtime=None, rating=None, directors=("Dan Trachtenberg",)),
    film("tt09", "Alcarràs", 2022, alternative_titles=("Alcarras, the Peach Trees",), directors=("Carla Simón",)),
    film("tt10", "Diablo Rojo PTY", 2019, votes=200, runtime=80, genres=("Horror",), rating=5.0),
    film("tt11", "Zack Snyder's Justice League", 2021, votes=400_000, directors=("Zack Snyder",)),
    film("tt12", "Old", 2021, votes=150_000, directors=("M. Night Shyamalan",)),
    film("tt13", "기생충의 밤", 2020, votes=50),
    film("tt14", "Zack Snyder's Justice League", 2021, votes=10, same_as="tt11"),
    film("tt15", "The Oz Diary", 2020, votes=70),
    film("tt16", "Oz", 2021, votes=60),
    film("tt17", "Nomadland", 2020, votes=170_000, directors=("Chloé Zhao",), runtime=107),
    film("tt18", "The Banshees of Inisherin", 2022, votes=250_000, genres=("Comedy", "Drama")),
    film("tt19", "Tár", 2022, votes=90_000, genres=("Drama", "Music"), directors=("Todd Field",)),
    film("tt20", "Dune: Part One", 2021, votes=900_000, genres=("Sci-Fi",), directors=("Denis Villeneuve",)),
]  # namesakes, doubles and plain words for titles


@pytest.fixture(scope="session")
def write_imdb() -> Callable[[Path, Mapping[str, Rows]], Path]:
    """Writes tables as `download` leaves them: `write_imdb(folder, {"title.basics": [{"tconst": "tt1"}]})`.

    A column that a row does not name is \\N; tables that are not named are empty, the optional ones absent.
    """

    def write(folder: Path, tables: Mapping[str, Rows]) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        manifest = {}
        for table in (t for t in TABLES if t.name in tables or not t.optional):
            rows = tables.get(table.name, [])
            lines = ["\t".join(row.get(column, "\\N") for column in table.columns) for row in rows]
            text = "".join(line + "\n" for line in ["\t".join(table.columns), *lines])
            (folder / table.filename).write_bytes(gzip.compress(text.encode(), mtime=0))
            manifest[table.name] = {"rows": len(rows)}
        (folder / MANIFEST).write_text(json.dumps(manifest))
        return folder

    return write


@pytest.fixture(scope="session")
def sample_films() -> tuple[dict[str, Movie], dict[str, str]]:
    """The shipped sample's films, with their people, and their texts."""
    names = {row["nconst"]: row["primaryName"] for row in _table("name.basics")}
    votes = {row["tconst"]: row for row in _table("title.ratings")}
    people: dict[str, dict[str, list[str]]] = {}
    for row in _table("title.principals"):
        people.setdefault(row["tconst"], {}).setdefault(_PARTS[row["category"]], []).append(names[row["nconst"]])
    lines = (SAMPLE / "descriptions" / "descriptions.jsonl").read_text(encoding="utf-8").splitlines()
    movies = [_movie(row, votes.get(row["tconst"]), people.get(row["tconst"], {})) for row in _table("title.basics")]
    return {m.tconst: m for m in movies}, {d["tconst"]: d["text"] for d in map(json.loads, lines)}


_PARTS = {"director": "directors", "writer": "writers", "actor": "cast"}


def _movie(row: dict[str, str], votes: dict[str, str] | None, people: Mapping[str, Sequence[str]]) -> Movie:
    year, runtime = (int(row[c]) if row[c].isdigit() else None for c in ("startYear", "runtimeMinutes"))
    rating = (float(votes["averageRating"]), int(votes["numVotes"])) if votes else (None, 0)
    genres = tuple(row["genres"].split(","))
    parts: dict[str, Any] = {part: tuple(some) for part, some in people.items()}
    return Movie(row["tconst"], row["primaryTitle"], row["originalTitle"], year or 0, runtime, genres, *rating, **parts)


def _table(name: str) -> list[dict[str, str]]:
    with (SAMPLE / "imdb" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


class FakeFilms:
    """A catalogue as a ranking reads it, film by film in plain Python; a text's vector holds its stems."""

    width = 64

    def __init__(
        self,
        movies: Sequence[Movie],
        texts: Mapping[str, str],
        facts: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
    ) -> None:
        from moviechat.words import STOP, fold, stem, tokens

        self.movies, self.texts, self.facts = list(movies), texts, facts or {}
        self.read: Callable[[str], list[str]] = lambda text: [stem(t) for t in tokens(text) if fold(t) not in STOP]

    def row(self, tconst: str) -> int | None:
        return next((row for row, m in enumerate(self.movies) if m.tconst == tconst), None)

    def kept(self, movie: Movie, limits: Limits) -> bool:
        """Whether the film keeps all limits, said anew from the definition of limits.Limits."""
        fields = {role: (field,) for role, field in _CREDITS.items()} | {"any": tuple(_CREDITS.values())}
        genres = set(movie.genres)
        known = {"year": movie.year, "runtime": movie.runtime, "rating": movie.rating, "votes": movie.votes}
        for name, value in known.items():
            least, most = getattr(limits, f"{name}_min"), getattr(limits, f"{name}_max")
            if (least is not None and (value is None or value < least)) or (
                most is not None and (value is None or value > most)
            ):
                return False
        in_role = all(movie.has(c.person, *fields[c.role]) for c in limits.people)
        return (
            set(limits.genres_all) <= genres
            and (not limits.genres_any or bool(genres & set(limits.genres_any)))
            and not genres & set(limits.genres_not)
            and in_role
            and not any(movie.has(person, *fields["any"]) for person in limits.people_not)
            and self._told(movie, limits)
        )

    def _told(self, movie: Movie, limits: Limits) -> bool:
        """Whether the film keeps the limits on what the tables lack."""
        facts = self.facts.get(movie.tconst, {})
        for name in ("countries", "languages"):
            any_, not_, here = getattr(limits, f"{name}_any"), getattr(limits, f"{name}_not"), set(facts.get(name, ()))
            if (any_ and not here & set(any_)) or (not_ and (not here or here & set(not_))):
                return False
        rated = facts.get("age_rating", ("",))[0]
        most = limits.age_rating_max
        return most is None or (rated in AGE_RATINGS and AGE_RATINGS.index(rated) <= AGE_RATINGS.index(most))

    def keeps(self, limits: Limits) -> Any:
        return np.array([self.kept(m, limits) for m in self.movies], np.bool_)

    def column(self, name: str) -> Any:
        return np.array([np.nan if (v := getattr(m, name)) is None else v for m in self.movies], np.float64)

    @property
    def fame(self) -> Any:
        return np.log10(self.column("votes") + 1)

    def having(self, kind: str, name: str) -> Any:
        has = [name in m.genres if kind == "genres" else m.has(name, _CREDITS[kind]) for m in self.movies]
        return np.flatnonzero(has).astype(np.int32)

    def alike(self, genres: Sequence[str], rows: Any) -> Any:
        others = [set(self.movies[row].genres) for row in rows]
        shared = [len(own & set(genres)) / max(len(own | set(genres)), 1) for own in others]
        return np.array(shared, np.float64)

    def words(self, text: str) -> Any:
        wanted = set(self.read(text))
        counts = np.array([len(wanted & set(self.read(self.texts.get(m.tconst, "")))) for m in self.movies], np.float64)
        return counts / max(counts.max(initial=0.0), 1.0)

    def encode(self, texts: Sequence[str]) -> Any:
        vectors = np.zeros((len(texts), self.width), np.float32)
        for row, text in enumerate(texts):
            for term in self.read(text):
                vectors[row, zlib.crc32(term.encode()) % self.width] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def centres(self, rows: Any) -> Any:
        return self.encode([self.texts.get(self.movies[row].tconst, "") for row in rows])

    def nearest(self, vectors: Any, count: int, allowed: Any) -> Any:
        rows = [
            row for row, m in enumerate(self.movies) if m.tconst in self.texts and (allowed is None or allowed[row])
        ]
        near = [sorted(rows, key=lambda row: -float(self.centres([row])[0] @ v))[:count] for v in vectors]
        return np.array(near, np.int32).ravel()

    def meaning(self, vector: Any, rows: Any) -> Any:
        told = np.array([self.movies[row].tconst in self.texts for row in rows], np.bool_)
        return np.where(told, 4 * (self.centres(rows) @ vector), -1.0)

    def lacking(self, limits: Limits) -> dict[str, int]:
        kinds: dict[str, list[str]] = {}
        for limit in limits.said():
            kinds.setdefault("any" if limit.startswith("people") else limit.rpartition("_")[0], []).append(limit)
        counts = {
            kind: sum(self.kept(m, limits.without(*of)) and not self._known(m, kind) for m in self.movies)
            for kind, of in kinds.items()
        }
        return {kind: count for kind, count in counts.items() if count}

    def _known(self, movie: Movie, kind: str) -> bool:
        """Whether anything is on record of a kind of limit."""
        if kind == "any":
            return any(getattr(movie, f) for f in _CREDITS.values())
        here = getattr(movie, kind) if hasattr(movie, kind) else self.facts.get(movie.tconst, {}).get(kind, ())
        return here not in (None, ())

    def doubles(self) -> list[list[int]]:
        groups: dict[str, list[int]] = {}
        for row, m in enumerate(self.movies):
            groups.setdefault(m.film, []).append(row)
        return [rows for rows in groups.values() if len(rows) > 1]


_CREDITS = {"director": "directors", "cast": "cast", "writer": "writers", "composer": "composers"}


@pytest.fixture(scope="session")
def make_films() -> type[FakeFilms]:
    """Makes a catalogue as a ranking reads it: `make_films(movies, texts by tconst, facts by tconst)`."""
    return FakeFilms
