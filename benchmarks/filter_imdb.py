"""`download` from a folder and `filter`, whole, over files of IMDb's shape, against `zcat FILE | wc -l` over them.

    python benchmarks/filter_imdb.py [--scale 0.1] [--rounds 1] [--rival] [--folder KEPT]

Scale 1 is IMDb of 2026: 12.3 million titles, 97.6 million principals, 15.1 million names, 55 million other titles.
Names and titles are made up of Zipf's words; the packed files come from zlib, as IMDb's do. What is told is CPU
seconds of each process with its children, and its peak memory. `--rival` runs PyPI's imdb-sqlite over the same files,
which must be installed for it (published for IMDb's: 17.5 minutes).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from moviechat.imdb.tables import AKAS, BASICS, CREW, NAMES, PRINCIPALS, RATINGS, TABLES, Table

TITLES, PEOPLE = 12_300_000, 15_100_000
FILM_EVERY, RATED_FILMS, RATED = 16, 0.3, 0.11  # every so many titles is a film; shares with a rating
PRINCIPALS_A_TITLE, AKAS_A_TITLE = 7.94, 4.47
BLOCK = 200_000  # titles or names made at once
WORDS = 40_000
EPISODES = 20
TYPES = {
    "tvEpisode": 0.81,
    "short": 0.10,
    "video": 0.03,
    "tvSeries": 0.03,
    "tvMovie": 0.02,
    "videoGame": 0.01,
}
GENRES = ("Drama", "Comedy", "Short", "Talk-Show", "Documentary", "Romance", "Family", "News", "Horror", "Thriller")
PARTS = ("actor", "actress", "self", "director", "writer", "producer", "composer", "editor", "cinematographer")
REGIONS = ("US", "JP", "FR", "DE", "IN", "IT", "ES", "PT", "GB", "\\N")
_ROW = "{:<34}{:>10}{:>10}{:>10}{:>9}"
_STAGE = """
import sys
from pathlib import Path
from moviechat import params
from moviechat.stages import download, filter
given, out = map(Path, sys.argv[2:])
p = params.load(Path("profiles/imdb.yaml"))
tables = out / "download"
if sys.argv[1] == "download":
    download.run(params.Download(folder=str(given), url=None, as_of=None), out=tables, cache=out / "cache")
else:
    names = {name: out / f"{name}.parquet" for name in ("movies", "outside")}
    filter.run(p.filter, tables=tables, dropped=out / "dropped.json", **names)
"""


def main() -> None:
    """Make the files, then print a row a way of reading them."""
    asked = _arguments()
    if asked.make:
        make(asked.folder, asked.scale)
        return
    with tempfile.TemporaryDirectory() as passing:
        given = asked.folder or Path(passing) / "given"
        if not (given / AKAS.filename).is_file():
            # In a process of its own: a child's peak memory counts from what its parent holds.
            command = [sys.executable, __file__, "--make", "--scale", str(asked.scale), "--folder", str(given)]
            subprocess.run(command, check=True)
        sizes = sum((given / table.filename).stat().st_size for table in TABLES)
        print(f"six files of scale {asked.scale}, {sizes / 1e6:,.0f} MB packed")
        print(_ROW.format("", "CPU s", "wall s", "peak MB", "of zcat"))
        for _ in range(asked.rounds):
            _measure(given, Path(passing) / "out", asked.rival)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="download and filter against zcat | wc -l.")
    parser.add_argument("--scale", type=float, default=0.1, help="1 is IMDb's size of 2026")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--rival", action="store_true", help="run imdb-sqlite too")
    parser.add_argument("--make", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="keep the files here, or take those that are")
    return parser.parse_args()


def _measure(given: Path, out: Path, rival: bool) -> None:
    files = " ".join(f"'{given / table.filename}'" for table in TABLES)
    base, _ = _timed("zcat FILE | wc -l, each file", ["bash", "-c", f"for f in {files}; do zcat $f | wc -l; done"])
    spent = 0.0
    for stage in ("download", "filter"):
        spent += _timed(stage, [sys.executable, "-c", _STAGE, stage, str(given), str(out)], base)[0]
    print(_ROW.format("download + filter", f"{spent:.1f}", "", "", f"{spent / base:.2f}"), flush=True)
    if rival:
        tool = shutil.which("imdb-sqlite") or "imdb-sqlite"
        tables = "people,titles,akas,crew,ratings"  # "crew" is made of the principals; episodes are not made up here
        command = [tool, "--cache-dir", str(given), "--db", str(out / "imdb.db"), "--only", tables]
        _timed("imdb-sqlite", command, base)
    shutil.rmtree(out)


def _timed(name: str, command: list[str], base: float | None = None) -> tuple[float, float]:
    """CPU seconds (with children) and peak MB of a command; prints its row."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{name} ended with {child.returncode}")
    wall, spent, peak = time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3
    share = f"{spent / base:.2f}" if base else ""
    print(_ROW.format(name, f"{spent:.1f}", f"{wall:.1f}", f"{peak:,.0f}", share), flush=True)
    return spent, peak


