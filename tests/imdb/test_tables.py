import gzip
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moviechat.errors import DataError
from moviechat.imdb.tables import RATINGS, TABLES, verify

HEADER = "tconst\taverageRating\tnumVotes\n"
ROW = "tt0000001\t5.7\t2000\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / RATINGS.filename


def _write(path: Path, text: str) -> Path:
    path.write_bytes(gzip.compress(text.encode()))
    return path


def test_files_are_named_as_imdb_names_them() -> None:
    assert [t.filename for t in TABLES][:2] == ["title.basics.tsv.gz", "title.ratings.tsv.gz"]
    assert [t.name for t in TABLES if t.optional] == ["title.akas"]


@settings(max_examples=50)
@given(st.integers(1, 5000), st.booleans())
def test_every_row_is_counted(tmp_path_factory: pytest.TempPathFactory, rows: int, ended: bool) -> None:
    text = HEADER + ROW * rows
    path = _write(tmp_path_factory.mktemp("t") / "t.gz", text if ended else text.removesuffix("\n"))
    assert verify(path, RATINGS) == (rows, 0)


def test_rows_of_a_file_in_several_gzip_members_are_counted(path: Path) -> None:
    path.write_bytes(gzip.compress((HEADER + ROW[:5]).encode()) + gzip.compress((ROW[5:] + ROW).encode()))
    assert verify(path, RATINGS) == (2, 0)


def test_columns_may_stand_in_another_order_and_among_others(path: Path) -> None:
    assert verify(_write(path, "numVotes\tnew\taverageRating\ttconst\r\n1\t2\t3\t4\r\n"), RATINGS) == (1, 0)


@pytest.mark.parametrize("cut", [5, 30, -4])
def test_a_cut_file_is_refused(path: Path, cut: int) -> None:
    path.write_bytes(gzip.compress((HEADER + ROW * 500).encode())[:cut])
    with pytest.raises(DataError, match=r"title\.ratings\.tsv\.gz is damaged or cut short .* fetch it again"):
        verify(path, RATINGS)


def test_a_changed_byte_is_found(path: Path) -> None:
    data = bytearray(gzip.compress((HEADER + ROW * 500).encode()))
    data[-6] ^= 1  # in the CRC
    path.write_bytes(data)
    with pytest.raises(DataError, match="damaged"):
        verify(path, RATINGS)


def test_what_is_no_gzip_file_is_refused(path: Path) -> None:
    path.write_bytes(zlib.compress(HEADER.encode()))
    with pytest.raises(DataError, match="damaged"):
        verify(path, RATINGS)


@pytest.mark.parametrize("text", ["", "\n", "tconst\tnumVotes\ntt1\t5\n", "<html>\n</html>\n"])
def test_a_missing_column_is_named(path: Path, text: str) -> None:
    with pytest.raises(DataError, match=r"has no column .*averageRating.*is it IMDb's title\.ratings\.tsv\.gz\?"):
        verify(_write(path, text), RATINGS)


def test_a_header_without_rows_is_refused(path: Path) -> None:
    with pytest.raises(DataError, match="a header and no rows"):
        verify(_write(path, HEADER), RATINGS)


def test_no_bytes_at_all_are_refused(path: Path) -> None:
    path.touch()
    with pytest.raises(DataError, match="has no column"):
        verify(path, RATINGS)


def test_a_table_cut_in_the_middle_of_a_row_is_refused_with_the_row(path: Path) -> None:
    with pytest.raises(DataError, match=r"cut short: row 4, its last, has 2 of 3 cells"):
        verify(_write(path, HEADER + 3 * ROW + "tt0000002\t5."), RATINGS)


def test_a_few_rows_of_other_cells_are_counted(path: Path) -> None:
    text = HEADER + ROW * 15_000 + "tt2\t5\n" + ROW * 15_000 + "tt3\n" + ROW
    assert verify(_write(path, text), RATINGS) == (30_003, 2)


def test_many_rows_of_other_cells_are_refused(path: Path) -> None:
    with pytest.raises(DataError, match=r"damaged: 2 of 13 rows have not the 3 cells of its header \(row 1 has 2\)"):
        verify(_write(path, HEADER + "tt2\t5\n" + ROW * 10 + "tt3\t5\t6\t7\t8\n" + ROW), RATINGS)


def test_zero_bytes_are_refused(path: Path) -> None:
    with pytest.raises(DataError, match=r"holds zero bytes in row 10: it is damaged"):
        verify(_write(path, HEADER + ROW * 9 + "\0" * 1024 + ROW * 9), RATINGS)


def test_a_row_that_is_longer_than_any_row_is_counted(path: Path) -> None:
    text = HEADER + ROW * 20_000 + "tt9\t" + "x" * 10_000_000 + "\t1\n" + ROW
    assert verify(_write(path, text), RATINGS) == (20_002, 1)
