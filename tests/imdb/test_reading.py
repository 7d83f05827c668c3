import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviechat.errors import DataError
from moviechat.imdb import reading, unpack
from moviechat.imdb.reading import Tables
from moviechat.imdb.tables import BASICS, CREW, MANIFEST, NAMES, PRINCIPALS, RATINGS

Write = Callable[[Path, Mapping[str, Sequence[Mapping[str, str]]]], Path]
NAMED = ("nconst", "primaryName", "birthYear")


def _name(nconst: str, name: str) -> dict[str, str]:
    return {"nconst": nconst, "primaryName": name}


def _tables(folder: Path, text: str) -> Tables:
    """name.basics as it stands, whatever it is."""
    folder.mkdir(exist_ok=True)
    (folder / NAMES.filename).write_bytes(gzip.compress(text.encode()))
    (folder / MANIFEST).write_text(json.dumps({NAMES.name: {"rows": text.rstrip("\n").count("\n")}}))
    return Tables(folder)


def test_quotes_and_words_for_nothing_are_text(tmp_path: Path, write_imdb: Write) -> None:
    names = [_name("nm1", '"Weird Al" Yankovic'), _name("nm2", "null"), _name("nm3", 'one "'), _name("nm4", "")]
    found = Tables(write_imdb(tmp_path, {NAMES.name: names})).read(NAMES, NAMED[1:])
    assert found.rows() == [('"Weird Al" Yankovic', None), ("null", None), ('one "', None), ("", None)]


def test_a_table_without_rows_has_its_columns(tmp_path: Path, write_imdb: Write) -> None:
    tables = Tables(write_imdb(tmp_path, {}))
    assert tables.read(NAMES, NAMED).schema == pl.Schema(dict.fromkeys(NAMED, pl.String))
    assert tables.read(NAMES, NAMED, where=("nconst", pl.Series(["nm1"]))).is_empty()


@pytest.mark.parametrize(
    ("wanted", "parsed"),
    [(["movie"], ["movie"]), (["movie", "video"], ["movie", "video"]), (["tvMovie"], ["tvMovie"]), (["x"], [])],
)
def test_rows_of_other_values_are_not_even_parsed(tmp_path: Path, wanted: list[str], parsed: list[str]) -> None:
    kinds = ["movie", "short", "video", "tvMovie", "movies"]
    text = "".join("\t".join([f"tt{n}", kind]) + "\n" for n, kind in enumerate(["titleType", *kinds]))
    (tmp_path / "t.gz").write_bytes(gzip.compress(text.encode()))
    sieve = reading.Sieve(["tconst", "titleType"], "titleType", pl.Series(wanted))
    (rows,) = unpack.blocks(tmp_path / "t.gz", "")
    assert [kinds[place] for place in sieve.among(rows, rows.ends())] == parsed


IDS = st.lists(st.sampled_from(["nm1", "nm12", "nm123", "nm1234567", "nm12345678", "nm123456789", "nm2", "x", ""]))


@settings(max_examples=60)
@given(IDS, IDS, st.integers(1, 40), st.sampled_from(["nconst", "primaryName", "knownForTitles"]))
def test_only_the_rows_that_are_asked_for_are_read(
    tmp_path_factory: pytest.TempPathFactory, here: list[str], wanted: list[str], width: int, column: str
) -> None:
    rows = [[name if c == column else "z" * (n % width) for c in NAMES.columns] for n, name in enumerate(here)]
    text = "".join("\t".join(row) + "\n" for row in [NAMES.columns, *rows])
    asked = list(dict.fromkeys([*NAMED, column]))
    found = _tables(tmp_path_factory.mktemp("t"), text).read(
        NAMES, asked, where=(column, pl.Series(wanted, dtype=pl.String))
    )
    place = asked.index(column)
    assert [row[place] for row in found.rows()] == [name for name in here if name in wanted]


def test_rows_on_the_edge_of_a_block_are_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "BLOCK", 64)
    monkeypatch.setattr(reading, "PARSED", 100)
    rows = [(f"nm{n}", "name " * (n % 30), str(n)) for n in range(500)]
    text = "\t".join(NAMES.columns) + "\n" + "".join(f"{a}\t{b}\t{c}\t\\N\t\\N\t\\N\n" for a, b, c in rows)
    tables = _tables(tmp_path, text)
    assert tables.read(NAMES, NAMED).rows() == rows
    some = [row for row in rows if int(row[2]) % 7 == 0]
    assert tables.read(NAMES, NAMED, where=("nconst", pl.Series([row[0] for row in some]))).rows() == some


def test_an_added_column_and_another_order_do_no_harm(tmp_path: Path) -> None:
    order = ["new", "primaryName", *NAMES.columns[2:], "nconst"]
    text = "".join("\t".join(row) + "\n" for row in [order, ["?", "Ana", "1999", "", "", "", "nm1"]])
    tables = _tables(tmp_path, text)
    assert tables.read(NAMES, NAMED, where=("nconst", pl.Series(["nm1"]))).rows() == [("nm1", "Ana", "1999")]