def make(folder: Path, scale: float) -> None:
    """Write the six files; the same scale gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    titles, people = int(TITLES * scale), int(PEOPLE * scale)
    words = _words(np.random.default_rng(0))
    ids = _ids("tt", titles, 36_000_000)
    nconsts = _ids("nm", people, 17_000_000)
    per_title: dict[Table, Callable[[pl.Series, np.random.Generator], pl.DataFrame]] = {
        BASICS: lambda t, draw: _basics(t, words, draw),
        RATINGS: _ratings,
        CREW: lambda t, draw: _crew(t, nconsts, draw),
        PRINCIPALS: lambda t, draw: _principals(t, nconsts, words, draw),
        AKAS: lambda t, draw: _akas(t, words, draw),
    }
    for table, made in per_title.items():
        _write(folder / table.filename, table, made, ids)
    _write(folder / NAMES.filename, NAMES, lambda n, draw: _names(n, ids, words, draw), nconsts)


def _write(path: Path, table: Table, made: Callable[..., pl.DataFrame], ids: pl.Series) -> None:
    print(f"making {path.name}", file=sys.stderr, flush=True)
    packer = zlib.compressobj(6, wbits=31)
    with path.open("wb") as file:
        file.write(packer.compress(("\t".join(table.columns) + "\n").encode()))
        for number, block in enumerate(_blocks(ids)):
            rows = made(block, np.random.default_rng((TABLES.index(table), number)))
            text = rows.write_csv(separator="\t", include_header=False, quote_style="never", null_value="\\N")
            file.write(packer.compress(text.encode()))
        file.write(packer.flush())


def _blocks(ids: pl.Series) -> Iterator[pl.Series]:
    for start in range(0, len(ids), BLOCK):
        yield ids[start : start + BLOCK]


def _ids(kind: str, count: int, last: int) -> pl.Series:
    """`count` ids up to `last`, seven digits or more, in the order of IMDb's files: as strings."""
    numbers = np.linspace(1, last, count).astype(np.int64)
    return pl.Series([f"{kind}{n:07d}" for n in numbers]).sort()


def _words(draw: np.random.Generator) -> pl.Series:
    letters = np.array(list("etaoinshrdlucmfwypvbgkqjxz"))
    lengths = draw.integers(2, 11, WORDS)
    return pl.Series(["".join(draw.choice(letters, n)).title() for n in lengths])


def _said(words: pl.Series, rows: int, most: int, draw: np.random.Generator) -> pl.Series:
    """One to `most` words a row, by Zipf's law."""
    columns = [words.gather(np.minimum(draw.zipf(1.3, rows), WORDS) - 1) for _ in range(most)]
    count = draw.integers(1, most + 1, rows)
    kept = [
        c if i == 0 else pl.select(pl.when(pl.Series(count > i)).then(c)).to_series() for i, c in enumerate(columns)
    ]
    return pl.select(
        pl.concat_str([c.alias(str(i)) for i, c in enumerate(kept)], separator=" ", ignore_nulls=True)
    ).to_series()


def _one_of(values: tuple[str, ...], rows: int, draw: np.random.Generator, p: list[float] | None = None) -> pl.Series:
    return pl.Series(values).gather(draw.choice(len(values), rows, p=p))


def _basics(ids: pl.Series, words: pl.Series, draw: np.random.Generator) -> pl.DataFrame:
    rows, title = len(ids), _said(words, len(ids), 5, draw)
    year = 2026 - np.minimum(draw.exponential(18, rows).astype(int), 130)
    runtime = pl.Series(draw.integers(1, 200, rows).astype(str))
    values = {
        "tconst": ids,
        "titleType": np.where(
            np.arange(rows) % FILM_EVERY, _one_of(tuple(TYPES), rows, draw, list(TYPES.values())), "movie"
        ),
        "primaryTitle": title,
        "originalTitle": title,
        "isAdult": (draw.random(rows) < 0.03).astype(int).astype(str),
        "startYear": year.astype(str),
        "endYear": ["\\N"] * rows,
        "runtimeMinutes": pl.select(pl.when(pl.Series(draw.random(rows) < 0.3)).then(runtime)).to_series(),
        "genres": _one_of(GENRES, rows, draw) + "," + _one_of(GENRES, rows, draw),
    }
    return pl.DataFrame(values)


