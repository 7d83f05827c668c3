import tempfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from moviechat.errors import DataError
from moviechat.frames import columns, frame, write_parquet
from moviechat.params import Split
from moviechat.schema import Movie, QAPair
from moviechat.stages.split import PARTS, oldest, part, run

P = Split(validation=0.2, test=0.2, seed=42)


def _movie(tconst: str, title: str = "", same_as: str | None = None) -> Movie:
    return Movie(tconst, title or f"Film {tconst}", "", 2020, None, (), None, 0, same_as=same_as)


def _linked(movies: list[Movie]) -> list[Movie]:
    """The same, those of one title as entries of the newest: it has most votes."""
    newest = {m.title: m.tconst for m in movies}
    return [replace(m, same_as=newest[m.title] if newest[m.title] != m.tconst else None) for m in movies]


def _run(folder: Path, movies: list[Movie], p: Split = P) -> dict[str, list[tuple[str, str]]]:
    """(tconst, question) of every part, two pairs a film."""
    pairs = [QAPair(m.tconst, "about", f"{m.title} {n}?", "A.", "", "file") for m in movies for n in (1, 2)]
    write_parquet(frame(Movie, movies), folder / "movies.parquet")
    write_parquet(frame(QAPair, pairs), folder / "pairs.parquet")
    run(p, pairs=folder / "pairs.parquet", movies=folder / "movies.parquet", out=folder / "split")
    tables = {name: pl.read_parquet(folder / f"split/{name}.parquet") for name in PARTS}
    assert all(table.schema == columns(QAPair) for table in tables.values())
    return {name: table.select("tconst", "question").rows() for name, table in tables.items()}


def test_every_pair_is_in_one_part_and_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    movies = [_movie(f"tt{n:03}") for n in range(200)]
    parts = _run(tmp_path, movies)
    assert sorted(row for rows in parts.values() for row in rows) == sorted(
        (m.tconst, f"{m.title} {n}?") for m in movies for n in (1, 2)
    )
    assert all(rows == sorted(rows) for rows in parts.values())
    said = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert said == [[name, str(len(rows) // 2), "films", str(len(rows)), "pairs"] for name, rows in parts.items()]


def test_shares_are_about_what_was_asked() -> None:
    parts = [part(f"tt{n}", P) for n in range(5000)]
    assert parts.count("test") == pytest.approx(1000, rel=0.1)
    assert parts.count("validation") == pytest.approx(1000, rel=0.1)


@settings(max_examples=25)
@given(st.sets(st.integers(1, 9999), min_size=40, max_size=80), st.integers(0, 9), st.data())
def test_no_film_is_in_two_parts_and_more_films_move_none(ids: set[int], seed: int, data: st.DataObject) -> None:
    p = P.model_copy(update={"seed": seed})
    titles = st.sampled_from(["It", "Us", "Old", "Nope"])
    movies = [_movie(f"tt{n}", data.draw(titles) if n % 2 else "") for n in sorted(ids)]
    first, more = _linked(movies[: len(movies) // 2 + 1]), _linked(movies)
    assume(len({part(lowest, p) for lowest in oldest(frame(Movie, first)).values()}) == 3)
    with tempfile.TemporaryDirectory() as folder:
        before, after = (
            {tconst: name for name, rows in _run(Path(folder), films, p).items() for tconst, _ in rows}
            for films in (first, more)
        )
        split = {name: {t for t, _ in rows} for name, rows in _run(Path(folder), more, p).items()}
    assert sum(len(films) for films in split.values()) == len(movies)
    assert before.items() <= after.items()


def test_a_film_that_is_listed_twice_is_in_one_part() -> None:
    movies = [
        _movie("tt10000001", "Les Misérables"),
        _movie("tt9999999", "les miserables", same_as="tt10000001"),
        _movie("tt10000002", "Les Misérables"),
    ]
    assert oldest(frame(Movie, movies)) == {
        "tt10000001": "tt9999999",
        "tt9999999": "tt9999999",
        "tt10000002": "tt10000002",
    }


def test_the_seed_decides() -> None:
    films = [f"tt{n}" for n in range(100)]
    assert [part(f, P) for f in films] == [part(f, P) for f in films]
    assert [part(f, P) for f in films] != [part(f, P.model_copy(update={"seed": 43})) for f in films]


def test_an_empty_part_says_how_to_mend(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"no film falls into .*test.* with split\.validation 0\.2, .* change one of them"
    ):
        _run(tmp_path, [_movie("tt1"), _movie("tt2")])
    assert not (tmp_path / "split").exists()


def test_pairs_that_are_not_there_name_their_stage(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"pairs\.parquet is missing: run `dvc repro generate_qa`"):
        run(P, pairs=tmp_path / "pairs.parquet", movies=tmp_path / "movies.parquet", out=tmp_path / "split")