@pytest.mark.parametrize("where", [None, ("nconst", pl.Series(["nm1", "nm2", "nm3"]))])
def test_odd_rows_are_left_out(tmp_path: Path, where: reading.Where | None) -> None:
    rows = ["nm1\tAna\t1", "nm2\tBo\t1\t2\t3\t4", "nm3\tCy\t1\t2\t3\t4\t5", "nm4\t" + "x" * 3_000_000 + "\t1\t2\t3\t4"]
    tables = _tables(tmp_path, "\n".join(["\t".join(NAMES.columns), *rows, rows[1]]) + "\n")
    assert tables.read(NAMES, NAMED, where=where).rows() == [("nm2", "Bo", "1"), ("nm2", "Bo", "1")]


def test_line_ends_of_windows_are_line_ends(tmp_path: Path) -> None:
    tables = _tables(tmp_path, "\t".join(NAMES.columns) + "\r\nnm1\tAna\t1\t2\t3\ttt4\r\n")
    assert tables.read(NAMES, ("nconst", "knownForTitles")).rows() == [("nm1", "tt4")]


def test_a_folder_without_a_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"tables\.json is missing: run `dvc repro download`"):
        Tables(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"title.basics": {}}', '{"title.basics": 3}'])
def test_a_damaged_manifest_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(DataError, match=r"tables\.json is damaged"):
        Tables(tmp_path)


def test_a_table_that_went_away_is_told(tmp_path: Path, write_imdb: Write) -> None:
    tables = Tables(write_imdb(tmp_path, {}))
    (tmp_path / CREW.filename).unlink()
    with pytest.raises(DataError, match=r"title\.crew\.tsv\.gz is missing"):
        tables.read(CREW, ("tconst",))


def test_bytes_that_are_no_text_name_the_file(tmp_path: Path, write_imdb: Write) -> None:
    tables = Tables(write_imdb(tmp_path, {RATINGS.name: [{"tconst": "tt1"}]}))
    text = "\t".join(RATINGS.columns).encode() + b"\ntt\xff\t1\t2\n"
    (tmp_path / RATINGS.filename).write_bytes(gzip.compress(text))
    with pytest.raises(DataError, match=r"title\.ratings\.tsv\.gz cannot be read \(.*bring IMDb's own file"):
        tables.read(RATINGS, RATINGS.columns)


def test_damage_that_came_after_the_download_is_told(tmp_path: Path, write_imdb: Write) -> None:
    tables = Tables(write_imdb(tmp_path, {BASICS.name: [{"tconst": f"tt{n}"} for n in range(100)]}))
    data = bytearray((tmp_path / BASICS.filename).read_bytes())
    data[-6] ^= 1
    (tmp_path / BASICS.filename).write_bytes(data)
    with pytest.raises(DataError, match=r"title\.basics\.tsv\.gz is damaged or cut short"):
        tables.read(BASICS, ("tconst",))


def test_rows_that_were_not_downloaded_are_noticed(tmp_path: Path, write_imdb: Write) -> None:
    tables = Tables(write_imdb(tmp_path, {PRINCIPALS.name: [{"tconst": "tt1"}]}))
    tables.rows[PRINCIPALS.name] = 1000
    with pytest.raises(DataError, match=r"principals\.tsv\.gz has 1 rows where tables\.json says 1,000"):
        tables.read(PRINCIPALS, ("tconst",), where=("tconst", pl.Series(["tt9"])))


def test_a_table_that_nobody_has_checked_is_checked_as_it_is_read(tmp_path: Path) -> None:
    row = "nm1\tAna\t1\t2\t3\t4\n"
    tables = _tables(tmp_path, "\t".join(NAMES.columns) + "\n" + row * 20_000 + "nm2\tBo\n" + row)
    tables.rows[NAMES.name] = None
    found = tables.read(NAMES, NAMED, where=("nconst", pl.Series(["nm2"])))
    assert (found.is_empty(), tables.rows, tables.odd) == (True, {NAMES.name: 20_002}, {NAMES.name: 1})


def test_many_odd_rows_are_refused_although_none_of_them_is_wanted(tmp_path: Path) -> None:
    tables = _tables(tmp_path, "\t".join(NAMES.columns) + "\n" + "nm2\tBo\n" * 9 + "nm1\tAna\t1\t2\t3\t4\n")
    tables.rows[NAMES.name] = None
    with pytest.raises(DataError, match=r"9 of 10 rows have not the 6 cells of its header \(row 1 has 2\)"):
        tables.read(NAMES, NAMED, where=("nconst", pl.Series(["nm1"])))
