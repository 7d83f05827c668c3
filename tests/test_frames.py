from pathlib import Path

import polars as pl
import pytest

from moviechat.errors import DataError
from moviechat.frames import columns, frame, read_parquet, write_parquet
from moviechat.schema import Movie, Passage

PASSAGE = Passage("tt1", 0, "An old bus.", None, "moviechat", None, "7", "CC BY 4.0")
MOVIE = Movie("tt1", "It", "It", 2019, None, ("Horror",), 5.0, 134, cast=("Ana", "Bo"), characters=("", "Zed"))


def test_columns_are_the_records_fields_in_order() -> None:
    assert list(columns(Movie))[:4] == ["tconst", "title", "original_title", "year"]
    assert columns(Movie)["genres"] == pl.List(pl.String)
    assert columns(Movie)["rating"] == pl.Float64
    assert columns(Passage)["url"] == pl.String


@pytest.mark.parametrize("record", [PASSAGE, MOVIE])
def test_records_come_back_as_they_went(tmp_path: Path, record: Passage | Movie) -> None:
    path = tmp_path / "t.parquet"
    write_parquet(frame(type(record), [record]), path)
    rows = read_parquet(path, type(record), "filter").iter_rows(named=True)
    assert [type(record).from_row(row) for row in rows] == [record]


def test_no_records_are_a_table_too(tmp_path: Path) -> None:
    write_parquet(frame(Movie, []), tmp_path / "t.parquet")
    assert read_parquet(tmp_path / "t.parquet", Movie, "filter").schema == columns(Movie)


def test_a_missing_file_names_the_stage_that_writes_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"t\.parquet is missing: run `dvc repro describe`"):
        read_parquet(tmp_path / "t.parquet", Passage, "describe")


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_parquet(frame(Passage, [PASSAGE]), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"t\.parquet is damaged .*--force describe"):
        read_parquet(path, Passage, "describe")


def test_other_columns_are_told(tmp_path: Path) -> None:
    write_parquet(pl.DataFrame({"tconst": ["tt1"]}), tmp_path / "t.parquet")
    with pytest.raises(DataError, match=r"t\.parquet has other columns \(tconst\)"):
        read_parquet(tmp_path / "t.parquet", Passage, "describe")
