import gzip
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviechat.errors import DataError
from moviechat.frames import columns
from moviechat.params import Filter
from moviechat.schema import Movie, Outside
from moviechat.stages.filter import run

Row = dict[str, str]
Write = Callable[[Path, Mapping[str, Sequence[Mapping[str, str]]]], Path]
DEFAULT = Filter(
    first_year=2019,
    last_year=2022,
    title_types=["movie"],
    adult=False,
    rated=True,
    min_votes=1,
    max_cast=10,
    outside_votes=5000,
)
FILM = {"titleType": "movie", "primaryTitle": "It", "originalTitle": "It", "isAdult": "0", "startYear": "2020"}


def _film(tconst: str, **changes: str) -> Row:
    return FILM | {"tconst": tconst} | changes


def _rating(tconst: str, rating: str = "5.0", votes: str = "134") -> Row:
    return {"tconst": tconst, "averageRating": rating, "numVotes": votes}


def _run(
    folder: Path, write_imdb: Write, basics: list[Row], ratings: list[Row], p: Filter = DEFAULT, **other: list[Row]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The catalogue's rows and the counts that `run` makes of these tables."""
    tables = {"title.basics": basics, "title.ratings": ratings} | {k.replace("_", "."): v for k, v in other.items()}
    names = ("movies.parquet", "outside.parquet", "dropped.json")
    movies, outside, dropped = (folder / "out" / name for name in names)
    run(p, tables=write_imdb(folder / "tables", tables), movies=movies, outside=outside, dropped=dropped)
    assert pl.read_parquet_schema(movies) == columns(Movie)
    assert pl.read_parquet_schema(outside) == columns(Outside)
    return pl.read_parquet(movies).rows(named=True), json.loads(dropped.read_text())


def test_a_film_is_joined_with_all_that_is_known_of_it(tmp_path: Path, write_imdb: Write) -> None:
    rows, _ = _run(
        tmp_path,
        write_imdb,
        [_film("tt2", primaryTitle="Parasite", originalTitle="Gisaengchung", runtimeMinutes="132", genres="Drama,War")],
        [_rating("tt2", "8.5", "1000000")],
        title_crew=[{"tconst": "tt2", "directors": "nm1", "writers": "nm1,nm2"}],
        title_principals=[
            {"tconst": "tt2", "ordering": "1", "nconst": "nm3", "category": "actor", "characters": '["Ki-taek"]'}
        ],
        name_basics=[{"nconst": f"nm{n}", "primaryName": name} for n, name in enumerate(("Bong", "Han", "Song"), 1)],
        title_akas=[{"titleId": "tt2", "title": "기생충"}],
    )
    expected = Movie(
        tconst="tt2",
        title="Parasite",
        original_title="Gisaengchung",
        year=2020,
        runtime=132,
        genres=("Drama", "War"),
        rating=8.5,
        votes=1_000_000,
        directors=("Bong",),
        writers=("Bong", "Han"),
        cast=("Song",),
        characters=("Ki-taek",),
        alternative_titles=("기생충",),
    )
    assert [Movie.from_row(row) for row in rows] == [expected]


def test_people_of_one_name_keep_their_ids(tmp_path: Path, write_imdb: Write) -> None:
    rows, _ = _run(
        tmp_path,
        write_imdb,
        [_film("tt1"), _film("tt2"), _film("tt3", startYear="1999")],
        [_rating(t, "8.5", "1000000") for t in ("tt1", "tt2", "tt3")],
        title_crew=[
            {"tconst": "tt1", "directors": "nm1", "writers": "\\N"},
            {"tconst": "tt3", "directors": "nm4", "writers": "\\N"},
        ],
        title_principals=[
            {"tconst": "tt2", "ordering": str(i), "nconst": f"nm{i}", "category": "actor"} for i in (2, 3)
        ],
        name_basics=[
            {"nconst": f"nm{n}", "primaryName": name}
            for n, name in enumerate(("Tom Holland", "Tom Holland", "Ann", "Ann"), 1)
        ],
    )
    first, second = (Movie.from_row(row) for row in rows)
    assert list(first.credits) == [("directors", "Tom Holland", "nm1")]
    assert list(second.credits) == [("cast", "Tom Holland", "nm2"), ("cast", "Ann", "")]


def test_what_is_not_known_is_null_or_empty(tmp_path: Path, write_imdb: Write) -> None:
    p = DEFAULT.model_copy(update={"rated": False, "min_votes": 0})
    rows, _ = _run(tmp_path, write_imdb, [_film("tt1", originalTitle="\\N")], [], p)
    assert [Movie.from_row(row) for row in rows] == [Movie("tt1", "It", "It", 2020, None, (), None, 0)]


def test_well_known_films_of_other_years_are_known_by_name(tmp_path: Path, write_imdb: Write) -> None:
    basics = [
        _film("tt1"),
        _film("tt2", startYear="1999", primaryTitle="The Matrix"),
        _film("tt3", startYear="1984", primaryTitle="Dune"),
        _film("tt4", startYear="1984", primaryTitle="Dune", titleType="short"),
        _film("tt5", startYear="1990", isAdult="1"),
        _film("tt6", startYear="1990"),
        _film("tt7", startYear="\\N"),
    ]
    votes = {"tt1": 9000, "tt2": 2_000_000, "tt3": 5000, "tt4": 9000, "tt5": 9000, "tt6": 4999, "tt7": 9000}
    _run(tmp_path, write_imdb, basics, [_rating(t, votes=str(n)) for t, n in votes.items()])
    rows = pl.read_parquet(tmp_path / "out/outside.parquet").rows()
    assert rows == [("Dune", 1984, 5000), ("The Matrix", 1999, 2_000_000)]


@pytest.mark.parametrize("title", ["NA", "null", "None", '"Stray quote', 'Say "Yes"', "기생충", "#Alive", "1917", " "])
def test_any_title_is_a_title(tmp_path: Path, write_imdb: Write, title: str) -> None:
    rows, _ = _run(
        tmp_path, write_imdb, [_film("tt1", primaryTitle=title), _film("tt2")], [_rating("tt1"), _rating("tt2")]
    )
    assert [row["title"] for row in rows] == [title, "It"]


def test_a_title_is_dropped_for_the_first_reason(
    tmp_path: Path, write_imdb: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    basics = [
        _film("tt1", titleType="short", isAdult="1"),
        _film("tt2", isAdult="1", startYear="1990"),
        _film("tt3", startYear="2018"),
        _film("tt4", startYear="\\N"),
        _film("tt5"),
        _film("tt6"),
        _film("tt7", primaryTitle=""),
        _film("tt8"),
        _film("tt8", primaryTitle="Zero"),
        _film("tt9", startYear="2022", isAdult="\\N"),
    ]
    ratings = [_rating(f"tt{n}") for n in (1, 2, 3, 4, 7, 8, 9)] + [_rating("tt6", votes="0")]
    rows, counts = _run(tmp_path, write_imdb, basics, ratings)
    assert [(row["tconst"], row["title"]) for row in rows] == [("tt8", "It"), ("tt9", "It")]
    dropped = {"title type": 1, "adult": 1, "year": 2, "no id or title": 1, "title too long": 0, "no rating": 1}
    dropped |= {"too few votes": 1, "listed twice": 1}
    assert (counts["read"], counts["kept"], counts["dropped"]) == (10, 2, dropped)
    table = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["titles", "read", "10"] in table
    assert ["-", "year", "2"] in table
    assert ["films", "kept", "2"] in table


def test_films_stand_in_the_order_of_their_ids(tmp_path: Path, write_imdb: Write) -> None:
    ids = ["tt3", "tt10", "tt2", "tt1"]
    rows, _ = _run(tmp_path, write_imdb, [_film(t) for t in ids], [_rating(t) for t in ids])
    assert [row["tconst"] for row in rows] == sorted(ids)


def test_adults_and_other_types_are_films_if_asked(tmp_path: Path, write_imdb: Write) -> None:
    p = DEFAULT.model_copy(update={"adult": True, "title_types": ["movie", "tvMovie"]})
    basics = [_film("tt1", isAdult="1"), _film("tt2", titleType="tvMovie"), _film("tt3", titleType="tvSeries")]
    rows, _ = _run(tmp_path, write_imdb, basics, [_rating(f"tt{n}") for n in (1, 2, 3)], p)
    assert [row["tconst"] for row in rows] == ["tt1", "tt2"]


def test_no_film_left_names_the_parameters_and_the_counts(tmp_path: Path, write_imdb: Write) -> None:
    with pytest.raises(DataError, match=r"filter\.first_year 2019.*filter\.min_votes 1.*year 2, no rating 1.*loosen"):
        _run(tmp_path, write_imdb, [_film("tt1", startYear="1999"), _film("tt2", startYear="1998"), _film("tt3")], [])
    assert not (tmp_path / "out").exists()


def test_rows_that_were_not_downloaded_are_noticed(tmp_path: Path, write_imdb: Write) -> None:
    folder = write_imdb(tmp_path, {"title.basics": [_film("tt1")], "title.ratings": [_rating("tt1")]})
    manifest = json.loads((folder / "tables.json").read_text())
    (folder / "tables.json").write_text(json.dumps(manifest | {"name.basics": {"rows": 5}}))
    with pytest.raises(DataError, match=r"name\.basics\.tsv\.gz has 0 rows where tables\.json says 5"):
        run(DEFAULT, tables=folder, movies=tmp_path / "m.parquet", dropped=tmp_path / "d.json")
    assert not (tmp_path / "m.parquet").exists()


@pytest.mark.parametrize(
    ("rating", "votes", "runtime", "known"),
    [
        ("11", "5", "90", (None, 5, 90)),
        ("nan", "5", "90", (None, 5, 90)),
        ("inf", "5", "90", (None, 5, 90)),
        ("0.0", "5", "90", (None, 5, 90)),
        ("7,5", "5", "90", (None, 5, 90)),
        ("7.5", "-3", "90", (7.5, 0, 90)),
        ("7.5", "9" * 30, "90", (7.5, 0, 90)),
        ("7.5", "5", "-5", (7.5, 5, None)),
        ("7.5", "5", "0", (7.5, 5, None)),
        ("7.5", "5", "9223372036854775807", (7.5, 5, None)),
        ("7.5", "5", "9" * 30, (7.5, 5, None)),
    ],
)
def test_numbers_out_of_range_are_unknown_and_counted(
    tmp_path: Path, write_imdb: Write, rating: str, votes: str, runtime: str, known: tuple[Any, ...]
) -> None:
    p = DEFAULT.model_copy(update={"rated": False, "min_votes": 0})
    films = [_film("tt1", runtimeMinutes=runtime), _film("tt2", runtimeMinutes="85")]
    ratings = [_rating("tt1", rating, votes), _rating("tt2"), _rating("tt1", "9.9", "99")]
    rows, counts = _run(tmp_path, write_imdb, films, ratings, p)
    assert tuple(rows[0][name] for name in ("rating", "votes", "runtime")) == known
    assert counts["mended"] == {
        "rating unknown": int(known[0] is None),
        "votes unknown": int(not known[1]),
        "rated twice": 1,
        "runtime unknown": int(known[2] is None),
    }


def test_a_title_of_ten_megabytes_is_dropped_and_counted(tmp_path: Path, write_imdb: Write) -> None:
    films = [_film("tt1", primaryTitle="x" * 10_000_000), _film("tt2", primaryTitle="y" * 1001), _film("tt3")]
    films += [_film("tt4", originalTitle="z" * 5000)]
    rows, counts = _run(tmp_path, write_imdb, films, [_rating(f"tt{n}") for n in range(1, 5)])
    assert [(row["tconst"], row["original_title"]) for row in rows] == [("tt3", "It"), ("tt4", "It")]
    assert counts["dropped"]["title too long"] == 1


def test_odd_rows_are_told(tmp_path: Path, write_imdb: Write, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_imdb(tmp_path, {"title.basics": [_film("tt1"), _film("tt2")], "title.ratings": [_rating("tt1")]})
    manifest = json.loads((folder / "tables.json").read_text())
    manifest["title.basics"] |= {"rows": 3, "odd": 1}
    text = gzip.decompress((folder / "title.basics.tsv.gz").read_bytes()) + b"tt3\tmovie\tIt\n"
    (folder / "title.basics.tsv.gz").write_bytes(gzip.compress(text))
    (folder / "tables.json").write_text(json.dumps(manifest))
    files = {name: tmp_path / f"{name}.parquet" for name in ("movies", "outside")}
    run(DEFAULT, tables=folder, dropped=tmp_path / "dropped.json", **files)
    counts = json.loads((tmp_path / "dropped.json").read_text())
    assert (counts["read"], counts["odd_rows"]) == (2, {"title.basics": 1})
    assert "odd rows of title.basics               1" in capsys.readouterr().out


def test_one_film_under_two_ids_is_told_and_linked(tmp_path: Path, write_imdb: Write) -> None:
    films = [_film(t, runtimeMinutes="100") for t in ("tt1", "tt2", "tt3")]
    crew = [{"tconst": t, "directors": n} for t, n in (("tt1", "nm1"), ("tt2", "nm1"), ("tt3", "nm2"))]
    names = [{"nconst": n, "primaryName": f"Name {n}"} for n in ("nm1", "nm2")]
    ratings = [_rating("tt1", votes="9"), _rating("tt2", votes="99"), _rating("tt3")]
    rows, counts = _run(tmp_path, write_imdb, films, ratings, title_crew=crew, name_basics=names)
    assert (len(rows), counts["same_as"]) == (3, {"tt1": "tt2"})
    assert [(row["tconst"], row["same_as"]) for row in rows] == [("tt1", "tt2"), ("tt2", None), ("tt3", None)]


def test_the_same_tables_give_the_same_bytes(tmp_path: Path, write_imdb: Write) -> None:
    ids = [f"tt{n:03}" for n in range(300)]
    basics = [_film(t, genres="Drama") for t in ids]
    for folder in (tmp_path / "a", tmp_path / "b"):
        _run(folder, write_imdb, basics, [_rating(t) for t in ids])
    assert (tmp_path / "a/out/movies.parquet").read_bytes() == (tmp_path / "b/out/movies.parquet").read_bytes()


_TITLES = st.fixed_dictionaries(
    {
        "titleType": st.sampled_from(["movie", "movie", "movie", "short", "\\N"]),
        "isAdult": st.sampled_from(["0", "0", "1", "\\N"]),
        "startYear": st.sampled_from(["2018", "2019", "2020", "2022", "2023", "\\N", "soon"]),
        "averageRating": st.sampled_from(["\\N", "1.0", "9.9", None]),
        "numVotes": st.sampled_from(["0", "4", "5", "134", "\\N"]),
        "primaryTitle": st.sampled_from(["It", "NA", '"', "", "\\N"]),
        "id": st.integers(1, 30),
    }
)


@settings(max_examples=40, deadline=None)
@given(st.lists(_TITLES, min_size=1, max_size=40), st.booleans(), st.booleans(), st.integers(0, 5))
def test_every_title_is_kept_or_counted_once(
    write_imdb: Write, titles: list[dict[str, Any]], adult: bool, rated: bool, min_votes: int
) -> None:
    p = DEFAULT.model_copy(update={"adult": adult, "rated": rated, "min_votes": min_votes})
    votes = {t["id"]: t for t in reversed(titles) if t["averageRating"]}
    ratings = [_rating(f"tt{n}", t["averageRating"], t["numVotes"]) for n, t in votes.items()]
    expected = Counter(_reason(t, votes.get(t["id"]), p) for t in titles)
    again = Counter(t["id"] for t in titles if _reason(t, votes.get(t["id"]), p) == "kept")
    expected["listed twice"] = sum(n - 1 for n in again.values())
    basics = [
        _film(f"tt{t['id']}", **{k: t[k] for k in ("titleType", "isAdult", "startYear", "primaryTitle")})
        for t in titles
    ]
    with tempfile.TemporaryDirectory() as folder:
        if not again:
            with pytest.raises(DataError, match="loosen"):
                _run(Path(folder), write_imdb, basics, ratings, p)
            return
        rows, counts = _run(Path(folder), write_imdb, basics, ratings, p)
    assert counts["dropped"] == {reason: expected[reason] for reason in counts["dropped"]}
    assert counts["read"] == len(titles) == counts["kept"] + sum(counts["dropped"].values())
    assert [row["tconst"] for row in rows] == sorted(f"tt{n}" for n in again)
    for row in rows:
        assert 2019 <= row["year"] <= 2022 and row["votes"] >= min_votes and (row["rating"] or not rated)


def _reason(title: Mapping[str, str], rating: Mapping[str, str] | None, p: Filter) -> str:
    """The rules once more, said plainly."""
    if title["titleType"] != "movie":
        return "title type"
    if title["isAdult"] == "1" and not p.adult:
        return "adult"
    if title["startYear"] not in ("2019", "2020", "2022"):
        return "year"
    if title["primaryTitle"] in ("", "\\N"):
        return "no id or title"
    known = rating is not None and rating["averageRating"] != "\\N"
    if p.rated and not known:
        return "no rating"
    votes = rating["numVotes"] if rating is not None else "\\N"
    if (0 if votes == "\\N" else int(votes)) < p.min_votes:
        return "too few votes"
    return "kept"
