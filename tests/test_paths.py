from __future__ import annotations

from pathlib import Path

from moviechat.paths import kept


def test_what_outlives_a_run_is_the_checkouts_in_a_copy_of_dvcs() -> None:
    assert kept(Path("mlruns"), Path("/home/me/films/.dvc/tmp/exps/tmp1a2b")) == Path("/home/me/films/mlruns")
    standalone = Path("/home/me/films/.dvc/tmp/exps/standalone/tmp1a2b")
    assert kept(Path("data/cache"), standalone) == Path("/home/me/films/data/cache")


def test_elsewhere_it_is_where_one_is() -> None:
    for here in ("/home/me/films", "/home/me/exps/films", "/home/me/films/.dvc/tmp", "."):
        assert kept(Path("mlruns"), Path(here)) == Path("mlruns")