def _ratings(ids: pl.Series, draw: np.random.Generator) -> pl.DataFrame:
    share = np.where(np.arange(len(ids)) % FILM_EVERY, RATED, RATED_FILMS)
    some = ids.filter(pl.Series(draw.random(len(ids)) < share))
    rating = np.round(draw.normal(6.5, 1.4, len(some)).clip(1, 10), 1)
    votes = (5 + draw.pareto(0.6, len(some)) * 8).clip(5, 2_900_000).astype(int)
    return pl.DataFrame({"tconst": some, "averageRating": rating, "numVotes": votes})


def _crew(ids: pl.Series, people: pl.Series, draw: np.random.Generator) -> pl.DataFrame:
    directors, writers = (people.gather(draw.integers(0, len(people), len(ids))) for _ in range(2))
    known = pl.Series(draw.random(len(ids)) < 0.55)
    return pl.DataFrame({"tconst": ids, "directors": directors, "writers": writers}).with_columns(
        pl.when(known).then(pl.col("directors")).alias("directors"),
        pl.when(known).then(pl.col("writers")).alias("writers"),
    )


def _principals(ids: pl.Series, people: pl.Series, words: pl.Series, draw: np.random.Generator) -> pl.DataFrame:
    count = draw.poisson(PRINCIPALS_A_TITLE, len(ids))
    rows = int(count.sum())
    part = draw.integers(0, len(PARTS), rows)
    said = pl.DataFrame({"part": pl.Series(PARTS).gather(part), "who": _said(words, rows, 2, draw)})
    columns = said.select(
        pl.col("part").alias("category"),
        pl.when(pl.col("part") == "producer").then(pl.lit("producer")).alias("job"),
        pl.when(pl.Series(part < 3)).then('["' + pl.col("who") + '"]').alias("characters"),
    )
    order = np.arange(rows) - np.repeat(np.cumsum(count) - count, count) + 1
    places = np.repeat(np.arange(len(ids)), count)
    # Titles that stand side by side share people, as the episodes of a series do.
    troupes = draw.integers(0, len(people), (len(ids) // EPISODES + 1, 3 * EPISODES))
    crowd = people.gather(troupes[places // EPISODES, draw.integers(0, 3 * EPISODES, rows)])
    return pl.DataFrame({"tconst": ids.gather(places), "ordering": order, "nconst": crowd}).hstack(columns)


def _akas(ids: pl.Series, words: pl.Series, draw: np.random.Generator) -> pl.DataFrame:
    count = draw.poisson(AKAS_A_TITLE, len(ids))
    rows = int(count.sum())
    region = _one_of(REGIONS, rows, draw)
    values = {
        "titleId": ids.gather(np.repeat(np.arange(len(ids)), count)),
        "ordering": np.arange(rows) - np.repeat(np.cumsum(count) - count, count) + 1,
        "title": _said(words, rows, 5, draw),
        "region": region,
        "language": region.str.to_lowercase(),
        "types": _one_of(("imdbDisplay", "original", "\\N"), rows, draw),
        "attributes": ["\\N"] * rows,
        "isOriginalTitle": draw.integers(0, 2, rows).astype(str),
    }
    return pl.DataFrame(values)


def _names(ids: pl.Series, titles: pl.Series, words: pl.Series, draw: np.random.Generator) -> pl.DataFrame:
    rows = len(ids)
    first = draw.integers(0, len(titles), rows)
    known = [titles.gather((first + draw.integers(0, EPISODES, rows)) % len(titles)) for _ in range(3)]
    born = pl.Series((1900 + draw.integers(0, 110, rows)).astype(str))
    values = {
        "nconst": ids,
        "primaryName": _said(words, rows, 2, draw) + " " + _said(words, rows, 1, draw),
        "birthYear": pl.select(pl.when(pl.Series(draw.random(rows) < 0.05)).then(born)).to_series(),
        "deathYear": ["\\N"] * rows,
        "primaryProfession": _one_of(PARTS, rows, draw) + "," + _one_of(PARTS, rows, draw),
        "knownForTitles": known[0] + "," + known[1] + "," + known[2],
    }
    return pl.DataFrame(values)


if __name__ == "__main__":
    main()
