"""Four films as `filter` leaves them."""

from __future__ import annotations

from pathlib import Path

import pytest

from moviechat.frames import frame, write_parquet
from moviechat.schema import Movie


@pytest.fixture
def movies(tmp_path: Path) -> Path:
    films = [Movie(f"tt{n}", f"Film {n}", f"Film {n}", 2020, 90, (), None, 0) for n in range(1, 5)]
    write_parquet(frame(Movie, films), tmp_path / "movies.parquet")
    return tmp_path / "movies.parquet"
