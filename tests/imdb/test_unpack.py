import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moviechat.imdb import unpack
from moviechat.imdb.unpack import Rows, blocks, header

LINES = st.lists(st.text("ab\t\n", max_size=12)).map("\n".join) | st.integers(0, 300).map("x".__mul__)


@given(LINES, st.integers(0, 9))
def test_every_line_end_is_found(text: str, start: int) -> None:
    data = text.encode()
    buffer = bytearray(b"\n" * start + data + b"\n" * 9)
    rows = Rows(buffer, start, start + len(data), 0, np.ones(len(buffer), np.bool_))
    assert rows.ends().tolist() == [place for place, byte in enumerate(data) if byte == ord("\n")]
    assert rows.text() == data


@pytest.mark.parametrize("block", [1, 7, 64, 1 << 20])
@pytest.mark.parametrize("ended", [True, False])
def test_the_rows_come_whole_in_blocks_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, ended: bool
) -> None:
    monkeypatch.setattr(unpack, "BLOCK", block)
    lines = [f"row {n} " + "x" * (n % 11) + "\n" for n in range(60)]
    text = "a\tb\n" + "".join(lines)
    (tmp_path / "t.gz").write_bytes(gzip.compress((text if ended else text.removesuffix("\n")).encode()))
    assert header(tmp_path / "t.gz") == ["a", "b"]
    assert b"".join(rows.text() for rows in blocks(tmp_path / "t.gz", "reading")).decode() == "".join(lines)


@pytest.mark.parametrize("block", [7, 64, 1 << 20])
def test_rows_that_are_too_long_are_left_out_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(unpack, "BLOCK", block)
    monkeypatch.setattr(unpack, "LONGEST", 50)
    rows = ["short\n", "x" * 3_000_000 + "\n", "short\n", "y" * 2_000_000]
    (tmp_path / "t.gz").write_bytes(gzip.compress(("a\n" + "".join(rows)).encode()))
    read = [(rows.text(), rows.long) for rows in blocks(tmp_path / "t.gz", "reading")]
    assert b"".join(text for text, _ in read) == b"short\nshort\n"
    assert sum(long for _, long in read) == 2
